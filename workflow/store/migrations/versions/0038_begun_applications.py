"""Applications that somebody is filling in at the portal, or has put aside under a code, until they are filed or their
time has passed.

Revision: 0038, after 0037
"""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "begun_application",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("touched_at", sa.DateTime(), nullable=False),
        sa.Column("ends_at", sa.DateTime(), nullable=False),
        sa.Column("kept_by", sa.String(length=64), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_begun_application"),
    )
    op.create_index("ix_begun_application_ends_at", "begun_application", ["ends_at"])
    op.create_index("ix_begun_application_kept_by", "begun_application", ["kept_by"])
    op.create_table(
        "begun_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("begun_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["begun_id"], ["begun_application.id"], name="fk_begun_file_begun_id_begun_application"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_begun_file"),
    )
    op.create_index("ix_begun_file_begun_id", "begun_file", ["begun_id"])


def downgrade() -> None:
    op.drop_table("begun_file")
    op.drop_table("begun_application")
