"""A price may be for a kilogram."""

import sqlalchemy as sa
from alembic import op

revision = '0041'
down_revision = '0040'
branch_labels = None
depends_on = None

UNITS = "unit IN ('u', 'hour', 'half_day', 'day', 'week', 'month', 'year', 'kg')"


def upgrade() -> None:
    # An index of expressions is not reflected, so a rebuild on SQLite would lose it in silence.
    op.drop_index('uq_price_once', 'price')
    for name in ('price', 'charge', 'receipt_line', 'service_note_line'):
        with op.batch_alter_table(name) as batch:
            batch.drop_constraint(batch.f(f'ck_{name}_unit_known'), type_='check')
            batch.create_check_constraint(batch.f(f'ck_{name}_unit_known'), UNITS)
    op.create_index('uq_price_once', 'price', ['site_id', 'item', 'valid_from', sa.text('coalesce(provider_id, 0)'), sa.text('coalesce(bracket_id, 0)')], unique=True)
