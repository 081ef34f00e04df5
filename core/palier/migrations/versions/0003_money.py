"""Prices, charges, receipts, the journal and deposits."""

import sqlalchemy as sa
from alembic import op

from palier.db.types import Instant, Key

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('ledger',
    sa.Column('id', Key, nullable=False),
    sa.Column('site_id', Key, nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('owner_type', sa.String(length=80), nullable=False),
    sa.Column('owner_id', Key, nullable=False),
    sa.Column('label', sa.String(length=120), nullable=False),
    sa.Column('floor_cents', sa.BigInteger(), nullable=True),
    sa.Column('cap_cents', sa.BigInteger(), nullable=True),
    sa.Column('balance_cents', sa.BigInteger(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("kind IN ('deposit', 'container', 'tab', 'fund', 'provider')", name=op.f('ck_ledger_kind_known')),
    sa.CheckConstraint('cap_cents IS NULL OR balance_cents <= cap_cents', name=op.f('ck_ledger_cap')),
    sa.CheckConstraint('floor_cents IS NULL OR balance_cents >= floor_cents', name=op.f('ck_ledger_floor')),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_ledger_site_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ledger')),
    sa.UniqueConstraint('site_id', 'id', name=op.f('uq_ledger_site_id_id')),
    sa.UniqueConstraint('site_id', 'kind', 'owner_type', 'owner_id', name=op.f('uq_ledger_site_id_kind_owner_type_owner_id'))
    )
    op.create_table('register',
    sa.Column('id', Key, nullable=False),
    sa.Column('site_id', Key, nullable=False),
    sa.Column('code', sa.String(length=50), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('next_number', sa.Integer(), nullable=False),
    sa.Column('next_seq', sa.Integer(), nullable=False),
    sa.Column('head_hash', sa.String(length=64), nullable=False),
    sa.Column('key_id', sa.String(length=80), nullable=False),
    sa.Column('perpetual_cents', Key, nullable=False),
    sa.Column('perpetual_abs_cents', Key, nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("kind IN ('desk', 'booklet')", name=op.f('ck_register_kind_known')),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_register_site_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_register')),
    sa.UniqueConstraint('site_id', 'code', name=op.f('uq_register_site_id_code')),
    sa.UniqueConstraint('site_id', 'id', name=op.f('uq_register_site_id_id'))
    )
    op.create_table('journal',
    sa.Column('site_id', Key, nullable=False),
    sa.Column('register_id', Key, autoincrement=False, nullable=False),
    sa.Column('seq', Key, autoincrement=False, nullable=False),
    sa.Column('kind', sa.String(length=8), nullable=False),
    sa.Column('at', Instant(), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('prev', sa.String(length=64), nullable=False),
    sa.Column('mac', sa.String(length=64), nullable=False),
    sa.Column('key_id', sa.String(length=80), nullable=False),
    sa.CheckConstraint("kind IN ('ticket', 'event', 'closing')", name=op.f('ck_journal_kind_known')),
    sa.ForeignKeyConstraint(['site_id', 'register_id'], ['register.site_id', 'register.id'], name=op.f('fk_journal_site_id_register_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_journal_site_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('register_id', 'seq', name=op.f('pk_journal'))
    )
    op.create_index('ix_journal_site', 'journal', ['site_id', 'register_id', 'kind', 'seq'], unique=False)
    op.create_table('price',
    sa.Column('id', Key, nullable=False),
    sa.Column('site_id', Key, nullable=False),
    sa.Column('label', sa.String(length=120), nullable=False),
    sa.Column('item', sa.String(length=80), nullable=False),
    sa.Column('cents', sa.BigInteger(), nullable=False),
    sa.Column('unit', sa.String(length=40), nullable=False),
    sa.Column('vat_class', sa.String(length=40), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.Column('provider_id', Key, nullable=True),
    sa.Column('bracket_id', Key, nullable=True),
    sa.Column('fund_ledger_id', Key, nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("unit IN ('u', 'hour', 'half_day', 'day', 'week', 'month', 'year')", name=op.f('ck_price_unit_known')),
    sa.CheckConstraint("vat_class IN ('standard', 'intermediate', 'reduced', 'press', 'exempt')", name=op.f('ck_price_vat_class_known')),
    sa.CheckConstraint('cents >= 0', name=op.f('ck_price_cents_least')),
    sa.ForeignKeyConstraint(['site_id', 'fund_ledger_id'], ['ledger.site_id', 'ledger.id'], name=op.f('fk_price_site_id_fund_ledger_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_price_site_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_price')),
    sa.UniqueConstraint('site_id', 'id', name=op.f('uq_price_site_id_id'))
    )
    op.create_index(op.f('ix_price_site_id_valid_from_id'), 'price', ['site_id', 'valid_from', 'id'], unique=False)
    op.create_index('uq_price_once', 'price', ['site_id', 'item', 'valid_from', sa.literal_column('coalesce(provider_id, 0)'), sa.literal_column('coalesce(bracket_id, 0)')], unique=True)
    op.create_table('deposit',
    sa.Column('id', Key, nullable=False),
    sa.Column('site_id', Key, nullable=False),
    sa.Column('package', sa.String(length=40), nullable=False),
    sa.Column('source_type', sa.String(length=80), nullable=False),
    sa.Column('source_id', Key, nullable=False),
    sa.Column('label', sa.String(length=120), nullable=False),
    sa.Column('cents', sa.BigInteger(), nullable=False),
    sa.Column('kept_cents', sa.BigInteger(), nullable=False),
    sa.Column('form', sa.String(length=40), nullable=False),
    sa.Column('reference', sa.String(length=12), nullable=True),
    sa.Column('state', sa.String(length=40), nullable=False),
    sa.Column('reason', sa.String(length=120), nullable=True),
    sa.Column('taken_on', sa.Date(), nullable=False),
    sa.Column('ended_on', sa.Date(), nullable=True),
    sa.Column('resident_id', Key, nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("form IN ('cheque', 'cash', 'card', 'waived')", name=op.f('ck_deposit_form_known')),
    sa.CheckConstraint("state IN ('held', 'returned', 'kept_part', 'kept')", name=op.f('ck_deposit_state_known')),
    sa.CheckConstraint('cents >= 0', name=op.f('ck_deposit_cents_least')),
    sa.CheckConstraint('kept_cents >= 0', name=op.f('ck_deposit_kept_cents_least')),
    sa.ForeignKeyConstraint(['site_id', 'resident_id'], ['resident.site_id', 'resident.id'], name=op.f('fk_deposit_site_id_resident_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_deposit_site_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_deposit')),
    sa.UniqueConstraint('site_id', 'id', name=op.f('uq_deposit_site_id_id'))
    )
    op.create_index(op.f('ix_deposit_site_id_resident_id_id'), 'deposit', ['site_id', 'resident_id', 'id'], unique=False)
    op.create_index(op.f('ix_deposit_site_id_taken_on_id'), 'deposit', ['site_id', 'taken_on', 'id'], unique=False)
    op.create_index('uq_deposit_held', 'deposit', ['site_id', 'package', 'source_type', 'source_id'], unique=True, sqlite_where=sa.text("state = 'held'"), postgresql_where=sa.text("state = 'held'"))
    op.create_table('visit',
    sa.Column('id', Key, nullable=False),
    sa.Column('site_id', Key, nullable=False),
    sa.Column('at', Instant(), nullable=False),
    sa.Column('on', sa.Date(), nullable=False),
    sa.Column('state', sa.String(length=40), nullable=False),
    sa.Column('resident_id', Key, nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("state IN ('open', 'closed', 'void')", name=op.f('ck_visit_state_known')),
    sa.ForeignKeyConstraint(['site_id', 'resident_id'], ['resident.site_id', 'resident.id'], name=op.f('fk_visit_site_id_resident_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_visit_site_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_visit')),
    sa.UniqueConstraint('site_id', 'id', name=op.f('uq_visit_site_id_id'))
    )
    op.create_index(op.f('ix_visit_site_id_on_id'), 'visit', ['site_id', 'on', 'id'], unique=False)
    op.create_index(op.f('ix_visit_site_id_resident_id_id'), 'visit', ['site_id', 'resident_id', 'id'], unique=False)
    op.create_table('charge',
    sa.Column('id', Key, nullable=False),
    sa.Column('site_id', Key, nullable=False),
    sa.Column('package', sa.String(length=40), nullable=False),
    sa.Column('source_type', sa.String(length=80), nullable=True),
    sa.Column('source_id', Key, nullable=True),
    sa.Column('what', sa.String(length=40), nullable=False),
    sa.Column('item', sa.String(length=80), nullable=False),
    sa.Column('label', sa.String(length=120), nullable=False),
    sa.Column('quantity', sa.Integer(), nullable=False),
    sa.Column('unit', sa.String(length=40), nullable=False),
    sa.Column('unit_cents', sa.BigInteger(), nullable=False),
    sa.Column('total_cents', sa.BigInteger(), nullable=False),
    sa.Column('full_cents', sa.BigInteger(), nullable=False),
    sa.Column('vat_class', sa.String(length=40), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('state', sa.String(length=40), nullable=False),
    sa.Column('reason', sa.String(length=40), nullable=True),
    sa.Column('charged_on', sa.Date(), nullable=False),
    sa.Column('charged_at', Instant(), nullable=False),
    sa.Column('provider_id', Key, nullable=True),
    sa.Column('fund_ledger_id', Key, nullable=True),
    sa.Column('visit_id', Key, nullable=True),
    sa.Column('resident_id', Key, nullable=True),
    sa.Column('household_id', Key, nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("kind IN ('sale', 'agent', 'container', 'tab_settled')", name=op.f('ck_charge_kind_known')),
    sa.CheckConstraint("reason IN ('our_mistake', 'not_as_promised', 'goodwill', 'manager')", name=op.f('ck_charge_reason_known')),
    sa.CheckConstraint("state IN ('open', 'receipted', 'cancelled', 'waived')", name=op.f('ck_charge_state_known')),
    sa.CheckConstraint("unit IN ('u', 'hour', 'half_day', 'day', 'week', 'month', 'year')", name=op.f('ck_charge_unit_known')),
    sa.CheckConstraint("vat_class IN ('standard', 'intermediate', 'reduced', 'press', 'exempt')", name=op.f('ck_charge_vat_class_known')),
    sa.CheckConstraint('quantity >= 1', name=op.f('ck_charge_quantity_least')),
    sa.ForeignKeyConstraint(['site_id', 'fund_ledger_id'], ['ledger.site_id', 'ledger.id'], name=op.f('fk_charge_site_id_fund_ledger_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id', 'household_id'], ['household.site_id', 'household.id'], name=op.f('fk_charge_site_id_household_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id', 'resident_id'], ['resident.site_id', 'resident.id'], name=op.f('fk_charge_site_id_resident_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id', 'visit_id'], ['visit.site_id', 'visit.id'], name=op.f('fk_charge_site_id_visit_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_charge_site_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_charge')),
    sa.UniqueConstraint('site_id', 'id', name=op.f('uq_charge_site_id_id'))
    )
    op.create_index(op.f('ix_charge_site_id_charged_on_id'), 'charge', ['site_id', 'charged_on', 'id'], unique=False)
    op.create_index(op.f('ix_charge_site_id_household_id_id'), 'charge', ['site_id', 'household_id', 'id'], unique=False)
    op.create_index(op.f('ix_charge_site_id_resident_id_id'), 'charge', ['site_id', 'resident_id', 'id'], unique=False)
    op.create_index(op.f('ix_charge_site_id_visit_id_id'), 'charge', ['site_id', 'visit_id', 'id'], unique=False)
    op.create_index('uq_charge_once', 'charge', ['site_id', 'package', 'source_type', 'source_id', 'what'], unique=True, sqlite_where=sa.text("state <> 'cancelled'"), postgresql_where=sa.text("state <> 'cancelled'"))
    op.create_table('ledger_entry',
    sa.Column('id', Key, nullable=False),
    sa.Column('site_id', Key, nullable=False),
    sa.Column('at', Instant(), nullable=False),
    sa.Column('cents', sa.BigInteger(), nullable=False),
    sa.Column('reason', sa.String(length=40), nullable=False),
    sa.Column('ledger_id', Key, nullable=False),
    sa.Column('deposit_id', Key, nullable=True),
    sa.CheckConstraint("reason IN ('held', 'returned', 'kept')", name=op.f('ck_ledger_entry_reason_known')),
    sa.ForeignKeyConstraint(['site_id', 'deposit_id'], ['deposit.site_id', 'deposit.id'], name=op.f('fk_ledger_entry_site_id_deposit_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id', 'ledger_id'], ['ledger.site_id', 'ledger.id'], name=op.f('fk_ledger_entry_site_id_ledger_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_ledger_entry_site_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ledger_entry')),
    sa.UniqueConstraint('site_id', 'id', name=op.f('uq_ledger_entry_site_id_id'))
    )
    op.create_index(op.f('ix_ledger_entry_site_id_deposit_id_id'), 'ledger_entry', ['site_id', 'deposit_id', 'id'], unique=False)
    op.create_index(op.f('ix_ledger_entry_site_id_ledger_id_id'), 'ledger_entry', ['site_id', 'ledger_id', 'id'], unique=False)
    op.create_table('receipt',
    sa.Column('id', Key, nullable=False),
    sa.Column('site_id', Key, nullable=False),
    sa.Column('number', sa.String(length=70), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('at', Instant(), nullable=False),
    sa.Column('sold_on', sa.Date(), nullable=False),
    sa.Column('recorded_at', Instant(), nullable=False),
    sa.Column('total_cents', sa.BigInteger(), nullable=False),
    sa.Column('due_cents', sa.BigInteger(), nullable=False),
    sa.Column('person_code', sa.String(length=8), nullable=False),
    sa.Column('operator_id', Key, nullable=False),
    sa.Column('vat_regime', sa.String(length=12), nullable=False),
    sa.Column('refund_of_id', Key, nullable=True),
    sa.Column('journal_seq', Key, nullable=False),
    sa.Column('register_id', Key, nullable=False),
    sa.Column('visit_id', Key, nullable=True),
    sa.Column('resident_id', Key, nullable=True),
    sa.Column('household_id', Key, nullable=True),
    sa.Column('norm', sa.String(length=400), nullable=False),
    sa.CheckConstraint("kind IN ('sale', 'refund', 'settlement')", name=op.f('ck_receipt_kind_known')),
    sa.ForeignKeyConstraint(['operator_id'], ['operator.id'], name=op.f('fk_receipt_operator_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id', 'household_id'], ['household.site_id', 'household.id'], name=op.f('fk_receipt_site_id_household_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id', 'refund_of_id'], ['receipt.site_id', 'receipt.id'], name=op.f('fk_receipt_site_id_refund_of_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id', 'register_id'], ['register.site_id', 'register.id'], name=op.f('fk_receipt_site_id_register_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id', 'resident_id'], ['resident.site_id', 'resident.id'], name=op.f('fk_receipt_site_id_resident_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id', 'visit_id'], ['visit.site_id', 'visit.id'], name=op.f('fk_receipt_site_id_visit_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_receipt_site_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_receipt')),
    sa.UniqueConstraint('site_id', 'id', name=op.f('uq_receipt_site_id_id')),
    sa.UniqueConstraint('site_id', 'number', name=op.f('uq_receipt_site_id_number')),
    sa.UniqueConstraint('site_id', 'register_id', 'journal_seq', name=op.f('uq_receipt_site_id_register_id_journal_seq'))
    )
    op.create_index('ix_receipt_refunds', 'receipt', ['site_id', 'refund_of_id'], unique=False)
    op.create_index(op.f('ix_receipt_site_id_at_id'), 'receipt', ['site_id', 'at', 'id'], unique=False)
    op.create_index(op.f('ix_receipt_site_id_household_id_id'), 'receipt', ['site_id', 'household_id', 'id'], unique=False)
    op.create_index(op.f('ix_receipt_site_id_register_id_id'), 'receipt', ['site_id', 'register_id', 'id'], unique=False)
    op.create_index(op.f('ix_receipt_site_id_resident_id_id'), 'receipt', ['site_id', 'resident_id', 'id'], unique=False)
    op.create_index(op.f('ix_receipt_site_id_sold_on_id'), 'receipt', ['site_id', 'sold_on', 'id'], unique=False)
    op.create_index(op.f('ix_receipt_site_id_visit_id_id'), 'receipt', ['site_id', 'visit_id', 'id'], unique=False)
    op.create_table('payment',
    sa.Column('id', Key, nullable=False),
    sa.Column('site_id', Key, nullable=False),
    sa.Column('mode', sa.String(length=40), nullable=False),
    sa.Column('cents', sa.BigInteger(), nullable=False),
    sa.Column('reference', sa.String(length=12), nullable=True),
    sa.Column('receipt_id', Key, nullable=False),
    sa.CheckConstraint("mode IN ('cash', 'card', 'cheque', 'transfer')", name=op.f('ck_payment_mode_known')),
    sa.ForeignKeyConstraint(['site_id', 'receipt_id'], ['receipt.site_id', 'receipt.id'], name=op.f('fk_payment_site_id_receipt_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_payment_site_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_payment')),
    sa.UniqueConstraint('site_id', 'id', name=op.f('uq_payment_site_id_id'))
    )
    op.create_index(op.f('ix_payment_site_id_receipt_id_id'), 'payment', ['site_id', 'receipt_id', 'id'], unique=False)
    op.create_table('receipt_line',
    sa.Column('id', Key, nullable=False),
    sa.Column('site_id', Key, nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('package', sa.String(length=40), nullable=False),
    sa.Column('what', sa.String(length=40), nullable=False),
    sa.Column('label', sa.String(length=120), nullable=False),
    sa.Column('quantity', sa.Integer(), nullable=False),
    sa.Column('unit', sa.String(length=40), nullable=False),
    sa.Column('unit_cents', sa.BigInteger(), nullable=False),
    sa.Column('total_cents', sa.BigInteger(), nullable=False),
    sa.Column('full_cents', sa.BigInteger(), nullable=False),
    sa.Column('vat_class', sa.String(length=40), nullable=False),
    sa.Column('vat_rate', sa.String(length=6), nullable=True),
    sa.Column('provider_id', Key, nullable=True),
    sa.Column('refunds_line_id', Key, nullable=True),
    sa.Column('receipt_id', Key, nullable=False),
    sa.Column('charge_id', Key, nullable=False),
    sa.CheckConstraint("kind IN ('sale', 'agent', 'container', 'tab_settled')", name=op.f('ck_receipt_line_kind_known')),
    sa.CheckConstraint("unit IN ('u', 'hour', 'half_day', 'day', 'week', 'month', 'year')", name=op.f('ck_receipt_line_unit_known')),
    sa.CheckConstraint("vat_class IN ('standard', 'intermediate', 'reduced', 'press', 'exempt')", name=op.f('ck_receipt_line_vat_class_known')),
    sa.ForeignKeyConstraint(['site_id', 'charge_id'], ['charge.site_id', 'charge.id'], name=op.f('fk_receipt_line_site_id_charge_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id', 'receipt_id'], ['receipt.site_id', 'receipt.id'], name=op.f('fk_receipt_line_site_id_receipt_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id', 'refunds_line_id'], ['receipt_line.site_id', 'receipt_line.id'], name=op.f('fk_receipt_line_site_id_refunds_line_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_receipt_line_site_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_receipt_line')),
    sa.UniqueConstraint('site_id', 'id', name=op.f('uq_receipt_line_site_id_id'))
    )
    op.create_index(op.f('ix_receipt_line_site_id_charge_id_id'), 'receipt_line', ['site_id', 'charge_id', 'id'], unique=False)
    op.create_index(op.f('ix_receipt_line_site_id_receipt_id_id'), 'receipt_line', ['site_id', 'receipt_id', 'id'], unique=False)
    op.create_index('uq_receipt_line_paid', 'receipt_line', ['site_id', 'charge_id'], unique=True, sqlite_where=sa.text('refunds_line_id IS NULL'), postgresql_where=sa.text('refunds_line_id IS NULL'))
    op.create_index('uq_receipt_line_refunded', 'receipt_line', ['site_id', 'refunds_line_id'], unique=True)
