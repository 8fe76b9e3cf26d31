"""The lines of a digest are found by it, not among everything that was ever gathered.

Revision: 0024, after 0023
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None
GATHERED = "digest_id IS NOT NULL"


def upgrade() -> None:
    op.create_index(
        "ix_message_digest_id",
        "message",
        ["digest_id"],
        sqlite_where=sa.text(GATHERED),
        postgresql_where=sa.text(GATHERED),
    )


def downgrade() -> None:
    op.drop_index("ix_message_digest_id", "message")
