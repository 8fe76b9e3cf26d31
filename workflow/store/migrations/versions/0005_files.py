"""files of a case, their content, and who looked at identity papers

Revision: 0005, after 0004
"""

import sqlalchemy as sa
from alembic import op


revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('file',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('case_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('media_type', sa.String(length=100), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('actor', sa.String(length=64), nullable=False),
    sa.Column('role', sa.String(length=32), nullable=False),
    sa.Column('uploaded_at', sa.DateTime(), nullable=False),
    sa.Column('sealed', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['case.id'], name=op.f('fk_file_case_id_case')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_file'))
    )
    with op.batch_alter_table('file', schema=None) as batch_op:
        batch_op.create_index('ix_file_case_id_sha256', ['case_id', 'sha256'], unique=False)

    op.create_table('file_content',
    sa.Column('file_id', sa.Integer(), nullable=False),
    sa.Column('sealed', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['file_id'], ['file.id'], name=op.f('fk_file_content_file_id_file')),
    sa.PrimaryKeyConstraint('file_id', name=op.f('pk_file_content'))
    )
    op.create_table('file_view',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('file_id', sa.Integer(), nullable=False),
    sa.Column('actor', sa.String(length=64), nullable=False),
    sa.Column('role', sa.String(length=32), nullable=False),
    sa.Column('viewed_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['file_id'], ['file.id'], name=op.f('fk_file_view_file_id_file')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_file_view'))
    )
    with op.batch_alter_table('file_view', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_file_view_file_id'), ['file_id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('file_view', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_file_view_file_id'))

    op.drop_table('file_view')
    op.drop_table('file_content')
    with op.batch_alter_table('file', schema=None) as batch_op:
        batch_op.drop_index('ix_file_case_id_sha256')

    op.drop_table('file')
