"""Who may read the audit, and what of it is found."""

from datetime import date
from pathlib import Path

import pytest

from tests.workflow.service.town import Town
from workflow.service.accounts import Accounts
from workflow.service.audit import Audit, AuditLine
from workflow.service.office import Missing
from workflow.service.rules.bodies import Bodies
from workflow.service.staff import StaffRoom
from workflow.store.audit import SHOWN, audited


@pytest.fixture
def town(tmp_path: Path) -> Town:
    town = Town(tmp_path, "2024-05-06")
    room = StaffRoom(town.office, Accounts(town.office))
    room.grant(town.staff("guanli"), "lifang", "panlong", "archivist")
    town.is_("2024-05-08")
    room.grant(None, "sunli", "jiangna", "leader")
    Bodies(town.office).rename("jiangna", "江那街道办事处", date(2024, 5, 7), town.staff("county"))
    return town


def lines(town: Town, name: str = "county", **asked: object) -> list[AuditLine]:
    return Audit(town.office).lines(town.staff(name), **asked)  # type: ignore[arg-type]


def test_the_last_change_comes_first_with_names_and_words(town: Town) -> None:
    renamed, given, first = lines(town)
    assert (renamed.what, renamed.about, renamed.who) == ("机关更名", "江那街道办事处", "county")
    assert given.who == "运行人员（命令行）" and given.details == {"role": "分管领导"}
    assert (first.about, first.body, first.number) == ("lifang", "盘龙彝族乡人民政府", 1)


def test_a_township_reads_its_own_lines_alone(town: Town) -> None:
    assert [one.about for one in lines(town, "guanli")] == ["lifang"]
    with pytest.raises(Missing):
        lines(town, "guanli", agency="jiangna")
    assert lines(town, "chen") == []
    assert Audit(town.office).bodies(town.staff("guanli")) == [("panlong", "盘龙彝族乡人民政府")]


def test_lines_are_found_by_body_action_person_and_day(town: Town) -> None:
    assert [one.number for one in lines(town, agency="jiangna")] == [3, 2]
    assert [one.number for one in lines(town, action="role_granted")] == [2, 1]
    assert [one.number for one in lines(town, person="guanli")] == [1]
    assert [one.number for one in lines(town, person="lifang")] == [1]
    assert [one.number for one in lines(town, last=date(2024, 5, 7))] == [1]
    assert [one.number for one in lines(town, first=date(2024, 5, 8), last=date(2024, 5, 8))] == [
        3,
        2,
    ]
    assert [one.number for one in lines(town, after=1, limit=1)] == [2]


def test_free_words_about_a_case_are_not_told(town: Town) -> None:
    """Who administers sees no case and no applicant: of a look at one only its reason by the table."""
    with town.office.store.write() as unit:
        body = town.office.found_agency(unit, "panlong")
        audited(
            unit,
            town.now,
            "lifang",
            body.id,
            SHOWN,
            "2024-0001",
            reason="contact",
            words="张三来电",
        )
    one = lines(town, "guanli")[0]
    assert (one.what, one.about) == ("查看申请人信息", "—")
    assert set(one.details) == {"reason"} and "张三" not in repr(one) and "2024" not in one.about
    assert lines(town, "guanli", person="2024-0001") == []


def test_lines_are_found_by_group(town: Town) -> None:
    with town.office.store.write() as unit:
        body = town.office.found_agency(unit, "panlong")
        audited(
            unit, town.now, "lifang", body.id, "answer_released", "2024-0001", title="危房改造",
            name="某文件", rows=3,
        )  # fmt: skip
    assert [one.number for one in lines(town, group="bodies")] == [3]
    assert [one.number for one in lines(town, group="rights")] == [2, 1]
    (one,) = lines(town, group="other")
    assert (one.number, one.who, one.about, one.details) == (4, "lifang", "—", {"rows": "3"})
    assert lines(town, group="nothing") == []
    assert lines(town, group="other", action="role_granted") == []
    assert [one.number for one in lines(town, group="rights", action="role_granted")] == [2, 1]


def test_the_old_word_of_a_role_is_shown_by_its_name_of_today(town: Town) -> None:
    with town.office.store.write() as unit:
        body = town.office.found_agency(unit, "panlong")
        audited(unit, town.now, "system", body.id, "role_granted", "guanli", role="admin")
    assert lines(town, "guanli")[0].details == {"role": "系统管理员"}


def test_the_latest_of_a_body_are_about_people_and_the_body(town: Town) -> None:
    with town.office.store.write() as unit:
        body = town.office.found_agency(unit, "panlong")
        audited(unit, town.now, "lifang", body.id, SHOWN, "2024-0001", reason="contact")
    assert [one.number for one in Audit(town.office).latest(town.staff("guanli"), "panlong")] == [1]
    with pytest.raises(Missing):
        Audit(town.office).latest(town.staff("guanli"), "jiangna")
