"""What waits to be said about a case is one look: an index of messages by case and state.

Revision: 0017, after 0016
"""

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_message_case_id_state", "message", ["case_id", "state"])
    op.drop_index("ix_message_case_id", "message")


def downgrade() -> None:
    op.create_index("ix_message_case_id", "message", ["case_id"])
    op.drop_index("ix_message_case_id_state", "message")
