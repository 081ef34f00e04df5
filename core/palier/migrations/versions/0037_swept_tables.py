"""What was cleared is named by its table, and counted from its lines."""

import sqlalchemy as sa
from alembic import op

revision = '0037'
down_revision = '0036'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('sweep') as batch:
        for each in ('erased', 'stayed', 'emptied'):
            batch.drop_constraint(op.f(f'ck_sweep_{each}_min'), type_='check')
            batch.drop_column(each)
    with op.batch_alter_table('swept') as batch:
        # A line of before keeps the words it was written in: they say no table.
        batch.alter_column('what', new_column_name='table_name', existing_type=sa.String(length=60), type_=sa.String(length=80), existing_nullable=False)
    op.execute(sa.text("UPDATE swept SET table_name = 'resident' WHERE resident_id IS NOT NULL"))
