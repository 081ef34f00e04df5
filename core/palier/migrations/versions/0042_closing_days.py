"""Days on which a site does not open."""

import sqlalchemy as sa
from alembic import op

from palier.db.types import Key

revision = '0042'
down_revision = '0041'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('closing_day',
    sa.Column('id', Key, nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('site_id', Key, nullable=False),
    sa.Column('from_on', sa.Date(), nullable=False),
    sa.Column('to_on', sa.Date(), nullable=False),
    sa.Column('reason', sa.String(length=60), nullable=False),
    sa.CheckConstraint('from_on <= to_on', name=op.f('ck_closing_day_span')),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_closing_day_site_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_closing_day')),
    sa.UniqueConstraint('site_id', 'id', name=op.f('uq_closing_day_site_id_id'))
    )
    op.create_index(op.f('ix_closing_day_site_id_from_on_id'), 'closing_day', ['site_id', 'from_on', 'id'], unique=False)
