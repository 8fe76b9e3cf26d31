"""The index of the open cases holds what the desk counts of them, that of the order of days which of them wait, so that
their rows need not be read.

Revision: 0043, after 0042
"""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

ORDER = ("agency_id", "next_due", "number")
FOUND_BY = ("agency_id", "waits_for", "next_due", "number")
COUNTED = (
    "state", "kind", "held_by", "assigned_to", "length", "news_at", "news_by", "uploaded_at",
)  # fmt: skip


def upgrade() -> None:
    _of((*FOUND_BY, *COUNTED), (*ORDER, "waits_for"))


def downgrade() -> None:
    _of(FOUND_BY, ORDER)


def _of(waiting: tuple[str, ...], order: tuple[str, ...]) -> None:
    waits = sa.text("waits_for IS NOT NULL")
    op.drop_index("ix_case_waiting", "case")
    op.create_index(
        "ix_case_waiting", "case", list(waiting), sqlite_where=waits, postgresql_where=waits
    )
    op.drop_index("ix_case_worklist", "case")
    op.create_index("ix_case_worklist", "case", list(order))
