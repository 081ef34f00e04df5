"""The note that one day leaves for the next."""

import sqlalchemy as sa
from alembic import op

from palier.db.types import Instant, Key

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('handover_item',
    sa.Column('id', Key, nullable=False),
    sa.Column('site_id', Key, nullable=False),
    sa.Column('on', sa.Date(), nullable=False),
    sa.Column('service', sa.String(length=40), nullable=False),
    sa.Column('what', sa.String(length=80), nullable=False),
    sa.Column('source_type', sa.String(length=80), nullable=False),
    sa.Column('source_id', Key, nullable=False),
    sa.Column('text', sa.String(length=200), nullable=False),
    sa.Column('written_at', Instant(), nullable=False),
    sa.Column('written_by', sa.String(length=80), nullable=False),
    sa.Column('done_at', Instant(), nullable=True),
    sa.Column('done_by', sa.String(length=80), nullable=True),
    sa.Column('resident_id', Key, nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['site_id', 'resident_id'], ['resident.site_id', 'resident.id'], name=op.f('fk_handover_item_site_id_resident_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_handover_item_site_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_handover_item')),
    sa.UniqueConstraint('site_id', 'id', name=op.f('uq_handover_item_site_id_id')),
    sa.UniqueConstraint('site_id', 'on', 'service', 'what', 'source_type', 'source_id', name=op.f('uq_handover_item_site_id_on_service_what_source_type_source_id'))
    )
    op.create_index(op.f('ix_handover_item_site_id_on_id'), 'handover_item', ['site_id', 'on', 'id'], unique=False)
    op.create_index(op.f('ix_handover_item_site_id_resident_id_id'), 'handover_item', ['site_id', 'resident_id', 'id'], unique=False)
