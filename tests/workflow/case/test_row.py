"""The row of a case: what is kept beside the log follows from the log alone."""

from datetime import date

import pytest

from tests.workflow.case.walk import Walk
from workflow.case.facts import Proceeding
from workflow.case.row import proceeding_entry, proceeding_of, projection
from workflow.store.models import CaseRow


def test_every_value_has_its_column() -> None:
    assert set(projection(Walk().case)) <= set(CaseRow.__table__.columns.keys())


def test_what_is_not_closed_has_no_outcome_in_its_row() -> None:
    """An outcome that is only proposed is nobody's answer yet."""
    walk = Walk().must(
        ("receive", 0, {"channel": "in_person"}),
        ("assign", 1, {"to": "农业中心"}),
        ("record_search", 2, {"sources": ["档案室"], "keywords": ["合同"], "hits": 2}),
        ("propose_outcome", 3, {"outcome": "supplied"}),
    )
    row = projection(walk.case)
    assert walk.case.facts.outcome == "supplied" and row["next_due_kind"] == "reply"
    assert (row["closed_on"], row["outcome"], row["result_row"]) == (None, None, None)


@pytest.mark.parametrize("concluded_on", [None, date(2024, 9, 3)])
def test_a_proceeding_comes_back_as_it_was(concluded_on: date | None) -> None:
    one = Proceeding(2, "suit", date(2024, 6, 3), via="direct", concluded_on=concluded_on)
    entry = proceeding_entry(one)
    assert entry["filed_on"] == "2024-06-03" and proceeding_of(entry) == one
