"""What applicants and the office say to each other beside a case, what applicants think of it, what they had typed,
and files that they took back.

Revision: 0040, after 0037
"""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "case_message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("from_applicant", sa.Boolean(), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("written_at", sa.DateTime(), nullable=False),
        sa.Column("about", sa.String(length=16), nullable=False),
        sa.Column("item", sa.Integer(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("once", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name="fk_case_message_case_id_case"),
        sa.PrimaryKeyConstraint("id", name="pk_case_message"),
        sa.UniqueConstraint("once", name="uq_case_message_once"),
    )
    op.create_index("ix_case_message_case_id", "case_message", ["case_id"])
    op.create_table(
        "applicant_opinion",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("degree", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("given_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name="fk_applicant_opinion_agency_id_agency"
        ),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name="fk_applicant_opinion_case_id_case"),
        sa.PrimaryKeyConstraint("case_id", name="pk_applicant_opinion"),
    )
    op.create_index("ix_applicant_opinion_agency_id", "applicant_opinion", ["agency_id"])
    op.create_table(
        "applicant_form",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("kept_at", sa.DateTime(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name="fk_applicant_form_case_id_case"),
        sa.PrimaryKeyConstraint("id", name="pk_applicant_form"),
    )
    op.create_index("ix_applicant_form_case_id", "applicant_form", ["case_id"])
    op.add_column("file", sa.Column("taken_back_at", sa.DateTime(), nullable=True))


def downgrade() -> None:
    op.drop_column("file", "taken_back_at")
    for table in ("applicant_form", "applicant_opinion", "case_message"):
        op.drop_table(table)
