"""What the tests of lost cases and of alarms share: steps, and what the house says of them."""

from datetime import timedelta
from typing import Any

from tests.workflow.case.walk import ASSIGNED, DRAFTED, IN_REVIEW, MONDAY, Step, Walk
from workflow.case.alarms import alarms
from workflow.case.checklist import Held, Paper, checklist


def warned(walk: Walk, after: int) -> dict[str, str]:
    """The alarms of a case so many days after MONDAY: name → text."""
    return {a.name: a.text for a in alarms(walk.case, MONDAY + timedelta(after))}


LETTER = Held(Paper("letter", 0, "答复书（草稿）"), {}, frozenset(("phone",)))
"""A letter without open places, to an applicant with a telephone."""


def looked(walk: Walk, after: int, line: str, papers: Held = LETTER) -> dict[int | None, str]:
    """What the checklist says to a line: item → there, missing or not_needed."""
    found = checklist(walk.case, MONDAY + timedelta(after), papers)
    return {one.item: one.state for one in found if one.line.name == line}


# -- steps --------------------------------------------------------------------------------------------


def propose(outcome: str, **fields: Any) -> Step:
    return ("propose_outcome", 7, {"outcome": outcome, **fields})


def search(**fields: Any) -> Step:
    found = {"sources": ["档案室", "财务系统"], "keywords": ["养护合同", "道路养护协议"], "hits": 0}
    return ("record_search", 5, {**found, "scope": "full_text", **fields})


CORRECTION: Step = ("require_correction", 3, {"reached_on": 3, "defects": ["请写明年度"]})
CONSULTED: Step = ("consult_third_party", 2, {"consultation": 1, "reached_on": 2})
OBJECTED: Step = ("record_opinion", 4, {"consultation": 1, "opinion": "objects"})
AGREED: Step = ("record_opinion", 4, {"consultation": 1, "opinion": "agrees"})
SECRET_PRICE = propose(
    "third_party_rights",
    ground="合同单价没有公开过，对手得知后可以压价",
    assessment="泄露会损害其竞争地位",
)
WEIGHED = propose(
    "third_party_rights",
    ground="合同单价没有公开过，对手得知后可以压价",
    assessment="不涉及公共利益，单价不能与合同其余部分区分处理",
)
REFUSED: list[Step] = [
    *ASSIGNED,
    propose("deliberative", ground="会议上各人的发言，尚未形成决定", subtype="讨论记录"),
    *IN_REVIEW[len(DRAFTED) :],
    ("pass_secrecy_review", 9, {}),
    ("pass_legal_check", 10, {}),
    ("approve", 11, {}),
    ("serve", 14, {"method": "direct", "signed_on": 14}),
]
NOT_HELD = propose("not_existing")
