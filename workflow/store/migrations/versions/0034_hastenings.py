"""What supervising bodies hastened, and what they were answered.

Revision: 0034, after 0033
"""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "hastening",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("matter", sa.String(length=16), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("answer", sa.String(length=300), nullable=True),
        sa.Column("done_by", sa.Date(), nullable=True),
        sa.Column("answered_at", sa.DateTime(), nullable=True),
        sa.Column("answered_by", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name="fk_hastening_case_id_case"),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name="fk_hastening_agency_id_agency"),
        sa.ForeignKeyConstraint(["by_id"], ["agency.id"], name="fk_hastening_by_id_agency"),
        sa.PrimaryKeyConstraint("id", name="pk_hastening"),
        sa.UniqueConstraint("case_id", "by_id", "made_on", name="uq_hastening_case_id_by_id_made_on"),
    )
    op.create_index("ix_hastening_agency_id", "hastening", ["agency_id", "id"])


def downgrade() -> None:
    op.drop_table("hastening")
