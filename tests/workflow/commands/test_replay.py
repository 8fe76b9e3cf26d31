"""`replay` plays a docket, and refuses what is none."""

import json
from pathlib import Path
from typing import Any

import pytest

from config.law import load_law
from tests.workflow.commands.calling import Run, written

AGENCY = {"code": "panlong", "name": "盘龙彝族乡人民政府", "level": "township"}
CONTRACT_EXAMPLE: dict[str, Any] = {
    "agency": AGENCY,
    "settings": {"online_confirmation": "confirmation_event"},
    "local_calendar": {"region": "云南省文山州", "holidays": ["2024-04-01"], "workdays": []},
    "cases": [
        {
            "ref": "A",
            "kind": "application",
            "applicants": [{"category": "natural_person", "name": "张三"}],
            "request": "2023年农村公路养护合同",
            "items": ["合同正文", "验收单"],
            "events": [
                {"event": "receive", "on": "2024-05-06", "channel": "in_person"},
                {
                    "event": "propose_outcome",
                    "on": "2024-05-13",
                    "items": [
                        {"item": 1, "outcome": "supplied"},
                        {"item": 2, "outcome": "not_existing"},
                    ],
                },
                {
                    "event": "serve",
                    "on": "2024-05-20",
                    "method": "direct",
                    "signed_on": "2024-05-20",
                },
            ],
        }
    ],
}


def test_replay_plays_the_example_of_the_contract(run: Run, tmp_path: Path) -> None:
    result = run("replay", written(tmp_path, CONTRACT_EXAMPLE))
    assert result.exit_code == 0
    told = json.loads(result.stdout)
    (case,) = told["cases"]
    assert set(case) == {
        "ref", "number", "state", "outcome", "row", "column", "deadlines", "alarms", "remedy", "refused",
    }  # fmt: skip
    assert case["remedy"] == ["either"], "nothing in it was refused under 条例14 to 16"
    assert "remedy_text_is_incomplete" in case["alarms"], "replay asks no settings of the body"
    assert case["refused"] == []
    assert (case["state"], case["outcome"]) == ("served", "partial")
    assert (case["row"], case["column"]) == ("partially_disclosed", "natural_person")
    assert case["deadlines"]["reply_due"]
    assert list(told["tables"]) == ["2024"]
    assert told["tables"]["2024"]["table3"]["partially_disclosed"]["natural_person"] == 1


def test_replay_reads_standard_input(run: Run) -> None:
    result = run("replay", "-", stdin=json.dumps(CONTRACT_EXAMPLE))
    assert result.exit_code == 0


def test_strict_replay_refuses_what_is_missing_and_goes_on(run: Run, tmp_path: Path) -> None:
    result = run("replay", written(tmp_path, CONTRACT_EXAMPLE), "--strict")
    assert result.exit_code == 1
    (case,) = json.loads(result.stdout)["cases"]
    assert [refused["event"] for refused in case["refused"]] == ["propose_outcome", "serve"]
    for refused in case["refused"]:
        assert set(refused) == {"event", "on", "rule", "article", "message", "allowed_when"}


def test_strict_replay_of_all_steps_is_refused_nothing(run: Run, tmp_path: Path) -> None:
    events: list[dict[str, Any]] = [
        {"event": "receive", "on": "2024-05-06", "channel": "in_person"},
        {"event": "assign", "on": "2024-05-07"},
        {"event": "propose_outcome", "on": "2024-05-13", "outcome": "supplied", "by": "handler"},
        {"event": "send_to_secrecy_review", "on": "2024-05-14"},
        {
            "event": "pass_secrecy_review",
            "on": "2024-05-15",
            "checks": dict.fromkeys(load_law().words.secrecy_checks, "none"),
        },
        {"event": "pass_legal_check", "on": "2024-05-16"},
        {"event": "approve", "on": "2024-05-17"},
        {"event": "serve", "on": "2024-05-20", "method": "direct", "signed_on": "2024-05-20"},
    ]
    docket = {"agency": AGENCY, "cases": [{"ref": "A", "events": events}]}
    result = run("replay", written(tmp_path, docket), "--strict")
    assert result.exit_code == 0, result.stdout
    assert json.loads(result.stdout)["cases"][0]["state"] == "served"


def test_until_adds_the_tables_of_later_years(run: Run, tmp_path: Path) -> None:
    events = [{"event": "receive", "on": "2022-11-10", "channel": "ems"}]
    docket = {"agency": AGENCY, "cases": [{"ref": "A", "events": events}]}
    told = json.loads(run("replay", written(tmp_path, docket), "--until", "2024").stdout)
    assert list(told["tables"]) == ["2022", "2023", "2024"]
    assert told["tables"]["2022"]["table3"]["new_received"]["total"] == 1
    for year in ("2023", "2024"):
        assert told["tables"][year]["table3"]["carried_in"]["total"] == 1
        assert told["tables"][year]["table3"]["carried_out"]["total"] == 1


def test_empty_docket_gives_the_empty_year_that_is_asked_for(run: Run, tmp_path: Path) -> None:
    docket = written(tmp_path, {"agency": AGENCY, "cases": []})
    told = json.loads(run("replay", docket, "--until", "2019").stdout)
    assert list(told["tables"]) == ["2019"]
    assert json.loads(run("replay", docket).stdout)["tables"] == {}


def test_replay_into_a_named_store_keeps_the_cases(run: Run, tmp_path: Path) -> None:
    store = f"sqlite:///{tmp_path / 'kept.db'}"
    assert run("replay", written(tmp_path, CONTRACT_EXAMPLE), "--into", store).exit_code == 0
    assert (tmp_path / "kept.db").stat().st_size > 0


def of_applicant(**person: Any) -> dict[str, Any]:
    return {"agency": AGENCY, "cases": [{"ref": "A", "applicants": [person]}]}


def test_description_leads_to_the_column_of_a_case(run: Run, tmp_path: Path) -> None:
    """law.md §6.7: the ending decides; an empty category is none."""
    events = [{"event": "receive", "on": "2024-05-06", "channel": "in_person"}]
    described = ["民办非企业单位", "公司职工", "某某寺", "律师事务所"]
    cases = [
        {"ref": text, "applicants": [{"category": "", "description": text}], "events": events}
        for text in described
    ]
    told = json.loads(run("replay", written(tmp_path, {"agency": AGENCY, "cases": cases})).stdout)
    assert [case["column"] for case in told["cases"]] == [
        "other_organization", "natural_person", "other_organization", "legal_service",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("docket", "place"),
    [
        ([], "文件"),
        ({"cases": []}, "agency.code"),
        ({"agency": AGENCY}, "cases"),
        ({"agency": AGENCY, "cases": [{"events": []}]}, "cases.0.ref"),
        ({"agency": AGENCY, "cases": [{"ref": "A"}, {"ref": "A"}]}, "cases.1.ref"),
        ({"agency": AGENCY, "cases": [{"ref": "A", "kind": "wish"}]}, "cases.0.kind"),
        ({"agency": AGENCY, "cases": [{"ref": "A", "events": [{}]}]}, "cases.0.events.0"),
        ({"agency": AGENCY, "cases": [{"ref": "A", "events": [
            {"event": "assign", "on": "2024-05-07", "weather": "fine"}]}]}, "cases.0.events.0.weather"),
        ({"agency": AGENCY, "cases": [{"ref": "A", "request": "甲", "reqeust": "乙"}]}, "cases.0.reqeust"),
        ({"agency": AGENCY, "cases": [], "settings": {"sttings": 1}}, "settings.sttings"),
        ({"agency": AGENCY, "cases": [], "local_calendar": {"holidays": ["soon"]}}, "holidays.0"),
        ({"agency": {**AGENCY, "level": "village"}, "cases": []}, "agency.level"),
        ({"agency": AGENCY, "cases": [{"ref": "A", "request": "机密★10年"}]}, "cases.0.request"),
        ({"agency": AGENCY, "cases": [{"ref": "A", "items": ["某项 机密★10年"]}]}, "cases.0.items.0"),
        (of_applicant(category="buisness"), "cases.0.applicants.0.category"),
        (of_applicant(category="total"), "cases.0.applicants.0.category"),
        (of_applicant(category="其他"), "cases.0.applicants.0.category"),
        (of_applicant(category=5), "cases.0.applicants.0.category"),
        (of_applicant(categroy="business"), "cases.0.applicants.0.categroy"),
    ],
)  # fmt: skip
def test_file_that_is_no_docket_is_refused_naming_the_place(
    docket: Any, place: str, run: Run, tmp_path: Path
) -> None:
    result = run("replay", written(tmp_path, docket))
    assert result.exit_code == 2
    assert place in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize(
    ("entry", "rule"),
    [
        ({"event": "recieve", "on": "2024-05-07"}, "unknown_event"),
        ({"event": "extend", "on": "2024-05-07", "days": "ten"}, "bad_field"),
        ({"event": "assign", "on": "2024-02-30"}, "bad_field"),
        ({"event": "extend", "on": "2024-05-07", "days": 5, "by": "clerk"}, "not_your_role"),
        ({"event": "assign", "on": "2024-05-07", "to": "绝密★"}, "state_secret_content"),
    ],
)
def test_wrong_event_of_a_docket_is_refused_and_the_next_one_played(
    entry: dict[str, Any], rule: str, run: Run, tmp_path: Path
) -> None:
    events = [
        {"event": "receive", "on": "2024-05-06", "channel": "in_person"},
        entry,
        {"event": "withdraw", "on": "2024-05-08"},
    ]
    docket = {"agency": AGENCY, "cases": [{"ref": "A", "events": events}]}
    result = run("replay", written(tmp_path, docket))
    assert result.exit_code == 1
    (case,) = json.loads(result.stdout)["cases"]
    assert [refused["rule"] for refused in case["refused"]] == [rule]
    assert case["state"] == "closed"


def test_text_that_cannot_be_kept_is_one_line(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "file.json"
    file.write_text('{"agency": {"code": "x", "name": "\\ud800"}, "cases": []}', encoding="utf-8")
    played = run("replay", str(file))
    assert played.exit_code == 2
    assert "无法保存的字符" in played.stderr
