"""`gongkai sum`: files and the store, exit codes, and the worked example of docs/adding-up.md."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from config.settings import load
from gongkai import main
from tests.examples import ACCEPTANCE, DOCS
from tests.workflow.report.reports_made import TABLES
from workflow.service.docket.player import Player
from workflow.service.installation import migrate_office, open_office

PAGE = DOCS / "adding-up.md"


def area_of(year: int) -> tuple[str, list[str]]:
    """The total of the Pingtan area and the reports of its units."""
    files = sorted(TABLES.glob(f"pingtan_*_{year}.json"))
    return str(TABLES / f"pingtan_qu_{year}.json"), [str(p) for p in files if "_qu_" not in p.name]


AREA, UNITS = area_of(2022)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["sum", *arguments])


@pytest.mark.parametrize("year", [2019, 2022])
def test_the_worked_examples_in_docs_are_what_the_command_prints(year: int) -> None:
    area, units = area_of(year)
    told = run("--against", area, "--files", *units)
    assert told.exit_code == 1
    text = PAGE.read_text(encoding="utf-8")
    shown = text.split(f"<!-- begin pingtan {year} -->\n")[1].split(f"<!-- end pingtan {year} -->")[
        0
    ]
    # A heading of the command stands one level deeper in the page.
    assert (
        shown.replace("\n##", "\n#").removeprefix("##").strip()
        == told.stdout.removeprefix("#").strip()
    )


def test_a_folder_is_all_its_files_but_the_total_they_are_compared_with(tmp_path: Path) -> None:
    for file in (AREA, *UNITS):
        (tmp_path / Path(file).name).write_bytes(Path(file).read_bytes())
    (tmp_path / "desktop.ini").write_text("x")
    area = str(tmp_path / Path(AREA).name)
    told = run("--against", area, "--files", str(tmp_path))
    assert told.stdout == run("--against", AREA, "--files", *UNITS).stdout != ""


def test_an_empty_folder_and_a_folder_as_the_total_are_told(tmp_path: Path) -> None:
    told = run("--files", str(tmp_path))
    assert told.exit_code == 2 and told.stderr == f"{tmp_path}：没有可以汇总的文件\n"
    told = run("--against", str(tmp_path), "--files", *UNITS)
    assert told.exit_code == 2 and told.stderr == f"{tmp_path}：是文件夹，请给出文件\n"


def test_yuan_and_ten_thousand_yuan_are_added_as_yuan() -> None:
    files = [str(ACCEPTANCE / "report_inputs" / f"procure_{unit}.html") for unit in ("yuan", "wan")]
    told = run("--json", *files)
    found = json.loads(told.stdout)
    assert found["table2"]["procurement"] == {"projects": 11, "amount": 1768900}
    assert found["behind"]["table2/procurement/amount"] == {
        "青禾县甲局": 246900,
        "青禾县乙局": 1522000,
    }
    assert found["warnings"] == [] and told.exit_code == 0


def test_an_amount_that_differs_is_told_in_its_unit(tmp_path: Path) -> None:
    files = [str(ACCEPTANCE / "report_inputs" / f"procure_{unit}.html") for unit in ("yuan", "wan")]
    total = json.loads(run("--json", *files).stdout)
    total["table2"]["procurement"]["amount"] = "176.8万元"
    against = tmp_path / "total.json"
    against.write_text(json.dumps({**total, "agency": "青禾县"}), encoding="utf-8")
    told = run(*files, "--against", str(against))
    assert (
        "| 表二“政府集中采购”“采购总金额” | 1768000元 | 1768900元 | -900 | 没有查明 |"
        in told.stdout
    )


def test_json_carries_the_bodies_behind_every_cell() -> None:
    found = json.loads(run("--json", "--against", AREA, *UNITS).stdout)
    assert found["table3"]["new_received"]["total"] == 78
    assert found["behind"]["table3/refused_third_party_rights/total"] == {"pingtan_htp_2022": 1}
    assert len(found["differences"]) == 9 and all(one["because"] for one in found["differences"])
    assert {one["open"] for one in found["differences"]} == {0}
    assert found["notes"] == []


def test_sound_reports_that_come_to_the_total_end_with_0(tmp_path: Path) -> None:
    one = str(TABLES / "pingtan_gaj_2022.json")
    data = json.loads(Path(one).read_text(encoding="utf-8"))
    total = tmp_path / "total.json"
    total.write_text(json.dumps({**data, "slug": "area"}), encoding="utf-8")
    told = run(one, "--against", str(total))
    assert told.exit_code == 0 and "逐格一致" in told.stdout


def test_failing_sums_of_a_report_end_with_1() -> None:
    told = run(str(TABLES / "pingtan_htp_2022.json"))
    assert told.exit_code == 1 and "自身勾稽不成立" in told.stdout


@pytest.mark.parametrize(
    "change",
    [{"agency": None, "slug": None}, {"table3": None, "table4": None}],
)
def test_what_is_no_report_ends_with_2(tmp_path: Path, change: dict[str, object]) -> None:
    data = json.loads((TABLES / "pingtan_gaj_2022.json").read_text(encoding="utf-8"))
    path = tmp_path / "file.json"
    path.write_text(json.dumps({**data, **change}), encoding="utf-8")
    told = run(str(path))
    assert told.exit_code == 2 and str(path) in told.stderr


def test_what_a_file_does_not_say_clearly_is_said(tmp_path: Path) -> None:
    data = json.loads((TABLES / "pingtan_gaj_2022.json").read_text(encoding="utf-8"))
    del data["table3"]["disclosed"]
    path = tmp_path / "file.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    assert "1 处没有读准" in run(str(path)).stdout


def test_the_same_report_twice_is_refused() -> None:
    told = run(UNITS[0], UNITS[0])
    assert told.exit_code == 2 and "两份报告" in told.stderr


def test_nothing_to_add_up_is_an_error_of_usage() -> None:
    assert run().exit_code == 2


# -- from the store -----------------------------------------------------------------------------------


@pytest.fixture
def county(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A store with a county, a township below it and one application there."""
    for name in ("GONGKAI_DATABASE_URL", "GONGKAI_CONFIG", "GONGKAI_SECRET"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GONGKAI_DATA_DIR", str(tmp_path / "data"))
    office = open_office(load())
    migrate_office(office)
    with office.store.write() as unit:
        office.add_agency(unit, code="yanshan", name="砚山县人民政府", level="county")
        office.add_agency(
            unit, code="panlong", name="盘龙彝族乡人民政府", level="township", parent="yanshan"
        )
    received = {"event": "receive", "on": "2024-03-01", "channel": "in_person"}
    docket = {"agency": {"code": "panlong"}, "cases": [{"ref": "A", "events": [received]}]}
    Player(office).play(docket)
    office.store.close()
    return tmp_path


def test_the_store_is_added_up_and_a_missing_report_named(county: Path) -> None:
    found = json.loads(run("--agency", "yanshan", "--year", "2024", "--json").stdout)
    assert found["missing"] == {"panlong": "盘龙彝族乡人民政府"}
    assert found["table3"]["new_received"]["total"] == 0


def test_bodies_without_a_report_are_counted_by_their_cases_when_asked(county: Path) -> None:
    told = run("--agency", "yanshan", "--year", "2024", "--live", "--json")
    assert told.exit_code == 0
    assert json.loads(told.stdout)["behind"]["table3/new_received/total"] == {"panlong": 1}


def test_files_of_bodies_outside_are_added_to_those_of_the_store(county: Path) -> None:
    data = json.loads((TABLES / "pingtan_gaj_2022.json").read_text(encoding="utf-8"))
    outside = county / "outside.json"
    outside.write_text(json.dumps({**data, "year": 2024}), encoding="utf-8")
    new = data["table3"]["new_received"]["total"]
    told = run("--agency", "yanshan", "--year", "2024", "--live", "--json", "--files", str(outside))
    assert json.loads(told.stdout)["table3"]["new_received"]["total"] == new + 1


@pytest.mark.parametrize("agency", ["nowhere", "panlong"])
def test_a_body_without_bodies_below_ends_with_1(county: Path, agency: str) -> None:
    assert run("--agency", agency, "--year", "2024").exit_code == 1
