"""Devices of the day and desk codes."""

import sqlalchemy as sa
from alembic import op

from palier.db.types import Instant, Key

revision = '0017'
down_revision = '0016'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('terminal',
    sa.Column('id', Key, nullable=False),
    sa.Column('site_id', Key, nullable=False),
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('opened_on', sa.Date(), nullable=False),
    sa.Column('open_until', Instant(), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=True),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('wrong', sa.Integer(), nullable=False),
    sa.Column('opened_by_id', Key, nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['site_id', 'opened_by_id'], ['staff.site_id', 'staff.id'], name=op.f('fk_terminal_site_id_opened_by_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_terminal_site_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_terminal')),
    sa.UniqueConstraint('site_id', 'id', name=op.f('uq_terminal_site_id_id')),
    sa.UniqueConstraint('site_id', 'name', name=op.f('uq_terminal_site_id_name')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_terminal_token_hash'))
    )
    op.create_index(op.f('ix_terminal_site_id_opened_by_id_id'), 'terminal', ['site_id', 'opened_by_id', 'id'], unique=False)
    op.create_table('desk_code',
    sa.Column('site_id', Key, nullable=False),
    sa.Column('staff_id', Key, nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('set_at', Instant(), nullable=False),
    sa.ForeignKeyConstraint(['site_id', 'staff_id'], ['staff.site_id', 'staff.id'], name=op.f('fk_desk_code_site_id_staff_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_desk_code_site_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('site_id', 'staff_id', name=op.f('pk_desk_code')),
    sa.UniqueConstraint('site_id', 'digest', name=op.f('uq_desk_code_site_id_digest'))
    )
    with op.batch_alter_table('session') as batch:
        batch.add_column(sa.Column('terminal_site_id', Key, nullable=True))
        batch.add_column(sa.Column('terminal_id', Key, nullable=True))
        batch.add_column(sa.Column('by_code', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch.add_column(sa.Column('locks_after', sa.Integer(), nullable=False, server_default='0'))
        batch.create_foreign_key(op.f('fk_session_terminal_site_id_terminal_id'), 'terminal', ['terminal_site_id', 'terminal_id'], ['site_id', 'id'], ondelete='RESTRICT')
    with op.batch_alter_table('session') as batch:
        batch.alter_column('by_code', existing_type=sa.Boolean(), server_default=None)
        batch.alter_column('locks_after', existing_type=sa.Integer(), server_default=None)
    op.add_column('act', sa.Column('terminal_id', Key, nullable=True))
