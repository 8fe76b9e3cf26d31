"""The register of parcels, and registrations that were begun.

Revision: 0033, after 0032 and 0036
"""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

OPEN = sa.text("settled IS NULL")


def upgrade() -> None:
    op.create_table(
        "parcel",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("entry", sa.Integer(), nullable=False),
        sa.Column("way", sa.String(length=32), nullable=False),
        sa.Column("tracking", sa.String(length=40), nullable=True),
        sa.Column("arrived_on", sa.Date(), nullable=False),
        sa.Column("handed_on", sa.Date(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("settled", sa.String(length=16), nullable=True),
        sa.Column("settled_at", sa.DateTime(), nullable=True),
        sa.Column("settled_by", sa.String(length=64), nullable=True),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("once", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name="fk_parcel_agency_id_agency"),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name="fk_parcel_case_id_case"),
        sa.PrimaryKeyConstraint("id", name="pk_parcel"),
        sa.UniqueConstraint("agency_id", "year", "entry", name="uq_parcel_agency_id_year_entry"),
        sa.UniqueConstraint("agency_id", "tracking", name="uq_parcel_agency_id_tracking"),
        sa.UniqueConstraint("once", name="uq_parcel_once"),
    )
    op.create_index("ix_parcel_case_id", "parcel", ["case_id"])
    op.create_index(
        "ix_parcel_open",
        "parcel",
        ["agency_id", "arrived_on"],
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
    op.create_table(
        "registration_draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_registration_draft_user_id_user"),
        sa.PrimaryKeyConstraint("id", name="pk_registration_draft"),
    )
    op.create_index("ix_registration_draft_user_id", "registration_draft", ["user_id"])
    op.create_index("ix_registration_draft_updated_at", "registration_draft", ["updated_at"])
    op.create_table(
        "registration_draft_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["draft_id"],
            ["registration_draft.id"],
            name="fk_registration_draft_file_draft_id_registration_draft",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_registration_draft_file"),
    )
    op.create_index("ix_registration_draft_file_draft_id", "registration_draft_file", ["draft_id"])


def downgrade() -> None:
    op.drop_table("registration_draft_file")
    op.drop_table("registration_draft")
    op.drop_table("parcel")
