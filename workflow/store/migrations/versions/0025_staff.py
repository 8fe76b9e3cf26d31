"""What is changed of people and bodies is written into a chain (审计); who stands in for whom, with which role
and until when; for whom a line of a log was written; the units of a body; the passwords of before and the last login.

Revision: 0025, after 0023
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=True),
        sa.Column("action", sa.String(length=32), nullable=False),
        sa.Column("about", sa.String(length=64), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name="fk_audit_agency_id_agency"),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
    )
    op.create_index("ix_audit_agency_id", "audit", ["agency_id", "id"])
    op.create_table(
        "stand_in",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("deputy_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name="fk_stand_in_agency_id_agency"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_stand_in_user_id_user"),
        sa.ForeignKeyConstraint(["deputy_id"], ["user.id"], name="fk_stand_in_deputy_id_user"),
        sa.PrimaryKeyConstraint("id", name="pk_stand_in"),
    )
    op.create_index("ix_stand_in_deputy_id", "stand_in", ["deputy_id", "last"])
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
    op.add_column("event", sa.Column("stands_for", sa.String(length=64), nullable=True))
    op.add_column("user", sa.Column("earlier_passwords", sa.JSON(), nullable=True))
    op.add_column("user", sa.Column("last_login_at", sa.DateTime(), nullable=True))


def downgrade() -> None:
    op.drop_column("user", "last_login_at")
    op.drop_column("user", "earlier_passwords")
    op.drop_column("event", "stands_for")
    op.drop_table("unit_member")
    op.drop_table("unit")
    op.drop_table("stand_in")
    op.drop_table("audit")
