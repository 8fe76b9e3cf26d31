"""A township's year of seven cases, and everything that it was reminded of (`gongkai replay --reminders`).

year/reminders.txt is to be read from top to bottom: day, hour, case, moment, working days left, to whom.
"""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from config.reminders import load_ladder
from gongkai import main
from workflow.commands.cases import replay
from workflow.rules.calendar import LocalDays, calendar_for

YEAR = Path(__file__).parent / "year"
DOCKET = YEAR / "docket.json"
LOCAL = frozenset(date(2024, 4, n) for n in (1, 2, 3))


@pytest.fixture(scope="module")
def played() -> dict[str, Any]:
    done = CliRunner().invoke(
        main, ["replay", str(DOCKET), "--reminders", "--until", "2025"], catch_exceptions=False
    )
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def line(reminder: dict[str, Any]) -> str:
    words = [str(reminder[key]) for key in ("on", "at", "ref", "moment", "days_left")]
    return " ".join([*words, *reminder["to"]])


def test_the_year_reads_as_written(played):
    wanted = (YEAR / "reminders.txt").read_text(encoding="utf-8").splitlines()
    assert [line(reminder) for reminder in played["reminders"]] == wanted


def test_a_reminder_has_the_fields_of_the_contract_and_no_more(played):
    for reminder in played["reminders"]:
        assert list(reminder) == ["on", "at", "ref", "moment", "to", "days_left"]
        assert reminder["moment"] in load_ladder().moments


def test_nothing_goes_out_on_a_rest_day_of_the_place(played):
    calendar = calendar_for(None, (LocalDays("文山州", LOCAL, frozenset()),))
    assert all(calendar.is_workday(date.fromisoformat(r["on"])) for r in played["reminders"])


def test_days_are_in_order_and_nothing_is_told_twice(played):
    told = [(r["on"], r["at"], r["ref"], r["moment"]) for r in played["reminders"]]
    assert [(on, at) for on, at, _, _ in told] == sorted((on, at) for on, at, _, _ in told)
    assert len(set(told)) == len(told)


def test_case_answered_within_a_week_hears_of_its_beginning_and_one_question_only(played):
    told = [r["moment"] for r in played["reminders"] if r["ref"] == "in-good-time"]
    assert told == ["begin", "correction_question_4"]


def test_last_red_one_is_of_the_morning_on_which_the_reply_went_out(played):
    late = [r["on"] for r in played["reminders"] if r["ref"] == "late-and-sued" and r["moment"] == "reply_red"]  # fmt: skip
    assert (late[0], late[-1]) == ("2024-10-08", "2024-10-16")


def test_without_the_option_the_output_is_as_before(played):
    done = CliRunner().invoke(main, ["replay", str(DOCKET), "--until", "2025"])
    plain = json.loads(done.stdout)
    assert "reminders" not in plain
    assert plain == {key: played[key] for key in plain}


def test_docket_without_any_event_has_no_reminder(tmp_path):
    file = tmp_path / "empty.json"
    file.write_text('{"agency": {"code": "panlong"}, "cases": []}', encoding="utf-8")
    done = CliRunner().invoke(main, ["replay", str(file), "--reminders"])
    assert json.loads(done.stdout)["reminders"] == []


def test_the_command_alone_tells_them_too(played):
    """No entry has to tell it who knows the reminders."""
    done = CliRunner().invoke(replay, [str(DOCKET), "--reminders", "--until", "2025"])
    assert json.loads(done.stdout)["reminders"] == played["reminders"]
