"""Funds, tabs and funders; prices by bracket; entries that say what they are for."""

import sqlalchemy as sa
from alembic import op

from palier.db.types import Key

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None

REASONS = "'held', 'returned', 'kept', 'paid_in', 'reduction', 'unused', 'on_tab', 'settled', 'corrected'"


def upgrade() -> None:
    _new_tables()
    with op.batch_alter_table('charge') as batch:
        batch.add_column(sa.Column('bracket_id', Key, nullable=True))
        batch.create_index(op.f('ix_charge_site_id_bracket_id_id'), ['site_id', 'bracket_id', 'id'], unique=False)
        batch.create_foreign_key(op.f('fk_charge_site_id_bracket_id'), 'bracket', ['site_id', 'bracket_id'], ['site_id', 'id'], ondelete='RESTRICT')
    _entries()
    _prices()


def _new_tables() -> None:
    op.create_table('funder',
    sa.Column('id', Key, nullable=False),
    sa.Column('site_id', Key, nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_funder_site_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_funder')),
    sa.UniqueConstraint('site_id', 'id', name=op.f('uq_funder_site_id_id')),
    sa.UniqueConstraint('site_id', 'name', name=op.f('uq_funder_site_id_name'))
    )
    op.create_index(op.f('ix_funder_site_id_name_id'), 'funder', ['site_id', 'name', 'id'], unique=False)
    op.create_table('fund',
    sa.Column('id', Key, autoincrement=False, nullable=False),
    sa.Column('site_id', Key, nullable=False),
    sa.ForeignKeyConstraint(['site_id', 'id'], ['ledger.site_id', 'ledger.id'], name=op.f('fk_fund_site_id_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_fund_site_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_fund')),
    sa.UniqueConstraint('site_id', 'id', name=op.f('uq_fund_site_id_id'))
    )
    op.create_table('tab',
    sa.Column('id', Key, autoincrement=False, nullable=False),
    sa.Column('site_id', Key, nullable=False),
    sa.Column('agreed_cents', sa.BigInteger(), nullable=True),
    sa.Column('household_id', Key, nullable=False),
    sa.CheckConstraint('agreed_cents >= 0', name=op.f('ck_tab_agreed_cents_least')),
    sa.ForeignKeyConstraint(['site_id', 'household_id'], ['household.site_id', 'household.id'], name=op.f('fk_tab_site_id_household_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id', 'id'], ['ledger.site_id', 'ledger.id'], name=op.f('fk_tab_site_id_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_tab_site_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tab')),
    sa.UniqueConstraint('site_id', 'id', name=op.f('uq_tab_site_id_id'))
    )
    op.create_index(op.f('ix_tab_site_id_household_id_id'), 'tab', ['site_id', 'household_id', 'id'], unique=False)


def _entries() -> None:
    with op.batch_alter_table('ledger_entry') as batch:
        batch.add_column(sa.Column('corrects_id', Key, nullable=True))
        batch.add_column(sa.Column('receipt_id', Key, nullable=True))
        batch.add_column(sa.Column('line_id', Key, nullable=True))
        batch.add_column(sa.Column('funder_id', Key, nullable=True))
        batch.drop_constraint(op.f('ck_ledger_entry_reason_known'), type_='check')
        batch.create_check_constraint(op.f('ck_ledger_entry_reason_known'), f'reason IN ({REASONS})')
        batch.create_index(op.f('ix_ledger_entry_site_id_at_id'), ['site_id', 'at', 'id'], unique=False)
        batch.create_index(op.f('ix_ledger_entry_site_id_funder_id_id'), ['site_id', 'funder_id', 'id'], unique=False)
        batch.create_index(op.f('ix_ledger_entry_site_id_line_id_id'), ['site_id', 'line_id', 'id'], unique=False)
        batch.create_index(op.f('ix_ledger_entry_site_id_receipt_id_id'), ['site_id', 'receipt_id', 'id'], unique=False)
        batch.create_index('uq_ledger_entry_corrects', ['site_id', 'corrects_id'], unique=True)
        batch.create_index('uq_ledger_entry_line', ['site_id', 'line_id'], unique=True)
        batch.create_foreign_key(op.f('fk_ledger_entry_site_id_line_id'), 'receipt_line', ['site_id', 'line_id'], ['site_id', 'id'], ondelete='RESTRICT')
        batch.create_foreign_key(op.f('fk_ledger_entry_site_id_corrects_id'), 'ledger_entry', ['site_id', 'corrects_id'], ['site_id', 'id'], ondelete='RESTRICT')
        batch.create_foreign_key(op.f('fk_ledger_entry_site_id_receipt_id'), 'receipt', ['site_id', 'receipt_id'], ['site_id', 'id'], ondelete='RESTRICT')
        batch.create_foreign_key(op.f('fk_ledger_entry_site_id_funder_id'), 'funder', ['site_id', 'funder_id'], ['site_id', 'id'], ondelete='RESTRICT')


def _prices() -> None:
    # An index of expressions is not reflected, so a rebuild on SQLite would lose it in silence.
    op.drop_index('uq_price_once', 'price')
    with op.batch_alter_table('price') as batch:
        batch.create_index(op.f('ix_price_site_id_bracket_id_id'), ['site_id', 'bracket_id', 'id'], unique=False)
        batch.create_index(op.f('ix_price_site_id_fund_ledger_id_id'), ['site_id', 'fund_ledger_id', 'id'], unique=False)
        batch.create_index(op.f('ix_price_site_id_provider_id_id'), ['site_id', 'provider_id', 'id'], unique=False)
        batch.drop_constraint(op.f('fk_price_site_id_fund_ledger_id'), type_='foreignkey')
        batch.create_foreign_key(op.f('fk_price_site_id_bracket_id'), 'bracket', ['site_id', 'bracket_id'], ['site_id', 'id'], ondelete='RESTRICT')
        batch.create_foreign_key(op.f('fk_price_site_id_provider_id'), 'provider', ['site_id', 'provider_id'], ['site_id', 'id'], ondelete='RESTRICT')
        batch.create_foreign_key(op.f('fk_price_site_id_fund_ledger_id'), 'fund', ['site_id', 'fund_ledger_id'], ['site_id', 'id'], ondelete='RESTRICT')
    op.create_index('uq_price_once', 'price', ['site_id', 'item', 'valid_from', sa.text('coalesce(provider_id, 0)'), sa.text('coalesce(bracket_id, 0)')], unique=True)
