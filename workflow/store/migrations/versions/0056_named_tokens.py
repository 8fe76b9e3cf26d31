"""What a token of the API is for, from where it was last used, and why it ended.

Revision: 0056, after 0055. What is there already has no name; it works as before.
"""

import sqlalchemy as sa
from alembic import op

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None

COLUMNS = {"name": 64, "last_used_from": 64, "ended_by": 16, "form_key": 64}
ONE_FORM = "uq_token_form_key"


def upgrade() -> None:
    with op.batch_alter_table("token") as token:
        for name, length in COLUMNS.items():
            token.add_column(sa.Column(name, sa.String(length=length), nullable=True))
        token.create_unique_constraint(ONE_FORM, ["form_key"])


def downgrade() -> None:
    with op.batch_alter_table("token") as token:
        token.drop_constraint(ONE_FORM, type_="unique")
        for name in COLUMNS:
            token.drop_column(name)
