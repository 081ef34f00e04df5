"""Products, containers, lots, rounds with their orders and deliveries, and what was handed out."""

import sqlalchemy as sa
from alembic import op

from palier.api import Instant, Key

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('bulk_food_container',
    sa.Column('id', Key, nullable=False),
    sa.Column('site_id', Key, nullable=False),
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('tare', sa.BigInteger(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('tare >= 0', name=op.f('ck_bulk_food_container_tare_least')),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_bulk_food_container_site_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_bulk_food_container')),
    sa.UniqueConstraint('site_id', 'id', name=op.f('uq_bulk_food_container_site_id_id')),
    sa.UniqueConstraint('site_id', 'name', name=op.f('uq_bulk_food_container_site_id_name'))
    )
    op.create_table('bulk_food_round',
    sa.Column('id', Key, nullable=False),
    sa.Column('site_id', Key, nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=40), nullable=False),
    sa.Column('closes_on', sa.Date(), nullable=False),
    sa.Column('pickup_on', sa.Date(), nullable=False),
    sa.Column('reopened', sa.String(length=40), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("reopened IN ('late', 'mistake', 'delivery')", name=op.f('ck_bulk_food_round_reopened_known')),
    sa.CheckConstraint("state IN ('open', 'closed', 'received', 'settled')", name=op.f('ck_bulk_food_round_state_known')),
    sa.CheckConstraint('number >= 1', name=op.f('ck_bulk_food_round_number_least')),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_bulk_food_round_site_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_bulk_food_round')),
    sa.UniqueConstraint('site_id', 'id', name=op.f('uq_bulk_food_round_site_id_id')),
    sa.UniqueConstraint('site_id', 'number', name=op.f('uq_bulk_food_round_site_id_number'))
    )
    op.create_index(op.f('ix_bulk_food_round_site_id_closes_on_id'), 'bulk_food_round', ['site_id', 'closes_on', 'id'], unique=False)
    op.create_index(op.f('ix_bulk_food_round_site_id_pickup_on_id'), 'bulk_food_round', ['site_id', 'pickup_on', 'id'], unique=False)
    op.create_table('bulk_food_product',
    sa.Column('id', Key, nullable=False),
    sa.Column('site_id', Key, nullable=False),
    sa.Column('code', sa.String(length=8), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('sold', sa.String(length=40), nullable=False),
    sa.Column('goods', sa.String(length=40), nullable=False),
    sa.Column('in_their_name', sa.Boolean(), nullable=False),
    sa.Column('allergens_known', sa.Boolean(), nullable=False),
    sa.Column('allergens', sa.JSON(), nullable=True),
    sa.Column('named', sa.String(length=80), nullable=True),
    sa.Column('traces', sa.String(length=80), nullable=True),
    sa.Column('date_kind', sa.String(length=40), nullable=False),
    sa.Column('item', sa.String(length=6), nullable=True),
    sa.Column('barcode', sa.String(length=14), nullable=True),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('provider_id', Key, nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('norm', sa.String(length=400), nullable=False),
    sa.CheckConstraint("date_kind IN ('use_by', 'best_before')", name=op.f('ck_bulk_food_product_date_kind_known')),
    sa.CheckConstraint("goods IN ('everyday', 'perishable', 'below_minus_12', 'diapers_pads', 'cosmetics_and_others', 'liquid_heat_treated_milk', 'raw_milk', 'infant_and_medical', 'feed', 'raw_pet_food', 'feed_additives', 'food_supplements', 'quick_frozen', 'biocides', 'child_resistant', 'batteries', 'tampons')", name=op.f('ck_bulk_food_product_goods_known')),
    sa.CheckConstraint("sold IN ('kg', 'piece')", name=op.f('ck_bulk_food_product_sold_known')),
    sa.ForeignKeyConstraint(['site_id', 'provider_id'], ['provider.site_id', 'provider.id'], name=op.f('fk_bulk_food_product_site_id_provider_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_bulk_food_product_site_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_bulk_food_product')),
    sa.UniqueConstraint('site_id', 'code', name=op.f('uq_bulk_food_product_site_id_code')),
    sa.UniqueConstraint('site_id', 'id', name=op.f('uq_bulk_food_product_site_id_id'))
    )
    op.create_index(op.f('ix_bulk_food_product_site_id_provider_id_id'), 'bulk_food_product', ['site_id', 'provider_id', 'id'], unique=False)
    op.create_table('bulk_food_lot',
    sa.Column('id', Key, nullable=False),
    sa.Column('site_id', Key, nullable=False),
    sa.Column('code', sa.String(length=30), nullable=False),
    sa.Column('until', sa.Date(), nullable=False),
    sa.Column('came_on', sa.Date(), nullable=False),
    sa.Column('received', sa.Integer(), nullable=False),
    sa.Column('rest', sa.Integer(), nullable=False),
    sa.Column('product_id', Key, nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('norm', sa.String(length=400), nullable=False),
    sa.CheckConstraint('rest >= 0', name=op.f('ck_bulk_food_lot_rest_least')),
    sa.CheckConstraint('received >= 0', name=op.f('ck_bulk_food_lot_received_least')),
    sa.ForeignKeyConstraint(['site_id', 'product_id'], ['bulk_food_product.site_id', 'bulk_food_product.id'], name=op.f('fk_bulk_food_lot_site_id_product_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_bulk_food_lot_site_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_bulk_food_lot')),
    sa.UniqueConstraint('site_id', 'id', name=op.f('uq_bulk_food_lot_site_id_id')),
    sa.UniqueConstraint('site_id', 'product_id', 'code', name=op.f('uq_bulk_food_lot_site_id_product_id_code'))
    )
    op.create_index(op.f('ix_bulk_food_lot_site_id_came_on_id'), 'bulk_food_lot', ['site_id', 'came_on', 'id'], unique=False)
    op.create_index(op.f('ix_bulk_food_lot_site_id_product_id_id'), 'bulk_food_lot', ['site_id', 'product_id', 'id'], unique=False)
    op.create_index(op.f('ix_bulk_food_lot_site_id_until_id'), 'bulk_food_lot', ['site_id', 'until', 'id'], unique=False)
    op.create_table('bulk_food_delivery',
    sa.Column('id', Key, nullable=False),
    sa.Column('site_id', Key, nullable=False),
    sa.Column('amount', sa.Integer(), nullable=False),
    sa.Column('round_id', Key, nullable=False),
    sa.Column('lot_id', Key, nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('amount >= 0', name=op.f('ck_bulk_food_delivery_amount_least')),
    sa.ForeignKeyConstraint(['site_id', 'lot_id'], ['bulk_food_lot.site_id', 'bulk_food_lot.id'], name=op.f('fk_bulk_food_delivery_site_id_lot_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id', 'round_id'], ['bulk_food_round.site_id', 'bulk_food_round.id'], name=op.f('fk_bulk_food_delivery_site_id_round_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_bulk_food_delivery_site_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_bulk_food_delivery')),
    sa.UniqueConstraint('site_id', 'id', name=op.f('uq_bulk_food_delivery_site_id_id')),
    sa.UniqueConstraint('site_id', 'round_id', 'lot_id', name=op.f('uq_bulk_food_delivery_site_id_round_id_lot_id'))
    )
    op.create_index(op.f('ix_bulk_food_delivery_site_id_lot_id_id'), 'bulk_food_delivery', ['site_id', 'lot_id', 'id'], unique=False)
    op.create_index(op.f('ix_bulk_food_delivery_site_id_round_id_id'), 'bulk_food_delivery', ['site_id', 'round_id', 'id'], unique=False)
    op.create_table('bulk_food_move',
    sa.Column('id', Key, nullable=False),
    sa.Column('site_id', Key, nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.Column('at', Instant(), nullable=False),
    sa.Column('undone', sa.Boolean(), nullable=False),
    sa.Column('container_id', Key, nullable=False),
    sa.Column('household_id', Key, nullable=False),
    sa.Column('resident_id', Key, nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['site_id', 'container_id'], ['bulk_food_container.site_id', 'bulk_food_container.id'], name=op.f('fk_bulk_food_move_site_id_container_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id', 'household_id'], ['household.site_id', 'household.id'], name=op.f('fk_bulk_food_move_site_id_household_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id', 'resident_id'], ['resident.site_id', 'resident.id'], name=op.f('fk_bulk_food_move_site_id_resident_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_bulk_food_move_site_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_bulk_food_move')),
    sa.UniqueConstraint('site_id', 'id', name=op.f('uq_bulk_food_move_site_id_id'))
    )
    op.create_index(op.f('ix_bulk_food_move_site_id_at_id'), 'bulk_food_move', ['site_id', 'at', 'id'], unique=False)
    op.create_index(op.f('ix_bulk_food_move_site_id_container_id_id'), 'bulk_food_move', ['site_id', 'container_id', 'id'], unique=False)
    op.create_index(op.f('ix_bulk_food_move_site_id_household_id_id'), 'bulk_food_move', ['site_id', 'household_id', 'id'], unique=False)
    op.create_index(op.f('ix_bulk_food_move_site_id_resident_id_id'), 'bulk_food_move', ['site_id', 'resident_id', 'id'], unique=False)
    op.create_table('bulk_food_order',
    sa.Column('id', Key, nullable=False),
    sa.Column('site_id', Key, nullable=False),
    sa.Column('ordered_on', sa.Date(), nullable=False),
    sa.Column('round_id', Key, nullable=False),
    sa.Column('household_id', Key, nullable=False),
    sa.Column('resident_id', Key, nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['site_id', 'household_id'], ['household.site_id', 'household.id'], name=op.f('fk_bulk_food_order_site_id_household_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id', 'resident_id'], ['resident.site_id', 'resident.id'], name=op.f('fk_bulk_food_order_site_id_resident_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id', 'round_id'], ['bulk_food_round.site_id', 'bulk_food_round.id'], name=op.f('fk_bulk_food_order_site_id_round_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_bulk_food_order_site_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_bulk_food_order')),
    sa.UniqueConstraint('site_id', 'id', name=op.f('uq_bulk_food_order_site_id_id')),
    sa.UniqueConstraint('site_id', 'round_id', 'household_id', name=op.f('uq_bulk_food_order_site_id_round_id_household_id'))
    )
    op.create_index(op.f('ix_bulk_food_order_site_id_household_id_id'), 'bulk_food_order', ['site_id', 'household_id', 'id'], unique=False)
    op.create_index(op.f('ix_bulk_food_order_site_id_ordered_on_id'), 'bulk_food_order', ['site_id', 'ordered_on', 'id'], unique=False)
    op.create_index(op.f('ix_bulk_food_order_site_id_resident_id_id'), 'bulk_food_order', ['site_id', 'resident_id', 'id'], unique=False)
    op.create_index(op.f('ix_bulk_food_order_site_id_round_id_id'), 'bulk_food_order', ['site_id', 'round_id', 'id'], unique=False)
    op.create_table('bulk_food_order_line',
    sa.Column('id', Key, nullable=False),
    sa.Column('site_id', Key, nullable=False),
    sa.Column('asked', sa.Integer(), nullable=False),
    sa.Column('share', sa.Integer(), nullable=True),
    sa.Column('given', sa.Integer(), nullable=False),
    sa.Column('order_id', Key, nullable=False),
    sa.Column('product_id', Key, nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('asked >= 1', name=op.f('ck_bulk_food_order_line_asked_least')),
    sa.CheckConstraint('given >= 0', name=op.f('ck_bulk_food_order_line_given_least')),
    sa.CheckConstraint('share >= 0', name=op.f('ck_bulk_food_order_line_share_least')),
    sa.ForeignKeyConstraint(['site_id', 'order_id'], ['bulk_food_order.site_id', 'bulk_food_order.id'], name=op.f('fk_bulk_food_order_line_site_id_order_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id', 'product_id'], ['bulk_food_product.site_id', 'bulk_food_product.id'], name=op.f('fk_bulk_food_order_line_site_id_product_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_bulk_food_order_line_site_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_bulk_food_order_line')),
    sa.UniqueConstraint('site_id', 'id', name=op.f('uq_bulk_food_order_line_site_id_id')),
    sa.UniqueConstraint('site_id', 'order_id', 'product_id', name=op.f('uq_bulk_food_order_line_site_id_order_id_product_id'))
    )
    op.create_index(op.f('ix_bulk_food_order_line_site_id_order_id_id'), 'bulk_food_order_line', ['site_id', 'order_id', 'id'], unique=False)
    op.create_index(op.f('ix_bulk_food_order_line_site_id_product_id_id'), 'bulk_food_order_line', ['site_id', 'product_id', 'id'], unique=False)
    op.create_table('bulk_food_portion',
    sa.Column('id', Key, nullable=False),
    sa.Column('site_id', Key, nullable=False),
    sa.Column('amount', sa.Integer(), nullable=False),
    sa.Column('tare', sa.BigInteger(), nullable=False),
    sa.Column('at', Instant(), nullable=False),
    sa.Column('undone', sa.Boolean(), nullable=False),
    sa.Column('lot_id', Key, nullable=False),
    sa.Column('line_id', Key, nullable=True),
    sa.Column('household_id', Key, nullable=True),
    sa.Column('resident_id', Key, nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('amount >= 1', name=op.f('ck_bulk_food_portion_amount_least')),
    sa.CheckConstraint('tare >= 0', name=op.f('ck_bulk_food_portion_tare_least')),
    sa.ForeignKeyConstraint(['site_id', 'household_id'], ['household.site_id', 'household.id'], name=op.f('fk_bulk_food_portion_site_id_household_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id', 'line_id'], ['bulk_food_order_line.site_id', 'bulk_food_order_line.id'], name=op.f('fk_bulk_food_portion_site_id_line_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id', 'lot_id'], ['bulk_food_lot.site_id', 'bulk_food_lot.id'], name=op.f('fk_bulk_food_portion_site_id_lot_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id', 'resident_id'], ['resident.site_id', 'resident.id'], name=op.f('fk_bulk_food_portion_site_id_resident_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_bulk_food_portion_site_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_bulk_food_portion')),
    sa.UniqueConstraint('site_id', 'id', name=op.f('uq_bulk_food_portion_site_id_id'))
    )
    op.create_index(op.f('ix_bulk_food_portion_site_id_at_id'), 'bulk_food_portion', ['site_id', 'at', 'id'], unique=False)
    op.create_index(op.f('ix_bulk_food_portion_site_id_household_id_id'), 'bulk_food_portion', ['site_id', 'household_id', 'id'], unique=False)
    op.create_index(op.f('ix_bulk_food_portion_site_id_line_id_id'), 'bulk_food_portion', ['site_id', 'line_id', 'id'], unique=False)
    op.create_index(op.f('ix_bulk_food_portion_site_id_lot_id_id'), 'bulk_food_portion', ['site_id', 'lot_id', 'id'], unique=False)
    op.create_index(op.f('ix_bulk_food_portion_site_id_resident_id_id'), 'bulk_food_portion', ['site_id', 'resident_id', 'id'], unique=False)
