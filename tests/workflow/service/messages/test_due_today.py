"""The reminders of a store: those of all its cases, found without reading through them."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa
from alembic import command

from tests.stores import differences
from tests.workflow.service.sampling import sample_office
from tests.workflow.service.town import Town
from workflow.dates import SHANGHAI
from workflow.reminders.due import reminders_on, windows
from workflow.reminders.watched import KINDS, WatchedDay, watched_days
from workflow.service import Office
from workflow.service.cases.verify import verify
from workflow.service.docket.player import Player
from workflow.service.installation import _complete, seal_chains
from workflow.service.messages.due_today import days_in_reach, find_reminders
from workflow.service.messages.watched import COMPLETE, WatchedCases
from workflow.service.report.counting import complete_counts
from workflow.service.rules.calendar import BodyDays
from workflow.store.migrate import _config
from workflow.store.models import CaseRow, WatchedDayRow
from workflow.store.restored import case_of

TODAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """The demonstration store: cases in every state, of two bodies."""
    moment = datetime(TODAY.year, TODAY.month, TODAY.day, 10, tzinfo=SHANGHAI)
    office = sample_office(tmp_path_factory.mktemp("watching") / "store.db", moment)
    yield office
    office.store.close()


def by_hand(office: Office, day: date) -> set[str]:
    """The keys of the reminders of a day, every case of the store looked at."""
    with office.store.read() as unit:
        return {
            reminder.key
            for row in unit.session.scalars(sa.select(CaseRow).order_by(CaseRow.id))
            for reminder in reminders_on(
                day,
                watched_days(case_of(row, office.rules(unit, row.agency, row.opened_on))),
                office.rules(unit, row.agency, day),
            )
        }


def read_on(office: Office, day: date) -> list[WatchedDay]:
    """The watched days of cases that are read for the reminders of a day."""
    cases = WatchedCases(office)
    return days_in_reach(cases, cases.rules_on(day), day)


def test_what_is_found_by_the_index_is_what_is_found_by_looking_at_every_case(office):
    kinds = set()
    for n in range(-20, 45, 3):
        day = TODAY + timedelta(n)
        found = find_reminders(office, day)
        of_cases = {r.key for r in found if r.moment.of in KINDS}
        assert of_cases == by_hand(office, day), day
        kinds |= {r.moment.name for r in found}
    assert {"reply_red", "reply_5", "confirm_again", "correction_3"} <= kinds


def test_rest_day_reads_nothing(office):
    sunday = date(2026, 11, 22)
    assert find_reminders(office, sunday) == read_on(office, sunday) == []


def test_only_cases_with_a_day_in_the_window_are_read(office):
    with office.store.read() as unit:
        every = unit.session.scalar(sa.select(sa.func.count()).select_from(WatchedDayRow))
        rules = office.rules(unit, unit.agencies()[0], TODAY)
        spans = windows(rules, TODAY)
        inside = sum(
            any(a <= row.day <= b for a, b in spans.get(row.kind, []))
            for row in unit.session.scalars(sa.select(WatchedDayRow))
        )
    assert len(read_on(office, TODAY)) == inside < every


def test_body_hears_of_its_report_of_the_past_year_and_of_those_below(office):
    found = find_reminders(office, date(2027, 1, 29))
    told = {(r.agency, r.number) for r in found if r.moment.name == "annual_report_0"}
    assert ("panlong", "2026") in told and "yanshan" not in {agency for agency, _ in told}
    found = find_reminders(office, date(2027, 2, 1))
    assert ("yanshan", "2026") in {
        (r.agency, r.number) for r in found if r.moment.name == "reports_below_late"
    }


def test_next_years_missing_holidays_are_told_to_each_body(office):
    found = find_reminders(office, date(2026, 12, 1))
    assert {r.agency for r in found if r.moment.name == "calendar_missing"} == {
        body.code for body in office.agencies()
    }
    assert any(r.moment.name == "re_evaluation" for r in found)


@pytest.mark.tampering(reason="a watched day is taken away on purpose, to be found out")
def test_store_with_its_watched_days_is_sound_and_a_missing_day_is_seen(tmp_path):
    town = Town(tmp_path, "2024-05-06")
    Player(town.office).play(DOCKET)
    assert verify(town.office) == []
    (day,) = reply_days(town)
    with town.office.store.write() as unit:
        unit.session.execute(sa.delete(WatchedDayRow).where(WatchedDayRow.kind == "reply"))
    assert [broken.message for broken in verify(town.office)] == ["案卷的提醒日期与日志推算的不符"]
    with town.office.store.write() as unit:
        unit.session.add(
            WatchedDayRow(case_id=1, agency_id=unit.agency("panlong").id, kind="reply", day=day)
        )
    assert verify(town.office) == []


DOCKET = {
    "agency": {"code": "panlong"},
    "cases": [
        {
            "ref": "A",
            "events": [
                {"event": "receive", "on": "2024-04-29", "channel": "in_person"},
                {"event": "assign", "on": "2024-05-06"},
            ],
        }
    ],
}


def reply_days(town: Town) -> list[date]:
    with town.office.store.read() as unit:
        query = sa.select(WatchedDayRow.day).where(WatchedDayRow.kind == "reply")
        return list(unit.session.scalars(query))


def test_watched_day_moves_with_a_holiday_of_the_body(tmp_path):
    town = Town(tmp_path, "2024-05-06")
    Player(town.office).play(DOCKET)
    before = reply_days(town)
    BodyDays(town.office).enter(
        town.office.staff("chen"), "panlong", first="2024-05-20", last="2024-05-20", act="rest",
        source="州庆通知",
    )  # fmt: skip
    after = reply_days(town)
    assert after[0] > before[0] and verify(town.office) == []


def test_case_that_ends_is_watched_no_more(tmp_path):
    town = Town(tmp_path, "2024-05-06")
    ending = {"event": "withdraw", "on": "2024-05-06"}
    case = {**DOCKET["cases"][0], "events": [*DOCKET["cases"][0]["events"], ending]}
    Player(town.office).play({**DOCKET, "cases": [case]})
    assert reply_days(town) == []


# -- migration 0007 -----------------------------------------------------------------------------------


@pytest.fixture
def older(tmp_path) -> Callable[..., Town]:
    """A store that was in the shape of 0006 when its cases came in."""

    def make(docket: dict | None) -> Town:
        town = Town(tmp_path, "2024-05-06")
        if docket:
            Player(town.office).play(docket)
        with town.office.store.engine.begin() as connection:
            command.downgrade(_config(connection), "0005")
        with town.office.store.engine.begin() as connection:
            command.upgrade(_config(connection), "head")
        _complete(town.office)
        seal_chains(town.office)
        complete_counts(town.office)
        return town

    return make


def test_cases_of_an_older_store_get_their_days_when_reminders_are_first_asked_for(older):
    town = older(DOCKET)
    assert reply_days(town) == [] and verify(town.office) == []
    assert "reply_5" in {r.moment.name for r in find_reminders(town.office, date(2024, 5, 22))}
    assert WatchedCases(town.office).complete() == 0
    assert len(reply_days(town)) == 1 and verify(town.office) == []


def test_store_without_cases_has_nothing_to_be_filled_in(older):
    town = older(None)
    with town.office.store.read() as unit:
        assert unit.stamp(COMPLETE) == "1"


def test_migrated_store_has_the_shape_of_the_models_and_names_for_all(older):
    town = older(DOCKET)
    with town.office.store.engine.begin() as connection:
        assert differences(connection) == []
        found = sa.inspect(connection)
        keys = {key["name"] for key in found.get_foreign_keys("watched_day")}
        assert keys == {"fk_watched_day_case_id_case", "fk_watched_day_agency_id_agency"}
        assert found.get_pk_constraint("watched_day")["name"] == "pk_watched_day"
