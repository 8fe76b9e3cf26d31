"""What the reports see of a case in one word, and how many cases of a body have it.

Revision: 0018, after 0016. The words follow from the logs, which no migration reads: `migrate_office`
folds every case once and counts them (the stamp `counts` says that it is done).
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("case", sa.Column("counted_as", sa.String(length=1000), nullable=True))
    op.drop_index("ix_case_tally", "case")
    op.create_index("ix_case_tally", "case", ["agency_id", "received_on", "number", "counted_as"])
    op.create_index("ix_case_counted", "case", ["agency_id", "counted_as", "received_on", "number"])
    op.create_table(
        "kept_count",
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("word", sa.String(length=1000), nullable=False),
        sa.Column("received", sa.Integer(), nullable=False),
        sa.Column("closed", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name="fk_kept_count_agency_id_agency"),
        sa.PrimaryKeyConstraint("agency_id", "word", name="pk_kept_count"),
    )


def downgrade() -> None:
    op.drop_table("kept_count")
    op.drop_index("ix_case_counted", "case")
    op.drop_index("ix_case_tally", "case")
    op.create_index("ix_case_tally", "case", ["agency_id", "received_on", "closed_on"])
    op.drop_column("case", "counted_as")
    op.execute(sa.text("DELETE FROM stamp WHERE name = 'counts'"))
