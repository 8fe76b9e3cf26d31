"""系统体检 and 法规要点 at the desk: who sees them, what they say, and that a person has looked."""

import pytest

from config.settings import load
from tests.webui.conftest import PASSWORD
from tests.webui.visitor import Visitor
from webui.app import open_doors
from workflow.people import SYSTEM
from workflow.refusal import BadInput, Denied
from workflow.service.accounts import Accounts
from workflow.service.audit import Audit
from workflow.service.backups import state
from workflow.service.backups.making import make_backup
from workflow.service.doctor import examine
from workflow.service.first_steps import FirstSteps
from workflow.service.rules.national import NationalDays
from workflow.service.rules.settings import BodySettings
from workflow.service.stamps import DRILL, NOT_BACKED_UP
from workflow.service.upkeep.law import LawPoints


@pytest.fixture
def top(app, office, password_hash, tmp_path) -> Visitor:
    """The administrator of the body that has none above it."""
    with office.store.write() as unit:
        for name, role in (("zhuguan", "system_admin"), ("shenji", "audit_admin")):
            body = office.found_agency(unit, "yanshan")
            row = Accounts(office).add_user(unit, name=name, agency=body, roles=(role,))
            row.password_hash = password_hash
    open_doors(app, office, load({"GONGKAI_DATA_DIR": str(tmp_path)}))
    return Visitor(app).log_in("zhuguan", PASSWORD)


def test_the_page_says_what_is_wrong_first_and_what_to_do(top, tmp_path):
    (tmp_path / "store.db").chmod(0o644)
    tmp_path.chmod(0o755)
    page = top.get("/desk/upkeep")
    assert page.status == 200
    said = page.text
    assert said.index("不对的") < said.index("有空请看一看") < said.index("正常的")
    assert f"chmod 700 '{tmp_path}'" in said.replace("&#39;", "'")
    assert "没有开通邮件" in said and "/desk/channels" in page.html
    assert "法规要点" in said and "/desk/law-points" in page.html


def test_the_page_lists_the_backups_that_there_are(app, top, office, tmp_path):
    assert "没有设置每天的备份" in top.get("/desk/upkeep").text
    folder = tmp_path / "nas"
    settings = load({"GONGKAI_DATA_DIR": str(tmp_path), "GONGKAI_BACKUP_FOLDER": str(folder)})
    open_doors(app, office, settings)
    page = Visitor(app).log_in("zhuguan", PASSWORD)
    assert f"{folder} 现在不存在" in page.get("/desk/upkeep").text
    folder.mkdir()
    assert f"{folder} 里还没有备份" in page.get("/desk/upkeep").text
    make_backup(office, tmp_path, folder / "gongkai-1.backup", keys=False)
    make_backup(office, tmp_path, folder / "gongkai-2.backup")
    state.note(office, DRILL, good=True, own=True)
    state.note(office, NOT_BACKED_UP, why="磁盘已满")
    said = page.get("/desk/upkeep").text
    assert f"{folder} 里的 2 份备份" in said and "gongkai-1.backup" in said
    assert "gongkai-2.backup，密钥放在旁边" in said and "gongkai-1.backup，" not in said
    assert "相符（用的是本机的密钥）" in said and "磁盘已满" in said


def test_only_who_administers_the_whole_installation_sees_it(top, staff):
    assert ">系统体检</a>" in top.get("/desk/staff").html
    for name in ("guanli", "county", "lifang"):  # of a township; a clerk above; a clerk
        page = staff(name)
        assert page.get("/desk/upkeep").status == 403, name
        assert page.get("/desk/law-points").status == 403, name
        assert ">系统体检</a>" not in page.get("/desk/inbox").html
        assert ">法规要点</a>" not in page.html


def test_what_is_seen_is_what_the_command_says_without_counting(top, office, tmp_path):
    found = examine(office, load({"GONGKAI_DATA_DIR": str(tmp_path)}), counted=False)
    page = top.get("/desk/upkeep")
    assert len(found) > 10
    assert [one.key for one in found if f'id="{one.key}"' not in page.html] == []


def test_a_person_says_that_the_points_were_looked_through(top, office, today):
    page = top.get("/desk/law-points")
    assert "2024 年：还没有人核对" in page.text and "国务院办公厅历年放假通知的原文" in page.text
    page.send("/desk/law-points", note="与省里的通知一致")
    assert "已登记：2024 年的法规要点核对过" in page.text
    assert "2024 年：核对过" in page.text and "与省里的通知一致" in page.text
    (line,) = Audit(office).lines(office.staff("shenji"), action="law_checked")
    assert line.who == office.staff("zhuguan").display_name
    assert line.details["year"] == "2024" and line.details["note"] == "与省里的通知一致"
    today.is_("2024-11-01")
    again = Visitor(top.app).log_in("zhuguan", PASSWORD).get("/desk/law-points")
    assert "2025 年：还没有人核对" in again.text and "2024 年：zhuguan" in again.text


def test_what_cannot_be_noted_is_told(top):
    page = top.get("/desk/law-points").send("/desk/law-points", note="x" * 201)
    assert page.status == 422 and "最多 200 个字" in page.text
    page = top.get("/desk/law-points").send("/desk/law-points", year="2030")
    assert page.status == 422 and "只能登记 2024 年或者 2025 年" in page.text


def test_only_a_person_on_top_notes_it_and_the_operator(top, office):
    points = LawPoints(office)
    for name in ("guanli", "chen", "county"):
        with pytest.raises(Denied):
            points.note(office.staff(name), 2024)
    with pytest.raises(BadInput):
        points.note(None, 2023)
    assert points.checked(2024) is None
    points.note(None, 2025)
    points.note(office.staff("chen"), 2024, at_the_machine=True)
    assert points.checked(2025).by == "运行人员" and points.checked(2024).by == "chen"
    assert SYSTEM.name not in points.checked(2025).by


def test_from_november_on_the_first_steps_ask_for_it_on_top(top, office, today):
    steps = FirstSteps(office, BodySettings(office), NationalDays(office))

    def law(name: str, body: str) -> list[tuple[bool | None, int | None]]:
        found = steps.of_body(office.staff(name), body)
        return [(one.done, one.year) for one in found if one.what == "law"]

    assert law("zhuguan", "yanshan") == []
    today.is_("2024-10-31")
    assert law("zhuguan", "yanshan") == []
    today.is_("2024-11-01")
    assert law("zhuguan", "yanshan") == [(False, 2025)]
    assert law("guanli", "panlong") == []
    page = Visitor(top.app).log_in("zhuguan", PASSWORD).get("/desk/staff?at=yanshan")
    assert "2025 年的法规要点：还没有人核对" in page.text
    LawPoints(office).note(office.staff("zhuguan"), 2025)
    assert law("zhuguan", "yanshan") == [(True, 2025)]
