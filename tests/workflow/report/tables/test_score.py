"""What costs a body points in a year: as many as the words of its cases say, each with its ground."""

from datetime import date
from typing import Any

import pytest

from workflow.case.counted import CountedCase
from workflow.case.facts import Proceeding
from workflow.case.row import proceeding_entry
from workflow.report.tables import score
from workflow.report.tables.kept import NO_MARKS, RECORD, Marks, kept_of, word_of
from workflow.report.tables.score import Ground, ScoredCase
from workflow.rules.calendar import national

DUE, CLOSED = date(2024, 3, 15), date(2024, 3, 20)


def quashed(on: date | None = date(2024, 6, 3), result: str = "quashed") -> Proceeding:
    return Proceeding(1, "review", date(2024, 4, 2), case_number="政复〔2024〕3号",
                      concluded_on=on, result=result if on else None)  # fmt: skip


def case(**fields: Any) -> CountedCase:
    about: dict[str, Any] = {
        "number": "2024-0007", "kind": "application", "columns": ("natural_person",),
        "received_on": date(2024, 2, 18), "closed_on": CLOSED, "row": "disclosed",
    }  # fmt: skip
    return CountedCase(**{**about, **fields})


def points(law: Any, year: int = 2024, marks: Marks = NO_MARKS, **fields: Any) -> dict[str, int]:
    word = word_of(case(**fields), marks)
    assert word is not None
    return dict(score.points_of(kept_of(word), year, law))


LATE = Marks(late=2024)
LACKING = Marks(look=(RECORD,))


def test_a_case_in_order_costs_nothing(law: Any) -> None:
    assert points(law) == {}


def test_a_late_reply_costs_its_point_in_the_year_in_which_it_came(law: Any) -> None:
    assert points(law, marks=LATE) == {"late": 1}
    assert points(law, 2025, marks=LATE, closed_on=date(2025, 1, 8)) == {"late": 1}
    assert points(law, marks=LATE, closed_on=date(2025, 1, 8)) == {}


def test_a_reply_without_its_record(law: Any) -> None:
    assert points(law, marks=LACKING) == {"no_record": 1}
    assert points(law, 2025, marks=LACKING) == {}


@pytest.mark.parametrize(
    ("mode", "found"), [("supplement", {"mended": 1}), ("correct", {"mended": 1}),
                        ("replace", {"mended": 1}), (None, {})],
)  # fmt: skip
def test_only_what_a_body_mends_by_itself_is_its_mending(
    law: Any, mode: str | None, found: dict[str, int]
) -> None:
    """What a review or a court ordered costs its own point there."""
    assert points(law, redo_of="2024-0003", redo_mode=mode) == found
    assert points(law, 2025, redo_of="2024-0003", redo_mode=mode) == {}


def test_every_review_and_suit_that_ended_with_a_correction_costs_its_points(law: Any) -> None:
    suit = Proceeding(2, "suit", date(2024, 7, 1), via="after_review", concluded_on=date(2025, 2, 3),
                      result="quashed")  # fmt: skip
    assert points(law, proceedings=(quashed(), suit)) == {"overturned": 1}
    assert points(law, 2025, proceedings=(quashed(), suit)) == {"overturned": 1}
    assert points(law, proceedings=(quashed(result="upheld"), quashed(None))) == {}


def test_words_are_counted_as_often_as_there_are_cases(law: Any) -> None:
    late = word_of(case(), LATE)
    lost = word_of(case(proceedings=(quashed(), quashed())), LATE)
    plain = word_of(case())
    assert late and lost and plain
    found = score.points_of_words({late: 3, lost: 2, plain: 9}, 2024, law)
    assert found == {"late": 5, "overturned": 4}
    assert score.total(found, law) == -13
    assert score.words_with_points([late, plain, lost], 2024, law) == [late, lost]


def row(marks: Marks = NO_MARKS, **fields: Any) -> ScoredCase:
    counted = case(**fields)
    word = word_of(counted, marks)
    assert word is not None
    return ScoredCase(
        counted.number, word, date(2024, 2, 18), counted.received_on, DUE, counted.closed_on,
        counted.redo_of, [proceeding_entry(one) for one in counted.proceedings],
    )  # fmt: skip


def test_each_point_has_a_ground_with_its_day_and_why(law: Any) -> None:
    marks = Marks(late=2024, look=(RECORD,))
    found = list(
        score.grounds_of(
            row(marks, redo_of="2024-0003", redo_mode="correct", proceedings=(quashed(),)),
            2024, law, national(),
        )
    )  # fmt: skip
    assert found == [
        Ground("late", "2024-0007", CLOSED,
               "答复期限是2024 年 3 月 15 日，2024 年 3 月 20 日才答复，逾期 3 个工作日"),
        Ground("no_record", "2024-0007", CLOSED, law.supervision.points["no_record"].why),
        Ground("mended", "2024-0007", date(2024, 2, 18), "自行更正 2024-0003 的答复"),
        Ground("overturned", "2024-0007", date(2024, 6, 3), "行政复议（政复〔2024〕3号）：撤销"),
    ]  # fmt: skip
    assert list(score.grounds_of(row(), 2024, law, national())) == []


def test_a_suit_without_a_number_is_told_without_one(law: Any) -> None:
    suit = Proceeding(1, "suit", date(2024, 4, 2), via="direct", concluded_on=date(2024, 6, 3),
                      result="quashed")  # fmt: skip
    (ground,) = score.grounds_of(row(proceedings=(suit,)), 2024, law, national())
    assert ground.why.startswith("行政诉讼：") and "（" not in ground.why.partition("：")[0]


@pytest.mark.parametrize(
    ("number", "said"), [(-3.0, "−3"), (-0.5, "−0.5"), (0.0, "0"), (-0.0, "0")]
)
def test_points_are_told_with_the_sign_of_a_minus(number: float, said: str) -> None:
    assert score.in_points(number) == said
