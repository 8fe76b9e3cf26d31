"""The year's register and the versions of the annual report.

Revision: 0009, after 0008
"""

import sqlalchemy as sa
from alembic import op

from workflow.store.models import Moment

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "year_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("amount_yuan", sa.String(length=20), nullable=True),
        sa.Column("replaces", sa.Integer(), nullable=True),
        sa.Column("taken_back", sa.Boolean(), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("recorded_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name="fk_year_entry_agency_id_agency"),
        sa.ForeignKeyConstraint(
            ["replaces"], ["year_entry.id"], name="fk_year_entry_replaces_year_entry"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_year_entry"),
    )
    op.create_index("ix_year_entry_agency_id_year", "year_entry", ["agency_id", "year"])
    op.create_table(
        "report_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("overrides", sa.JSON(), nullable=False),
        sa.Column("figures", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("steps", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name="fk_report_version_agency_id_agency"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_report_version"),
        sa.UniqueConstraint("agency_id", "year", "version", name="uq_report_version_agency_id_year_version"),
    )


def downgrade() -> None:
    op.drop_table("report_version")
    op.drop_index("ix_year_entry_agency_id_year", "year_entry")
    op.drop_table("year_entry")
