"""A price says whether it is a service's; a provider's services have a note of their own."""

import sqlalchemy as sa
from alembic import op

from palier.db.types import Key

revision = '0027'
down_revision = '0026'
branch_labels = None
depends_on = None

# What was taken for a service before a price said so.
PRICES = "UPDATE price SET is_service = true WHERE unit <> 'u' OR vat_class IN ('standard', 'intermediate')"
CHARGES = (
    "UPDATE charge SET is_service = true WHERE kind IN ('sale', 'agent')"
    " AND (unit <> 'u' OR vat_class IN ('standard', 'intermediate'))"
)


def upgrade() -> None:
    # The default stays: a rebuild of `price` on SQLite would lose its index over expressions.
    for table, services in (('price', PRICES), ('charge', CHARGES)):
        op.add_column(table, sa.Column('is_service', sa.Boolean(), nullable=False, server_default=sa.false()))
        op.execute(services)
    op.add_column('provider', sa.Column('address', sa.String(length=200), nullable=True))
    with op.batch_alter_table('service_note') as batch:
        batch.add_column(sa.Column('provider_name', sa.String(length=120), nullable=True))
        batch.add_column(sa.Column('provider_id', Key, nullable=True))
        batch.create_foreign_key(batch.f('fk_service_note_site_id_provider_id'), 'provider', ['site_id', 'provider_id'], ['site_id', 'id'], ondelete='RESTRICT')
        batch.create_index(batch.f('ix_service_note_site_id_provider_id_id'), ['site_id', 'provider_id', 'id'], unique=False)
