"""The calendars of many bodies at once are those that each body's own rules give."""

from datetime import date, timedelta
from pathlib import Path

from tests.counting import work
from tests.workflow.service.town import Town
from workflow.service.rules.calendars import LOCAL, Calendars

DAYS = [date(2024, 5, 1) + timedelta(n) for n in range(60)]


def test_each_body_has_the_days_that_its_rules_have(tmp_path: Path) -> None:
    """Own days of the county hold below it, those of a town in it alone; one does without local days from June on."""
    town = Town(tmp_path, "2024-05-06")
    office = town.office
    with office.store.write() as unit:
        bodies = {
            code: office.found_agency(unit, code) for code in ("yanshan", "panlong", "jiangna")
        }
        bodies["panlong"].region = "广西壮族自治区"
        unit.add_day(bodies["yanshan"], date(2024, 5, 15), False, "县庆")
        unit.add_day(bodies["yanshan"], date(2024, 5, 18), True, "县庆调休")
        unit.add_day(bodies["panlong"], date(2024, 5, 22), False, "乡庆")
        unit.add_day(bodies["panlong"], date(2024, 5, 23), False, "")
        unit.add_day(bodies["panlong"], date(2024, 5, 23), None, "")
        unit.set_setting(bodies["jiangna"], LOCAL, False, date(2024, 6, 3), "不再扣除")
        unit.set_setting(bodies["jiangna"], LOCAL, True, date(2024, 6, 20), "恢复")
    with office.store.read() as unit:
        rows = unit.agencies()
        office.tree(unit), office.national_days(unit)
        with work() as done:
            calendars = Calendars(office, unit, [row.id for row in rows])
            found = {
                (row.code, opened): calendars.of(row.id, opened)
                for row in rows
                for opened in (date(2024, 5, 6), date(2024, 6, 3), date(2024, 6, 21))
            }
        assert done.statements == 3
        for row in rows:
            for opened in (date(2024, 5, 6), date(2024, 6, 3), date(2024, 6, 21)):
                calendar, own = found[row.code, opened], office.rules(unit, row, opened).calendar
                works = [day for day in DAYS if calendar.is_workday(day)]
                assert works == [day for day in DAYS if own.is_workday(day)], (row.code, opened)
                assert [calendar.why(day) for day in DAYS] == [own.why(day) for day in DAYS]
        differ = {tuple(map(found[code, date(2024, 6, 3)].is_workday, DAYS)) for code in bodies}
        assert len(differ) == 3
