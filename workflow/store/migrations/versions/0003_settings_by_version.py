"""settings and days by version, frozen years, changes of due days

Revision: 0003, after 0002
"""

import sqlalchemy as sa
from alembic import op


revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Rows that were there before stay: nobody knows any more who recorded them, and when.
    with op.batch_alter_table('agency_setting', schema=None) as batch_op:
        batch_op.add_column(sa.Column('actor', sa.String(length=64), nullable=False, server_default='system'))
        batch_op.add_column(sa.Column('recorded_at', sa.DateTime(), nullable=True))
        batch_op.drop_constraint('uq_agency_setting_agency_id_name_holds_from', type_='unique')
        batch_op.create_index('ix_agency_setting_agency_id_name', ['agency_id', 'name', 'holds_from'], unique=False)

    with op.batch_alter_table('calendar_day', schema=None) as batch_op:
        batch_op.add_column(sa.Column('actor', sa.String(length=64), nullable=False, server_default='system'))
        batch_op.add_column(sa.Column('recorded_at', sa.DateTime(), nullable=True))
        batch_op.alter_column('works', existing_type=sa.Boolean(), nullable=True)
        batch_op.drop_constraint('uq_calendar_day_agency_id_day', type_='unique')
        batch_op.create_index('ix_calendar_day_agency_id_day', ['agency_id', 'day'], unique=False)

    op.create_table('published_year',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('agency_id', sa.Integer(), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('published_at', sa.DateTime(), nullable=False),
    sa.Column('settings', sa.JSON(), nullable=False),
    sa.Column('calendar', sa.String(length=64), nullable=False),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_published_year_agency_id_agency')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_published_year')),
    sa.UniqueConstraint('agency_id', 'year', name=op.f('uq_published_year_agency_id_year'))
    )
    op.create_table('stamp',
    sa.Column('name', sa.String(length=32), nullable=False),
    sa.Column('value', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_stamp'))
    )
    op.create_table('due_change',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('case_id', sa.Integer(), nullable=False),
    sa.Column('recorded_at', sa.DateTime(), nullable=False),
    sa.Column('actor', sa.String(length=64), nullable=False),
    sa.Column('cause', sa.String(length=16), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('old_next_due', sa.Date(), nullable=True),
    sa.Column('new_next_due', sa.Date(), nullable=True),
    sa.Column('old_reply_due', sa.Date(), nullable=True),
    sa.Column('new_reply_due', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['case_id'], ['case.id'], name=op.f('fk_due_change_case_id_case')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_due_change'))
    )
    with op.batch_alter_table('due_change', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_due_change_case_id'), ['case_id'], unique=False)

    op.create_table('due_change_seen',
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('last', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_due_change_seen_user_id_user')),
    sa.PrimaryKeyConstraint('user_id', name=op.f('pk_due_change_seen'))
    )


def downgrade() -> None:
    op.drop_table('due_change_seen')
    with op.batch_alter_table('due_change', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_due_change_case_id'))

    op.drop_table('due_change')
    op.drop_table('stamp')
    op.drop_table('published_year')

    # One row for a day again: the last one recorded, which is the one that counts.
    op.execute(
        'DELETE FROM calendar_day WHERE id NOT IN'
        ' (SELECT MAX(id) FROM calendar_day GROUP BY agency_id, day)'
    )
    op.execute('DELETE FROM calendar_day WHERE works IS NULL')
    with op.batch_alter_table('calendar_day', schema=None) as batch_op:
        batch_op.drop_index('ix_calendar_day_agency_id_day')
        batch_op.create_unique_constraint(batch_op.f('uq_calendar_day_agency_id_day'), ['agency_id', 'day'])
        batch_op.alter_column('works', existing_type=sa.Boolean(), nullable=False)
        batch_op.drop_column('recorded_at')
        batch_op.drop_column('actor')

    op.execute(
        'DELETE FROM agency_setting WHERE id NOT IN'
        ' (SELECT MAX(id) FROM agency_setting GROUP BY agency_id, name, holds_from)'
    )
    with op.batch_alter_table('agency_setting', schema=None) as batch_op:
        batch_op.drop_index('ix_agency_setting_agency_id_name')
        batch_op.create_unique_constraint(batch_op.f('uq_agency_setting_agency_id_name_holds_from'), ['agency_id', 'name', 'holds_from'])
        batch_op.drop_column('recorded_at')
        batch_op.drop_column('actor')
