"""The units of a body, with who heads them and who works there.

Revision: 0029, after 0025
"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "unit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("head_id", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name="fk_unit_agency_id_agency"),
        sa.ForeignKeyConstraint(["head_id"], ["user.id"], name="fk_unit_head_id_user"),
        sa.PrimaryKeyConstraint("id", name="pk_unit"),
    )
    op.create_index("ix_unit_agency_id", "unit", ["agency_id"])
    op.create_table(
        "unit_member",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_unit_member_unit_id_unit"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_unit_member_user_id_user"),
        sa.PrimaryKeyConstraint("unit_id", "user_id", name="pk_unit_member"),
    )


def downgrade() -> None:
    op.drop_table("unit_member")
    op.drop_table("unit")
