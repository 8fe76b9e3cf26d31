"""scopes and revocation of tokens; what a repeated API call is answered with

Revision: 0002, after 0001
"""

import sqlalchemy as sa
from alembic import op


revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('token', schema=None) as batch_op:
        batch_op.add_column(
            sa.Column('scopes', sa.String(length=64), server_default='read write', nullable=False)
        )
        batch_op.add_column(sa.Column('revoked_at', sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column('last_used_at', sa.DateTime(), nullable=True))
    op.create_table('api_call',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('fingerprint', sa.String(length=64), nullable=False),
    sa.Column('claimed_at', sa.DateTime(), nullable=False),
    sa.Column('answer', sa.LargeBinary(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_api_call')),
    sa.UniqueConstraint('key', name=op.f('uq_api_call_key'))
    )


def downgrade() -> None:
    # The older shape knows neither revocation nor scopes: such a token would be good for everything.
    op.execute("DELETE FROM token WHERE revoked_at IS NOT NULL OR scopes <> 'read write'")
    op.drop_table('api_call')
    with op.batch_alter_table('token', schema=None) as batch_op:
        batch_op.drop_column('last_used_at')
        batch_op.drop_column('revoked_at')
        batch_op.drop_column('scopes')
