"""Every table is protected by the journal, or it is said why not."""

import pytest

from config.law import load_law
from workflow.store.dialect_kept import APPEND_ONLY
from workflow.store.models import Base
from workflow.store.protected import LEFT_OUT, OWN_CHAIN, PROTECTED

TABLES = Base.metadata.tables


def test_every_table_stands_in_one_of_the_three_lists() -> None:
    lists = (set(PROTECTED), set(OWN_CHAIN), set(LEFT_OUT))
    assert set.union(*lists) == set(TABLES)
    assert sum(map(len, lists)) == len(TABLES)


def test_what_is_left_out_has_its_reason() -> None:
    reasons = [*OWN_CHAIN.values(), *LEFT_OUT.values()]
    reasons += [why for one in PROTECTED.values() for why in one.without.values()]
    assert all(len(why) > 10 for why in reasons)


@pytest.mark.parametrize("name", PROTECTED)
def test_a_protected_table_has_its_columns_and_its_word(name: str) -> None:
    protected = PROTECTED[name]
    assert set(protected.without) < set(TABLES[name].c.keys())
    assert not set(protected.without) & {key.name for key in protected.keys}
    assert load_law().words.records[name]


def test_what_is_only_added_to_is_known() -> None:
    assert set(APPEND_ONLY) <= set(TABLES)
    assert set(APPEND_ONLY) <= set(PROTECTED) | set(OWN_CHAIN)
