"""The index of terms by which cases are found, and what is read in files, sealed.

Both are filled by `gongkai migrate` of this version: what lies sealed needs the installation's secret.

Revision: 0031, after 0030
"""

import sqlalchemy as sa
from alembic import op

from workflow.store.dialect_index import drop_index, make_index

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "file_text",
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["file.id"], name="fk_file_text_file_id_file"),
        sa.PrimaryKeyConstraint("file_id", name="pk_file_text"),
    )
    make_index(op.get_bind())


def downgrade() -> None:
    drop_index(op.get_bind())
    op.drop_table("file_text")
