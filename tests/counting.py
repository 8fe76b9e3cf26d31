"""How much work something does: statements sent to the store, and logs of cases folded from their
beginning. Counts do not depend on the machine, so they may be asserted; seconds never."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

from sqlalchemy import Engine, event

from workflow.case.case import Case


@dataclass
class Work:
    """What was done so far."""

    said: list[str] = field(default_factory=list)
    folds: int = 0

    @property
    def statements(self) -> int:
        return len(self.said)


@contextmanager
def work() -> Iterator[Work]:
    """Count in every store of this process. That a transaction begins or ends is no statement."""
    done, replayed = Work(), Case.replayed

    def said(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        if not statement.startswith("BEGIN"):
            done.said.append(statement)

    def folded(*given: Any, **named: Any) -> Case:
        done.folds += 1
        return replayed(*given, **named)

    event.listen(Engine, "before_cursor_execute", said)
    try:
        with patch.object(Case, "replayed", folded):
            yield done
    finally:
        event.remove(Engine, "before_cursor_execute", said)
