"""Every worked example of acceptance/deadlines.json, with each of its alternatives."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tests.examples import variants
from workflow.commands.deadline import deadline
from workflow.docket.timeline import explain
from workflow.refusal import BadInput

VARIANTS = list(variants("deadlines"))


def timeline(example: dict[str, Any], settings: dict[str, Any]) -> dict[str, Any]:
    told = ("id", "title", "expected", "reasoning", "basis", "alternatives", "practice_varies")
    return {key: value for key, value in example.items() if key not in told} | {
        "settings": settings
    }


@pytest.mark.parametrize(
    ("example", "settings", "expected"), [v[1:] for v in VARIANTS], ids=[v[0] for v in VARIANTS]
)
def test_example_comes_out_as_expected(
    example: dict[str, Any], settings: dict[str, Any], expected: dict[str, Any]
) -> None:
    found = explain(timeline(example, settings))
    assert {key: found.get(key) for key in expected} == expected
    assert found["steps"]
    for step in found["steps"]:
        assert step["on"] and step["text"] and step["article"]


@pytest.mark.parametrize(
    ("example", "settings", "expected"), [v[1:] for v in VARIANTS], ids=[v[0] for v in VARIANTS]
)
def test_every_reply_deadline_is_reached_by_a_step(
    example: dict[str, Any], settings: dict[str, Any], expected: dict[str, Any]
) -> None:
    found = explain(timeline(example, settings))
    if "reply_due" in found:
        reached = [step for step in found["steps"] if step["on"] == found["reply_due"]]
        told = "".join(step["text"] for step in found["steps"])
        year, month, day = (int(part) for part in found["reply_due"].split("-"))
        assert reached or f"{year} 年 {month} 月 {day} 日" in told


def run(*arguments: str, stdin: str | None = None) -> Any:
    return CliRunner().invoke(deadline, list(arguments), input=stdin)


@pytest.mark.parametrize("number", range(0, len(VARIANTS), 7))
def test_command_prints_what_the_engine_finds(number: int, tmp_path: Path) -> None:
    _, example, settings, expected = VARIANTS[number]
    file = tmp_path / "timeline.json"
    file.write_text(json.dumps(timeline(example, settings)), encoding="utf-8")
    result = run(str(file))
    assert result.exit_code == 0
    printed = json.loads(result.stdout)
    assert {key: printed.get(key) for key in expected} == expected
    assert printed["steps"]
    assert run("-", stdin=file.read_text(encoding="utf-8")).stdout == result.stdout


RECEIVED = {"event": "receive", "on": "2024-03-04", "channel": "in_person"}


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("{", "第 1 行"),
        ("[]", "文件"),
        ('{"kind": "weather"}', "kind"),
        ("{}", "events"),
        (json.dumps({"events": [RECEIVED, {"event": "recieve", "on": "2024-03-05"}]}), "events.1.event"),
        (json.dumps({"events": [{**RECEIVED, "on": "2024-02-30"}]}), "events.0.on"),
        (json.dumps({"events": [{**RECEIVED, "on": 0}]}), "events.0.on"),
        (json.dumps({"events": [{**RECEIVED, "on": "2024-03-04T10:00"}]}), "events.0.on"),
        (json.dumps({"events": [RECEIVED], "settings": {"late_opinon": "x"}}), "late_opinon"),
        (json.dumps({"events": [RECEIVED], "settings": {"correction_period_days": "soon"}}), "correction_period_days"),
        (json.dumps({"events": [RECEIVED], "local_calendar": {"holidays": ["4月1日"]}}), "local_calendar.holidays.0"),
        (json.dumps({"events": [RECEIVED], "local_calendar": {"holidays": ["2024-04-01"], "workdays": ["2024-04-01"]}}), "local_calendar.workdays：2024 年 4 月 1 日既列为放假，又列为上班"),
        (json.dumps({"kind": "publication"}), "formed_on"),
        (json.dumps({"kind": "leak", "found_at": "noon"}), "found_at"),
        (json.dumps({"kind": "annual_report", "year": 12}), "year"),
    ],
)  # fmt: skip
def test_bad_file_is_refused_naming_the_place(text: str, place: str, tmp_path: Path) -> None:
    file = tmp_path / "bad.json"
    file.write_text(text, encoding="utf-8")
    result = run(str(file))
    assert result.exit_code == 2
    assert result.stdout == ""
    assert place in result.stderr
    assert any("\u4e00" <= letter <= "\u9fff" for letter in result.stderr)
    assert "Traceback" not in result.stderr


def test_missing_file_is_refused(tmp_path: Path) -> None:
    result = run(str(tmp_path / "nowhere.json"))
    assert result.exit_code == 2
    assert "无法读取" in result.stderr


def test_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "bytes.json"
    file.write_bytes(b"\xff\xfe\x00")
    result = run(str(file))
    assert result.exit_code == 2
    assert "UTF-8" in result.stderr


def of_events(*events: dict[str, Any]) -> dict[str, Any]:
    received = {"event": "receive", "on": "2025-06-03", "channel": "in_person"}
    served = {"event": "serve", "on": "2025-06-20", "method": "direct", "signed_on": "2025-06-20"}
    return explain({"events": [received, served, *events]})


@pytest.mark.parametrize(
    ("events", "key", "day"),
    [
        ([{"event": "file_review", "on": "2025-07-10"}], "review_answer_due", "2025-07-24"),
        ([{"event": "file_review", "on": "2025-07-10", "copy_received_on": "2025-07-15"}],
         "review_answer_due", "2025-07-29"),
        ([{"event": "file_review", "on": "2025-07-10", "copy_received_on": "2025-07-15", "summary": True}],
         "review_answer_due", "2025-07-22"),
        ([{"event": "file_suit", "on": "2025-07-10", "via": "direct", "copy_received_on": "2025-07-14"}],
         "suit_answer_due", "2025-07-29"),
        ([{"event": "conclude_suit", "on": "2025-12-01", "result": "quashed", "judgment_received_on": "2025-12-03"}],
         "appeal_due", "2025-12-18"),
        ([{"event": "conclude_suit", "on": "2025-12-01", "result": "dismissed_inadmissible",
           "judgment_received_on": "2025-12-03"}], "appeal_due", "2025-12-15"),
    ],
)  # fmt: skip
def test_days_in_review_and_court_are_told(
    events: list[dict[str, Any]], key: str, day: str
) -> None:
    """行政复议法48、54、88(2)；行政诉讼法67、85: from the copy, from the judgment (13 December 2025 rests)."""
    found = of_events(*events)
    assert found[key] == day
    assert any(step["on"] == day for step in found["steps"])


def test_result_that_nobody_knows_is_named_with_its_place() -> None:
    with pytest.raises(BadInput) as caught:
        of_events({"event": "conclude_suit", "on": "2025-12-01", "result": "won"})
    assert [error.field for error in caught.value.errors] == ["events.2.result"]


def test_contradictions_are_named_with_their_place() -> None:
    """law.md §3.1(9): two open consultations of one number; a confirmation before the arrival."""
    asked = {"event": "consult_third_party", "on": "2025-06-05", "consultation": 1}
    for events, place in (
        ([asked, {**asked, "on": "2025-06-09"}], "events.3.consultation"),
        ([{"event": "receive", "on": "2025-06-04", "channel": "email", "confirmed_on": "2025-06-02"}],
         "events.2.confirmed_on"),
    ):  # fmt: skip
        with pytest.raises(BadInput) as caught:
            of_events(*events)
        assert [error.field for error in caught.value.errors] == [place]
    ended = {"event": "record_opinion", "on": "2025-06-06", "consultation": 1}
    assert len(of_events(asked, ended, {**asked, "on": "2025-06-09"})["party_deadlines"]) == 2
