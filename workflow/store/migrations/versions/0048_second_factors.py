"""Second factors of members of staff: apps that show codes, passkeys, recovery codes; accounts of the office's directory
that open ours, and logins under way there.

Revision: 0048
"""

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None

TABLES = ("directory_login", "directory_link", "recovery_code", "staff_passkey", "staff_totp")


def upgrade() -> None:
    op.create_table(
        "staff_totp",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("last_counter", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(), nullable=False),
        sa.Column("used_at", sa.DateTime(), nullable=True),
        _of_user("staff_totp"),
        sa.PrimaryKeyConstraint("user_id", name="pk_staff_totp"),
    )
    op.create_table(
        "staff_passkey",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("credential", sa.String(length=1400), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("uses", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=40), nullable=False),
        sa.Column("added_at", sa.DateTime(), nullable=False),
        sa.Column("used_at", sa.DateTime(), nullable=True),
        _of_user("staff_passkey"),
        sa.PrimaryKeyConstraint("id", name="pk_staff_passkey"),
        sa.UniqueConstraint("credential", name="uq_staff_passkey_credential"),
    )
    op.create_index("ix_staff_passkey_user_id", "staff_passkey", ["user_id"])
    op.create_table(
        "recovery_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=80), nullable=False),
        _of_user("recovery_code"),
        sa.PrimaryKeyConstraint("id", name="pk_recovery_code"),
    )
    op.create_index("ix_recovery_code_user_id", "recovery_code", ["user_id"])
    op.create_table(
        "directory_link",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("account", sa.String(length=255), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=True),
        sa.Column("linked_at", sa.DateTime(), nullable=False),
        _of_user("directory_link"),
        sa.PrimaryKeyConstraint("user_id", name="pk_directory_link"),
        sa.UniqueConstraint("account", name="uq_directory_link_account"),
    )
    op.create_table(
        "directory_login",
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("ends_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("mark", name="pk_directory_login"),
    )
    op.create_index("ix_directory_login_ends_at", "directory_login", ["ends_at"])


def _of_user(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=f"fk_{table}_user_id_user")


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
