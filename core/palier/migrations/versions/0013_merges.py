"""Two records of one person become one, and can be taken apart again."""

import sqlalchemy as sa
from alembic import op

from palier.db.types import Instant, Key

revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None


def _site(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f(f'fk_{table}_site_id'), ondelete='RESTRICT')


def _refers(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ['site_id', column], [f'{target}.site_id', f'{target}.id'],
        name=op.f(f'fk_{table}_site_id_{column}'), ondelete='RESTRICT',
    )


def upgrade() -> None:
    op.add_column('household', sa.Column('merged_into_id', Key, nullable=True))
    op.create_table('merge',
    sa.Column('id', Key, nullable=False),
    sa.Column('site_id', Key, nullable=False),
    sa.Column('at', Instant(), nullable=False),
    sa.Column('moved', sa.Integer(), nullable=False),
    sa.Column('undone_at', Instant(), nullable=True),
    sa.Column('kept_id', Key, nullable=False),
    sa.Column('gone_id', Key, nullable=False),
    sa.Column('kept_household_id', Key, nullable=True),
    sa.Column('gone_household_id', Key, nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    _site('merge'),
    _refers('merge', 'kept_id', 'resident'),
    _refers('merge', 'gone_id', 'resident'),
    _refers('merge', 'kept_household_id', 'household'),
    _refers('merge', 'gone_household_id', 'household'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_merge')),
    sa.UniqueConstraint('site_id', 'id', name=op.f('uq_merge_site_id_id'))
    )
    for column in ('at', 'kept_id', 'gone_id', 'kept_household_id', 'gone_household_id'):
        op.create_index(op.f(f'ix_merge_site_id_{column}_id'), 'merge', ['site_id', column, 'id'])
    op.create_table('merge_move',
    sa.Column('id', Key, nullable=False),
    sa.Column('site_id', Key, nullable=False),
    sa.Column('table_name', sa.String(length=80), nullable=False),
    sa.Column('column_name', sa.String(length=80), nullable=False),
    sa.Column('row_id', Key, nullable=False),
    sa.Column('former', sa.String(length=200), nullable=True),
    sa.Column('merge_id', Key, nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    _site('merge_move'),
    _refers('merge_move', 'merge_id', 'merge'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_merge_move')),
    sa.UniqueConstraint('site_id', 'id', name=op.f('uq_merge_move_site_id_id'))
    )
    op.create_index(op.f('ix_merge_move_site_id_merge_id_id'), 'merge_move', ['site_id', 'merge_id', 'id'])
    op.create_table('told_apart',
    sa.Column('id', Key, nullable=False),
    sa.Column('site_id', Key, nullable=False),
    sa.Column('one_id', Key, nullable=False),
    sa.Column('other_id', Key, nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    _site('told_apart'),
    _refers('told_apart', 'one_id', 'resident'),
    _refers('told_apart', 'other_id', 'resident'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_told_apart')),
    sa.UniqueConstraint('site_id', 'id', name=op.f('uq_told_apart_site_id_id')),
    sa.UniqueConstraint('site_id', 'one_id', 'other_id', name=op.f('uq_told_apart_site_id_one_id_other_id'))
    )
    for column in ('one_id', 'other_id'):
        op.create_index(op.f(f'ix_told_apart_site_id_{column}_id'), 'told_apart', ['site_id', column, 'id'])
