"""Breads, their days, delivery notes and reservations."""

import sqlalchemy as sa
from alembic import op

from palier.api import Key

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('bread_depot_series',
    sa.Column('id', Key, nullable=False),
    sa.Column('site_id', Key, nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('last', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('last >= 0', name=op.f('ck_bread_depot_series_last_least')),
    sa.CheckConstraint('year <= 2200', name=op.f('ck_bread_depot_series_year_most')),
    sa.CheckConstraint('year >= 2000', name=op.f('ck_bread_depot_series_year_least')),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_bread_depot_series_site_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_bread_depot_series')),
    sa.UniqueConstraint('site_id', 'id', name=op.f('uq_bread_depot_series_site_id_id')),
    sa.UniqueConstraint('site_id', 'year', name=op.f('uq_bread_depot_series_site_id_year'))
    )
    op.create_table('bread_depot_bread',
    sa.Column('id', Key, nullable=False),
    sa.Column('site_id', Key, nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('key', sa.String(length=1), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('suspended', sa.Integer(), nullable=False),
    sa.Column('baker_id', Key, nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('suspended >= 0', name=op.f('ck_bread_depot_bread_suspended_least')),
    sa.ForeignKeyConstraint(['site_id', 'baker_id'], ['provider.site_id', 'provider.id'], name=op.f('fk_bread_depot_bread_site_id_baker_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_bread_depot_bread_site_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_bread_depot_bread')),
    sa.UniqueConstraint('site_id', 'id', name=op.f('uq_bread_depot_bread_site_id_id')),
    sa.UniqueConstraint('site_id', 'key', name=op.f('uq_bread_depot_bread_site_id_key'))
    )
    op.create_index(op.f('ix_bread_depot_bread_site_id_baker_id_id'), 'bread_depot_bread', ['site_id', 'baker_id', 'id'], unique=False)
    op.create_table('bread_depot_delivery',
    sa.Column('id', Key, nullable=False),
    sa.Column('site_id', Key, nullable=False),
    sa.Column('number', sa.String(length=20), nullable=False),
    sa.Column('came_on', sa.Date(), nullable=False),
    sa.Column('baker_id', Key, nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['site_id', 'baker_id'], ['provider.site_id', 'provider.id'], name=op.f('fk_bread_depot_delivery_site_id_baker_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_bread_depot_delivery_site_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_bread_depot_delivery')),
    sa.UniqueConstraint('site_id', 'id', name=op.f('uq_bread_depot_delivery_site_id_id')),
    sa.UniqueConstraint('site_id', 'number', name=op.f('uq_bread_depot_delivery_site_id_number'))
    )
    op.create_index(op.f('ix_bread_depot_delivery_site_id_baker_id_id'), 'bread_depot_delivery', ['site_id', 'baker_id', 'id'], unique=False)
    op.create_index(op.f('ix_bread_depot_delivery_site_id_came_on_id'), 'bread_depot_delivery', ['site_id', 'came_on', 'id'], unique=False)
    op.create_table('bread_depot_batch',
    sa.Column('id', Key, nullable=False),
    sa.Column('site_id', Key, nullable=False),
    sa.Column('baked_on', sa.Date(), nullable=False),
    sa.Column('delivered', sa.Integer(), nullable=False),
    sa.Column('reserved', sa.Integer(), nullable=False),
    sa.Column('sold', sa.Integer(), nullable=False),
    sa.Column('returned', sa.Integer(), nullable=False),
    sa.Column('given', sa.Integer(), nullable=False),
    sa.Column('bread_id', Key, nullable=False),
    sa.Column('delivery_id', Key, nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('delivered >= 0', name=op.f('ck_bread_depot_batch_delivered_least')),
    sa.CheckConstraint('given >= 0', name=op.f('ck_bread_depot_batch_given_least')),
    sa.CheckConstraint('reserved >= 0', name=op.f('ck_bread_depot_batch_reserved_least')),
    sa.CheckConstraint('returned >= 0', name=op.f('ck_bread_depot_batch_returned_least')),
    sa.CheckConstraint('sold >= 0', name=op.f('ck_bread_depot_batch_sold_least')),
    sa.ForeignKeyConstraint(['site_id', 'bread_id'], ['bread_depot_bread.site_id', 'bread_depot_bread.id'], name=op.f('fk_bread_depot_batch_site_id_bread_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id', 'delivery_id'], ['bread_depot_delivery.site_id', 'bread_depot_delivery.id'], name=op.f('fk_bread_depot_batch_site_id_delivery_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_bread_depot_batch_site_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_bread_depot_batch')),
    sa.UniqueConstraint('site_id', 'baked_on', 'bread_id', name=op.f('uq_bread_depot_batch_site_id_baked_on_bread_id')),
    sa.UniqueConstraint('site_id', 'id', name=op.f('uq_bread_depot_batch_site_id_id'))
    )
    op.create_index(op.f('ix_bread_depot_batch_site_id_baked_on_id'), 'bread_depot_batch', ['site_id', 'baked_on', 'id'], unique=False)
    op.create_index(op.f('ix_bread_depot_batch_site_id_bread_id_id'), 'bread_depot_batch', ['site_id', 'bread_id', 'id'], unique=False)
    op.create_index(op.f('ix_bread_depot_batch_site_id_delivery_id_id'), 'bread_depot_batch', ['site_id', 'delivery_id', 'id'], unique=False)
    op.create_table('bread_depot_order',
    sa.Column('id', Key, nullable=False),
    sa.Column('site_id', Key, nullable=False),
    sa.Column('fetch_on', sa.Date(), nullable=False),
    sa.Column('loaves', sa.Integer(), nullable=False),
    sa.Column('ahead', sa.Boolean(), nullable=False),
    sa.Column('taken', sa.Integer(), nullable=False),
    sa.Column('for_neighbour', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=40), nullable=False),
    sa.Column('resident_id', Key, nullable=True),
    sa.Column('bread_id', Key, nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("state IN ('waiting', 'fetched', 'cancelled', 'missed')", name=op.f('ck_bread_depot_order_state_known')),
    sa.CheckConstraint('for_neighbour >= 0', name=op.f('ck_bread_depot_order_for_neighbour_least')),
    sa.CheckConstraint('loaves >= 1', name=op.f('ck_bread_depot_order_loaves_least')),
    sa.CheckConstraint('taken >= 0', name=op.f('ck_bread_depot_order_taken_least')),
    sa.ForeignKeyConstraint(['site_id', 'bread_id'], ['bread_depot_bread.site_id', 'bread_depot_bread.id'], name=op.f('fk_bread_depot_order_site_id_bread_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id', 'resident_id'], ['resident.site_id', 'resident.id'], name=op.f('fk_bread_depot_order_site_id_resident_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_bread_depot_order_site_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_bread_depot_order')),
    sa.UniqueConstraint('site_id', 'id', name=op.f('uq_bread_depot_order_site_id_id'))
    )
    op.create_index(op.f('ix_bread_depot_order_site_id_bread_id_id'), 'bread_depot_order', ['site_id', 'bread_id', 'id'], unique=False)
    op.create_index(op.f('ix_bread_depot_order_site_id_fetch_on_id'), 'bread_depot_order', ['site_id', 'fetch_on', 'id'], unique=False)
    op.create_index(op.f('ix_bread_depot_order_site_id_resident_id_id'), 'bread_depot_order', ['site_id', 'resident_id', 'id'], unique=False)
    op.create_index(op.f('ix_bread_depot_order_site_id_state_id'), 'bread_depot_order', ['site_id', 'state', 'id'], unique=False)
