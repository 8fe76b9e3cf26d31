"""The checklist before a signature: computed item by item from the papers in the file (practice.md §7)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from config.law import load_law
from tests.workflow.case.proved import EVIDENCE, GROUND, SEARCH, judged
from tests.workflow.case.walk import ASSIGNED, MONDAY, Step, Walk
from tests.workflow.case.warned import (
    AGREED,
    CONSULTED,
    CORRECTION,
    LETTER,
    OBJECTED,
    looked,
    propose,
    search,
)
from workflow.case.checklist import (
    NEEDS_OF,
    OF_THE_REMEDY,
    Checked,
    Held,
    Paper,
    checklist,
    shown,
    stopped,
)
from workflow.case.facts import Logged

THREE = ("采矿许可证", "复垦方案", "检查记录")
ANSWERED: list[dict[str, object]] = [
    {"item": 1, "outcome": "supplied"},
    {"item": 2, "outcome": "partial", "redaction": "隐去第四章", "ground": GROUND},
    {"item": 3, "outcome": "not_existing"},
]
PASSED: list[Step] = [
    ("send_to_secrecy_review", 8, {}),
    ("pass_secrecy_review", 9, {}),
    ("pass_legal_check", 10, {}),
]


def three(*before: Step, items: list[dict[str, object]] | None = None) -> Walk:
    """Three items, answered each in its own way."""
    walk = Walk(items=THREE).must(*ASSIGNED, *before)
    return walk.must(("propose_outcome", 7, {"items": items or ANSWERED}))


def papers(walk: Walk, after: int, line: str, item: int | None) -> list[str]:
    found = checklist(walk.case, MONDAY + timedelta(after), LETTER)
    return [p.words for one in found if one.line.name == line and one.item == item for p in one.papers]  # fmt: skip


def says(walk: Walk, after: int, line: str, papers: Held = LETTER) -> str:
    found = checklist(walk.case, MONDAY + timedelta(after), papers)
    return "；".join(one.says for one in found if one.line.name == line and one.state == "missing")


def test_nothing_is_asked_while_nothing_is_drafted() -> None:
    assert checklist(Walk().must(*ASSIGNED).case, MONDAY, LETTER) == []


def test_every_line_is_asked_of_every_item_and_the_whole_ones_once() -> None:
    walk = three(search(item=3))
    found = checklist(walk.case, MONDAY + timedelta(8), LETTER)
    whole = {name for name, row in load_law().checklist.items() if row.whole}
    assert {one.line.name for one in found if one.item is None} == whole
    each = [one.item for one in found if one.line.name not in whole]
    assert each == [1, 2, 3] * (len(load_law().checklist) - len(whole))


def test_a_search_shows_what_it_was_made_for_and_nothing_else() -> None:
    walk = three(search(item=3), search(item=2))
    assert looked(walk, 8, "searched") == {1: "not_needed", 2: "not_needed", 3: "there"}
    assert papers(walk, 8, "searched", 3) == ["3 月 9 日检索记录"]


def test_who_made_it_is_asked_where_another_has_it() -> None:
    other = {"item": 3, "outcome": "not_responsible", **EVIDENCE["not_responsible"]}
    walk = three(items=[*ANSWERED[:2], other])
    assert looked(walk, 8, "made_by") == {1: "not_needed", 2: "not_needed", 3: "there"}
    assert papers(walk, 8, "made_by", 3) == ["3 月 11 日拟办意见"]


def test_a_third_party_was_asked_and_answered_or_there_is_a_reason() -> None:
    fields = {**EVIDENCE["third_party_rights"]}
    reasoned = Walk().must(*ASSIGNED, propose("third_party_rights", **fields))
    assert looked(reasoned, 8, "third_party") == {1: "there"}
    assert papers(reasoned, 8, "third_party", 1) == ["3 月 11 日拟办意见"]
    asked = {key: value for key, value in fields.items() if key != "no_consultation_reason"}
    heard = Walk().must(*ASSIGNED, CONSULTED, AGREED, propose("third_party_rights", **asked))
    assert papers(heard, 8, "third_party", 1) == ["3 月 6 日征求第三方意见", "3 月 8 日收到意见"]
    supplied = Walk().must(*ASSIGNED, propose("supplied"))
    assert looked(supplied, 8, "third_party") == {1: "not_needed"}
    beside = Walk().must(*ASSIGNED, CONSULTED, OBJECTED, propose("supplied"))
    assert looked(beside, 8, "third_party") == {1: "there"}


def test_what_is_withheld_says_whether_it_can_be_separated() -> None:
    fields = {**EVIDENCE["deliberative"]}
    fields.pop("redaction")
    walk = Walk().must(*ASSIGNED, propose("deliberative", **fields))
    assert looked(walk, 8, "severable") == {1: "missing"}
    told = {**fields, "redaction": "已逐页核对，发言记录与其余部分不能区分"}
    walk.must(("propose_outcome", 8, {"outcome": "deliberative", **told}))
    assert looked(walk, 8, "severable") == {1: "there"}
    assert looked(three(search(item=3)), 8, "severable") == {1: "not_needed", 2: "there", 3: "not_needed"}  # fmt: skip


def test_a_log_place_by_place_shows_that_parts_were_separated() -> None:
    place = {
        "place": "第3页",
        "withheld": "证件号码",
        "given": "其余内容",
        "ground": "条例15，个人隐私",
    }
    fields = {**EVIDENCE["partial"], "redactions": [place]}
    fields.pop("redaction")
    walk = Walk().must(*ASSIGNED, propose("partial", **fields))
    assert looked(walk, 8, "severable") == {1: "there"}


def test_passes_show_what_they_passed_and_fall_with_the_draft() -> None:
    walk = three(search(item=3)).must(PASSED[0])
    assert looked(walk, 8, "secrecy") == {1: "missing", 2: "missing", 3: "not_needed"}
    walk.must(*PASSED[1:])
    assert looked(walk, 10, "secrecy") == {1: "there", 2: "there", 3: "not_needed"}
    assert looked(walk, 10, "legal") == {None: "there"}
    walk.must(("return_draft", 10, {"reason": "第 2 项请写明页码"}), ("propose_outcome", 11, {"items": ANSWERED, "note": "已补"}))  # fmt: skip
    assert looked(walk, 11, "legal") == {None: "missing"}
    assert looked(walk, 11, "secrecy") == {1: "missing", 2: "missing", 3: "not_needed"}


def test_a_review_of_before_that_judged_no_item_is_none() -> None:
    """Logs of before hold other words in the checks: the reviewer has judged nothing of these."""
    walk = three(search(item=3)).must(PASSED[0])
    event = walk.case.written[-1].event
    walk.must(("pass_secrecy_review", 9, judged(3)))
    line = walk.case.written[-1]
    old = replace(line, event=line.event.model_copy(update={"items": None, "checks": {"ok": "是"}}))
    case = type(walk.case).replayed(walk.case.header, walk.case.rules, [*walk.case.written[:-1], old])  # fmt: skip
    found = [one for one in checklist(case, event.on, LETTER) if one.line.name == "secrecy"]
    assert [one.says for one in found[:2]] == ["保密审查没有对这一项作出判断"] * 2


def test_a_placeholder_is_missing_but_not_what_the_signature_gives() -> None:
    walk = three(search(item=3)).must(*PASSED)
    numbers = replace(LETTER, open={"letter_number": "序号"})
    assert looked(walk, 10, "letter", numbers) == {None: "there"}
    phone = replace(LETTER, open={**numbers.open, "contact_phone": "联系电话"})
    assert says(walk, 10, "letter", phone) == "答复书（草稿）还有空白：联系电话"
    assert says(walk, 10, "letter", Held()) == "还没有答复书"
    assert looked(walk, 10, "letter", Held(before_templates=True)) == {None: "not_needed"}


@pytest.mark.parametrize(
    ("ways", "reach", "state"),
    [
        (("mail",), {"phone"}, "missing"),
        (("mail",), {"address"}, "there"),
        (("email",), {"address"}, "missing"),
        (("email", "pickup"), set(), "there"),
        (("portal",), set(), "there"),
        ((), set(), "missing"),
    ],
)
def test_the_applicant_can_be_reached_in_the_way_asked_for(
    ways: tuple[str, ...], reach: set[str], state: str
) -> None:
    walk = Walk()
    walk.case.header = replace(walk.case.header, delivery=ways)
    walk.must(*ASSIGNED, propose("supplied"))
    assert looked(walk, 8, "service", replace(LETTER, reach=frozenset(reach))) == {None: state}


def test_a_label_that_needs_more_is_named_for_its_item() -> None:
    """A draft of before, for which the guards did not ask yet."""
    walk = three(search(item=3))
    line = walk.case.written[-1]
    bare = [{"item": 1, "outcome": "supplied"}, {"item": 2, "outcome": "partial"},
            {"item": 3, "outcome": "internal_affairs"}]  # fmt: skip
    event = type(line.event).model_validate({"on": line.event.on, "items": bare})
    case = type(walk.case).replayed(
        walk.case.header, walk.case.rules, [*walk.case.written[:-1], replace(line, event=event)]
    )
    found = {(one.line.name, one.item): one for one in checklist(case, event.on, LETTER)}
    assert found["article", 3].says == "没有写明具体类别"
    assert found["reason", 2].says == "没有写明不予公开的事实和理由"
    assert found["severable", 2].says == "没有区分处理记录"


def test_what_is_missing_stops_the_signature_unless_the_setting_lets_it() -> None:
    walk = three(search(item=3)).must(*PASSED)
    day = MONDAY + timedelta(11)
    assert stopped(walk.case, checklist(walk.case, day, LETTER)) is None
    lines = checklist(walk.case, day, replace(LETTER, open={"contact_phone": "联系电话"}))
    refusal = stopped(walk.case, lines)
    assert refusal is not None and refusal.rule == "missing_evidence"
    assert "联系电话" in refusal.message and "设置" in refusal.allowed_when
    walk.case.rules = replace(
        walk.case.rules, settings={**walk.case.rules.settings, "signature_stops": ("answered",)}
    )
    assert stopped(walk.case, lines) is None


def test_the_refusal_names_each_item_and_where_it_is_mended() -> None:
    walk = three(search(item=3)).must(PASSED[0])
    refusal = stopped(walk.case, checklist(walk.case, MONDAY + timedelta(8), LETTER))
    assert refusal is not None
    assert "第 1 项：还没有通过保密审查" in refusal.message
    assert "“保密审查通过”" in refusal.allowed_when and "条例17" in refusal.article


def test_alike_items_are_shown_together() -> None:
    walk = three(search(item=3)).must(*PASSED)
    rows = {row.line.name: row for row in shown(checklist(walk.case, MONDAY + timedelta(10), LETTER))}  # fmt: skip
    assert rows["secrecy"].state == "there"
    assert [items for items, _ in rows["secrecy"].parts] == [(1, 2), (3,)]
    assert rows["made_by"].state == "not_needed"


@pytest.mark.parametrize("outcome", sorted(set(EVIDENCE) | {"supplied"}))
def test_what_proves_an_outcome_satisfies_every_line(outcome: str) -> None:
    """No outcome asks for a paper that nobody can put into the file."""
    law = load_law()
    walk = Walk().must(*ASSIGNED)
    if "correction" in law.outcomes[outcome].needs:
        walk = Walk().must(("receive", 0, {"channel": "in_person"}), CORRECTION, ("correct", 4, {}), ("assign", 5, {}))  # fmt: skip
    if "reasons_asked" in law.outcomes[outcome].needs:
        walk.must(("ask_reasons", 2, {}), ("give_reasons", 3, {"accepted": False}))
    walk.must(("record_search", 5, {**SEARCH}))
    walk.must(propose(outcome, **EVIDENCE.get(outcome, {})))
    if "secrecy_review" in law.outcomes[outcome].needs:
        walk.must(*PASSED[:2])
    assert isinstance(walk.do("pass_legal_check", 10), Logged)
    found = checklist(walk.case, MONDAY + timedelta(10), LETTER)
    assert [(one.line.name, one.says) for one in found if one.state == "missing"] == []


OWN_LINE = {
    "search_record",
    "right_body",
    "consultation_or_reason",
    "redaction_log",
    "secrecy_review",
    "supply",
}
AFTER_IT = {"proof_of_service"}
"""Needs with a line of their own, and what comes after the signature."""


def test_every_need_of_an_outcome_stands_behind_a_line() -> None:
    """What an outcome asks for is asked in one place: none is passed over, none is misspelt."""
    asked = {need for row in load_law().outcomes.values() for need in row.needs}
    together = NEEDS_OF["article"] | NEEDS_OF["reason"]
    assert together == asked - OWN_LINE - AFTER_IT
    assert not NEEDS_OF["article"] & NEEDS_OF["reason"]


def test_what_a_setting_cannot_fill_is_mended_in_the_letter() -> None:
    walk = three(search(item=3)).must(*PASSED)

    def elsewhere(*names: str) -> str:
        held = replace(LETTER, open={name: name for name in names})
        found = checklist(walk.case, MONDAY + timedelta(10), held)
        return next(one.mended for one in found if one.line.name == "letter")

    every = tuple(load_law().settings)
    assert elsewhere("contact_phone") == "settings"
    assert elsewhere("contact_phone", "letter_code") == "settings"
    assert elsewhere("contact_phone", "addressee") == elsewhere("addressee") == "letter"
    assert elsewhere(*(one for one in every if one not in OF_THE_REMEDY)) == "settings"


@pytest.mark.parametrize("way", ["on_site", "fax", "pickup", "portal"])
def test_what_is_fetched_or_faxed_needs_no_address(way: str) -> None:
    walk = Walk()
    walk.case.header = replace(walk.case.header, delivery=(way,))
    walk.must(*ASSIGNED, propose("supplied"))
    held = replace(LETTER, reach=frozenset())
    (line,) = (
        one
        for one in checklist(walk.case, MONDAY + timedelta(8), held)
        if one.line.name == "service"
    )
    assert line.state == "there"
    assert [(one.kind, one.ref) for one in line.papers] == [("application", 0)]


def test_annexes_that_the_letter_names_lie_in_the_file() -> None:
    """They are kept as they go out; a letter without any needs none."""
    walk = Walk().must(*ASSIGNED, propose("supplied"))
    lying = Paper("file", 7, "3月12日上传的附件")

    def line(held: Held) -> Checked:
        found = checklist(walk.case, MONDAY + timedelta(8), held)
        return next(one for one in found if one.line.name == "annexes")

    assert line(LETTER).state == "not_needed"
    without = line(replace(LETTER, annexed=True))
    assert (without.state, without.mended, without.item) == ("missing", "files", None)
    there = line(replace(LETTER, annexed=True, annexes=(lying,)))
    assert (there.state, there.papers, there.says) == ("there", (lying,), "")
