"""Three administrators: who sees to accounts, who to rights, who reads the audit, and who does it meanwhile."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from tests.workflow.service.town import Town
from workflow.people import Staff
from workflow.refusal import BadInput, Denied, Refused
from workflow.rules.staffing import ADMINISTRATORS, AUDIT, GRANT, MANAGE
from workflow.service.accounts import Accounts
from workflow.service.audit import Audit
from workflow.service.docket.player import Player
from workflow.service.first_steps import FirstSteps
from workflow.service.office import Missing
from workflow.service.rights import Right, Rights
from workflow.service.rules.bodies import Bodies
from workflow.service.rules.national import NationalDays
from workflow.service.rules.settings import BodySettings
from workflow.service.staff import StaffRoom
from workflow.service.standing_in import StandIns
from workflow.service.units import Units
from workflow.store.models import RoleRow

LONG = pytest.mark.long(reason="one sentence each of a page of rules; every run has the chief ones")


@pytest.fixture
def town(tmp_path: Path) -> Town:
    return Town(tmp_path, "2024-05-06")


def room(town: Town) -> StaffRoom:
    return StaffRoom(town.office, Accounts(town.office))


def make(town: Town, name: str, role: str, agency: str = "panlong") -> Staff:
    """Somebody with the role who can log in."""
    with town.office.store.write() as unit:
        body = town.office.found_agency(unit, agency)
        Accounts(town.office).add_user(
            unit, name=name, agency=body, roles=(role,), password_hash="set"
        )
    return town.staff(name)


def may(town: Town, name: str, agency: str = "panlong") -> frozenset[str]:
    return room(town).may(town.staff(name), agency)


# -- who does it meanwhile ------------------------------------------------------------------------------


def test_a_system_administrator_does_the_work_of_the_others_until_they_are_there(town):
    assert may(town, "guanli") == {MANAGE, GRANT, AUDIT}
    assert room(town).unfilled("panlong") == ("security_admin", "audit_admin")
    make(town, "anquan", "security_admin")
    assert may(town, "guanli") == {MANAGE, AUDIT}
    assert may(town, "anquan") == {GRANT}
    make(town, "shenji", "audit_admin")
    assert may(town, "guanli") == {MANAGE}
    assert room(town).unfilled("panlong") == ()


@LONG
@pytest.mark.parametrize(
    ("where", "left"), [("yanshan", {MANAGE}), ("panlong", {MANAGE}), ("jiangna", {MANAGE, GRANT})]
)
def test_whose_body_lies_above_counts_and_a_neighbour_does_not(town, where, left):
    make(town, "anquan", "security_admin", where)
    assert may(town, "guanli") - {AUDIT} == left


@LONG
def test_who_sees_to_a_county_leaves_the_township_to_its_own(town):
    county = make(town, "xian", "system_admin", "yanshan")
    make(town, "anquan", "security_admin", "panlong")
    assert GRANT in may(town, "xian", "jiangna") and GRANT not in may(town, "xian", "panlong")
    bodies = [body.code for body in room(town).bodies(county, GRANT)]
    assert bodies == ["yanshan", "jiangna"]
    with pytest.raises(Denied) as caught:
        room(town).grant(county, "lifang", "panlong", "archivist")
    assert "系统管理员（未设安全管理员的机关）" in caught.value.refusal.message


@LONG
def test_who_watches_over_a_body_does_over_those_whose_duties_it_took(town):
    Bodies(town.office).end("jiangna", "panlong", date(2024, 5, 5))
    assert GRANT in may(town, "guanli", "jiangna")
    make(town, "anquan", "security_admin")
    assert GRANT not in may(town, "guanli", "jiangna") and GRANT in may(town, "anquan", "jiangna")


@LONG
@pytest.mark.parametrize("how", ["disabled", "no password"])
def test_somebody_who_cannot_log_in_is_not_there(town, how):
    make(town, "anquan", "security_admin")
    with town.office.store.write() as unit:
        if how == "disabled":
            unit.user("anquan").active = False
        else:
            unit.user("anquan").password_hash = None
    assert GRANT in may(town, "guanli")


@LONG
def test_it_holds_at_once_for_who_is_at_a_page_already(town):
    before = town.staff("guanli")
    make(town, "anquan", "security_admin")
    with pytest.raises(Denied):
        room(town).grant(before, "lifang", "panlong", "archivist")


# -- who may what ---------------------------------------------------------------------------------------


@LONG
def test_an_account_waits_for_its_rights(town):
    anquan, staff = make(town, "anquan", "security_admin"), room(town)
    guanli = town.staff("guanli")
    with pytest.raises(Denied):
        staff.create(guanli, "panlong", "linxy", "林小雨", ["clerk"])
    staff.create(guanli, "panlong", "linxy", "林小雨", [])
    (one,) = [one for one in staff.listed(guanli, "panlong") if one.name == "linxy"]
    assert one.roles == {} and one.bodies == ("panlong",)
    assert "linxy" not in {one.name for one in staff.listed(None, "jiangna")}
    with pytest.raises(Missing):
        staff.one(town.staff("county").within("jiangna"), "linxy")
    assert staff.grant(anquan, "linxy", "panlong", "clerk")
    assert town.staff("linxy").roles == {"panlong": frozenset({"clerk"})}
    staff.set_roles(anquan, "linxy", "panlong", [])
    assert staff.one(guanli, "linxy").bodies == ("panlong",)


def test_who_grants_rights_gives_some_at_once(town):
    with pytest.raises(BadInput) as caught:
        room(town).create(town.staff("guanli"), "panlong", "linxy", "林小雨", [])
    assert [one.field for one in caught.value.errors] == ["roles"]


@pytest.mark.parametrize(
    "doing",
    [
        lambda staff, by: staff.create(by, "panlong", "linxy", "林小雨", []),
        lambda staff, by: staff.disable(by, "lifang"),
        lambda staff, by: staff.reset_password(by, "lifang"),
        lambda staff, by: staff.rename(by, "lifang", "李方"),
        lambda staff, by: Units(staff.office).add(by, "panlong", "农业中心"),
    ],
)
def test_a_security_administrator_sees_people_and_leaves_their_accounts(
    town, doing: Callable[[StaffRoom, Staff], object]
):
    anquan = make(town, "anquan", "security_admin")
    assert "lifang" in {one.name for one in room(town).listed(anquan, "panlong")}
    with pytest.raises(Denied):
        doing(room(town), anquan)


@pytest.mark.parametrize(
    "doing",
    [
        lambda staff, by: staff.grant(by, "lifang", "panlong", "archivist"),
        lambda staff, by: staff.revoke(by, "lifang", "panlong", "clerk"),
        lambda staff, by: staff.unlock(by, "lifang"),
        lambda staff, by: StandIns(staff.office).make(
            by, "panlong", "lifang", "chen", ["clerk"], "2024-05-06", "2024-05-07"
        ),
    ],
)
def test_a_system_administrator_leaves_rights_to_the_other(
    town, doing: Callable[[StaffRoom, Staff], object]
):
    make(town, "anquan", "security_admin")
    with pytest.raises(Denied):
        doing(room(town), town.staff("guanli"))


def test_an_auditor_sees_no_people_but_the_audit(town):
    shenji = make(town, "shenji", "audit_admin")
    room(town).disable(None, "wang")
    assert [one.what for one in Audit(town.office).lines(shenji)] == ["停用"]
    assert Audit(town.office).lines(town.staff("guanli")) == []
    with pytest.raises(Denied):
        room(town).listed(shenji, "panlong")


@pytest.mark.parametrize("watched", ["security_admin", "audit_admin"])
def test_the_accounts_of_who_watches_are_not_the_system_administrators(town, watched):
    anquan = make(town, "anquan", "security_admin")
    one = make(town, "one", watched)
    assert room(town).whole(anquan, room(town).one(anquan, "one"))
    assert not room(town).whole(town.staff("guanli"), room(town).one(anquan, "one"))
    for doing in (room(town).disable, room(town).reset_password):
        with pytest.raises(Denied):
            doing(town.staff("guanli"), one.name)
    assert room(town).disable(anquan, "one")


def test_meanwhile_they_are(town):
    make(town, "shenji", "audit_admin")
    assert room(town).disable(town.staff("guanli"), "shenji")
    assert ADMINISTRATORS in town.office.law.permissions.actions


def test_nobody_grants_themselves_anything(town):
    anquan = make(town, "anquan", "security_admin")
    for by in (town.staff("guanli"), anquan):
        with pytest.raises((Refused, Denied)) as caught:
            room(town).grant(by, by.name, "panlong", "audit_admin")
        assert caught.value.refusal.rule in ("same_person", "not_your_role")
    with pytest.raises(Refused) as caught:
        room(town).revoke(anquan, "anquan", "panlong", "security_admin")
    assert caught.value.refusal.rule == "same_person"


@pytest.mark.parametrize("other", ["clerk", "system_admin", "audit_admin"])
def test_the_three_are_each_alone_over_all_bodies(town, other):
    make(town, "anquan", "security_admin", "yanshan")
    with pytest.raises(BadInput) as caught:
        room(town).grant(None, "anquan", "panlong", other)
    assert "另用一个账号" in caught.value.errors[0].message
    assert room(town).grant(None, "anquan", "panlong", "security_admin")


@LONG
def test_the_last_of_the_watchers_may_go_and_the_last_system_administrator_may_not(town):
    make(town, "anquan", "security_admin")
    assert room(town).revoke(None, "anquan", "panlong", "security_admin")
    with pytest.raises(Refused) as caught:
        room(town).revoke(None, "guanli", "panlong", "system_admin")
    assert "最后一位" in caught.value.refusal.message


# -- first steps, stand-ins, units ------------------------------------------------------------------------


def test_the_first_steps_name_who_is_missing_without_asking_for_it(town):
    steps = FirstSteps(town.office, BodySettings(town.office), NationalDays(town.office))

    def told() -> tuple[bool | None, tuple[str, ...]]:
        (one,) = [
            one for one in steps.of_body(town.staff("guanli"), "panlong")
            if one.what == "administrators"
        ]  # fmt: skip
        return one.done, one.labels

    assert told() == (None, ("安全管理员", "审计管理员"))
    make(town, "anquan", "security_admin")
    assert told() == (None, ("审计管理员",))
    make(town, "shenji", "audit_admin", "yanshan")
    assert told() == (True, ())


def stand_in(town: Town) -> StandIns:
    with town.office.store.write() as unit:
        unit.user("wang").password_hash = "set"
    stand_ins = StandIns(town.office)
    stand_ins.make(
        town.staff("guanli"), "panlong", "chen", "wang", ["office_head"], "2024-05-06", "2024-05-08"
    )
    return stand_ins


@LONG
@pytest.mark.parametrize("who", ["chen", "wang", "guanli"])
def test_a_stand_in_is_ended_by_either_or_by_who_sees_to_rights(town, who):
    stand_ins = stand_in(town)
    assert "office_head" in town.staff("wang").roles["panlong"]
    stand_ins.end(town.staff(who), 1)
    assert "office_head" not in town.staff("wang").roles["panlong"]


@LONG
def test_nobody_else_ends_it(town):
    stand_ins = stand_in(town)
    for who, why in (("lifang", Denied), ("sunli", Missing)):
        with pytest.raises(why):
            stand_ins.end(town.staff(who), 1)
    assert [one.away for one in stand_ins.own(town.staff("wang"))] == ["chen"]
    assert [one.deputy for one in stand_ins.own(town.staff("chen"))] == ["wang"]
    assert stand_ins.own(town.staff("lifang")) == []
    town.is_("2024-05-09")
    assert stand_ins.own(town.staff("chen")) == []


def test_who_joined_a_unit_and_who_left_stands_in_the_audit(town):
    guanli, units = town.staff("guanli"), Units(town.office)
    which = units.add(guanli, "panlong", "农业中心")
    units.change(guanli, which, "农业中心", "chen", ["lifang"])
    units.change(guanli, which, "农业中心", "", ["lifang", "wang"])
    last, before, _ = Audit(town.office).lines(guanli)
    assert (last.what, last.about) == ("修改科室", "农业中心")
    assert last.details == {"joined": "wang", "gone": "chen"}
    assert before.details == {"joined": "chen、lifang"}


# -- rights on a day --------------------------------------------------------------------------------------


def rights(town: Town, day: str = "2024-05-08", **asked: str) -> dict[tuple[str, str], Right]:
    found = Rights(town.office).on(
        town.staff("guanli"), "panlong", date.fromisoformat(day), **asked
    )
    return {(one.user, one.role): one for one in found}


def test_the_rights_of_a_day_and_who_gave_them(town):
    room(town).grant(town.staff("guanli"), "lifang", "panlong", "archivist")
    town.is_("2024-05-08")
    room(town).revoke(None, "lifang", "panlong", "archivist")
    assert ("lifang", "档案员") not in rights(town)
    assert ("lifang", "档案员") not in rights(town, "2024-05-05")
    one = rights(town, "2024-05-07")["lifang", "档案员"]
    assert (one.by, one.active, one.differs, one.since.day) == ("guanli", True, False, 6)
    assert rights(town)["lifang", "经办人"].by is None
    assert set(rights(town, person="chen")) == {("chen", "公开工作机构负责人")}


def test_a_role_that_came_past_the_program_differs(town):
    room(town).grant(town.staff("guanli"), "lifang", "panlong", "archivist")
    with town.office.store.write() as unit:
        row = unit.user("lifang")
        row.roles = [role for role in row.roles if role.role != "archivist"]
    one = rights(town)["lifang", "档案员"]
    assert one.differs and one.by == "guanli"
    with town.office.store.write() as unit:
        body, row = town.office.found_agency(unit, "panlong"), unit.user("wang")
        row.roles.append(RoleRow(agency_id=body.id, role="leader"))
    assert rights(town)["wang", "分管领导"].by is None


@LONG
def test_who_was_disabled_or_not_yet_there_on_the_day(town):
    room(town).create(town.staff("guanli"), "panlong", "linxy", "林小雨", ["clerk"])
    assert ("linxy", "经办人") not in rights(town, "2024-05-05")
    assert rights(town, "2024-05-06")["linxy", "经办人"].person == "林小雨"
    town.is_("2024-05-07")
    room(town).disable(None, "linxy")
    assert rights(town, "2024-05-06")["linxy", "经办人"].active
    assert not rights(town, "2024-05-07")["linxy", "经办人"].active


@LONG
def test_who_stands_in_holds_the_role_on_those_days_alone(town):
    stand_ins = stand_in(town)
    lent = ("wang", "公开工作机构负责人")
    one = rights(town, "2024-05-08")[lent]
    assert (one.stands_for, one.last, one.by) == ("chen", date(2024, 5, 8), "guanli")
    assert lent not in rights(town, "2024-05-05") and lent not in rights(town, "2024-05-09")
    town.is_("2024-05-07")
    stand_ins.end(town.staff("chen"), 1)
    assert lent in rights(town, "2024-05-06") and lent not in rights(town, "2024-05-07")


@LONG
def test_the_rights_of_another_body_are_nobodys_to_see(town):
    for who, agency in (("guanli", "jiangna"), ("lifang", "panlong"), ("guanli", "nowhere")):
        with pytest.raises(Missing):
            Rights(town.office).on(town.staff(who), agency, date(2024, 5, 6))


# -- words of before --------------------------------------------------------------------------------------


@LONG
def test_a_docket_may_say_the_old_word_of_the_role(town):
    """It is a role and no person of that name: what an administrator may not do is refused."""
    receive = {"event": "receive", "on": "2024-05-06", "channel": "in_person"}
    void = {
        "event": "void", "on": "2024-05-06", "reason": "登记错误", "second_person": "x", "by": "admin",
    }  # fmt: skip
    played = Player(town.office).play(
        {
            "agency": {"code": "b", "name": "乙县人民政府", "level": "county"},
            "cases": [{"ref": "1", "events": [receive, void]}],
        }
    )
    (case,) = played["cases"]
    assert "not_your_role" in str(case["refused"])
