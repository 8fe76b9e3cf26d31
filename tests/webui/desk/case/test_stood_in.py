"""What somebody does for somebody else: the log says for whom, and the rules look at who really did it."""

import pytest
from sqlalchemy import select, update

from tests.bench.test_event_work import WAY
from tests.webui.filing import file
from workflow.refusal import Refused
from workflow.service.cases.moving import Moving
from workflow.service.cases.verify import verify
from workflow.service.standing_in import StandIns
from workflow.store.dialect_kept import APPEND_ONLY, released
from workflow.store.models import EventRow

UP_TO_SIGNATURE = WAY[:-2]


@pytest.fixture
def lent(office):
    """Lets somebody of panlong act for another today and tomorrow."""

    def lend(away: str, deputy: str, *roles: str) -> None:
        StandIns(office).make(
            office.staff("guanli"), "panlong", away, deputy, roles, "2024-05-06", "2024-05-07"
        )

    return lend


def written(office):
    with office.store.read() as unit:
        query = select(EventRow).order_by(EventRow.seq)
        return [
            (row.event, row.actor, row.role, row.stands_for) for row in unit.session.scalars(query)
        ]


def test_a_signature_for_the_leader_names_both(visitor, staff, office, lent, program):
    number, _ = file(visitor)
    for who, name, typed in UP_TO_SIGNATURE:
        staff(who).act(number, name, **typed)
    lent("chen", "falv", "leader")
    staff("falv").act(number, "approve")
    assert ("approve", "falv", "leader", "chen") in written(office)
    assert ("pass_legal_check", "falv", "legal_reviewer", None) in written(office)
    staff("lifang").get(f"/desk/cases/panlong/{number}")
    assert "falv（分管领导，代chen）" in staff("lifang").text
    assert verify(office) == []
    line = program("lifang").get(f"/cases/{number}").json["log"][-1]
    assert (line["actor"], line["stands_for"]) == ("falv", "chen")


@pytest.mark.tampering(reason="the line of the log is changed by hand")
def test_whom_it_was_for_cannot_be_changed_unseen(visitor, staff, office, lent):
    number, _ = file(visitor)
    lent("lifang", "falv", "clerk")
    staff("falv").act(number, "assign", to="农业中心")
    assert ("assign", "falv", "clerk", "lifang") in written(office)
    with office.store.write() as unit, released(unit.connection, APPEND_ONLY):
        unit.session.execute(update(EventRow).values(stands_for=None))
    assert verify(office)


def test_who_drafted_signs_for_nobody(visitor, staff, office, lent):
    """The handler who drafted acts for the leader: it is still their own draft."""
    number, _ = file(visitor)
    for who, name, typed in UP_TO_SIGNATURE:
        staff(who).act(number, name, **typed)
    lent("chen", "zhaoming", "leader")
    assert not staff("zhaoming").get(f"/desk/cases/panlong/{number}").offers("approve")
    with pytest.raises(Refused) as refused:
        Moving(office).apply(office.staff("zhaoming"), number, "approve", {"on": "2024-05-06"})
    assert refused.value.refusal.rule == "same_person"
    lent("wangqiang", "zhaoming", "secrecy_reviewer")
    assert "须由另一个人签发" in staff("guanli").get("/desk/staff").text


def test_an_own_role_comes_before_a_lent_one(visitor, staff, office, lent):
    """Who may do it in a role of their own does it for nobody, also while standing in."""
    number, _ = file(visitor)
    staff("lifang").act(number, "assign", to="农业中心")
    lent("lifang", "zhaoming", "clerk")
    staff("zhaoming").act(number, "record_search", sources="档案室", keywords="合同", hits="1")
    assert ("record_search", "zhaoming", "handler", None) in written(office)
