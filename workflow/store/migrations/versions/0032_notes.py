"""Notes of staff beside a case; the audit by what it is about, for who looked at an applicant's data.

Revision: 0032, after 0031
"""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "case_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("written_at", sa.DateTime(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("mentioned", sa.JSON(), nullable=False),
        sa.Column("once", sa.String(length=64), nullable=False),
        sa.Column("taken_back_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name="fk_case_note_case_id_case"),
        sa.PrimaryKeyConstraint("id", name="pk_case_note"),
        sa.UniqueConstraint("once", name="uq_case_note_once"),
    )
    op.create_index("ix_case_note_case_id", "case_note", ["case_id"])
    op.create_index("ix_audit_about", "audit", ["about", "agency_id"])


def downgrade() -> None:
    op.drop_index("ix_audit_about", "audit")
    op.drop_table("case_note")
