"""A deposit says as what it was kept and where the money went; kept cash may go into the till."""

import sqlalchemy as sa
from alembic import op

revision = '0031'
down_revision = '0030'
branch_labels = None
depends_on = None

HELD = sa.text("state = 'held'")
SIGN = "reason IN ('float', 'deposit') AND cents > 0 OR reason NOT IN ('float', 'deposit') AND cents < 0"


def upgrade() -> None:
    op.drop_index('uq_deposit_held', 'deposit')
    with op.batch_alter_table('deposit') as batch:
        batch.add_column(sa.Column('kept_as', sa.String(length=40), nullable=True))
        batch.add_column(sa.Column('kept_to', sa.String(length=40), nullable=True))
        batch.create_check_constraint(op.f('ck_deposit_kept_as_known'), "kept_as IN ('damages', 'price')")
        batch.create_check_constraint(op.f('ck_deposit_kept_to_known'), "kept_to IN ('till', 'bank')")
    op.create_index('uq_deposit_held', 'deposit', ['site_id', 'package', 'source_type', 'source_id'], unique=True, sqlite_where=HELD, postgresql_where=HELD)
    with op.batch_alter_table('cash_move') as batch:
        batch.drop_constraint(op.f('ck_cash_move_sign'), type_='check')
        batch.drop_constraint(op.f('ck_cash_move_reason_known'), type_='check')
        batch.create_check_constraint(op.f('ck_cash_move_sign'), SIGN)
        batch.create_check_constraint(op.f('ck_cash_move_reason_known'), "reason IN ('bank', 'float', 'expense', 'deposit')")
