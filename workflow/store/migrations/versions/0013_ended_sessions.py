"""Sessions of the desk that were signed out of.

Revision: 0013, after 0012
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ended_session",
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("mark", name="pk_ended_session"),
    )
    op.create_index("ix_ended_session_ended_at", "ended_session", ["ended_at"])


def downgrade() -> None:
    op.drop_table("ended_session")
