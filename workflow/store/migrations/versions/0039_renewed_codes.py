"""Query codes that were renewed, and hashes of numbers in their one form.

Revision: 0039, after 0038
"""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "case", sa.Column("code_turn", sa.Integer(), nullable=False, server_default="0")
    )
    # Numbers of ours are in their one form already; the hash of any other is made anew with the key.
    op.execute("UPDATE \"case\" SET query_hash = NULL WHERE number NOT LIKE '____-____%'")


def downgrade() -> None:
    # A code that was renewed follows from what is dropped: its case gets its first code again.
    op.execute('UPDATE "case" SET query_hash = NULL WHERE code_turn > 0')
    op.drop_column("case", "code_turn")
