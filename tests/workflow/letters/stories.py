"""Cases for every letter: how each kind of letter comes about, with what stands beside the case."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any

from config.law import load_law
from tests.workflow.case.proved import EVIDENCE, SEARCH
from tests.workflow.case.walk import (
    ASSIGNED,
    CORRECTING,
    MONDAY,
    READY,
    RECEIVED,
    SERVED,
    TODAY,
    Step,
    Walk,
)
from workflow.case.case import Case
from workflow.case.others import Others, Receiver
from workflow.letters import About, Attached, Beside, Body, Choice, Letter, Person, draft

APPLICANT = "张三"
THIRD = "砚山县顺达公路养护有限公司"
ITEMS = ("2023年农村公路养护合同正文", "养护工程验收单")
BODY = Body("panlong", "盘龙彝族乡人民政府", ((date(2023, 12, 31), "盘龙乡人民政府"),))
PERSON = Person(
    address="盘龙彝族乡上坝村三组 12 号", postcode="663100", phone="13800000000", email="zhang@example.org",
    id_kind="居民身份证", id_number="11010519491231002X", agent="", gaps=("identity",),
)  # fmt: skip
PEOPLE = {role: f"{label}某" for role, label in load_law().words.roles.items()}
EARLIER = (
    Beside("2023-0007", date(2023, 9, 4), "2022年养护合同", "已答复", 2, "予以公开", date(2023, 9, 20)),
    Beside("2024-0003", date(2024, 1, 8), "2022年养护合同", "已答复", 1, "重复申请"),
)  # fmt: skip
SETTINGS: dict[str, Any] = {
    "contact_unit": "党政办公室", "contact_phone": "0876-3120000", "contact_address": "盘龙乡政府一楼"
}  # fmt: skip


@dataclass(frozen=True)
class Story:
    """A case that has a letter of a kind."""

    kind: str
    case: Case
    about: About
    choice: Choice = Choice()  # noqa: RUF009 - frozen
    today: date = TODAY

    def letter(self) -> Letter:
        return draft(self.kind, self.case, self.about, self.today, choice=self.choice)


def walk(*steps: Step, items: tuple[str, ...] = ITEMS, **settings: Any) -> Walk:
    return Walk(items=items, **{**SETTINGS, **settings}).must(*steps)


def of_header(made: Walk, **changes: Any) -> Walk:
    """The same walk not yet begun, as another case."""
    made.case = Case(replace(made.case.header, **changes), made.case.rules)
    return made


def about(**changes: Any) -> About:
    known = About(
        BODY, PERSON, PEOPLE, earlier=EARLIER, submitted_on=MONDAY, medium=("paper",),
        bodies={"jiangna": "江那镇人民政府"},
    )  # fmt: skip
    return replace(known, **changes)


CONSULTED: Step = (
    "consult_third_party", 2,
    {"consultation": 1, "to": THIRD, "address": "砚山县江那镇建设路 9 号", "subject": "养护合同正文", "sent_on": 2, "reached_on": 3},
)  # fmt: skip
OBJECTED: Step = ("record_opinion", 9, {"consultation": 1, "opinion": "objects"})
JOINT: Step = (
    "consult_joint_agency", 2,
    {"to": "砚山县交通运输局", "subject": "养护合同正文", "sent_on": 2, "reached_on": 3},
)  # fmt: skip
OTHER: Step = (
    "consult_other_agency", 2,
    {"to": "砚山县财政局", "subject": "养护合同正文", "sent_on": 2, "reached_on": 3},
)  # fmt: skip
RELEASED: Step = (
    "override_third_party", 10,
    {"consultation": 1, "sent_on": 10, "reason": "该合同使用财政资金，公开涉及公共资金的使用，不公开可能对公共利益造成重大影响"},
)  # fmt: skip
EXTENDED: Step = (
    "extend", 5, {"days": 15, "reason": "需要查阅的纸质档案较多", "sent_on": 5, "reached_on": 6},
)  # fmt: skip
CHARGED: Step = (
    "charge_fee",
    5,
    {"mode": "by_page", "pages": 57, "amount": "270", "sent_on": 5, "reached_on": 6},
)
REVIEWED: Step = (
    "file_review", 20, {"case_number": "砚政复〔2024〕12号", "copy_received_on": 22},
)  # fmt: skip
DEFECTS: Step = (
    "require_correction", 2,
    {"sent_on": 2, "reached_on": 3, "defects": ["没有写明是哪一年的合同，请写明年度；例如“2023年”", "没有身份证明，请附身份证复印件"]},
)  # fmt: skip


def way_to_answer(code: str) -> list[Step]:
    """What a case needs before it can be answered so."""
    law = load_law()
    steps: list[Step] = [*ASSIGNED]
    if code == "unclear_after_correction":
        steps = [*CORRECTING, ("correct", 4, {"text": "养护合同"}), ("assign", 5, {})]
    if code == "excessive":
        steps += [("ask_reasons", 2, {}), ("give_reasons", 4, {"accepted": False})]
    if "search_record" in law.outcomes[code].needs:
        for number in range(1, len(ITEMS) + 1):
            more = {"asked": ["农业中心：没有制作过"], "item": number, "period": "2022年至2024年"}
            steps.append(("record_search", 5, {**SEARCH, **more}))
    return steps


def answered(code: str, **changes: Any) -> list[Step]:
    """The draft of such an answer, with all that it must tell."""
    fields = {**EVIDENCE.get(code, {}), **changes}
    return [
        *way_to_answer(code),
        ("propose_outcome", 7, {"outcome": code, "by": "handler", **fields}),
    ]


def codes() -> list[str]:
    """The outcomes that a clerk can propose."""
    return [code for code, row in load_law().outcomes.items() if row.set_by is None]


def served(steps: list[Step]) -> list[Step]:
    """The rest of the way to the applicant."""
    return [
        *steps, ("send_to_secrecy_review", 8, {}), ("pass_secrecy_review", 9, {}), ("pass_legal_check", 10, {}),
        ("approve", 11, {}), ("serve", 14, {"method": "mail", "posted_on": 14, "carrier": "ems", "proof": "EMS 回执"}),
    ]  # fmt: skip


def mixed() -> list[Step]:
    """Answers that go different ways: given, withheld, not there."""
    search = {**SEARCH, "item": 3, "hits": 2, "why_not_these": "均为2021年的旧合同"}
    items = [
        {"item": 1, "outcome": "supplied"},
        {"item": 2, "outcome": "deliberative", **EVIDENCE["deliberative"]},
        {"item": 3, "outcome": "not_existing", **EVIDENCE["not_existing"]},
    ]
    return [
        *ASSIGNED,
        ("record_search", 5, search),
        ("propose_outcome", 7, {"items": items, "by": "handler"}),
    ]


def anew(mode: str | None, code: str = "supplied") -> Story:
    """A reply made anew: ordered (None), or by the body itself."""
    first = walk(*SERVED)
    if mode is None:
        first.must(REVIEWED, ("conclude_review", 60, {"result": "quashed", "reached_on": 60}))
    else:
        fields = {"mode": mode, "reason": "原答复漏答了验收单"}
        first.must(("revise_reply", 30, fields))
    due = date(2024, 6, 28) if mode is None else None
    made = of_header(walk(), number="2024-0002", redo_of="2024-0001", redo_due=due, redo_mode=mode)
    made.must(*answered(code))
    kind = {
        None: "redo_reply",
        "replace": "redo_reply",
        "supplement": "supplement_reply",
        "correct": "correction_reply",
    }[mode]
    return Story(kind, made.case, about(first=first.case))


def register(kind: str, letter: str, result: str, **fields: Any) -> Story:
    """What is no application, answered with a result."""
    made = of_header(walk(), kind=kind)
    made.must(*ASSIGNED, ("propose_outcome", 7, {"result": result, "by": "handler", **fields}))
    return Story(letter, made.case, about())


def transferred(kind: str) -> Story:
    made = walk(*ASSIGNED)
    made.case.others = Others(
        receiver=Receiver("jiangna", "江那镇人民政府", True, date(2024, 3, 12))
    )
    made.must(("transfer", 8, {"to": "jiangna", "reason": "盘龙彝族乡并入江那镇"}))
    return Story(kind, made.case, about())


def revised() -> Story:
    made = walk(*SERVED, REVIEWED, ("revise_reply", 30, {"mode": "correct", "reason": "页码有误"}))
    return Story("change_told", made.case, about())


SUIT: Step = ("file_suit", 30, {"via": "direct", "copy_received_on": 32})
ONE_EACH: dict[str, Callable[[], Story]] = {
    "receipt": lambda: Story("receipt", walk(*RECEIVED).case, about()),
    "correction_notice": lambda: Story("correction_notice", walk(*RECEIVED, DEFECTS).case, about()),
    "reasons_notice": lambda: Story("reasons_notice", walk(*ASSIGNED, ("ask_reasons", 2, {})).case, about()),
    "delay_notice": lambda: Story("delay_notice", walk(
        *ASSIGNED, ("ask_reasons", 2, {}), ("give_reasons", 4, {"accepted": True}),
        ("delay_reply", 6, {"until": 90, "note": "涉及三十二件申请的纸质档案需要逐卷查阅"})).case, about()),
    "extension_notice": lambda: Story("extension_notice", walk(*ASSIGNED, EXTENDED).case, about()),
    "third_party_consultation": lambda: Story("third_party_consultation", walk(*ASSIGNED, CONSULTED).case, about()),
    "consultation_told": lambda: Story("consultation_told", walk(*ASSIGNED, CONSULTED).case, about()),
    "consultation_told_other": lambda: Story("consultation_told", walk(*ASSIGNED, OTHER).case, about()),
    "agency_consultation": lambda: Story("agency_consultation", walk(*ASSIGNED, JOINT).case, about()),
    "agency_consultation_other": lambda: Story("agency_consultation", walk(*ASSIGNED, OTHER).case, about()),
    "third_party_notice": lambda: Story(
        "third_party_notice", walk(*ASSIGNED, CONSULTED, OBJECTED, RELEASED).case, about()),
    "third_party_notice_silent": lambda: Story("third_party_notice", walk(
        *ASSIGNED, CONSULTED, ("record_opinion", 40, {"consultation": 1, "opinion": "none"}),
        ("override_third_party", 41, {**RELEASED[2], "sent_on": 41})).case, about()),
    "assistance_request": lambda: Story("assistance_request", walk(
        *RECEIVED, ("assign", 1, {"to": "农业农村中心", "due": 8})).case, about()),
    "fee_notice": lambda: Story("fee_notice", walk(*ASSIGNED, CHARGED, fee_policy="by_page").case, about()),
    "fee_notice_by_item": lambda: Story("fee_notice", by_item().case, about(units_before=11)),
    "fee_change_notice": lambda: Story("fee_change_notice", walk(
        *ASSIGNED, CHARGED, ("pay_fee", 9, {"amount": "270"}), fee_policy="by_page").case, about()),
    "termination": lambda: Story("termination", walk(*CORRECTING, ("lapse_correction", 60, {})).case, about()),
    "termination_fee": lambda: Story("termination", walk(
        *ASSIGNED, CHARGED, ("lapse_fee", 60, {}), fee_policy="by_page").case, about()),
    "withdrawal_confirmation": lambda: Story("withdrawal_confirmation", walk(
        *RECEIVED, ("withdraw", 3, {"by": "clerk"})).case, about()),
    "forwarding_letter": lambda: Story("forwarding_letter", walk(
        ("submit", 0, {"channel": "fax", "by": "clerk"}), ("reroute", 1, {"to": "砚山县交通运输局"}),
        online_confirmation="confirmation_event").case, about()),
    "transfer_letter": lambda: transferred("transfer_letter"),
    "transfer_told": lambda: transferred("transfer_told"),
    "reply_mixed": lambda: Story("reply", walk(*mixed(), items=(*ITEMS, "养护质量评价表")).case, about()),
    "redo_reply": lambda: anew(None),
    "redo_reply_own": lambda: anew("replace", "deliberative"),
    "supplement_reply": lambda: anew("supplement"),
    "correction_reply": lambda: anew("correct"),
    "record_correction_reply": lambda: register(
        "record_correction", "record_correction_reply", "not_corrected", reason="户籍登记机关的记录与本机关一致"),
    "record_correction_forwarded": lambda: register(
        "record_correction", "record_correction_reply", "forwarded",
        right_body={"name": "砚山县公安局", "contact": "江那镇人民路 2 号"}),
    "enquiry": lambda: register("enquiry", "reply", "answered", reason="该道路的硬化已列入2025年计划"),
    "suggestion": lambda: register("publication_suggestion", "reply", "published", address="本机关网站“财政信息”栏目"),
    "service_record": lambda: Story("service_record", walk(*served(answered("supplied"))).case, about()),
    "service_record_third": lambda: Story("service_record", walk(*ASSIGNED, CONSULTED).case, about()),
    "registration_form": lambda: Story("registration_form", walk(*RECEIVED).case, about()),
    "approval_form": lambda: Story("approval_form", walk(*READY, items=ITEMS).case, about()),
    "openness_review_form": lambda: Story("openness_review_form", walk(*READY).case, about()),
    "search_record": lambda: Story("search_record", walk(*answered("not_existing")).case, about()),
    "day_count": lambda: Story("day_count", walk(*ASSIGNED, CONSULTED, OBJECTED, EXTENDED).case, about()),
    "file_contents": lambda: Story("file_contents", walk(*SERVED).case, about(
        attached=(Attached(1, "id_proof", "身份证明", MONDAY), Attached(2, "supplement", "补充材料", MONDAY)))),
    "evidence_list": lambda: Story("evidence_list", walk(*served(answered("third_party_rights")), REVIEWED).case, about()),
    "review_answer": lambda: Story("review_answer", walk(*served(answered("third_party_rights")), REVIEWED).case, about()),
    "suit_answer": lambda: Story("suit_answer", walk(*served(answered("not_existing")), SUIT).case, about()),
    "change_told": revised,
    "posting_list": lambda: Story("posting_list", walk(*served(answered("supplied"))).case, about()),
    "envelope": lambda: Story("envelope", walk(*served(answered("supplied"))).case, about()),
    "delivery_inquiry": lambda: Story("delivery_inquiry", walk(*served(answered("supplied"))).case, about()),
}  # fmt: skip
"""A story for every kind of letter, several where it says different things."""


def by_item() -> Walk:
    """Charged by item: the twelfth application of the month."""
    made = walk(*ASSIGNED, fee_policy="by_item")
    made.case.others = Others(units_in_month=11)
    return made.must(
        ("charge_fee", 5, {"mode": "by_item", "units": 1, "sent_on": 5, "amount": "100"})
    )


def replies() -> Iterator[tuple[str, Callable[[], Story]]]:
    """A reply of every outcome that can be proposed."""
    for code in codes():
        yield code, lambda code=code: Story("reply", walk(*answered(code)).case, about())


STORIES: dict[str, Callable[[], Story]] = {
    **ONE_EACH,
    **{f"reply_{code}": made for code, made in replies()},
}


@cache
def letter_of(name: str) -> Letter:
    """The letter of a story; it is frozen, so one does for all tests."""
    return STORIES[name]().letter()
