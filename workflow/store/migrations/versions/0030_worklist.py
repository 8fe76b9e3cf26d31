"""For whom a case waits and what is new in it, as its row tells; up to when a person has looked, and the views that
they keep.

Revision: 0030, after 0029. The new columns of a case follow from its log, which no migration reads: without the stamp
`law` the next start folds every case anew.
"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

COLUMNS = (
    ("assigned_to", sa.String(length=200)),
    ("waits_for", sa.String(length=200)),
    ("news", sa.String(length=40)),
    ("news_at", sa.DateTime()),
    ("news_by", sa.String(length=64)),
    ("uploaded_at", sa.DateTime()),
)
WAITS = sa.text("waits_for IS NOT NULL")


def upgrade() -> None:
    for name, kind in COLUMNS:
        op.add_column("case", sa.Column(name, kind, nullable=True))
    op.execute(sa.text("DELETE FROM stamp WHERE name = 'law'"))
    op.create_index(
        "ix_case_waiting",
        "case",
        ["agency_id", "waits_for", "next_due", "number"],
        sqlite_where=WAITS,
        postgresql_where=WAITS,
    )
    op.create_table(
        "looked",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("until", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_looked_user_id_user"),
        sa.PrimaryKeyConstraint("user_id", name="pk_looked"),
    )
    op.create_table(
        "kept_view",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("chosen", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_kept_view_user_id_user"),
        sa.PrimaryKeyConstraint("id", name="pk_kept_view"),
        sa.UniqueConstraint("user_id", "name", name="uq_kept_view_user_id_name"),
    )


def downgrade() -> None:
    op.drop_table("kept_view")
    op.drop_table("looked")
    op.drop_index("ix_case_waiting", "case")
    for name, _ in reversed(COLUMNS):
        op.drop_column("case", name)
