"""How far a loan's contract and its return slip are."""

import sqlalchemy as sa
from alembic import op

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None

STATES = "('none', 'to_print', 'printed', 'signed')"


def upgrade() -> None:
    with op.batch_alter_table('bike_hire_loan') as table:
        for name in ('contract', 'return_slip'):
            table.add_column(sa.Column(name, sa.String(length=40), nullable=False, server_default='none'))
            table.create_check_constraint(op.f(f'ck_bike_hire_loan_{name}_known'), f'{name} IN {STATES}')
    with op.batch_alter_table('bike_hire_loan') as table:
        for name in ('contract', 'return_slip'):
            table.alter_column(name, server_default=None)
