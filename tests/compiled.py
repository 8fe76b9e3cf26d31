"""What a store asks is compiled once for all tests.

Every test has a store of its own, every store two engines, and an engine compiles each statement when it
first meets it. Engines of the same kind can share what they compiled: it hangs on the dialect alone.
"""

from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

import pytest
import sqlalchemy
from sqlalchemy import Engine

import workflow.store.engine


class Compiled:
    """The first engine of each kind, with whose dialect and statements the later ones work."""

    def __init__(self) -> None:
        self.first: dict[str, Engine] = {}

    def engine(self, url: str, **options: Any) -> Engine:
        made = sqlalchemy.create_engine(url, query_cache_size=5000, **options)
        first = self.first.setdefault(f"{made.dialect.name} {options}", made)
        made.dialect = made.pool._dialect = first.dialect
        made._compiled_cache = first._compiled_cache
        return made


@pytest.fixture(scope="session", autouse=True)
def compiled_once() -> Iterator[None]:
    with patch.object(workflow.store.engine, "create_engine", Compiled().engine):
        yield
