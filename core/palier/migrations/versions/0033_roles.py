"""A role that begins on a day to come."""

import sqlalchemy as sa
from alembic import op

revision = '0033'
down_revision = '0032'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('staff') as batch:
        batch.add_column(sa.Column('next_role', sa.String(length=40), nullable=True))
        batch.add_column(sa.Column('next_role_from', sa.Date(), nullable=True))
        batch.create_check_constraint(batch.f('ck_staff_next_role_known'), "next_role IN ('trainee', 'caretaker', 'manager')")
