"""Applicants' own accounts: addresses, codes, sessions, passkeys, the requests that they see, their messages.

Revision: 0042
"""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "applicant_account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(), nullable=False),
        sa.Column("handle", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("channels", sa.JSON(), nullable=True),
        sa.Column("feed_salt", sa.String(length=32), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_applicant_account"),
        sa.UniqueConstraint("handle", name="uq_applicant_account_handle"),
    )
    op.create_table(
        "account_address",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("proved_at", sa.DateTime(), nullable=False),
        _of_account("account_address"),
        sa.PrimaryKeyConstraint("account_id", "kind", name="pk_account_address"),
        sa.UniqueConstraint("hash", name="uq_account_address_hash"),
    )
    op.create_table(
        "account_code",
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("ends_at", sa.DateTime(), nullable=False),
        _of_account("account_code"),
        sa.PrimaryKeyConstraint("mark", name="pk_account_code"),
    )
    op.create_index("ix_account_code_account_id", "account_code", ["account_id"])
    op.create_index("ix_account_code_ends_at", "account_code", ["ends_at"])
    op.create_table(
        "account_session",
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("way", sa.String(length=16), nullable=False),
        sa.Column("browser", sa.String(length=60), nullable=False),
        sa.Column("begun_at", sa.DateTime(), nullable=False),
        sa.Column("ends_at", sa.DateTime(), nullable=False),
        _of_account("account_session"),
        sa.PrimaryKeyConstraint("mark", name="pk_account_session"),
    )
    op.create_index("ix_account_session_account_id", "account_session", ["account_id"])
    op.create_index("ix_account_session_ends_at", "account_session", ["ends_at"])
    op.create_table(
        "account_passkey",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("credential", sa.String(length=1400), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("uses", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=40), nullable=False),
        sa.Column("added_at", sa.DateTime(), nullable=False),
        sa.Column("used_at", sa.DateTime(), nullable=True),
        _of_account("account_passkey"),
        sa.PrimaryKeyConstraint("id", name="pk_account_passkey"),
        sa.UniqueConstraint("credential", name="uq_account_passkey_credential"),
    )
    op.create_index("ix_account_passkey_account_id", "account_passkey", ["account_id"])
    op.create_table(
        "account_case",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("opens", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("linked_at", sa.DateTime(), nullable=False),
        _of_account("account_case"),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name="fk_account_case_case_id_case"),
        sa.PrimaryKeyConstraint("account_id", "case_id", name="pk_account_case"),
        sa.UniqueConstraint("case_id", "account_id", name="uq_account_case_case_id_account_id"),
    )
    op.create_table(
        "account_message",
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("ends_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["message_id"], ["message.id"], name="fk_account_message_message_id_message"
        ),
        _of_account("account_message"),
        sa.PrimaryKeyConstraint("message_id", name="pk_account_message"),
    )
    op.create_index("ix_account_message_account_id", "account_message", ["account_id"])
    op.create_index("ix_account_message_ends_at", "account_message", ["ends_at"])


def _of_account(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["account_id"],
        ["applicant_account.id"],
        name=f"fk_{table}_account_id_applicant_account",
    )


def downgrade() -> None:
    for table in (
        "account_message",
        "account_case",
        "account_passkey",
        "account_session",
        "account_code",
        "account_address",
        "applicant_account",
    ):
        op.drop_table(table)
