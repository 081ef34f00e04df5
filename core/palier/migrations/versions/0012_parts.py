"""Payments by voucher and on the tab; a voucher pays once."""

import sqlalchemy as sa
from alembic import op

revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('payment') as batch:
        batch.alter_column('reference', existing_type=sa.String(length=12), type_=sa.String(length=20), existing_nullable=True)
        batch.drop_constraint(op.f('ck_payment_mode_known'), type_='check')
        batch.create_check_constraint(op.f('ck_payment_mode_known'), "mode IN ('cash', 'card', 'cheque', 'voucher', 'transfer', 'tab')")
    voucher = sa.text("mode = 'voucher'")
    op.create_index('uq_payment_voucher', 'payment', ['site_id', 'reference'], unique=True, sqlite_where=voucher, postgresql_where=voucher)
