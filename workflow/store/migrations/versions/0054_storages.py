"""Contents of files may lie outside of the database.

Revision: 0054, after 0053. Going back needs them in the database (`gongkai files move` with
file_storage = "database").
"""

import sqlalchemy as sa
from alembic import op

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None


class LieOutside(RuntimeError):
    """The older version would not find them."""


def upgrade() -> None:
    op.add_column("file_content", sa.Column("storage", sa.String(length=16), nullable=True))
    op.add_column("file_content", sa.Column("key", sa.String(length=64), nullable=True))
    op.create_table(
        "file_left",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("storage", sa.String(length=16), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_file_left"),
    )


def downgrade() -> None:
    key = sa.column("key", sa.String)
    outside = sa.select(key).select_from(sa.table("file_content")).where(key.is_not(None))
    if op.get_bind().execute(outside.limit(1)).first():
        raise LieOutside("file_content: run gongkai files move with file_storage = database first")
    op.drop_table("file_left")
    op.drop_column("file_content", "key")
    op.drop_column("file_content", "storage")
