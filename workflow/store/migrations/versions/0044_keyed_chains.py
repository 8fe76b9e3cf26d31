"""Keyed hashes over logs, cases, moved due days and counted numbers; lines of a log and moved days are only ever added

Revision: 0044, after 0043. What the hashes are made with is the installation's secret, which no migration knows:
`migrate_office` seals the cases of an older store, whose logs hold.
"""

import sqlalchemy as sa
from alembic import op

from workflow.store.dialect_kept import keep_append_only, release_append_only

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

COLUMNS = (
    ("event", "seal"),
    ("due_change", "seal"),
    ("number", "seal"),
    ("case", "seal"),
    ("case", "head_seal"),
    ("case", "moved_seal"),
)
APPEND_ONLY = ("event", "due_change")


def upgrade() -> None:
    for table, column in COLUMNS:
        op.add_column(table, sa.Column(column, sa.String(length=80), nullable=True))
    for table in APPEND_ONLY:
        keep_append_only(op.get_bind(), table)


def downgrade() -> None:
    for table in APPEND_ONLY:
        release_append_only(op.get_bind(), table)
    for table, column in COLUMNS:
        op.drop_column(table, column)
    op.execute("DELETE FROM stamp WHERE name IN ('case counters', 'case chain')")
