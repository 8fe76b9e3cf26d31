"""Cases that another platform handed over: from where, by whom, when, and what it told of each step.

Revision: 0057, after 0056
"""

import sqlalchemy as sa
from alembic import op

revision = "0057"
down_revision = "0056"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "taken_over",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("platform", sa.String(length=100), nullable=False),
        sa.Column("number", sa.String(length=100), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("told", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name="fk_taken_over_case_id_case"),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name="fk_taken_over_agency_id_agency"),
        sa.PrimaryKeyConstraint("case_id", name="pk_taken_over"),
        sa.UniqueConstraint("agency_id", "platform", "number", name="uq_taken_over_agency_id_platform_number"),
    )


def downgrade() -> None:
    op.drop_table("taken_over")
