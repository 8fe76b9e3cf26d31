"""The mark under which a process may keep what it made of bodies, settings and days.

It stands in the store: another process that changes one of them is noticed by it.
"""

import secrets
from typing import Any

from sqlalchemy import event, select
from sqlalchemy.orm import Session

from workflow.store.models import AgencyRow, StampRow

RULES = "rules"
MARK = "rules_mark"
"""Where a session keeps the mark that holds within it."""
MARK_IN_FORCE = (
    select(StampRow.__table__.c.value).where(StampRow.__table__.c.name == RULES).scalar_subquery()
)
"""The mark as a column of another query: who asks for both asks once."""


def new_rules_mark(session: Session) -> None:
    """Let a new mark stand in the store with the next flush."""
    session.info[MARK] = secrets.token_hex(8)
    with session.no_autoflush:
        session.merge(StampRow(name=RULES, value=session.info[MARK]))


@event.listens_for(Session, "before_flush")
def _bodies_changed(session: Session, context: Any, instances: Any) -> None:
    """A body that is new or changed makes a new mark, whoever wrote it."""
    rows = (*session.new, *session.dirty, *session.deleted)
    if any(isinstance(row, AgencyRow) and _changed(session, row) for row in rows):
        new_rules_mark(session)


def _changed(session: Session, row: AgencyRow) -> bool:
    return row in session.new or row in session.deleted or session.is_modified(row)
