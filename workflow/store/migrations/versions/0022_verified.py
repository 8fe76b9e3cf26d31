"""What `verify` found in order is noted, so that only what has changed since is folded anew; the days of a
window are read from their index alone.

Revision: 0022, after 0020
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0020"
branch_labels = None
depends_on = None
WINDOW = ["agency_id", "kind", "day"]


def upgrade() -> None:
    op.create_table(
        "verified_case",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case.id"], name="fk_verified_case_case_id_case"
        ),
        sa.PrimaryKeyConstraint("case_id", name="pk_verified_case"),
    )
    op.drop_index("ix_watched_day_window", "watched_day")
    op.create_index("ix_watched_day_window", "watched_day", [*WINDOW, "case_id"])


def downgrade() -> None:
    op.drop_index("ix_watched_day_window", "watched_day")
    op.create_index("ix_watched_day_window", "watched_day", WINDOW)
    op.drop_table("verified_case")
