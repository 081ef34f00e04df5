"""Carriers, places, drops and what they bring."""

import sqlalchemy as sa
from alembic import op

from palier.api import Instant, Key

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('postal_relay_carrier',
    sa.Column('id', Key, nullable=False),
    sa.Column('site_id', Key, nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('word', sa.String(length=40), nullable=False),
    sa.Column('network', sa.String(length=40), nullable=False),
    sa.Column('registered', sa.Boolean(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_postal_relay_carrier_site_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_postal_relay_carrier')),
    sa.UniqueConstraint('site_id', 'id', name=op.f('uq_postal_relay_carrier_site_id_id')),
    sa.UniqueConstraint('site_id', 'word', name=op.f('uq_postal_relay_carrier_site_id_word'))
    )
    op.create_index(op.f('ix_postal_relay_carrier_site_id_name_id'), 'postal_relay_carrier', ['site_id', 'name', 'id'], unique=False)
    op.create_table('postal_relay_place',
    sa.Column('id', Key, nullable=False),
    sa.Column('site_id', Key, nullable=False),
    sa.Column('code', sa.String(length=10), nullable=False),
    sa.Column('size', sa.String(length=40), nullable=False),
    sa.Column('room', sa.Integer(), nullable=False),
    sa.Column('locked', sa.Boolean(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("size IN ('letter', 'small', 'medium', 'large')", name=op.f('ck_postal_relay_place_size_known')),
    sa.CheckConstraint('room <= 200', name=op.f('ck_postal_relay_place_room_most')),
    sa.CheckConstraint('room >= 1', name=op.f('ck_postal_relay_place_room_least')),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_postal_relay_place_site_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_postal_relay_place')),
    sa.UniqueConstraint('site_id', 'code', name=op.f('uq_postal_relay_place_site_id_code')),
    sa.UniqueConstraint('site_id', 'id', name=op.f('uq_postal_relay_place_site_id_id'))
    )
    op.create_index(op.f('ix_postal_relay_place_site_id_code_id'), 'postal_relay_place', ['site_id', 'code', 'id'], unique=False)
    op.create_table('postal_relay_drop',
    sa.Column('id', Key, nullable=False),
    sa.Column('site_id', Key, nullable=False),
    sa.Column('opened_at', Instant(), nullable=False),
    sa.Column('opened_by', sa.String(length=80), nullable=False),
    sa.Column('announced', sa.Integer(), nullable=True),
    sa.Column('received', sa.Integer(), nullable=False),
    sa.Column('missing', sa.Integer(), nullable=False),
    sa.Column('extra', sa.Integer(), nullable=False),
    sa.Column('closed_at', Instant(), nullable=True),
    sa.Column('closed_by', sa.String(length=80), nullable=True),
    sa.Column('carrier_id', Key, nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('announced <= 2000', name=op.f('ck_postal_relay_drop_announced_most')),
    sa.CheckConstraint('announced >= 0', name=op.f('ck_postal_relay_drop_announced_least')),
    sa.CheckConstraint('extra >= 0', name=op.f('ck_postal_relay_drop_extra_least')),
    sa.CheckConstraint('missing >= 0', name=op.f('ck_postal_relay_drop_missing_least')),
    sa.CheckConstraint('received >= 0', name=op.f('ck_postal_relay_drop_received_least')),
    sa.ForeignKeyConstraint(['site_id', 'carrier_id'], ['postal_relay_carrier.site_id', 'postal_relay_carrier.id'], name=op.f('fk_postal_relay_drop_site_id_carrier_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_postal_relay_drop_site_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_postal_relay_drop')),
    sa.UniqueConstraint('site_id', 'id', name=op.f('uq_postal_relay_drop_site_id_id'))
    )
    op.create_index(op.f('ix_postal_relay_drop_site_id_carrier_id_id'), 'postal_relay_drop', ['site_id', 'carrier_id', 'id'], unique=False)
    op.create_index(op.f('ix_postal_relay_drop_site_id_closed_at_id'), 'postal_relay_drop', ['site_id', 'closed_at', 'id'], unique=False)
    op.create_index(op.f('ix_postal_relay_drop_site_id_opened_at_id'), 'postal_relay_drop', ['site_id', 'opened_at', 'id'], unique=False)
    op.create_table('postal_relay_rule',
    sa.Column('id', Key, nullable=False),
    sa.Column('site_id', Key, nullable=False),
    sa.Column('days', sa.Integer(), nullable=False),
    sa.Column('counted_from', sa.String(length=40), nullable=False),
    sa.Column('notice', sa.Boolean(), nullable=False),
    sa.Column('code', sa.Boolean(), nullable=False),
    sa.Column('other_document', sa.Boolean(), nullable=False),
    sa.Column('other_proxy', sa.Boolean(), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.Column('source', sa.String(length=120), nullable=False),
    sa.Column('carrier_id', Key, nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("counted_from IN ('arrival', 'notice')", name=op.f('ck_postal_relay_rule_counted_from_known')),
    sa.CheckConstraint('days <= 60', name=op.f('ck_postal_relay_rule_days_most')),
    sa.CheckConstraint('days >= 1', name=op.f('ck_postal_relay_rule_days_least')),
    sa.ForeignKeyConstraint(['site_id', 'carrier_id'], ['postal_relay_carrier.site_id', 'postal_relay_carrier.id'], name=op.f('fk_postal_relay_rule_site_id_carrier_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_postal_relay_rule_site_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_postal_relay_rule')),
    sa.UniqueConstraint('site_id', 'carrier_id', 'valid_from', name=op.f('uq_postal_relay_rule_site_id_carrier_id_valid_from')),
    sa.UniqueConstraint('site_id', 'id', name=op.f('uq_postal_relay_rule_site_id_id'))
    )
    op.create_index(op.f('ix_postal_relay_rule_site_id_carrier_id_id'), 'postal_relay_rule', ['site_id', 'carrier_id', 'id'], unique=False)
    op.create_index(op.f('ix_postal_relay_rule_site_id_valid_from_id'), 'postal_relay_rule', ['site_id', 'valid_from', 'id'], unique=False)
    op.create_table('postal_relay_parcel',
    sa.Column('id', Key, nullable=False),
    sa.Column('site_id', Key, nullable=False),
    sa.Column('number', sa.String(length=40), nullable=True),
    sa.Column('own_number', sa.Boolean(), nullable=False),
    sa.Column('proven', sa.Boolean(), nullable=False),
    sa.Column('listed', sa.Boolean(), nullable=False),
    sa.Column('registered', sa.Boolean(), nullable=False),
    sa.Column('addressee', sa.String(length=80), nullable=True),
    sa.Column('size', sa.String(length=40), nullable=False),
    sa.Column('state', sa.String(length=40), nullable=False),
    sa.Column('arrived_on', sa.Date(), nullable=True),
    sa.Column('received_at', Instant(), nullable=True),
    sa.Column('last_day', sa.Date(), nullable=True),
    sa.Column('until', sa.Date(), nullable=True),
    sa.Column('papers_at', Instant(), nullable=True),
    sa.Column('taken_by', sa.String(length=40), nullable=True),
    sa.Column('seen', sa.JSON(), nullable=True),
    sa.Column('ended_at', Instant(), nullable=True),
    sa.Column('ended_by', sa.String(length=80), nullable=True),
    sa.Column('carrier_id', Key, nullable=False),
    sa.Column('drop_id', Key, nullable=False),
    sa.Column('resident_id', Key, nullable=True),
    sa.Column('place_id', Key, nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("size IN ('letter', 'small', 'medium', 'large')", name=op.f('ck_postal_relay_parcel_size_known')),
    sa.CheckConstraint("state IN ('expected', 'received', 'shelved', 'notified', 'collected', 'refused', 'returned', 'lost')", name=op.f('ck_postal_relay_parcel_state_known')),
    sa.CheckConstraint("taken_by IN ('addressee', 'other')", name=op.f('ck_postal_relay_parcel_taken_by_known')),
    sa.ForeignKeyConstraint(['site_id', 'carrier_id'], ['postal_relay_carrier.site_id', 'postal_relay_carrier.id'], name=op.f('fk_postal_relay_parcel_site_id_carrier_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id', 'drop_id'], ['postal_relay_drop.site_id', 'postal_relay_drop.id'], name=op.f('fk_postal_relay_parcel_site_id_drop_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id', 'place_id'], ['postal_relay_place.site_id', 'postal_relay_place.id'], name=op.f('fk_postal_relay_parcel_site_id_place_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id', 'resident_id'], ['resident.site_id', 'resident.id'], name=op.f('fk_postal_relay_parcel_site_id_resident_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_postal_relay_parcel_site_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_postal_relay_parcel')),
    sa.UniqueConstraint('site_id', 'carrier_id', 'number', 'arrived_on', name=op.f('uq_postal_relay_parcel_site_id_carrier_id_number_arrived_on')),
    sa.UniqueConstraint('site_id', 'id', name=op.f('uq_postal_relay_parcel_site_id_id'))
    )
    op.create_index(op.f('ix_postal_relay_parcel_site_id_arrived_on_id'), 'postal_relay_parcel', ['site_id', 'arrived_on', 'id'], unique=False)
    op.create_index(op.f('ix_postal_relay_parcel_site_id_carrier_id_id'), 'postal_relay_parcel', ['site_id', 'carrier_id', 'id'], unique=False)
    op.create_index(op.f('ix_postal_relay_parcel_site_id_drop_id_id'), 'postal_relay_parcel', ['site_id', 'drop_id', 'id'], unique=False)
    op.create_index(op.f('ix_postal_relay_parcel_site_id_number_id'), 'postal_relay_parcel', ['site_id', 'number', 'id'], unique=False)
    op.create_index(op.f('ix_postal_relay_parcel_site_id_place_id_id'), 'postal_relay_parcel', ['site_id', 'place_id', 'id'], unique=False)
    op.create_index(op.f('ix_postal_relay_parcel_site_id_resident_id_id'), 'postal_relay_parcel', ['site_id', 'resident_id', 'id'], unique=False)
    op.create_index(op.f('ix_postal_relay_parcel_site_id_state_id'), 'postal_relay_parcel', ['site_id', 'state', 'id'], unique=False)
    op.create_index(op.f('ix_postal_relay_parcel_site_id_until_id'), 'postal_relay_parcel', ['site_id', 'until', 'id'], unique=False)
    op.create_table('postal_relay_stage',
    sa.Column('id', Key, nullable=False),
    sa.Column('site_id', Key, nullable=False),
    sa.Column('state', sa.String(length=40), nullable=False),
    sa.Column('at', Instant(), nullable=False),
    sa.Column('by', sa.String(length=80), nullable=False),
    sa.Column('parcel_id', Key, nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("state IN ('expected', 'received', 'shelved', 'notified', 'collected', 'refused', 'returned', 'lost')", name=op.f('ck_postal_relay_stage_state_known')),
    sa.ForeignKeyConstraint(['site_id', 'parcel_id'], ['postal_relay_parcel.site_id', 'postal_relay_parcel.id'], name=op.f('fk_postal_relay_stage_site_id_parcel_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_postal_relay_stage_site_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_postal_relay_stage')),
    sa.UniqueConstraint('site_id', 'id', name=op.f('uq_postal_relay_stage_site_id_id'))
    )
    op.create_index(op.f('ix_postal_relay_stage_site_id_at_id'), 'postal_relay_stage', ['site_id', 'at', 'id'], unique=False)
    op.create_index(op.f('ix_postal_relay_stage_site_id_parcel_id_id'), 'postal_relay_stage', ['site_id', 'parcel_id', 'id'], unique=False)
