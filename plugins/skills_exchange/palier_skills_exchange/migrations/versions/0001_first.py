"""Members, offers and wants, the ledger, vouchers, suggestions."""

import sqlalchemy as sa
from alembic import op

from palier.api import Instant, Key

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('skills_exchange_sheet',
    sa.Column('id', Key, nullable=False),
    sa.Column('site_id', Key, nullable=False),
    sa.Column('printed_at', Instant(), nullable=False),
    sa.Column('vouchers', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('vouchers <= 96', name=op.f('ck_skills_exchange_sheet_vouchers_most')),
    sa.CheckConstraint('vouchers >= 1', name=op.f('ck_skills_exchange_sheet_vouchers_least')),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_skills_exchange_sheet_site_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_skills_exchange_sheet')),
    sa.UniqueConstraint('site_id', 'id', name=op.f('uq_skills_exchange_sheet_site_id_id'))
    )
    op.create_index(op.f('ix_skills_exchange_sheet_site_id_printed_at_id'), 'skills_exchange_sheet', ['site_id', 'printed_at', 'id'], unique=False)
    op.create_table('skills_exchange_listing',
    sa.Column('id', Key, nullable=False),
    sa.Column('site_id', Key, nullable=False),
    sa.Column('side', sa.String(length=40), nullable=False),
    sa.Column('category', sa.String(length=40), nullable=False),
    sa.Column('what', sa.String(length=60), nullable=False),
    sa.Column('printed', sa.Boolean(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=False),
    sa.Column('state', sa.String(length=40), nullable=False),
    sa.Column('resident_id', Key, nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("category IN ('digital', 'letters', 'cooking', 'sewing', 'repairs', 'garden', 'languages', 'school', 'company', 'errands', 'animals', 'arts', 'roof', 'electricity', 'gas', 'other')", name=op.f('ck_skills_exchange_listing_category_known')),
    sa.CheckConstraint("side IN ('offer', 'want')", name=op.f('ck_skills_exchange_listing_side_known')),
    sa.CheckConstraint("state IN ('active', 'ended')", name=op.f('ck_skills_exchange_listing_state_known')),
    sa.ForeignKeyConstraint(['site_id', 'resident_id'], ['resident.site_id', 'resident.id'], name=op.f('fk_skills_exchange_listing_site_id_resident_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_skills_exchange_listing_site_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_skills_exchange_listing')),
    sa.UniqueConstraint('site_id', 'id', name=op.f('uq_skills_exchange_listing_site_id_id'))
    )
    op.create_index(op.f('ix_skills_exchange_listing_site_id_ends_on_id'), 'skills_exchange_listing', ['site_id', 'ends_on', 'id'], unique=False)
    op.create_index(op.f('ix_skills_exchange_listing_site_id_resident_id_id'), 'skills_exchange_listing', ['site_id', 'resident_id', 'id'], unique=False)
    op.create_table('skills_exchange_member',
    sa.Column('id', Key, nullable=False),
    sa.Column('site_id', Key, nullable=False),
    sa.Column('trade', sa.String(length=40), nullable=True),
    sa.Column('joined_on', sa.Date(), nullable=False),
    sa.Column('left_on', sa.Date(), nullable=True),
    sa.Column('resident_id', Key, nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("trade IN ('digital', 'letters', 'cooking', 'sewing', 'repairs', 'garden', 'languages', 'school', 'company', 'errands', 'animals', 'arts', 'roof', 'electricity', 'gas', 'other')", name=op.f('ck_skills_exchange_member_trade_known')),
    sa.ForeignKeyConstraint(['site_id', 'resident_id'], ['resident.site_id', 'resident.id'], name=op.f('fk_skills_exchange_member_site_id_resident_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_skills_exchange_member_site_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_skills_exchange_member')),
    sa.UniqueConstraint('site_id', 'id', name=op.f('uq_skills_exchange_member_site_id_id'))
    )
    op.create_index(op.f('ix_skills_exchange_member_site_id_joined_on_id'), 'skills_exchange_member', ['site_id', 'joined_on', 'id'], unique=False)
    op.create_index(op.f('ix_skills_exchange_member_site_id_resident_id_id'), 'skills_exchange_member', ['site_id', 'resident_id', 'id'], unique=False)
    op.create_table('skills_exchange_suggestion',
    sa.Column('id', Key, nullable=False),
    sa.Column('site_id', Key, nullable=False),
    sa.Column('key', sa.String(length=120), nullable=False),
    sa.Column('first_gives', sa.String(length=40), nullable=False),
    sa.Column('second_gives', sa.String(length=40), nullable=True),
    sa.Column('third_gives', sa.String(length=40), nullable=True),
    sa.Column('made_on', sa.Date(), nullable=False),
    sa.Column('state', sa.String(length=40), nullable=False),
    sa.Column('ended_at', Instant(), nullable=True),
    sa.Column('first_id', Key, nullable=False),
    sa.Column('second_id', Key, nullable=False),
    sa.Column('third_id', Key, nullable=True),
    sa.Column('left_id', Key, nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("first_gives IN ('digital', 'letters', 'cooking', 'sewing', 'repairs', 'garden', 'languages', 'school', 'company', 'errands', 'animals', 'arts', 'roof', 'electricity', 'gas', 'other')", name=op.f('ck_skills_exchange_suggestion_first_gives_known')),
    sa.CheckConstraint("second_gives IN ('digital', 'letters', 'cooking', 'sewing', 'repairs', 'garden', 'languages', 'school', 'company', 'errands', 'animals', 'arts', 'roof', 'electricity', 'gas', 'other')", name=op.f('ck_skills_exchange_suggestion_second_gives_known')),
    sa.CheckConstraint("state IN ('open', 'agreed', 'dismissed', 'dissolved', 'seen')", name=op.f('ck_skills_exchange_suggestion_state_known')),
    sa.CheckConstraint("third_gives IN ('digital', 'letters', 'cooking', 'sewing', 'repairs', 'garden', 'languages', 'school', 'company', 'errands', 'animals', 'arts', 'roof', 'electricity', 'gas', 'other')", name=op.f('ck_skills_exchange_suggestion_third_gives_known')),
    sa.ForeignKeyConstraint(['site_id', 'first_id'], ['resident.site_id', 'resident.id'], name=op.f('fk_skills_exchange_suggestion_site_id_first_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id', 'left_id'], ['resident.site_id', 'resident.id'], name=op.f('fk_skills_exchange_suggestion_site_id_left_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id', 'second_id'], ['resident.site_id', 'resident.id'], name=op.f('fk_skills_exchange_suggestion_site_id_second_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id', 'third_id'], ['resident.site_id', 'resident.id'], name=op.f('fk_skills_exchange_suggestion_site_id_third_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_skills_exchange_suggestion_site_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_skills_exchange_suggestion')),
    sa.UniqueConstraint('site_id', 'id', name=op.f('uq_skills_exchange_suggestion_site_id_id')),
    sa.UniqueConstraint('site_id', 'key', name=op.f('uq_skills_exchange_suggestion_site_id_key'))
    )
    op.create_index(op.f('ix_skills_exchange_suggestion_site_id_first_id_id'), 'skills_exchange_suggestion', ['site_id', 'first_id', 'id'], unique=False)
    op.create_index(op.f('ix_skills_exchange_suggestion_site_id_left_id_id'), 'skills_exchange_suggestion', ['site_id', 'left_id', 'id'], unique=False)
    op.create_index(op.f('ix_skills_exchange_suggestion_site_id_made_on_id'), 'skills_exchange_suggestion', ['site_id', 'made_on', 'id'], unique=False)
    op.create_index(op.f('ix_skills_exchange_suggestion_site_id_second_id_id'), 'skills_exchange_suggestion', ['site_id', 'second_id', 'id'], unique=False)
    op.create_index(op.f('ix_skills_exchange_suggestion_site_id_third_id_id'), 'skills_exchange_suggestion', ['site_id', 'third_id', 'id'], unique=False)
    op.create_table('skills_exchange_exchange',
    sa.Column('id', Key, nullable=False),
    sa.Column('site_id', Key, nullable=False),
    sa.Column('category', sa.String(length=40), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('minutes', sa.Integer(), nullable=False),
    sa.Column('at', Instant(), nullable=False),
    sa.Column('person_code', sa.String(length=20), nullable=False),
    sa.Column('agreed', sa.String(length=40), nullable=False),
    sa.Column('beyond', sa.String(length=40), nullable=False),
    sa.Column('is_correction', sa.Boolean(), nullable=False),
    sa.Column('corrected_at', Instant(), nullable=True),
    sa.Column('giver_id', Key, nullable=True),
    sa.Column('receiver_id', Key, nullable=True),
    sa.Column('offer_id', Key, nullable=True),
    sa.CheckConstraint("agreed IN ('not_asked', 'said', 'signed')", name=op.f('ck_skills_exchange_exchange_agreed_known')),
    sa.CheckConstraint("beyond IN ('none', 'floor', 'ceiling')", name=op.f('ck_skills_exchange_exchange_beyond_known')),
    sa.CheckConstraint("category IN ('digital', 'letters', 'cooking', 'sewing', 'repairs', 'garden', 'languages', 'school', 'company', 'errands', 'animals', 'arts', 'roof', 'electricity', 'gas', 'other')", name=op.f('ck_skills_exchange_exchange_category_known')),
    sa.CheckConstraint("kind IN ('gift', 'hours', 'left')", name=op.f('ck_skills_exchange_exchange_kind_known')),
    sa.CheckConstraint('minutes >= 1', name=op.f('ck_skills_exchange_exchange_minutes_least')),
    sa.ForeignKeyConstraint(['site_id', 'giver_id'], ['resident.site_id', 'resident.id'], name=op.f('fk_skills_exchange_exchange_site_id_giver_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id', 'offer_id'], ['skills_exchange_listing.site_id', 'skills_exchange_listing.id'], name=op.f('fk_skills_exchange_exchange_site_id_offer_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id', 'receiver_id'], ['resident.site_id', 'resident.id'], name=op.f('fk_skills_exchange_exchange_site_id_receiver_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_skills_exchange_exchange_site_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_skills_exchange_exchange')),
    sa.UniqueConstraint('site_id', 'id', name=op.f('uq_skills_exchange_exchange_site_id_id'))
    )
    op.create_index(op.f('ix_skills_exchange_exchange_site_id_at_id'), 'skills_exchange_exchange', ['site_id', 'at', 'id'], unique=False)
    op.create_index(op.f('ix_skills_exchange_exchange_site_id_category_id'), 'skills_exchange_exchange', ['site_id', 'category', 'id'], unique=False)
    op.create_index(op.f('ix_skills_exchange_exchange_site_id_giver_id_id'), 'skills_exchange_exchange', ['site_id', 'giver_id', 'id'], unique=False)
    op.create_index(op.f('ix_skills_exchange_exchange_site_id_offer_id_id'), 'skills_exchange_exchange', ['site_id', 'offer_id', 'id'], unique=False)
    op.create_index(op.f('ix_skills_exchange_exchange_site_id_receiver_id_id'), 'skills_exchange_exchange', ['site_id', 'receiver_id', 'id'], unique=False)
    op.create_table('skills_exchange_entry',
    sa.Column('id', Key, nullable=False),
    sa.Column('site_id', Key, nullable=False),
    sa.Column('minutes', sa.Integer(), nullable=False),
    sa.Column('exchange_id', Key, nullable=False),
    sa.Column('resident_id', Key, nullable=True),
    sa.ForeignKeyConstraint(['site_id', 'exchange_id'], ['skills_exchange_exchange.site_id', 'skills_exchange_exchange.id'], name=op.f('fk_skills_exchange_entry_site_id_exchange_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id', 'resident_id'], ['resident.site_id', 'resident.id'], name=op.f('fk_skills_exchange_entry_site_id_resident_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_skills_exchange_entry_site_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_skills_exchange_entry')),
    sa.UniqueConstraint('site_id', 'id', name=op.f('uq_skills_exchange_entry_site_id_id'))
    )
    op.create_index(op.f('ix_skills_exchange_entry_site_id_exchange_id_id'), 'skills_exchange_entry', ['site_id', 'exchange_id', 'id'], unique=False)
    op.create_index(op.f('ix_skills_exchange_entry_site_id_resident_id_id'), 'skills_exchange_entry', ['site_id', 'resident_id', 'id'], unique=False)
    op.create_table('skills_exchange_voucher',
    sa.Column('id', Key, nullable=False),
    sa.Column('site_id', Key, nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('category', sa.String(length=40), nullable=True),
    sa.Column('state', sa.String(length=40), nullable=False),
    sa.Column('ended_at', Instant(), nullable=True),
    sa.Column('person_code', sa.String(length=20), nullable=False),
    sa.Column('sheet_id', Key, nullable=False),
    sa.Column('giver_id', Key, nullable=True),
    sa.Column('receiver_id', Key, nullable=True),
    sa.Column('exchange_id', Key, nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("category IN ('digital', 'letters', 'cooking', 'sewing', 'repairs', 'garden', 'languages', 'school', 'company', 'errands', 'animals', 'arts', 'roof', 'electricity', 'gas', 'other')", name=op.f('ck_skills_exchange_voucher_category_known')),
    sa.CheckConstraint("state IN ('open', 'used', 'cancelled')", name=op.f('ck_skills_exchange_voucher_state_known')),
    sa.CheckConstraint('number >= 1', name=op.f('ck_skills_exchange_voucher_number_least')),
    sa.ForeignKeyConstraint(['site_id', 'exchange_id'], ['skills_exchange_exchange.site_id', 'skills_exchange_exchange.id'], name=op.f('fk_skills_exchange_voucher_site_id_exchange_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id', 'giver_id'], ['resident.site_id', 'resident.id'], name=op.f('fk_skills_exchange_voucher_site_id_giver_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id', 'receiver_id'], ['resident.site_id', 'resident.id'], name=op.f('fk_skills_exchange_voucher_site_id_receiver_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id', 'sheet_id'], ['skills_exchange_sheet.site_id', 'skills_exchange_sheet.id'], name=op.f('fk_skills_exchange_voucher_site_id_sheet_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_skills_exchange_voucher_site_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_skills_exchange_voucher')),
    sa.UniqueConstraint('site_id', 'id', name=op.f('uq_skills_exchange_voucher_site_id_id')),
    sa.UniqueConstraint('site_id', 'number', name=op.f('uq_skills_exchange_voucher_site_id_number'))
    )
    op.create_index(op.f('ix_skills_exchange_voucher_site_id_ended_at_id'), 'skills_exchange_voucher', ['site_id', 'ended_at', 'id'], unique=False)
    op.create_index(op.f('ix_skills_exchange_voucher_site_id_exchange_id_id'), 'skills_exchange_voucher', ['site_id', 'exchange_id', 'id'], unique=False)
    op.create_index(op.f('ix_skills_exchange_voucher_site_id_giver_id_id'), 'skills_exchange_voucher', ['site_id', 'giver_id', 'id'], unique=False)
    op.create_index(op.f('ix_skills_exchange_voucher_site_id_receiver_id_id'), 'skills_exchange_voucher', ['site_id', 'receiver_id', 'id'], unique=False)
    op.create_index(op.f('ix_skills_exchange_voucher_site_id_sheet_id_id'), 'skills_exchange_voucher', ['site_id', 'sheet_id', 'id'], unique=False)
