"""What was kept for long enough and cleared, line by line."""

import sqlalchemy as sa
from alembic import op

from palier.db.types import Instant, Key

revision = '0024'
down_revision = '0023'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('sweep',
    sa.Column('id', Key, nullable=False),
    sa.Column('site_id', Key, nullable=False),
    sa.Column('started_at', Instant(), nullable=False),
    sa.Column('person_code', sa.String(length=8), nullable=False),
    sa.Column('due', sa.Integer(), nullable=False),
    sa.Column('erased', sa.Integer(), nullable=False),
    sa.Column('stayed', sa.Integer(), nullable=False),
    sa.Column('emptied', sa.Integer(), nullable=False),
    sa.Column('ended_at', Instant(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('due >= 0', name=op.f('ck_sweep_due_min')),
    sa.CheckConstraint('emptied >= 0', name=op.f('ck_sweep_emptied_min')),
    sa.CheckConstraint('erased >= 0', name=op.f('ck_sweep_erased_min')),
    sa.CheckConstraint('stayed >= 0', name=op.f('ck_sweep_stayed_min')),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_sweep_site_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sweep')),
    sa.UniqueConstraint('site_id', 'id', name=op.f('uq_sweep_site_id_id'))
    )
    op.create_index(op.f('ix_sweep_site_id_started_at_id'), 'sweep', ['site_id', 'started_at', 'id'])
    op.create_table('swept',
    sa.Column('id', Key, nullable=False),
    sa.Column('site_id', Key, nullable=False),
    sa.Column('what', sa.String(length=60), nullable=False),
    sa.Column('rows', sa.Integer(), nullable=False),
    sa.Column('result', sa.String(length=40), nullable=False),
    sa.Column('at', Instant(), nullable=False),
    sa.Column('sweep_id', Key, nullable=False),
    sa.Column('resident_id', Key, nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("result IN ('erased', 'open', 'aside')", name=op.f('ck_swept_result_known')),
    sa.CheckConstraint('rows >= 0', name=op.f('ck_swept_rows_min')),
    sa.ForeignKeyConstraint(['site_id', 'resident_id'], ['resident.site_id', 'resident.id'], name=op.f('fk_swept_site_id_resident_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id', 'sweep_id'], ['sweep.site_id', 'sweep.id'], name=op.f('fk_swept_site_id_sweep_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_swept_site_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_swept')),
    sa.UniqueConstraint('site_id', 'id', name=op.f('uq_swept_site_id_id'))
    )
    for column in ('sweep_id', 'resident_id'):
        op.create_index(op.f(f'ix_swept_site_id_{column}_id'), 'swept', ['site_id', column, 'id'])
