"""In whose place somebody kept a version of a letter, or took its number.

Revision: 0053, after 0052
"""

import sqlalchemy as sa
from alembic import op

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("letter", "letter_number"):
        op.add_column(table, sa.Column("stands_for", sa.String(length=64), nullable=True))


def downgrade() -> None:
    for table in ("letter_number", "letter"):
        op.drop_column(table, "stands_for")
