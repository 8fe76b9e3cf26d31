"""`gongkai calendar load FILE` and `calendar list`: DESIGN's row, law.md §3.1(4)."""

import json

import pytest
from click.testing import CliRunner

from config import calendars
from gongkai import main
from tests.workflow.service.town import Town, freeze
from workflow.service import Office

PART = {
    "year": 2027, "notice": "国办发明电〔2026〕99号",
    "holidays": ["2027-01-01", "2027-01-02", "2027-01-03"], "workdays": ["2027-01-09"],
}  # fmt: skip


@pytest.fixture
def town(tmp_path, monkeypatch):
    monkeypatch.setenv("GONGKAI_DATA_DIR", str(tmp_path))
    return Town(tmp_path, "2026-12-21", f"sqlite:///{tmp_path / 'gongkai.db'}")


def run(*arguments, **more):
    return CliRunner().invoke(main, ["calendar", *arguments], **more)


def load(tmp_path, data, *more):
    path = tmp_path / "notice.json"
    path.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    return run("load", str(path), *more)


def test_part_of_a_year_is_loaded_and_what_is_missing_is_said_in_words(town, tmp_path):
    done = load(tmp_path, PART)
    assert done.exit_code == 0
    assert done.output.splitlines() == [
        "已装入 国办发明电〔2026〕99号：登记 4 天；没有申请的期限变动",
        "2027 年的放假安排没有装齐，还缺春节、清明节、劳动节、端午节、中秋节、国庆节，"
        "这一年的日期仍是暂定的",
    ]
    again = load(tmp_path, PART)
    assert again.exit_code == 0 and "已经装入过，没有变动" in again.output


def test_a_whole_year_is_no_longer_provisional(town, tmp_path):
    days = [str(day) for day in calendars.statutory(2027, 2027)]
    done = load(tmp_path, {**PART, "holidays": days}, "--json")
    found = json.loads(done.output)
    assert (done.exit_code, found["provisional"], found["missing"]) == (0, False, [])
    (year,) = json.loads(run("list", "--year", "2027", "--json").output)
    assert (year["year"], year["provisional"], year["workdays"]) == (2027, False, ["2027-01-09"])
    assert [one["notice"] for one in year["notices"]] == [PART["notice"]]


def test_the_list_tells_this_year_the_next_and_what_was_loaded(town, tmp_path):
    load(tmp_path, PART)
    text = run("list").output
    assert "2026 年：齐全；程序自带" in text and "2027 年：暂定" in text
    assert "放假：1 月 1–3 日" in text and "上班：1 月 9 日" in text
    assert "依据：国办发明电〔2026〕99号（放假 3 天、上班 1 天；系统" in text
    assert [one["year"] for one in json.loads(run("list", "--json").output)] == [2026, 2027]


@pytest.mark.parametrize(
    ("data", "place"),
    [
        ({**PART, "workdays": ["2027-01-02"]}, "workdays.0：2027 年 1 月 2 日既列为放假，又列为上班"),
        ({**PART, "holidays": ["2027-02-30"]}, "holidays.0：没有这一天"),
        ({**PART, "holidays": ["2028-01-01"]}, "holidays.0：2028 年 1 月 1 日不在 2027 年"),
        ({"year": 2027, "holidays": ["2027-01-01"]}, "notice：请写明通知的名称和文号"),
        ([1], "文件：须为一个对象"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_ends_with_2_and_names_the_place(town, tmp_path, data, place):
    done = load(tmp_path, data)
    assert done.exit_code == 2 and place in done.output


def test_a_missing_file_ends_with_2(town):
    assert run("load", "/nowhere/notice.json").exit_code == 2


def test_a_published_year_is_refused_with_1(town, tmp_path):
    freeze(Office(town.office.store, town.office.keys), "panlong", 2025)  # by the clock of commands
    done = load(tmp_path, {"year": 2025, "notice": "通知", "holidays": ["2025-03-03"]})
    assert done.exit_code == 1
    assert "2025 年的年度报告已经公布" in done.output and "没有公布年报的年度" in done.output


TIMELINE = {"events": [{"event": "receive", "on": "2026-12-21", "channel": "in_person"}]}
DOCKET = {
    "agency": {"code": "panlong"},
    "cases": [{"ref": "A", "events": TIMELINE["events"]}],
}  # fmt: skip


def outside(tmp_path, command, data):
    path = tmp_path / f"{command}.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    return json.loads(CliRunner().invoke(main, [command, str(path)]).stdout)


def test_a_timeline_and_a_docket_count_by_the_notices_that_were_loaded_here(town, tmp_path):
    """What the command line says of a day is what the desk says of it."""
    before = outside(tmp_path, "deadline", TIMELINE)
    assert (before["reply_due"], before["provisional"]) == ("2027-01-19", True)
    days = [str(day) for day in calendars.statutory(2027, 2027)]
    load(tmp_path, {**PART, "holidays": days})
    after = outside(tmp_path, "deadline", TIMELINE)
    assert (after["reply_due"], after["provisional"]) == ("2027-01-18", False)
    (case,) = outside(tmp_path, "replay", DOCKET)["cases"]
    assert case["deadlines"]["reply_due"] == "2027-01-18"


def test_a_calculation_makes_no_folder_and_no_store(tmp_path, monkeypatch):
    monkeypatch.setenv("GONGKAI_DATA_DIR", str(tmp_path / "nowhere"))
    assert outside(tmp_path, "deadline", TIMELINE)["provisional"]
    assert not (tmp_path / "nowhere").exists()
