"""What a store asks is compiled once for all tests.

Every test has a store of its own, every store two engines, and an engine compiles each statement when it
first meets it. Engines can share what they compiled: it hangs on the dialect alone.
"""

from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

import pytest
import sqlalchemy
from sqlalchemy import Engine

import workflow.store.engine


class Compiled:
    """An engine that nobody uses, with whose dialect and statements the others on SQLite work."""

    def __init__(self) -> None:
        self.shared = sqlalchemy.create_engine("sqlite://", query_cache_size=5000)
        # The dialect learns the version of the database from its first connection.
        self.shared.connect().close()

    def engine(self, url: str, **options: Any) -> Engine:
        made = sqlalchemy.create_engine(url, **options)
        if made.dialect.name == "sqlite":
            made.dialect = made.pool._dialect = self.shared.dialect
            made._compiled_cache = self.shared._compiled_cache
        return made


@pytest.fixture(scope="session", autouse=True)
def compiled_once() -> Iterator[None]:
    with patch.object(workflow.store.engine, "create_engine", Compiled().engine):
        yield
