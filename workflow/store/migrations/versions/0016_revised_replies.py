"""Replies that a body mends itself, and applicants whose heirs or successors go on.

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
    op.create_index("ix_case_applicant_now", "case", ["applicant_now"])


def downgrade() -> None:
    op.drop_index("ix_case_applicant_now", "case")
    op.drop_column("case", "applicant_now")
    op.drop_column("case", "redo_mode")
