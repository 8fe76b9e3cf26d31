"""The name with which a case began, where it was put right since.

Revision: 0052, after 0051. It may lie sealed; going back needs a store whose words lie
plain (`gongkai key unseal-texts`).
"""

import sqlalchemy as sa
from alembic import op

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None


class NameIsSealed(RuntimeError):
    """In the column of the name it would not open."""


def upgrade() -> None:
    longer = op.get_context().dialect.name != "sqlite"
    kind = sa.Text() if longer else sa.String(length=200)
    op.add_column("applicant", sa.Column("filed_as", kind, nullable=True))


def downgrade() -> None:
    filed_as = sa.column("filed_as", sa.Text)
    sealed = sa.select(filed_as).select_from(sa.table("applicant")).where(filed_as.like("sealed-%"))
    if op.get_bind().execute(sealed.limit(1)).first():
        raise NameIsSealed("applicant.filed_as: run gongkai key unseal-texts first")
    # The chain of a log begins with the name that was filed, and the older version knows no other one.
    op.execute("UPDATE applicant SET name = filed_as WHERE filed_as IS NOT NULL")
    op.drop_column("applicant", "filed_as")
