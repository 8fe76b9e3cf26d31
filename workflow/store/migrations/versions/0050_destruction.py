"""Files that were destroyed after their time: who proposed and decided it, and what proves each case since.

Revision: 0050, after 0045
"""

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "destruction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("numbers", sa.JSON(), nullable=False),
        sa.Column("proposed_by", sa.String(length=64), nullable=False),
        sa.Column("proposed_at", sa.DateTime(), nullable=False),
        sa.Column("words", sa.String(length=300), nullable=False),
        sa.Column("decided_by", sa.String(length=64), nullable=True),
        sa.Column("decided_at", sa.DateTime(), nullable=True),
        sa.Column("decided_words", sa.String(length=300), nullable=False),
        sa.Column("proof", sa.String(length=80), nullable=True),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name="fk_destruction_agency_id_agency"),
        sa.PrimaryKeyConstraint("id", name="pk_destruction"),
    )
    op.create_index("ix_destruction_agency_id", "destruction", ["agency_id", "id"])
    op.create_table(
        "destroyed_case",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("destruction_id", sa.Integer(), nullable=False),
        sa.Column("archived_on", sa.Date(), nullable=False),
        sa.Column("kept_until", sa.Date(), nullable=False),
        sa.Column("rule", sa.String(length=64), nullable=False),
        sa.Column("years", sa.Integer(), nullable=False),
        sa.Column("proof", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name="fk_destroyed_case_case_id_case"),
        sa.ForeignKeyConstraint(
            ["destruction_id"], ["destruction.id"], name="fk_destroyed_case_destruction_id_destruction"
        ),
        sa.PrimaryKeyConstraint("case_id", name="pk_destroyed_case"),
    )
    op.create_index("ix_destroyed_case_destruction_id", "destroyed_case", ["destruction_id"])


def downgrade() -> None:
    op.drop_table("destroyed_case")
    op.drop_table("destruction")
