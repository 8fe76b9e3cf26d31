"""When a setting or a calendar changes, open deadlines follow, the old value is kept, people are told."""

import json
import shutil
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import select

import config.law
from config import calendars
from config.calendars import DayTable
from config.law import load_law
from gongkai import main
from tests.workflow.service.town import Town, freeze
from workflow.case.row import projection
from workflow.refusal import BadInput, Denied, Refused
from workflow.rules import calendar
from workflow.service import Missing
from workflow.service.installation import follow, migrate_office
from workflow.service.rules.calendar import BodyDays
from workflow.service.rules.due_changes import DueChanges
from workflow.service.rules.settings import BodySettings
from workflow.store.due_change_models import DueChangeRow
from workflow.store.models import EventRow
from workflow.store.restored import case_of


@pytest.fixture
def town(tmp_path):
    return Town(tmp_path, "2024-03-04")


@pytest.fixture
def days(town):
    return BodyDays(town.office)


@pytest.fixture
def changes(town):
    return DueChanges(town.office)


def log_of(town):
    with town.office.store.read() as unit:
        return [(row.event, row.on, row.hash) for row in unit.session.scalars(select(EventRow))]


# -- own days -----------------------------------------------------------------------------------------


def test_local_holidays_move_open_deadlines_and_the_old_day_is_kept(town, days, changes):
    number = town.file().number
    before = log_of(town)
    assert town.due(number) == date(2024, 4, 1)
    town.is_("2024-03-20")
    entered, moved = days.enter(
        town.staff("chen"), "panlong", "rest", "2024-04-01", "2024-04-03", "文山州人民政府通知"
    )
    assert (entered, moved) == (3, 1)
    assert town.due(number) == date(2024, 4, 7), "4–6 April is 清明, 7 April is a make-up day"
    (change,) = town.moved(number)
    assert (change.old, change.new, change.actor) == (date(2024, 4, 1), date(2024, 4, 7), "chen")
    assert change.text == (
        "答复期限由 4 月 1 日改为 4 月 7 日：文山州人民政府通知：2024 年 4 月 1 日至 4 月 3 日放假"
    )
    assert log_of(town) == before, "the log itself stays as it was"


def test_days_of_the_county_move_the_cases_of_its_townships_but_not_the_other_way(town, days):
    ours, theirs = town.file("panlong").number, town.file("jiangna").number
    days.enter(town.staff("chen"), "panlong", "rest", "2024-03-27", "", "停电")
    assert (town.due(ours), town.due(theirs, "jiangna")) == (date(2024, 4, 2), date(2024, 4, 1))
    days.enter(town.staff("county"), "yanshan", "rest", "2024-03-28", "", "县庆")
    assert (town.due(ours), town.due(theirs, "jiangna")) == (date(2024, 4, 3), date(2024, 4, 2))


def test_taking_days_back_moves_the_deadlines_back_and_keeps_both_entries(town, days, changes):
    number = town.file().number
    days.enter(town.staff("chen"), "panlong", "rest", "2024-03-28", "2024-03-29", "州庆")
    days.enter(town.staff("chen"), "panlong", "remove", "2024-03-28", "2024-03-29", "通知撤销")
    assert town.due(number) == date(2024, 4, 1)
    assert [change.moved for change in town.moved(number)] == [
        "答复期限由 4 月 1 日改为 4 月 3 日",
        "答复期限由 4 月 3 日改为 4 月 1 日",
    ]
    history = days.year("panlong", 2024).history
    assert [(e.act, e.first, e.last, e.source) for e in history] == [
        ("remove", date(2024, 3, 28), date(2024, 3, 29), "通知撤销"),
        ("rest", date(2024, 3, 28), date(2024, 3, 29), "州庆"),
    ]
    assert changes.unseen(town.staff("lifang")) == [], "in the end nothing has moved"


def test_a_local_make_up_day_brings_the_deadline_forward(town, days):
    number = town.file().number
    days.enter(town.staff("guanli"), "panlong", "work", "2024-03-30", "", "调休通知")
    assert town.due(number) == date(2024, 3, 30)


def test_a_body_that_does_not_deduct_local_holidays_keeps_its_deadlines(town, days):
    BodySettings(town.office).set_setting(
        town.staff("chen"), "panlong", "use_local_holidays", "false", "2024-01-01", "从严"
    )
    number = town.file().number
    _, moved = days.enter(town.staff("chen"), "panlong", "rest", "2024-03-28", "", "州庆")
    assert moved == 0 and town.due(number) == date(2024, 4, 1)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"act": "sleep"}, "act"),
        ({"first": "2024-02-30"}, "first"),
        ({"last": "2024-03-01"}, "last"),
        ({"last": "2024-12-31"}, "last"),
        ({"source": " "}, "source"),
        ({"act": "remove"}, "first"),
    ],
)
def test_days_without_a_notice_or_with_a_wrong_range_are_not_entered(town, days, changed, field):
    given = {"act": "rest", "first": "2024-03-28", "last": "2024-03-29", "source": "通知"}
    with pytest.raises(BadInput) as error:
        days.enter(town.staff("chen"), "panlong", **{**given, **changed})
    assert [item.field for item in error.value.errors] == [field]
    assert days.year("panlong", 2024).history == []


def test_only_administrator_and_office_head_enter_days(town, days):
    with pytest.raises(Denied):
        days.enter(town.staff("lifang"), "panlong", "rest", "2024-03-28", "", "通知")
    with pytest.raises(Missing):
        days.enter(town.staff("county"), "panlong", "rest", "2024-03-28", "", "通知")


def test_days_of_a_published_year_do_not_change_any_more(town, days):
    freeze(town.office, "panlong", 2023)
    for staff, agency in (("chen", "panlong"), ("county", "yanshan")):
        with pytest.raises(Refused) as error:
            days.enter(town.staff(staff), agency, "rest", "2023-12-29", "", "通知")
        assert error.value.refusal.rule == "frozen_year"
    assert days.enter(town.staff("chen"), "panlong", "rest", "2024-01-02", "", "通知")[0] == 1


# -- settings -----------------------------------------------------------------------------------------


def test_a_shorter_correction_period_from_a_past_day_moves_the_open_correction(town, changes):
    number = town.file().number
    town.act(
        "lifang",
        number,
        "require_correction",
        "2024-03-06",
        reached_on="2024-03-06",
        defects=["请写明年度"],
    )
    assert town.due(number) == date(2024, 3, 27)
    done = BodySettings(town.office).set_setting(
        town.staff("chen"), "panlong", "correction_period_days", "10", "2024-03-04", "县里统一"
    )
    assert done.moved == 1 and town.due(number) == date(2024, 3, 20)
    (change,) = town.moved(number)
    assert change.text == (
        "补正期限由 3 月 27 日改为 3 月 20 日："
        "“补正期限（工作日）”自 2024 年 3 月 4 日起由“15”改为“10”：县里统一"
    )


def test_a_case_keeps_the_rules_of_the_day_on_which_it_was_opened(town, changes):
    town.is_("2024-03-09")
    saturday = town.file().number
    town.is_("2024-03-16")
    next_saturday = town.file().number
    assert (town.due(saturday), town.due(next_saturday)) == (date(2024, 4, 8), date(2024, 4, 15))
    done = BodySettings(town.office).set_setting(
        town.staff("chen"), "panlong", "receipt_on_rest_day", "next_workday", "2024-03-10", "判决"
    )
    assert done.moved == 1
    assert (town.due(saturday), town.due(next_saturday)) == (date(2024, 4, 8), date(2024, 4, 16))
    (change,) = town.moved(next_saturday)
    assert (
        "自 2024 年 3 月 10 日起由“收到当日为第 0 天”改为“视为下一工作日收到”：判决" in change.text
    )
    assert town.moved(saturday) == []


def test_a_refused_change_leaves_everything_as_it_was(town):
    number = town.file().number
    freeze(town.office, "panlong", 2024)
    with pytest.raises(Refused):
        BodySettings(town.office).set_setting(
            town.staff("chen"), "panlong", "receipt_on_rest_day", "next_workday", "2024-03-01", "-"
        )
    with town.office.store.read() as unit:
        assert unit.session.scalars(select(DueChangeRow)).all() == []
    assert town.due(number) == date(2024, 4, 1)


def other_values(rule):
    """A value of every kind that the rule permits besides its default."""
    if rule.type == "flag":
        return [not rule.default]
    if rule.type == "days":
        return [rule.default + 3, *([None] if rule.optional else [])]
    if rule.type == "list":
        return [tuple(reversed(rule.parse(rule.default)))]
    return [value for value in rule.values if value != rule.default]


def test_row_and_log_never_disagree_whatever_is_changed(town, days):
    settings, head = BodySettings(town.office), town.staff("chen")
    numbers = [town.file().number for _ in range(6)]
    act = town.act
    act(
        "lifang",
        numbers[0],
        "require_correction",
        "2024-03-06",
        reached_on="2024-03-06",
        defects=["请写明年度"],
    )
    for number in numbers[1:4]:
        act("lifang", number, "assign", "2024-03-07")
    act("lifang", numbers[1], "consult_third_party", "2024-03-08", consultation=1)
    act("lifang", numbers[1], "record_opinion", "2024-03-20", consultation=1, opinion="objects")
    act("chen", numbers[2], "extend", "2024-03-25", days=10)
    act("lifang", numbers[3], "withdraw", "2024-03-26")
    act(
        "lifang",
        numbers[4],
        "require_correction",
        "2024-03-27",
        reached_on="2024-03-27",
        defects=["请写明年度"],
    )
    act("lifang", numbers[4], "correct", "2024-03-28")
    act("lifang", numbers[0], "lapse_correction", "2024-04-08")

    def agree():
        with town.office.store.read() as unit:
            for number in numbers:
                body = town.office.found_agency(unit, "panlong")
                row = unit.case_row([body.id], number)
                case = case_of(row, town.office.rules(unit, body, row.opened_on))
                for name, value in projection(case).items():
                    assert getattr(row, name) == value, (number, name)

    agree()
    moved = 0
    for rule in town.office.law.settings.values():
        for value in other_values(rule) if not rule.is_text else ():
            given = ",".join(value) if isinstance(value, tuple) else value
            moved += settings.set_setting(
                head, "panlong", rule.name, given, "2024-01-01", "另一种做法"
            ).moved
            agree()
    for act_, first, last in (
        ("rest", "2024-03-11", "2024-03-13"),
        ("work", "2024-03-16", "2024-03-17"),
        ("remove", "2024-03-12", ""),
    ):
        days.enter(head, "panlong", act_, first, last, "通知")
        agree()
    settings.set_setting(head, "panlong", "use_local_holidays", True, "2024-01-01", "放假办法4")
    agree()
    assert moved, "the changes did move something"


# -- the nation's calendar ----------------------------------------------------------------------------


@pytest.fixture
def announce(monkeypatch):
    """Install another table of the nation's days, as a newer version would bring it."""

    def installed(rest=(), work=(), years=()):
        old = calendars.nation()
        new = DayTable(
            old.name,
            old.source,
            old.holidays | set(rest),
            old.workdays | set(work),
            old.years | set(years),
        )
        monkeypatch.setattr(calendars, "nation", lambda: new)
        calendar.national.cache_clear()
        calendar.calendar_for.cache_clear()

    yield installed
    monkeypatch.undo()
    calendar.national.cache_clear()
    calendar.calendar_for.cache_clear()


def test_the_first_migration_takes_note_of_the_calendars_and_moves_nothing(town, changes):
    number = town.file().number
    migrate_office(town.office)
    assert town.moved(number) == []
    assert changes.follow_calendars() == 0


@pytest.mark.tampering(reason="its rows follow tables that are gone when the test is over")
def test_a_newly_announced_year_moves_provisional_deadlines_at_start_up(tmp_path, announce):
    town = Town(tmp_path, "2026-12-21")
    migrate_office(town.office)
    number = town.file().number
    assert town.due(number) == date(2027, 1, 19)
    before = log_of(town)
    announce(
        rest=[date(2027, 1, 1), date(2027, 1, 2), date(2027, 1, 3), date(2027, 1, 4)],
        work=[date(2027, 1, 9)],
        years=[2027],
    )
    town.is_("2026-12-24")
    assert town.due(number) == date(2027, 1, 19), "never for a request"
    migrate_office(town.office)
    assert town.due(number) == date(2027, 1, 19), "a rest day more and a make-up day more"
    announce(rest=[date(2027, 1, 5)], years=[2027])
    migrate_office(town.office)
    assert town.due(number) == date(2027, 1, 20)
    (change,) = town.moved(number)
    assert change.text == ("答复期限由 1 月 19 日改为 1 月 20 日：全国 2027 年放假安排公布或者变动")
    assert change.actor == "system" and log_of(town) == before
    assert DueChanges(town.office).follow_calendars() == 0


@pytest.mark.tampering(reason="its rows follow tables that are gone when the test is over")
def test_a_changed_number_of_the_law_moves_open_deadlines_at_start_up(town, tmp_path):
    number = town.file().number
    migrate_office(town.office)
    before, known = town.due(number), log_of(town)
    folder = tmp_path / "law"
    shutil.copytree(Path(config.law.__file__).parent, folder)
    periods = (folder / "periods.toml").read_text(encoding="utf-8")
    changed = periods.replace(
        "{ from = 2019-05-15, value = 20 }", "{ from = 2019-05-15, value = 25 }", 1
    )
    assert changed != periods
    (folder / "periods.toml").write_text(changed, encoding="utf-8")
    town.office.law = load_law(folder)
    follow(town.office)
    assert town.due(number) > before and log_of(town) == known
    (change,) = town.moved(number)
    assert "法律规定的期限或者办理规则变动" in change.text and "法律规定变动" in change.public_text
    assert DueChanges(town.office).follow_law() == 0


# -- who is told --------------------------------------------------------------------------------------


def test_clerks_handlers_and_heads_are_told_until_each_puts_it_away(town, days, changes):
    number = town.file().number
    days.enter(town.staff("chen"), "panlong", "rest", "2024-03-28", "", "州庆")
    told = {name: changes.unseen(town.staff(name)) for name in ("lifang", "chen", "wang", "sunli")}
    assert [c.number for c in told["lifang"]] == [c.number for c in told["chen"]] == [number]
    assert told["wang"] == told["sunli"] == []
    changes.put_away(town.staff("lifang"), told["lifang"][0].id)
    assert changes.unseen(town.staff("lifang")) == [] and changes.unseen(town.staff("chen"))
    days.enter(town.staff("chen"), "panlong", "rest", "2024-03-29", "", "州庆")
    (line,) = changes.unseen(town.staff("lifang"))
    assert (line.old, line.new) == (date(2024, 4, 2), date(2024, 4, 3))
    (line,) = changes.unseen(town.staff("chen"))
    assert (line.old, line.new) == (date(2024, 4, 1), date(2024, 4, 3)), "from the day they knew"


def test_while_a_correction_is_awaited_its_own_deadline_is_told(town, days, changes):
    filed = town.file()
    town.act(
        "lifang",
        filed.number,
        "require_correction",
        "2024-03-06",
        reached_on="2024-03-06",
        defects=["请写明年度"],
    )
    days.enter(town.staff("chen"), "panlong", "rest", "2024-03-28", "", "州庆")
    (kept,) = town.moved(filed.number)
    assert kept.moved == "答复期限由 4 月 1 日改为 4 月 2 日" and not kept.told
    assert changes.unseen(town.staff("lifang")) == [], "the reply's day rests"
    view = town.for_applicant.view(filed.number, filed.query_code)
    assert not any("4 月 2 日" in step["text"] for step in view.steps)
    days.enter(town.staff("chen"), "panlong", "rest", "2024-03-20", "", "州庆")
    (line,) = changes.unseen(town.staff("lifang"))
    assert line.moved == "补正期限由 3 月 27 日改为 3 月 29 日"


def test_a_case_that_is_done_needs_no_notice(town, days, changes):
    number = town.file().number
    days.enter(town.staff("chen"), "panlong", "rest", "2024-03-28", "", "州庆")
    town.moving.apply(town.staff("lifang"), number, "withdraw", {"on": "2024-03-04"})
    assert changes.unseen(town.staff("lifang")) == []


def test_the_applicant_reads_the_new_day_without_the_offices_own_reason(town, days):
    filed = town.file()
    town.is_("2024-03-20")
    days.enter(town.staff("chen"), "panlong", "rest", "2024-03-28", "", "内部通知")
    view = town.for_applicant.view(filed.number, filed.query_code)
    assert view.reply_due == date(2024, 4, 2)
    assert view.steps[-1] == {
        "on": "2024-03-20",
        "text": "答复期限由 4 月 1 日改为 4 月 2 日（放假安排变动）",
    }


# -- the command line ---------------------------------------------------------------------------------


def test_the_command_sets_a_value_and_shows_since_when_who_and_why(tmp_path, monkeypatch):
    monkeypatch.setenv("GONGKAI_DATA_DIR", str(tmp_path))
    Town(tmp_path, "2024-03-04", f"sqlite:///{tmp_path / 'gongkai.db'}")
    run = CliRunner().invoke

    def change(*more):
        return run(main, ["config", "set", "--agency", "panlong", "--name", "max_correction_rounds",
                          "--from", "2024-01-01", *more])  # fmt: skip

    assert change("--value", "2", "--reason", "县里统一", "--by", "chen").exit_code == 0
    shown = json.loads(run(main, ["config", "--agency", "panlong", "--json"]).output)["law"]
    entry = shown["max_correction_rounds"]
    assert (entry["value"], entry["origin"], entry["since"]) == (2, "panlong", "2024-01-01")
    assert (entry["by"], entry["reason"], entry["default"]) == ("chen", "县里统一", 1)
    assert shown["review_organ"]["value"] == "砚山县人民政府"
    assert shown["review_organ"]["origin"] == "derived"
    text = run(main, ["config", "--agency", "panlong"]).output
    assert "max_correction_rounds = 2  （panlong，自 2024-01-01 起，chen，理由：县里统一" in text
    assert change("--value", "两次", "--reason", "-").exit_code == 2
    refused = change("--value", "3", "--reason", "-", "--by", "lifang")
    assert refused.exit_code == 1 and "您没有“变更设置和本机关的放假安排”的权限" in refused.output
    assert change("--value", "3", "--reason", "-", "--by", "nobody").exit_code == 1


def test_config_alone_prints_what_is_in_force_and_where_each_value_came_from(monkeypatch):
    monkeypatch.setenv("GONGKAI_PORT", "8123")
    output = CliRunner().invoke(main, ["config"]).output
    assert "port = 8123  （GONGKAI_PORT）" in output
    assert "max_correction_rounds = 1  （default；补正最多几次）" in output
