"""Residents, households, memberships and providers."""

import sqlalchemy as sa
from alembic import op

from palier.db.types import Key

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('address',
    sa.Column('id', Key, nullable=False),
    sa.Column('site_id', Key, nullable=False),
    sa.Column('street', sa.String(length=80), nullable=False),
    sa.Column('number', sa.String(length=10), nullable=False),
    sa.Column('stairwell', sa.String(length=10), nullable=True),
    sa.Column('floor', sa.String(length=20), nullable=True),
    sa.Column('qpv_code', sa.String(length=10), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('norm', sa.String(length=400), nullable=False),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_address_site_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_address')),
    sa.UniqueConstraint('site_id', 'id', name=op.f('uq_address_site_id_id'))
    )
    op.create_table('provider',
    sa.Column('id', Key, nullable=False),
    sa.Column('site_id', Key, nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('legal_form', sa.String(length=40), nullable=False),
    sa.Column('siret', sa.String(length=20), nullable=True),
    sa.Column('rna', sa.String(length=20), nullable=True),
    sa.Column('register_ref', sa.String(length=80), nullable=True),
    sa.Column('vat_regime', sa.String(length=40), nullable=False),
    sa.Column('sse', sa.String(length=40), nullable=False),
    sa.Column('iban', sa.String(length=42), nullable=True),
    sa.Column('phone', sa.String(length=20), nullable=True),
    sa.Column('email', sa.String(length=120), nullable=True),
    sa.Column('state', sa.String(length=40), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('norm', sa.String(length=400), nullable=False),
    sa.CheckConstraint("legal_form IN ('association', 'cooperative', 'company', 'sole_trader', 'public_body')", name=op.f('ck_provider_legal_form_known')),
    sa.CheckConstraint("sse IN ('none', 'esus', 'siae', 'association', 'coop')", name=op.f('ck_provider_sse_known')),
    sa.CheckConstraint("state IN ('listed', 'paused', 'struck_off')", name=op.f('ck_provider_state_known')),
    sa.CheckConstraint("vat_regime IN ('none', 'franchise', 'taxable')", name=op.f('ck_provider_vat_regime_known')),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_provider_site_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_provider')),
    sa.UniqueConstraint('site_id', 'id', name=op.f('uq_provider_site_id_id'))
    )
    op.create_index(op.f('ix_provider_site_id_name_id'), 'provider', ['site_id', 'name', 'id'], unique=False)
    op.create_index(op.f('ix_provider_site_id_state_id'), 'provider', ['site_id', 'state', 'id'], unique=False)
    op.create_table('household',
    sa.Column('id', Key, nullable=False),
    sa.Column('site_id', Key, nullable=False),
    sa.Column('code', sa.String(length=12), nullable=False),
    sa.Column('address_id', Key, nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('norm', sa.String(length=400), nullable=False),
    sa.ForeignKeyConstraint(['site_id', 'address_id'], ['address.site_id', 'address.id'], name=op.f('fk_household_site_id_address_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_household_site_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_household')),
    sa.UniqueConstraint('site_id', 'code', name=op.f('uq_household_site_id_code')),
    sa.UniqueConstraint('site_id', 'id', name=op.f('uq_household_site_id_id'))
    )
    op.create_index(op.f('ix_household_site_id_address_id_id'), 'household', ['site_id', 'address_id', 'id'], unique=False)
    op.create_index(op.f('ix_household_site_id_code_id'), 'household', ['site_id', 'code', 'id'], unique=False)
    op.create_table('membership',
    sa.Column('id', Key, nullable=False),
    sa.Column('site_id', Key, nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=False),
    sa.Column('cancelled_on', sa.Date(), nullable=True),
    sa.Column('household_id', Key, nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('ends_on > starts_on', name=op.f('ck_membership_span')),
    sa.ForeignKeyConstraint(['site_id', 'household_id'], ['household.site_id', 'household.id'], name=op.f('fk_membership_site_id_household_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_membership_site_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_membership')),
    sa.UniqueConstraint('site_id', 'id', name=op.f('uq_membership_site_id_id'))
    )
    op.create_index(op.f('ix_membership_site_id_ends_on_id'), 'membership', ['site_id', 'ends_on', 'id'], unique=False)
    op.create_index(op.f('ix_membership_site_id_household_id_id'), 'membership', ['site_id', 'household_id', 'id'], unique=False)
    op.create_index(op.f('ix_membership_site_id_starts_on_id'), 'membership', ['site_id', 'starts_on', 'id'], unique=False)
    op.create_table('resident',
    sa.Column('id', Key, nullable=False),
    sa.Column('site_id', Key, nullable=False),
    sa.Column('given_name', sa.String(length=60), nullable=False),
    sa.Column('family_name', sa.String(length=60), nullable=False),
    sa.Column('birth_year', sa.Integer(), nullable=True),
    sa.Column('phone', sa.String(length=20), nullable=True),
    sa.Column('email', sa.String(length=120), nullable=True),
    sa.Column('language', sa.String(length=40), nullable=False),
    sa.Column('channel', sa.String(length=40), nullable=False),
    sa.Column('card_code', sa.String(length=20), nullable=False),
    sa.Column('state', sa.String(length=40), nullable=False),
    sa.Column('last_contact_on', sa.Date(), nullable=True),
    sa.Column('merged_into_id', Key, nullable=True),
    sa.Column('household_id', Key, nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('norm', sa.String(length=400), nullable=False),
    sa.CheckConstraint("channel IN ('sms', 'email', 'call', 'letter')", name=op.f('ck_resident_channel_known')),
    sa.CheckConstraint("language IN ('fr', 'gsw', 'de', 'en', 'ar', 'tr', 'kab', 'sq', 'hy', 'zh-Hans', 'ka', 'ku', 'ps', 'fa', 'pt', 'ro', 'ru', 'sr', 'so', 'ckb', 'uk', 'vi')", name=op.f('ck_resident_language_known')),
    sa.CheckConstraint("state IN ('active', 'left', 'merged', 'erased')", name=op.f('ck_resident_state_known')),
    sa.CheckConstraint('birth_year <= 2100', name=op.f('ck_resident_birth_year_most')),
    sa.CheckConstraint('birth_year >= 1900', name=op.f('ck_resident_birth_year_least')),
    sa.ForeignKeyConstraint(['site_id', 'household_id'], ['household.site_id', 'household.id'], name=op.f('fk_resident_site_id_household_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_resident_site_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_resident')),
    sa.UniqueConstraint('site_id', 'card_code', name=op.f('uq_resident_site_id_card_code')),
    sa.UniqueConstraint('site_id', 'id', name=op.f('uq_resident_site_id_id'))
    )
    op.create_index(op.f('ix_resident_site_id_family_name_id'), 'resident', ['site_id', 'family_name', 'id'], unique=False)
    op.create_index(op.f('ix_resident_site_id_household_id_id'), 'resident', ['site_id', 'household_id', 'id'], unique=False)
