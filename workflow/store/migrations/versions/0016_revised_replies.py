"""Replies that a body mends itself, applicants whose heirs or successors go on, bodies that end.

Revision: 0016, after 0015
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("case", sa.Column("redo_mode", sa.String(length=16), nullable=True))
    op.add_column("case", sa.Column("applicant_now", sa.String(length=200), nullable=True))
    op.add_column("case", sa.Column("held_by", sa.String(length=64), nullable=True))
    op.add_column("case", sa.Column("moved_on", sa.Date(), nullable=True))
    op.create_index("ix_case_applicant_now", "case", ["applicant_now"])
    op.create_index("ix_case_held_by", "case", ["held_by"])
    op.add_column("agency", sa.Column("since", sa.Date(), nullable=True))
    op.add_column("agency", sa.Column("until", sa.Date(), nullable=True))
    op.add_column("agency", sa.Column("successor", sa.String(length=64), nullable=True))
    op.add_column("agency", sa.Column("former_names", sa.JSON(), nullable=True))


def downgrade() -> None:
    for name in ("former_names", "successor", "until", "since"):
        op.drop_column("agency", name)
    op.drop_index("ix_case_held_by", "case")
    op.drop_index("ix_case_applicant_now", "case")
    op.drop_column("case", "moved_on")
    op.drop_column("case", "held_by")
    op.drop_column("case", "applicant_now")
    op.drop_column("case", "redo_mode")
