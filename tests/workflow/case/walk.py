"""A case walked through by hand: each step by a person of one role, on a day."""

from dataclasses import asdict, replace
from datetime import date, datetime, timedelta
from typing import Any

from tests.letter_texts import TEXTS
from tests.workflow.case.proved import judged
from workflow import events as ev
from workflow.case.case import Case
from workflow.case.facts import Actor, Applicant, Header, Logged
from workflow.dates import SHANGHAI
from workflow.people import APPLICANT, STAFF_ROLES, SYSTEM
from workflow.refusal import Refusal
from workflow.rules.rulebook import Rulebook, merged_settings

RULES = Rulebook()
TODAY = date(2026, 11, 23)
MOMENT = datetime(2026, 11, 23, 10, tzinfo=SHANGHAI)
MONDAY = date(2024, 3, 4)
"""The day on which the walked cases are received."""

PEOPLE = {role: Actor(role, frozenset((role,))) for role in STAFF_ROLES}
PEOPLE |= {"applicant": APPLICANT, "system": SYSTEM}
EVERYBODY = Actor("everybody", frozenset(STAFF_ROLES))
"""One person who holds every role, as in a small township."""

Step = tuple[str, int, dict[str, Any]]
"""An event, how many days after MONDAY, and its fields; `by` names the person's role."""


class Walk:
    """A case with what was done to it."""

    def __init__(self, *, items: tuple[str, ...] = ("养护合同",), **settings: Any) -> None:
        rules = replace(RULES, settings=merged_settings(RULES.law, {**TEXTS, **settings}))
        header = Header("2024-0001", "panlong", applicants=(Applicant("张三"),), items=items)
        self.case = Case(header, rules)

    def do(
        self,
        name: str,
        after: int,
        /,
        *,
        by: Actor | str | None = None,
        **fields: Any,
    ) -> Logged | Refusal:
        """The event so many days after MONDAY; by: a role or a person, else the usual role.
        A secrecy review without fields finds nothing in any item."""
        if name == "pass_secrecy_review" and not fields:
            fields = judged(len(self.case.header.items))
        usual = {"defects": ["请写明年度"]} if name == "require_correction" else {}
        event = ev.parse(name, {"on": MONDAY + timedelta(after), **usual, **dated(fields)})
        roles = RULES.law.transitions[name].by
        actor = by if isinstance(by, Actor) else PEOPLE[by or roles[-1]]
        if by is None and roles[-1] in ("system", "archivist", "applicant") and len(roles) > 1:
            actor = PEOPLE[roles[0]]
        return self.case.apply(event, actor, today=TODAY, recorded_at=MOMENT)

    def must(self, *steps: Step) -> "Walk":
        """Steps that have to be possible."""
        for name, days, fields in steps:
            done = self.do(name, days, **fields)
            assert isinstance(done, Logged), done
        return self

    def snapshot(self) -> dict[str, Any]:
        """Everything that the case knows, as values."""
        case = self.case
        facts = {name: getattr(case.facts, name) for name in case.facts.__slots__}
        for name in ("consultations", "proceedings"):
            facts[name] = {key: asdict(value) for key, value in facts[name].items()}
        facts["searches"] = list(facts["searches"])
        return {
            "state": case.state,
            "log": list(case.log),
            "written": list(case.written),
            "deadlines": case.deadlines,
            "facts": facts,
            "row": case.row,
            "columns": case.columns(),
            "item_rows": case.item_rows(),
        }


def dated(fields: dict[str, Any]) -> dict[str, Any]:
    """Days of a step may be written as numbers of days after MONDAY."""
    days = (
        "reached_on", "deadline_on", "confirmed_on", "posted_on", "signed_on", "until", "due",
        "copy_received_on", "judgment_received_on", "opinion_received_on", "sent_on", "returned_on",
    )  # fmt: skip
    return {
        key: MONDAY + timedelta(value) if key in days and isinstance(value, int) else value
        for key, value in fields.items()
    }


RECEIVED: list[Step] = [("receive", 0, {"channel": "in_person"})]
CORRECTING: list[Step] = [*RECEIVED, ("require_correction", 2, {"reached_on": 2})]
ASSIGNED: list[Step] = [*RECEIVED, ("assign", 1, {})]
DRAFTED: list[Step] = [*ASSIGNED, ("propose_outcome", 7, {"outcome": "supplied", "by": "handler"})]
IN_REVIEW: list[Step] = [*DRAFTED, ("send_to_secrecy_review", 8, {})]
CHECKED: list[Step] = [*IN_REVIEW, ("pass_secrecy_review", 9, {})]
SIGNING: list[Step] = [*CHECKED, ("pass_legal_check", 10, {})]
READY: list[Step] = [*SIGNING, ("approve", 11, {})]
SERVED: list[Step] = [*READY, ("serve", 14, {"method": "direct", "signed_on": 14})]
