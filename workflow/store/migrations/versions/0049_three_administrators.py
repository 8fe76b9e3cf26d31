"""The administrator of before is the system administrator, one of three; an account that holds no role belongs to the
body that made it; who holds a role anywhere is found without reading everybody's.

Revision: 0049, after 0043
"""

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None

_BEFORE, _NOW = "admin", "system_admin"
_NEW = ("security_admin", "audit_admin")
_TABLES = ("role", "stand_in")


def upgrade() -> None:
    _rename(_BEFORE, _NOW)
    op.create_index("ix_role_role", "role", ["role"])
    op.add_column("user", sa.Column("made_in", sa.String(length=64), nullable=True))


def downgrade() -> None:
    op.drop_column("user", "made_in")
    op.drop_index("ix_role_role", "role")
    # A store of before knows neither of the two others, and they must not become more than they were.
    role = sa.table("role", sa.column("role", sa.String))
    op.execute(role.delete().where(role.c.role.in_(_NEW)))
    _rename(_NOW, _BEFORE)


def _rename(before: str, now: str) -> None:
    """Logs of cases and the audit keep the word of their day: they are chained."""
    for name in _TABLES:
        table = sa.table(name, sa.column("role", sa.String))
        op.execute(table.update().where(table.c.role == before).values(role=now))
