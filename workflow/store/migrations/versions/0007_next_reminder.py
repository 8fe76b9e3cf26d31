"""The days of a case that somebody must be reminded of, indexed by the day

Revision: 0007, after 0005. The cases of an older store get theirs when the reminders are first asked
for (WatchedCases.complete); a store without cases has nothing to be filled in.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "watched_day",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_watched_day_case_id_case")),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_watched_day_agency_id_agency")
        ),
        sa.PrimaryKeyConstraint("case_id", "kind", "day", name=op.f("pk_watched_day")),
    )
    with op.batch_alter_table("watched_day") as table:
        table.create_index("ix_watched_day_window", ["agency_id", "kind", "day"])
    op.execute(
        "INSERT INTO stamp (name, value)"
        " SELECT 'watched', '1' WHERE NOT EXISTS (SELECT 1 FROM \"case\")"
    )


def downgrade() -> None:
    op.execute("DELETE FROM stamp WHERE name = 'watched'")
    with op.batch_alter_table("watched_day") as table:
        table.drop_index("ix_watched_day_window")
    op.drop_table("watched_day")
