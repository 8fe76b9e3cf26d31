"""How often an address did something that is limited, counted for all processes together.

Revision: 0019, after 0018
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "rate",
        sa.Column("who", sa.String(length=64), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("ends_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("who", name="pk_rate"),
    )
    op.create_index("ix_rate_ends_at", "rate", ["ends_at"])


def downgrade() -> None:
    op.drop_table("rate")
