"""The commands: what they print, and exit codes 0, 1 and 2."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import func, select

from config.law import load_law
from config.settings import load
from gongkai import main
from tests.examples import ACCEPTANCE, read
from tests.workflow.report import reading_back
from tests.workflow.service.sampling import filled, quick_hashes
from workflow.people import password_fits
from workflow.report.writing import WRITERS
from workflow.service import Office
from workflow.service.installation import open_office
from workflow.store.models import CaseRow

Run = Callable[..., Result]
INIT = ("init", "--agency", "panlong", "--name", "盘龙彝族乡人民政府", "--level", "township")


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """`gongkai …` over a store of its own."""
    for name in ("GONGKAI_DATABASE_URL", "GONGKAI_CONFIG", "GONGKAI_SECRET"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GONGKAI_DATA_DIR", str(tmp_path / "data"))

    def invoke(*arguments: str, stdin: str | None = None) -> Result:
        with quick_hashes():
            return CliRunner().invoke(main, list(arguments), input=stdin)

    return invoke


def office_of_the_store() -> Office:
    return open_office(load())


def written(tmp_path: Path, data: Any) -> str:
    path = tmp_path / "file.json"
    path.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    return str(path)


# -- beginning ----------------------------------------------------------------------------------------


def test_init_prints_the_one_time_password_once(run: Run) -> None:
    made = run(*INIT, "--json")
    assert made.exit_code == 0
    told = json.loads(made.stdout)
    assert (told["agency"], told["admin"]) == ("panlong", "admin")
    staff = office_of_the_store().log_in("admin", told["password"])
    assert staff.must_change_password
    again = run(*INIT)
    assert again.exit_code == 1
    assert told["password"] not in again.output


def test_init_if_new_does_nothing_a_second_time(run: Run) -> None:
    assert "一次性密码" in run(*INIT, "--if-new").stdout
    again = run(*INIT, "--if-new")
    assert again.exit_code == 0
    assert again.output == ""


@pytest.mark.parametrize(
    "arguments",
    [
        ("init", "--agency", "panlong", "--name", "盘龙", "--level", "village"),
        ("init", "--agency", "panlong", "--level", "township"),
    ],
)
def test_init_that_is_called_wrongly_says_how(arguments: tuple[str, ...], run: Run) -> None:
    assert run(*arguments).exit_code == 2


def test_init_refuses_a_code_that_no_address_can_hold(run: Run) -> None:
    result = run("init", "--agency", "盘 龙", "--name", "盘龙", "--level", "township")
    assert result.exit_code == 1
    assert "机关代码" in result.stderr


def test_command_before_init_says_so(run: Run) -> None:
    result = run("tally", "--agency", "panlong", "--year", "2024")
    assert result.exit_code == 1
    assert "gongkai init" in result.stderr


# -- people -------------------------------------------------------------------------------------------

CREATE = ("user", "create", "--name", "lifang", "--agency", "panlong", "--role", "clerk")


def test_new_user_gets_a_password_that_is_printed_once(run: Run) -> None:
    run(*INIT)
    made = run(*CREATE, "--json")
    assert made.exit_code == 0
    password = json.loads(made.stdout)["password"]
    assert office_of_the_store().log_in("lifang", password).must_change_password
    more = run(*CREATE, "--role", "handler", "--json")
    assert json.loads(more.stdout)["password"] is None
    staff = office_of_the_store().log_in("lifang", password)
    assert staff.roles == {"panlong": frozenset(("clerk", "handler"))}


def test_password_from_standard_input_is_taken_and_not_printed(run: Run) -> None:
    run(*INIT)
    made = run(*CREATE, "--password-stdin", stdin="Blue-Paper-42\n")
    assert made.exit_code == 0
    assert "Blue-Paper-42" not in made.output
    assert not office_of_the_store().log_in("lifang", "Blue-Paper-42").must_change_password


@pytest.mark.parametrize("password", ["", "12345678", "password", "Lifang-2024", "Ab-1"])
def test_weak_password_is_refused(password: str, run: Run) -> None:
    run(*INIT)
    made = run(*CREATE, "--password-stdin", stdin=password + "\n")
    assert made.exit_code == 1
    assert "密码" in made.stderr
    assert office_of_the_store().staff("lifang") is None


def test_user_of_a_body_nobody_knows_is_refused(run: Run) -> None:
    run(*INIT)
    result = run("user", "create", "--name", "x", "--agency", "nowhere", "--role", "clerk")
    assert result.exit_code == 1
    assert "nowhere" in result.stderr


def test_role_nobody_knows_is_refused(run: Run) -> None:
    run(*INIT)
    result = run("user", "create", "--name", "x", "--agency", "panlong", "--role", "boss")
    assert result.exit_code == 2


def test_token_is_printed_alone(run: Run) -> None:
    run(*INIT)
    made = run("token", "create", "--user", "admin")
    assert made.exit_code == 0
    token = made.stdout.removesuffix("\n")
    assert token and not any(letter.isspace() for letter in token)
    found = office_of_the_store().bearer(token)
    assert found and found.staff.name == "admin"
    assert run("token", "create", "--user", "nobody").exit_code == 1


# -- what is in force ---------------------------------------------------------------------------------


def test_config_says_where_each_value_came_from(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "gongkai.toml"
    file.write_text('port = 9000\nsite_phone = "0876-1"\n', encoding="utf-8")
    monkeypatch.setenv("GONGKAI_CONFIG", str(file))
    monkeypatch.setenv("GONGKAI_PORT", "9100")
    told = json.loads(run("config", "--json").stdout)
    assert told["program"]["port"] == {"value": 9100, "origin": "GONGKAI_PORT"}
    assert told["program"]["site_phone"] == {"value": "0876-1", "origin": str(file)}
    assert told["program"]["host"]["origin"] == "default"
    assert set(told["law"]) == set(load_law().settings)
    assert told["law"]["correction_period_days"]["value"] == 15


def test_config_does_not_tell_the_password_of_the_database(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GONGKAI_DATABASE_URL", "postgresql://gongkai:geheim@db/gongkai")
    result = run("config")
    assert result.exit_code == 0
    assert "geheim" not in result.output


@pytest.mark.parametrize(("name", "value"), [("GONGKAI_PORT", "many"), ("GONGKAI_HTTPS", "maybe")])
def test_setting_that_cannot_be_read_is_named(
    name: str, value: str, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    result = run("config")
    assert result.exit_code == 2
    assert name in result.stderr


def test_migrate_can_be_repeated(run: Run) -> None:
    assert "空库" in run("migrate").stderr
    assert "已是最新" in run("migrate").stderr


@pytest.mark.parametrize("name", sorted(main.commands))
def test_every_command_explains_itself(name: str, run: Run) -> None:
    result = run(name, "--help")
    assert result.exit_code == 0
    assert len(result.stdout.splitlines()) > 3


# -- tally --------------------------------------------------------------------------------------------


def test_seed_township_2019_has_zeros_in_all_rows_and_columns(run: Run) -> None:
    run(*INIT)
    result = run("tally", "--agency", "panlong", "--year", "2019")
    assert result.exit_code == 0
    told = json.loads(result.stdout)
    assert set(told) == {"agency", "year", "format", "table2", "table3", "table4", "checks"}
    assert (told["agency"], told["year"], told["format"]) == ("panlong", 2019, "2019")
    assert len(told["table3"]) == 23
    assert all(list(cells.values()) == [0] * 7 for cells in told["table3"].values())
    assert all(list(cells.values()) == [0] * 5 for cells in told["table4"].values())
    assert told["checks"] == []


def test_tally_in_another_format_than_the_years_own(run: Run) -> None:
    run(*INIT)
    told = json.loads(
        run("tally", "--agency", "panlong", "--year", "2019", "--format", "2021").stdout
    )
    assert (told["format"], len(told["table3"])) == ("2021", 25)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--agency", "nowhere", "--year", "2024"), 1),
        (("--agency", "panlong", "--year", "1999"), 2),
        (("--agency", "panlong", "--year", "soon"), 2),
        (("--agency", "panlong", "--year", "2024", "--format", "2020"), 2),
        (("--year", "2024"), 2),
    ],
)
def test_tally_that_cannot_be_made(arguments: tuple[str, ...], code: int, run: Run) -> None:
    run(*INIT)
    result = run("tally", *arguments)
    assert result.exit_code == code
    assert result.stdout == ""


# -- replay -------------------------------------------------------------------------------------------

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
        "ref", "number", "state", "outcome", "row", "column", "deadlines", "refused",
    }  # fmt: skip
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
        {"event": "pass_secrecy_review", "on": "2024-05-15"},
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
        ({"agency": AGENCY, "cases": [], "settings": {"sttings": 1}}, "settings.sttings"),
        ({"agency": AGENCY, "cases": [], "local_calendar": {"holidays": ["soon"]}}, "holidays.0"),
        ({"agency": {**AGENCY, "level": "village"}, "cases": []}, "agency.level"),
        ({"agency": AGENCY, "cases": [{"ref": "A", "request": "机密★10年"}]}, "cases.0.request"),
        ({"agency": AGENCY, "cases": [{"ref": "A", "items": ["某项 机密★10年"]}]}, "cases.0.items.0"),
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
        ({"event": "assign", "on": "2024-05-07", "weather": "fine"}, "bad_field"),
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


# -- demo ---------------------------------------------------------------------------------------------

REPORT = ACCEPTANCE / "tables" / "pingtan_gwh_2022.json"


def test_demo_leaves_no_case_behind_unless_asked(run: Run) -> None:
    run(*INIT)
    played = run("demo", "--from-report", str(REPORT))
    assert played.exit_code == 0
    assert [reader.code for reader in office_of_the_store().agencies()] == ["panlong"]


def test_demo_keep_leaves_the_cases_in_the_store(run: Run) -> None:
    played = run("demo", "--from-report", str(REPORT), "--keep")
    assert played.exit_code == 0
    told = json.loads(played.stdout)
    again = json.loads(run("tally", "--agency", told["agency"], "--year", "2022").stdout)
    assert again["table3"] == told["table3"] == read(REPORT)["table3"]
    assert again["table4"] == told["table4"]
    assert run("demo", "--from-report", str(REPORT), "--keep").exit_code == 2


def test_demo_wants_either_a_report_or_a_fill(run: Run) -> None:
    assert run("demo").exit_code == 2
    assert run("demo", "--fill", "--from-report", str(REPORT)).exit_code == 2


@pytest.mark.parametrize("text", ["{", "[]", '{"year": 2022}', '{"year": "2022"}'])
def test_demo_of_what_is_no_report_is_refused(text: str, run: Run, tmp_path: Path) -> None:
    file = tmp_path / "report.json"
    file.write_text(text, encoding="utf-8")
    result = run("demo", "--from-report", str(file))
    assert result.exit_code == 2
    assert str(file) in result.stderr


def test_demo_fill_makes_people_who_can_log_in_and_is_repeatable(run: Run) -> None:
    first = run("demo", "--fill")
    assert first.exit_code == 0
    password = first.stdout.splitlines()[0].split("密码都是 ")[1].split("，")[0]
    office = office_of_the_store()
    assert len(office.agencies()) == 3
    with office.store.read() as unit:
        row = unit.user("lifang")
        assert row and password_fits(row.password_hash, password)
    assert run("demo", "--fill").stdout == first.stdout


DAYS = [
    date(2024, 2, 29), date(2025, 12, 31), date(2026, 1, 1), date(2026, 1, 2), date(2026, 2, 17),
    date(2026, 5, 3), date(2026, 12, 31), date(2027, 1, 2),
]  # fmt: skip


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_sample_of_any_day_is_filled_without_a_refused_event(
    day: date, office_on: Callable[[date], Office]
) -> None:
    office = filled(office_on(day))
    with office.store.read() as unit:
        assert (unit.session.scalar(select(func.count(CaseRow.id))) or 0) > 50
        states = set(unit.session.scalars(select(CaseRow.state)))
        latest = unit.session.scalar(select(func.max(CaseRow.received_on)))
    assert states == set(office.law.states)
    assert latest and latest <= day


# -- the report as a file -----------------------------------------------------------------------------


@pytest.mark.parametrize("ending", list(WRITERS))
def test_report_writes_the_tables_of_the_store(run: Run, tmp_path: Path, ending: str) -> None:
    report = ACCEPTANCE / "tables" / "pingtan_jtj_2023.json"
    assert run("demo", "--from-report", str(report), "--keep").exit_code == 0
    data = json.loads(report.read_text(encoding="utf-8"))
    agency = office_of_the_store().agencies()[0].code
    path = tmp_path / f"report.{ending}"
    made = run("report", "--agency", agency, "--year", "2023", "--format", ending, "-o", str(path))
    assert made.exit_code == 0
    found = reading_back.numbers(ending, path.read_bytes(), "2021")["table3"]
    assert found == [n or 0 for row in data["table3"].values() for n in row.values()]


def test_report_says_what_it_cannot_do(run: Run, tmp_path: Path) -> None:
    run(*INIT)
    asked = ("report", "--agency", "panlong", "--format", "json")
    unknown = run("report", "--agency", "nowhere", "--year", "2024", "--format", "pdf", "-o", "-")
    assert unknown.exit_code == 1 and "没有代码为“nowhere”的机关" in unknown.stderr
    assert run(*asked, "--year", "1800", "-o", "-").exit_code == 2
    nowhere = run(*asked, "--year", "2024", "-o", str(tmp_path / "no" / "file.json"))
    assert nowhere.exit_code == 2 and "无法写入" in nowhere.stderr
    assert json.loads(run(*asked, "--year", "2024", "-o", "-").stdout)["year"] == 2024


def test_report_holds_the_texts_and_the_other_format_only_the_tables(run: Run) -> None:
    run(*INIT)
    asked = ("report", "--agency", "panlong", "--year", "2024", "--format", "json", "-o", "-")
    whole = json.loads(run(*asked).stdout)
    assert "2024 年没有收到政府信息公开申请" in whole["sections"]["overview"]
    old = json.loads(run(*asked, "--tables", "2019").stdout)
    assert old["format"] == "2019" and not old["sections"].get("overview")
