"""Indexes by which lists, the cases beside a case and what was said are found, whatever else the store holds.

Revision: 0020, after 0019
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

# name, table, columns, of which rows (None: all)
NEW: tuple[tuple[str, str, tuple[str, ...], str | None], ...] = (
    ("ix_case_worklist", "case", ("agency_id", "next_due", "number"), None),
    ("ix_case_state", "case", ("agency_id", "state", "next_due", "number"), None),
    ("ix_case_register", "case", ("agency_id", "kind", "next_due", "number"), "kind <> 'application'"),
    ("ix_case_redo_of", "case", ("agency_id", "redo_of"), "redo_of IS NOT NULL"),
    ("ix_case_merged_into", "case", ("agency_id", "merged_into"), "merged_into IS NOT NULL"),
    ("ix_case_followed", "case", ("agency_id",), "applicant_now IS NOT NULL"),
    ("ix_applicant_unproved", "applicant", ("name", "citizen", "case_id"), "identity IS NULL"),
    ("ix_message_record", "message", ("agency_id", "id"), None),
    ("ix_message_unread", "message", ("user_id", "channel", "state", "read_at"), "read_at IS NULL"),
    ("ix_message_inbox", "message", ("user_id", "channel", "state", "done_at", "id"), None),
)
OLD: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("ix_case_worklist", "case", ("agency_id", "next_due")),
    ("ix_case_state", "case", ("state",)),
    ("ix_case_applicant_now", "case", ("applicant_now",)),
    ("ix_message_inbox", "message", ("user_id", "channel", "read_at")),
)


def upgrade() -> None:
    for name, table, _ in OLD:
        op.drop_index(name, table)
    for name, table, columns, rows in NEW:
        only = sa.text(rows) if rows is not None else None
        op.create_index(name, table, list(columns), sqlite_where=only, postgresql_where=only)


def downgrade() -> None:
    for name, table, _, _ in NEW:
        op.drop_index(name, table)
    for name, table, columns in OLD:
        op.create_index(name, table, list(columns))
