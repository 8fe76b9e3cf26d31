"""Sessions of the desk are kept on the server; wrong passwords are counted by account and source, and a password knows
since when it holds. Who is signed in signs in anew.

Revision: 0047, after 0043
"""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0045"
branch_labels = None
depends_on = None

GONE = ("failed_logins", "locked_until")


def upgrade() -> None:
    op.create_table(
        "desk_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("device", sa.String(length=60), nullable=False),
        sa.Column("begun_at", sa.DateTime(), nullable=False),
        sa.Column("seen_at", sa.DateTime(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_desk_session_user_id_user"),
        sa.PrimaryKeyConstraint("id", name="pk_desk_session"),
        sa.UniqueConstraint("mark", name="uq_desk_session_mark"),
    )
    op.create_index("ix_desk_session_user_id", "desk_session", ["user_id"])
    op.create_index("ix_desk_session_begun_at", "desk_session", ["begun_at"])
    op.create_table(
        "wrong_password",
        sa.Column("account", sa.String(length=80), nullable=False),
        sa.Column("source", sa.String(length=80), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("ends_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("account", "source", name="pk_wrong_password"),
    )
    op.create_index("ix_wrong_password_source", "wrong_password", ["source"])
    op.create_index("ix_wrong_password_ends_at", "wrong_password", ["ends_at"])
    op.drop_table("ended_session")
    for name in GONE:
        op.drop_column("user", name)
    op.add_column("user", sa.Column("password_set_at", sa.DateTime(), nullable=True))
    # How old the passwords of before are nobody knows: their age is counted from here.
    user = sa.table("user", sa.column("password_hash"), sa.column("password_set_at", sa.DateTime()))
    now = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    op.execute(user.update().where(user.c.password_hash.is_not(None)).values(password_set_at=now))


def downgrade() -> None:
    op.drop_column("user", "password_set_at")
    op.add_column(
        "user", sa.Column("failed_logins", sa.Integer(), nullable=False, server_default="0")
    )
    op.add_column("user", sa.Column("locked_until", sa.DateTime(), nullable=True))
    op.create_table(
        "ended_session",
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("mark", name="pk_ended_session"),
    )
    op.create_index("ix_ended_session_ended_at", "ended_session", ["ended_at"])
    op.drop_table("wrong_password")
    op.drop_table("desk_session")
