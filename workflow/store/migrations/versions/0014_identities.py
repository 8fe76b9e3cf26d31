"""Applicants are found by name where their identity is unknown, else by its hash in one normal form.

Revision: 0014, after 0013. What is sealed and hashed can only be read with the installation's secret,
which no migration knows: `migrate_office` brings the numbers of an older store to their normal form and
sets the stamp that going back takes away.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_applicant_name", "applicant", ["name"])


def downgrade() -> None:
    op.drop_index("ix_applicant_name", "applicant")
    op.execute(sa.text("DELETE FROM stamp WHERE name = 'identities'"))
