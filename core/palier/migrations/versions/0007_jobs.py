"""What runs by itself: when next, who runs it, how it went."""

import sqlalchemy as sa
from alembic import op

from palier.db.types import Instant, Key

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('job',
    sa.Column('package', sa.String(length=40), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('site_id', Key, autoincrement=False, nullable=False),
    sa.Column('next_at', Instant(), nullable=False),
    sa.Column('lease_until', Instant(), nullable=True),
    sa.Column('lease_by', sa.String(length=80), nullable=True),
    sa.Column('last_ok_at', Instant(), nullable=True),
    sa.Column('last_error', sa.String(length=200), nullable=True),
    sa.Column('failures', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('package', 'name', 'site_id', name=op.f('pk_job'))
    )
    op.create_index('ix_job_next_at', 'job', ['next_at'], unique=False)
