"""Cases of the town whose letters are kept, and the way to the signature."""

from typing import Any

from tests.letter_texts import with_texts
from tests.workflow.case.proved import judged
from tests.workflow.service.town import Town
from workflow.service.accounts import Accounts
from workflow.service.letters import CaseLetters, Kept


def with_leaders(town: Town) -> Town:
    """The town with those who check and sign."""
    with town.office.store.write() as unit:
        body = town.office.found_agency(unit, "panlong")
        with_texts(unit, body, "letter_code")
        for name, role in (("falv", "legal_reviewer"), ("lingdao", "leader")):
            Accounts(town.office).add_user(unit, name=name, agency=body, roles=(role,))
    return town


def letters(town: Town) -> CaseLetters:
    return CaseLetters(town.office)


def kept(town: Town, number: str) -> list[Kept]:
    return letters(town).kept(town.staff("lifang"), "panlong", number)


def corrected(town: Town, number: str, day: str = "2024-03-05") -> None:
    town.act("lifang", number, "require_correction", day, defects=["请写明年度"])


def approved(town: Town, number: str, paper: str | None = None, **last: Any) -> None:
    """The way to the signature."""
    for who, event, fields in (
        ("lifang", "assign", {"to": "农业中心"}),
        ("lifang", "record_search", {"sources": ["档案室"], "keywords": ["合同"], "hits": 1}),
        ("lifang", "propose_outcome", {"outcome": "supplied"}),
    ):
        town.act(who, number, event, "2024-03-06", **fields)
    sign(town, number, paper, **last)


def sign(town: Town, number: str, paper: str | None = None) -> None:
    town.act("lifang", number, "send_to_secrecy_review", "2024-03-07")
    town.act("wang", number, "pass_secrecy_review", "2024-03-08", **judged())
    town.act("falv", number, "pass_legal_check", "2024-03-11")
    town.is_("2024-03-12")
    staff = town.staff("lingdao")
    town.moving.apply(staff, number, "approve", {"on": "2024-03-12", "paper": paper})
