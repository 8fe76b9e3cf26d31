"""One event from the case page and back: what is posted and the page after it, as counts.

Counts do not depend on the machine: they are asserted. The event folds nothing, for the fold of the case's
last event is kept; the page folds once.
"""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest

from tests.bench.wide import widen
from tests.counting import Work, work
from tests.proofs import upload
from tests.samples import pdf
from tests.webui.filing import file as file_one
from tests.webui.filing import judged
from tests.webui.visitor import Visitor, place_of
from workflow.service import Office

MOST_FOLDS, MOST_STATEMENTS = 1, 25
ASKED = {"extend", "approve", "serve"}
"""What is asked once more: it is rehearsed, its question is a page, and the rehearsal uses the kept fold up."""
MOST_FOLDS_ASKED = 3
MOST_OF = {"assign": 33, "extend": 55, "approve": 61, "serve": 55}
"""Of what is asked once more, the question counts too. A signature looks at the letter, the checklist and the book of
numbers, a service at the papers in the file; whoever is given a case is told of it. What is kept of a letter, its number
or a file is a line of the journal: a statement for each of the tables and three for its lines (decision 38)."""
WAY: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("lifang", "assign", {"to": "农业中心"}),
    ("zhaoming", "record_search", {"sources": "档案室", "keywords": "合同", "hits": "1"}),
    ("chen", "extend", {"days": "5", "reason": "需要查阅历年纸质档案"}),
    ("zhaoming", "propose_outcome", {"items__1__outcome": "supplied", "items__2__outcome": "supplied"}),
    ("zhaoming", "send_to_secrecy_review", {}),
    ("wangqiang", "pass_secrecy_review", judged()),
    ("falv", "pass_legal_check", {}),
    ("chen", "approve", {}),
    ("lifang", "serve", {"method": "direct", "proof_file": upload}),
)  # fmt: skip


def filled(typed: dict[str, Any]) -> dict[str, Any]:
    """What is typed, with files as they are read: each once."""
    return {name: value() if callable(value) else value for name, value in typed.items()}


@pytest.fixture
def walked(
    visitor: Visitor,
    staff: Callable[[str], Visitor],
) -> dict[str, Work]:
    """A case from its assignment to its answer on the pages: the work of each event."""
    return walk(visitor, staff)


def walk(visitor: Visitor, staff: Callable[[str], Visitor]) -> dict[str, Work]:
    """The same, in whatever office they are."""
    for other in range(3):
        file_one(visitor, items=f"养护合同 {other}")
    number, _ = file_one(visitor)
    staff("lifang").get(f"/desk/cases/panlong/{number}").send(
        f"/cases/panlong/{number}/files", kind="other", file=(BytesIO(pdf("笔录")), "笔录.pdf")
    )
    found = {}
    for who, event, typed in WAY:
        page = staff(who).get(f"/desk/cases/panlong/{number}{place_of(event)}")
        with work() as done:
            page.applied(event, filled(typed))
        after = place_of(event) if event == "pass_secrecy_review" else ""
        assert (page.status, page.path) == (200, f"/desk/cases/panlong/{number}{after}"), (
            event,
            page.alert,
        )
        assert "已登记" in page.text, (event, page.text[:400])
        found[event] = done
    return found


def test_an_event_and_the_page_after_it_are_one_fold_and_few_statements(
    walked: dict[str, Work], tell: Callable[[str], None]
) -> None:
    for event, done in walked.items():
        tell(f"{event} and the page after it: {done.folds} folds, {done.statements} statements")
    folds = {
        event: done.folds
        for event, done in walked.items()
        if done.folds > (MOST_FOLDS_ASKED if event in ASKED else MOST_FOLDS)
    }
    assert folds == {}
    over = {
        event: done.said
        for event, done in walked.items()
        if done.statements > MOST_OF.get(event, MOST_STATEMENTS)
    }
    assert {event: len(said) for event, said in over.items()} == {}, "\n".join(
        said.replace("\n", " ")[:160] for said in next(iter(over.values()))
    )
    tell(
        f"most for one event: {max(done.folds for done in walked.values())} folds (aim"
        f" {MOST_FOLDS}), {max(done.statements for done in walked.values())} statements (aim"
        f" {MOST_STATEMENTS})"
    )


@pytest.mark.long(
    reason="2,000 cases are copied first; what an event sends is held in every run beside few"
)
@pytest.mark.tampering(reason="copies of rows, without hashes that fit: only the work counts")
def test_an_event_is_no_more_work_beside_200_bodies_and_2000_cases(
    visitor: Visitor,
    staff: Callable[[str], Visitor],
    office: Office,
) -> None:
    small = walk(visitor, staff)
    widen(office, bodies=200, cases=2_000, large="panlong", in_large=700)
    wide = walk(visitor, staff)
    over = {
        name: (small[name].statements, done.statements)
        for name, done in wide.items()
        if done.statements > small[name].statements or done.folds > small[name].folds
    }
    assert over == {}
