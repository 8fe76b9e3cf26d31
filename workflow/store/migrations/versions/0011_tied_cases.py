"""An index of the few cases that count together with others.

Revision: 0011, after 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

TIED = (
    "has_proceedings OR redo_of IS NOT NULL OR joint_letter IS NOT NULL OR merged_into IS NOT NULL"
)


def upgrade() -> None:
    op.create_index(
        "ix_case_tied",
        "case",
        ["agency_id"],
        sqlite_where=sa.text(TIED),
        postgresql_where=sa.text(TIED),
    )


def downgrade() -> None:
    op.drop_index("ix_case_tied", "case")
