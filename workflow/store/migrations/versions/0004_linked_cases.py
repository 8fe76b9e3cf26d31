"""Linked cases: the ordered day of a redo, the case a duplicate was merged into, one person's hash;
and until when an opinion is awaited.

Revision: 0004, after 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("case") as table:
        table.add_column(sa.Column("redo_due", sa.Date(), nullable=True))
        table.add_column(sa.Column("merged_into", sa.String(length=32), nullable=True))
        table.add_column(sa.Column("waiting_until", sa.Date(), nullable=True))
    with op.batch_alter_table("applicant") as table:
        table.add_column(sa.Column("identity", sa.String(length=64), nullable=True))
        table.create_index("ix_applicant_identity", ["identity"])


def downgrade() -> None:
    # Column by column: SQLite lets no table be made anew to which rows of others point.
    op.drop_index("ix_applicant_identity", "applicant")
    op.drop_column("applicant", "identity")
    for name in ("waiting_until", "merged_into", "redo_due"):
        op.drop_column("case", name)
