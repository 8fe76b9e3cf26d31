"""Reviews and suits of a row as events, in whatever words their cells tell them."""

from datetime import date
from typing import Any

import pytest

from config.law import load_law
from config.ledger import load_ledger
from workflow.docket.ledger.disputes import DisputeStep, disputes_of
from workflow.docket.ledger.heads import Line

LAW, TABLE, RECEIVED = load_law(), load_ledger(), date(2024, 3, 5)


def told(**cells: Any) -> tuple[list[DisputeStep], list[tuple[str, str, bool]], dict[str, str]]:
    return disputes_of(Line(7, cells, {}), TABLE, LAW, RECEIVED)


def filing(**cells: Any) -> dict[str, Any]:
    """The fields of the first filing."""
    steps, findings, _ = told(**cells)
    assert findings == []
    return {name: value for name, value in steps[0].fields.items() if value is not None}


@pytest.mark.parametrize(
    ("cell", "fields"),
    [
        ("〔2024〕5号（2024-04-01 申请）", {"proceeding": 1, "case_number": "〔2024〕5号"}),
        ("2024-04-01", {"proceeding": 1}),
        ("第三方申请，〔2024〕5号（2024年4月1日）", {"proceeding": 1, "by": "third_party", "case_number": "第三方申请，〔2024〕5号"}),
        ("已复议（2024.4.1）", {"proceeding": 1, "case_number": "已复议"}),
    ],
)  # fmt: skip
def test_what_a_review_is(cell: str, fields: dict[str, Any]) -> None:
    assert filing(review=cell) == fields
    (step,) = told(review=cell)[0]
    assert (step.event, step.on, step.column, step.filled) == (
        "file_review",
        date(2024, 4, 1),
        "review",
        (),
    )


REVIEWED = {"review": "（2024-04-01 申请）", "review_result": "维持（2024-05-20）"}


@pytest.mark.parametrize(
    ("cells", "fields"),
    [
        ({"suit": "（2024-06-01 起诉）"}, {"via": "direct", "instance": "first"}),
        ({"suit": "（2024-06-01 起诉，经复议）"}, {"via": "after_review", "instance": "first"}),
        ({"suit": "复议后起诉 2024-06-01"}, {"via": "after_review", "instance": "first", "note": "案号：复议后起诉"}),
        ({"suit": "（2024-06-01 起诉，直接起诉，二审）"}, {"via": "direct", "instance": "appeal"}),
        ({"suit": "上诉（2024-06-01）"}, {"via": "direct", "instance": "appeal", "note": "案号：上诉"}),
        ({"suit": "（2024-06-01 起诉，共同被告，第三方）"}, {"via": "direct", "instance": "first", "role": "co_defendant", "by": "third_party"}),
        ({**REVIEWED, "suit": "（2024-06-01 起诉）"}, {"via": "after_review", "instance": "first"}),
        ({**REVIEWED, "suit": "（2024-05-20 起诉）"}, {"via": "after_review", "instance": "first"}),
        ({**REVIEWED, "suit": "（2024-05-19 起诉）"}, {"via": "direct", "instance": "first"}),
        ({**REVIEWED, "suit": "（2024-06-01 起诉，直接起诉）"}, {"via": "direct", "instance": "first"}),
    ],
)  # fmt: skip
def test_what_a_suit_is(cells: dict[str, Any], fields: dict[str, Any]) -> None:
    steps, findings, _ = told(**cells)
    assert findings == []
    (suit,) = [step for step in steps if step.event == "file_suit"]
    assert {name: value for name, value in suit.fields.items() if value is not None} == {
        "proceeding": 1,
        **fields,
    }


@pytest.mark.parametrize("kind", ["review", "suit"])
def test_every_result_by_its_label_and_its_day(kind: str) -> None:
    for (of, code), result in LAW.results.items():
        if of == kind:
            steps, findings, _ = told(
                **{kind: "（2024-04-01）", f"{kind}_result": f"{result.label}（2024-05-20）"}
            )
            assert findings == []
            assert (steps[1].event, steps[1].on, steps[1].column) == (
                f"conclude_{kind}",
                date(2024, 5, 20),
                f"{kind}_result",
            )
            assert steps[1].fields == {"proceeding": 1, "result": code}


def test_several_stand_in_their_places() -> None:
    steps, _, _ = told(
        review="甲（2024-04-01）；乙（2024-06-01）", review_result="/；撤销（2024-07-01）"
    )
    assert [(step.event, step.fields["proceeding"]) for step in steps] == [
        ("file_review", 1), ("file_review", 2), ("conclude_review", 2)
    ]  # fmt: skip


def test_on_the_day_of_receipt_and_of_filing_it_may_be() -> None:
    steps, findings, _ = told(review="（2024-03-05）", review_result="终止（2024-03-05）")
    assert len(steps) == 2 and findings == []
    assert told(review="（2024-03-04）")[1] == [
        ("review", "复议日期 2024-03-04 早于收到申请之日", True)
    ]
    assert told(suit="（2024-04-01）", suit_result="撤诉（2024-03-31）")[1] == [
        ("suit_result", "诉讼结案 2024-03-31 早于起诉 2024-04-01", True)
    ]


@pytest.mark.parametrize(
    ("cells", "finding", "kept"),
    [
        ({"review": "有"}, ("review_result", "没有写复议的日期", False), {"复议": "有"}),
        ({"review_result": "维持"}, ("review_result", "复议结果没有写日期", False), {"复议": "维持"}),
        ({"review": "甲（2024-04-01）", "review_result": "维持"}, ("review_result", "复议结果没有写日期", False), {"复议": "甲（2024-04-01），维持"}),
        ({"suit_result": "莫名其妙（2024-05-01）"}, ("suit_result", "没有“莫名其妙（2024-05-01）”这种诉讼结果", True), {}),
        ({"suit": "#REF!"}, ("suit", "公式出错", True), {}),
        ({"review": "（2024-02-30 申请）"}, ("review", "没有“（2024-02-30 申请）”这一天", True), None),
    ],
)  # fmt: skip
def test_what_cannot_be_counted_is_kept_in_words_or_is_an_error(
    cells: dict[str, Any], finding: tuple[str, str, bool], kept: dict[str, str] | None
) -> None:
    steps, findings, words = told(**cells)
    assert steps == []
    column, message, wrong = findings[0]
    assert (column, wrong) == (finding[0], finding[2]) and finding[1] in message
    assert kept is None or words == kept
