"""The journal of everything that says who did what, and the audit under the key; tables to which rows are only ever added

Revision: 0045, after 0044. What the lines are made with is the installation's secret, which no migration knows:
`migrate_office` takes the rows of an older store over into the journal and seals the audit of before.
"""

import sqlalchemy as sa
from alembic import op

from workflow.store.dialect_kept import keep_append_only, release_append_only

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

APPEND_ONLY = (
    "journal", "audit", "agency_setting", "calendar_day", "national_day", "picture", "published_year",
    "year_entry", "file_view",
)  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "journal",
        sa.Column("strand", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("of_table", sa.String(length=32), nullable=False),
        sa.Column("of_key", sa.String(length=100), nullable=False),
        sa.Column("digest", sa.String(length=80), nullable=False),
        sa.Column("hash", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("strand", "seq", name="pk_journal"),
    )
    op.create_index("ix_journal_of_table", "journal", ["of_table", "of_key"])
    op.create_table(
        "journal_head",
        sa.Column("strand", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=80), nullable=False),
        sa.Column("mark", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("strand", name="pk_journal_head"),
    )
    _hash_of_audit(64, 80)
    for table in APPEND_ONLY:
        keep_append_only(op.get_bind(), table)


def downgrade() -> None:
    for table in APPEND_ONLY:
        release_append_only(op.get_bind(), table)
    _hash_of_audit(80, 64)
    op.drop_table("journal_head")
    op.drop_index("ix_journal_of_table", "journal")
    op.drop_table("journal")
    op.execute("DELETE FROM stamp WHERE name IN ('audit', 'journal')")


def _hash_of_audit(before: int, after: int) -> None:
    with op.batch_alter_table("audit") as audit:
        audit.alter_column(
            "hash", type_=sa.String(length=after), existing_type=sa.String(length=before),
            existing_nullable=False,
        )  # fmt: skip
