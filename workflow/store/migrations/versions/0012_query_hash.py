"""The keyed hash by which an applicant's case is found

Revision: 0012, after 0011. What the hash is made with is the installation's secret, which no migration
knows: `migrate_office` fills the column in for the cases of an older store.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("case", sa.Column("query_hash", sa.String(length=64), nullable=True))
    op.create_index("ix_case_query_hash", "case", ["query_hash"], unique=True)


def downgrade() -> None:
    op.drop_index("ix_case_query_hash", "case")
    op.drop_column("case", "query_hash")
