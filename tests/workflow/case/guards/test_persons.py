"""Who asks, who answers, and a reply that the body mends itself (条例10(1), 36(5); law.md §7A, §1.1)."""

from datetime import timedelta
from typing import Any

from tests.workflow.case.guards.walked import accepted, refused, told
from tests.workflow.case.walk import ASSIGNED, MONDAY, RECEIVED, SERVED, Walk
from workflow.case.others import Others, Receiver
from workflow.refusal import Refusal

HEIR: dict[str, Any] = {"reason": "申请人去世，继承人继续申请"}
MOVED: dict[str, Any] = {"to": "xincheng", "reason": "撤并"}
MENDED: dict[str, Any] = {"mode": "replace", "reason": "漏答第二项"}


def beside(receiver: Receiver | None = None, open_redo: str | None = None) -> Walk:
    """A case in the hands of its body, and what is known of another body or of a redo."""
    walk = Walk().must(*ASSIGNED)
    walk.case.others = Others(receiver=receiver, open_redo=open_redo)
    return walk


# -- the applicant ---------------------------------------------------------------------------------------


def test_who_goes_on_with_an_application_is_somebody_else_than_who_asked() -> None:
    """law.md §7A: heirs, a guardian, the successor of an organisation."""
    walk = Walk().must(*ASSIGNED)
    assert refused(walk, "substitute_applicant", 2, name="张三", **HEIR) == ("bad_field", "name")
    assert accepted(walk, "substitute_applicant", 2, name="张小三", **HEIR)


def test_after_one_heir_another_may_go_on_but_not_the_same_once_more() -> None:
    heir = ("substitute_applicant", 2, {"name": "张小三", **HEIR})
    walk = Walk().must(*ASSIGNED, heir)
    assert refused(walk, "substitute_applicant", 3, name="张小三", **HEIR) == ("bad_field", "name")
    assert accepted(walk, "substitute_applicant", 3, name="张三", reason="经查误报死亡")


def test_applicant_died_on_the_day_of_the_change_or_before() -> None:
    walk = Walk().must(*ASSIGNED)
    died = {"name": "张小三", "since": MONDAY + timedelta(3), **HEIR}
    assert refused(walk, "substitute_applicant", 2, **died) == ("bad_field", "since")
    assert accepted(walk, "substitute_applicant", 3, **died)


# -- the body --------------------------------------------------------------------------------------------


def test_application_goes_to_a_body_that_is_known() -> None:
    """条例10(1)."""
    assert refused(beside(), "transfer", 2, **MOVED) == ("bad_field", "to")


def test_what_another_body_is_responsible_for_is_answered_and_not_transferred() -> None:
    """条例36(5): the applicant is told which body it is."""
    walk = beside(Receiver("xincheng", "新城镇", succeeds=False))
    done = walk.do("transfer", 2, **MOVED)
    assert isinstance(done, Refusal)
    assert (done.rule, done.field, done.article) == ("missing_evidence", "to", "条例36(5)")
    assert "非本机关负责公开" in done.message


def test_body_gives_its_cases_away_from_the_day_on_which_it_ends() -> None:
    """条例10(1): a body that goes on without the duties does so on any day."""
    ends = Receiver("xincheng", "新城镇", succeeds=True, ended_on=MONDAY + timedelta(5))
    assert refused(beside(ends), "transfer", 4, **MOVED) == ("too_early", "on")
    assert accepted(beside(ends), "transfer", 5, **MOVED)
    assert accepted(beside(Receiver("water", "水务局", succeeds=True)), "transfer", 2, **MOVED)


def test_before_the_form_is_filled_in_nobody_is_asked_who_goes_on() -> None:
    for name in ("substitute_applicant", "transfer"):
        assert told(beside(), name, 2) is None


# -- the reply -------------------------------------------------------------------------------------------


def test_body_mends_a_reply_and_not_a_withdrawal() -> None:
    """行政诉讼法62."""
    withdrawn = Walk().must(*RECEIVED, ("withdraw", 3, {"by": "applicant"}))
    assert refused(withdrawn, "revise_reply", 4, **MENDED) == ("missing_evidence", None)
    assert accepted(Walk().must(*SERVED), "revise_reply", 20, **MENDED)


def test_reply_that_is_being_made_anew_is_mended_there() -> None:
    """行诉解释81."""
    walk = Walk().must(*SERVED)
    walk.case.others = Others(open_redo="2024-0007")
    done = walk.do("revise_reply", 20, **MENDED)
    assert isinstance(done, Refusal)
    assert (done.rule, done.allowed_when) == ("already_done", "请在 2024-0007 中一并更正")
