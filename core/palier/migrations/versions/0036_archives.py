"""Yearly archives are asked for in the browser."""

import sqlalchemy as sa
from alembic import op

from palier.db.types import Instant, Key

revision = '0036'
down_revision = '0035'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('year_archive',
    sa.Column('id', Key, nullable=False),
    sa.Column('site_id', Key, nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=40), nullable=False),
    sa.Column('asked_at', Instant(), nullable=False),
    sa.Column('asked_by', sa.String(length=8), nullable=False),
    sa.Column('records', sa.Integer(), nullable=False),
    sa.Column('done_at', Instant(), nullable=True),
    sa.Column('sha256', sa.String(length=64), nullable=True),
    sa.Column('why', sa.String(length=200), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("state IN ('asked', 'running', 'done', 'failed')", name=op.f('ck_year_archive_state_known')),
    sa.CheckConstraint('records >= 0', name=op.f('ck_year_archive_records_least')),
    sa.CheckConstraint('year <= 2200', name=op.f('ck_year_archive_year_most')),
    sa.CheckConstraint('year >= 2000', name=op.f('ck_year_archive_year_least')),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_year_archive_site_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_year_archive')),
    sa.UniqueConstraint('site_id', 'id', name=op.f('uq_year_archive_site_id_id')),
    sa.UniqueConstraint('site_id', 'year', name=op.f('uq_year_archive_site_id_year'))
    )
    op.create_index(op.f('ix_year_archive_site_id_asked_at_id'), 'year_archive', ['site_id', 'asked_at', 'id'], unique=False)
