"""Answers that a body has released to everybody.

Revision: 0037, after 0036
"""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "released_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("address", sa.String(length=500), nullable=False),
        sa.Column("released_on", sa.Date(), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("taken_back_by", sa.String(length=64), nullable=True),
        sa.Column("taken_back_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name="fk_released_answer_agency_id_agency"
        ),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name="fk_released_answer_case_id_case"),
        sa.PrimaryKeyConstraint("id", name="pk_released_answer"),
    )
    op.create_index(
        "ix_released_answer_agency_id", "released_answer", ["agency_id", "released_on"]
    )
    op.create_index("ix_released_answer_released_on", "released_answer", ["released_on"])
    op.create_index("ix_released_answer_case_id", "released_answer", ["case_id"])


def downgrade() -> None:
    op.drop_table("released_answer")
