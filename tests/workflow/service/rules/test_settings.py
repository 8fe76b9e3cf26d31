"""Settings of law.md §11: by the day from which they hold, by body, with their reason, frozen."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from alembic import command
from hypothesis import given
from hypothesis import strategies as st

from config.law import load_law
from tests.stores import differences
from tests.workflow.service.town import Town, freeze
from workflow.refusal import BadInput, Denied, Refused
from workflow.rules.settings import Choice, standing, value_in_words
from workflow.service import Missing
from workflow.service.report.tables import Reports
from workflow.service.rules.settings import BodySettings
from workflow.store.engine import writing_engine
from workflow.store.migrate import _config

LAW = load_law()
CORRECTION = LAW.settings["correction_period_days"]


@pytest.fixture
def town(tmp_path):
    return Town(tmp_path, "2024-05-06")


@pytest.fixture
def settings(town):
    return BodySettings(town.office)


def choose(settings, town, value=10, holds_from="2024-05-01", reason="人手不足", **changed):
    who = changed.get("who", "chen")
    return settings.set_setting(
        town.staff(who) if who else None,
        changed.get("agency", "panlong"),
        changed.get("name", "correction_period_days"),
        value,
        holds_from,
        reason,
    )


# -- the table ----------------------------------------------------------------------------------------


def test_every_setting_stands_in_a_group_with_its_label_default_and_reason():
    for rule in LAW.settings.values():
        assert rule.group in LAW.setting_groups and rule.group != "other", rule.name
        assert rule.label and rule.why
        assert value_in_words(rule, rule.parse(rule.default))


def test_every_point_of_the_law_on_which_practice_differs_is_a_setting():
    assert {
        "online_confirmation", "receipt_on_rest_day", "use_local_holidays", "suspension_model",
        "fee_policy", "partial_remedy", "closing_date_basis", "t4_year_basis",
        "pre_20190515_period_days", "review_organ", "court", "online_review_url",
    } <= LAW.settings.keys()  # fmt: skip


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("correction_period_days", "十天"),
        ("correction_period_days", "²"),
        ("correction_period_days", "-1"),
        ("correction_period_days", ""),
        ("use_local_holidays", "maybe"),
        ("fee_policy", "free"),
        ("result_priority", "partial,nothing"),
        ("court", "法" * 101),
        ("court", "文山市\n人民法院"),
        ("online_review_url", "复议网"),
        ("online_review_url", "javascript:alert(1)"),
    ],
)
def test_a_value_that_the_rule_does_not_know_is_refused_in_chinese(name, value):
    with pytest.raises(ValueError, match=f"设置“{LAW.settings[name].label}”"):
        LAW.settings[name].parse(value)


# -- through time -------------------------------------------------------------------------------------

DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))
CHOICES = st.lists(st.tuples(st.integers(0, 30), DAYS), max_size=8)


@given(CHOICES, DAYS)
def test_the_choice_in_force_is_the_latest_recorded_of_the_latest_day_that_has_come(pairs, day):
    recorded = [Choice(value, on, "因为", "chen", None) for value, on in pairs]
    found = standing(CORRECTION, recorded, day)
    begun = [on for _, on in pairs if on <= day]
    if not begun:
        assert found.value == CORRECTION.default and found.since is None
    else:
        assert found.since == max(begun)
        assert found.value == [value for value, on in pairs if on == max(begun)][-1]
    kept = len(found.later) + len(found.earlier) + (found.since is not None)
    assert kept == len(pairs), "nothing that was recorded is lost"
    assert [c.holds_from for c in found.later] == sorted({on for _, on in pairs if on > day})


# -- choosing -----------------------------------------------------------------------------------------


def test_a_choice_holds_from_its_day_and_says_who_when_and_why(town, settings):
    choose(settings, town, holds_from="2024-06-01")
    now, later = (
        settings.one("panlong", "correction_period_days", date.fromisoformat(day))
        for day in ("2024-05-31", "2024-06-01")
    )
    assert (now.value, now.is_default, now.since) == (15, True, None)
    assert now.later[0].value == 10
    assert (later.value, later.since, later.reason) == (10, date(2024, 6, 1), "人手不足")
    assert later.actor == "chen" and later.recorded_at == town.now


def test_another_body_keeps_its_own_value(town, settings):
    choose(settings, town)
    assert settings.one("jiangna", "correction_period_days").value == 15


def test_a_second_choice_for_the_same_day_keeps_the_first_as_history(town, settings):
    choose(settings, town, 10, reason="人手不足")
    town.is_("2024-05-07")
    choose(settings, town, 12, reason="改正", who="guanli")
    found = settings.one("panlong", "correction_period_days")
    assert found.value == 12 and found.actor == "guanli"
    assert [(c.value, c.reason, c.actor) for c in found.earlier] == [(10, "人手不足", "chen")]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"value": "很多"}, "value"),
        ({"value": 15}, "value"),
        ({"reason": "  "}, "reason"),
        ({"reason": "长" * 501}, "reason"),
        ({"holds_from": "2024-02-30"}, "holds_from"),
        ({"holds_from": ""}, "holds_from"),
    ],
)
def test_a_choice_that_is_not_complete_is_not_recorded(town, settings, changed, field):
    with pytest.raises(BadInput) as error:
        choose(settings, town, **changed)
    assert [item.field for item in error.value.errors] == [field]
    assert settings.one("panlong", "correction_period_days").since is None


def test_only_administrator_and_office_head_of_the_body_choose(town, settings):
    for name in ("lifang", "wang"):
        with pytest.raises(Denied) as error:
            choose(settings, town, who=name)
        assert error.value.refusal.rule == "not_your_role"
    for name in ("county", "sunli"):
        with pytest.raises(Missing):
            choose(settings, town, who=name)
    assert choose(settings, town, who="guanli").standing.value == 10


def test_the_rules_of_a_new_case_follow_at_once_also_in_another_process(town, settings):
    other = Town.__new__(Town)
    other.__dict__ |= town.__dict__
    other.office = type(town.office)(town.office.store, town.office.keys, now=town.office.now)

    def rule(office):
        with office.store.read() as unit:
            body = office.found_agency(unit, "panlong")
            return office.rules(unit, body, date(2024, 5, 6))["correction_period_days"]

    assert rule(other.office) == 15
    choose(settings, town)
    assert rule(town.office) == rule(other.office) == 10


def test_the_rules_carry_the_derived_and_the_chosen_organ_of_review(town, settings):
    def organ():
        with town.office.store.read() as unit:
            body = town.office.found_agency(unit, "panlong")
            return town.office.rules(unit, body, town.office.today())["review_organ"]

    assert organ() == "砚山县人民政府"
    assert settings.one("panlong", "review_organ").words == "砚山县人民政府（由机关层级得出）"
    choose(settings, town, "文山州人民政府", "2024-05-06", "垂直领导", name="review_organ")
    assert organ() == "文山州人民政府"


def test_a_body_has_as_many_rulebooks_as_it_has_chosen_something(town, settings):
    """From one choice to the next they are the same, and on every day they are what the choices say; a
    text is today's for cases of before."""
    choose(settings, town, 10, "2024-05-10")
    choose(settings, town, "文山州人民政府", "2024-05-15", "垂直领导", name="review_organ")
    choose(settings, town, 12, "2024-05-20")
    for today in ("2024-05-06", "2024-05-12", "2024-05-30"):
        town.is_(today)
        now = town.office.today()
        with town.office.store.read() as unit:
            body = town.office.found_agency(unit, "panlong")
            days = [date(2024, 5, 1) + timedelta(n) for n in range(31)]
            books = [town.office.rules(unit, body, day) for day in days]
            assert len({id(book) for book in books}) == 4
            for day, book in zip(days, books, strict=True):
                expected = town.office.settings_on(unit, body, day)
                if day < now:
                    expected |= {
                        name: town.office.settings_on(unit, body, now)[name]
                        for name, rule in LAW.settings.items()
                        if rule.is_text
                    }
                assert dict(book.settings) == expected


# -- frozen -------------------------------------------------------------------------------------------


def test_a_choice_that_would_hold_in_a_published_year_is_refused(town, settings):
    town.is_("2025-02-01")
    freeze(town.office, "panlong", 2024)
    for day in ("2024-12-31", "2023-05-01"):
        with pytest.raises(Refused) as error:
            choose(settings, town, holds_from=day)
        assert error.value.refusal.rule == "frozen_year"
        assert "2024 年的年度报告已经公布" in error.value.refusal.message
    assert choose(settings, town, holds_from="2025-01-01").standing.value == 10
    with pytest.raises(Refused):
        freeze(town.office, "panlong", 2024)


def test_a_choice_that_ends_before_the_published_year_is_allowed(town, settings):
    choose(settings, town, 12, "2024-01-01")
    town.is_("2025-02-01")
    freeze(town.office, "panlong", 2024)
    choose(settings, town, 10, "2023-01-01")
    at = settings.one("panlong", "correction_period_days", date(2023, 6, 1))
    assert at.value == 10


def test_another_body_may_still_choose_for_a_year_that_only_one_has_published(town, settings):
    freeze(town.office, "panlong", 2023)
    found = choose(settings, town, holds_from="2023-01-01", agency="jiangna", who="sunli")
    assert found.standing.value == 10


def test_the_tables_of_a_published_year_are_counted_with_its_frozen_settings(town, settings):
    filed = town.file()
    town.act("lifang", filed.number, "withdraw", "2024-05-07")
    reports = Reports(town.office)

    def new_received():
        return reports.tables("panlong", 2024).tables.table3["new_received"]["total"]

    assert new_received() == 1
    freeze(town.office, "panlong", 2024)
    with town.office.store.write() as unit:
        # Not possible by any door; the frozen copy stands even so.
        body = town.office.found_agency(unit, "panlong")
        unit.set_setting(body, "count_withdrawn_before_acceptance", False, date(2024, 1, 1), "-")
        unit.set_setting(body, "joint_applicants", "per_applicant", date(2024, 1, 1), "-")
        row = unit.published_year(body, 2024)
        assert row.settings["count_withdrawn_before_acceptance"] is True
        assert row.settings["result_priority"] == list(LAW.defaults()["result_priority"])
        assert len(row.calendar) == 64
    with town.office.store.read() as unit:
        from workflow.service.rules.settings import settings_of_year

        body = town.office.found_agency(unit, "panlong")
        assert settings_of_year(town.office, unit, body, 2024)["joint_applicants"] == "one"
        assert (
            settings_of_year(town.office, unit, body, 2025)["joint_applicants"] == "per_applicant"
        )
    assert new_received() == 1


# -- the store ----------------------------------------------------------------------------------------


def test_the_migration_keeps_what_was_chosen_before_and_goes_back(tmp_path):
    engine = writing_engine(f"sqlite:///{tmp_path / 'old.db'}")

    def to(revision, go=command.upgrade):
        with engine.begin() as connection:
            go(_config(connection), revision)

    def read(query):
        with engine.begin() as connection:
            return connection.execute(sa.text(query)).all()

    to("0001")
    with engine.begin() as connection:
        for line in (
            "INSERT INTO agency (id, code, name, level, takes_requests)"
            " VALUES (1, 'panlong', '盘龙彝族乡人民政府', 'township', TRUE)",
            "INSERT INTO agency_setting (agency_id, name, value, holds_from, reason)"
            " VALUES (1, 'fee_policy', '\"by_page\"', '2024-01-01', '公示')",
            "INSERT INTO calendar_day (agency_id, day, works, source)"
            " VALUES (1, '2024-04-01', FALSE, '州庆')",
        ):
            connection.execute(sa.text(line))
    to("0003")
    assert read("SELECT CAST(value AS TEXT), reason, actor, recorded_at FROM agency_setting") == [
        ('"by_page"', "公示", "system", None)
    ]
    with engine.begin() as connection:
        for line in (
            "INSERT INTO agency_setting (agency_id, name, value, holds_from, reason, actor)"
            " VALUES (1, 'fee_policy', '\"off\"', '2024-01-01', '停收', 'chen')",
            "INSERT INTO calendar_day (agency_id, day, works, source, actor)"
            " VALUES (1, '2024-04-01', NULL, '取消', 'chen')",
        ):
            connection.execute(sa.text(line))
    to("0001", command.downgrade)
    assert read("SELECT CAST(value AS TEXT), reason FROM agency_setting") == [('"off"', "停收")]
    assert read("SELECT count(*) FROM calendar_day") == [(0,)]
    with engine.connect() as connection:
        names = set(sa.inspect(connection).get_table_names())
    assert not names & {"published_year", "stamp", "due_change", "due_change_seen"}
    with pytest.raises(sa.exc.IntegrityError), engine.begin() as connection:
        connection.execute(
            sa.text(
                "INSERT INTO agency_setting (agency_id, name, value, holds_from, reason)"
                " VALUES (1, 'fee_policy', '\"by_item\"', '2024-01-01', '')"
            )
        )
    to("head")
    with engine.begin() as connection:
        assert differences(connection) == [], "tables as the mappings say"
    engine.dispose()


# -- settings of reminders ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("reply_2,confirm", ("confirm", "reply_2")),
        (["confirm", "confirm"], ("confirm",)),
        ("", ()),
        ([], ()),
    ],
)
def test_a_set_keeps_each_word_once_in_the_order_of_the_table(given, kept):
    rule = load_law().settings["reminders_off"]
    assert rule.parse(given) == kept
    assert value_in_words(rule, kept) == ("、".join(rule.values[w] for w in kept) or "没有")


@pytest.mark.parametrize("wrong", ["reply_red", ["x"], 5, {"confirm": 1}, None])
def test_what_is_overdue_and_what_nobody_knows_cannot_be_put_off(wrong):
    with pytest.raises(ValueError, match="不发的提醒"):
        load_law().settings["reminders_off"].parse(wrong)


@pytest.mark.parametrize(("given", "kept"), [("9:00", "09:00"), (" 17:30 ", "17:30"), ("0:05", "00:05")])  # fmt: skip
def test_an_hour_is_kept_with_four_digits(given, kept):
    assert load_law().settings["reminder_hour"].parse(given) == kept


@pytest.mark.parametrize("wrong", ["24:00", "9", "9:5", "09:60", "上午九点", 900, None])
def test_what_is_no_hour_is_refused(wrong):
    with pytest.raises(ValueError, match="每天几点发出提醒"):
        load_law().settings["reminder_hour"].parse(wrong)


@pytest.mark.parametrize(("given", "kept"), [("1-26", "01-26"), ("03-31", "03-31"), ("none", None)])
def test_a_day_of_every_year_is_kept_with_two_digits_each(given, kept):
    assert load_law().settings["report_dates"].parse(given) == kept


@pytest.mark.parametrize("wrong", ["02-29", "13-01", "01-32", "2025-01-26", "一月", "", 126])
def test_what_is_no_day_of_every_year_is_refused(wrong):
    with pytest.raises(ValueError, match="每年都有的日子"):
        load_law().settings["report_dates"].parse(wrong)
