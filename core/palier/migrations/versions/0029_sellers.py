"""In whose name a thing is sold is held by the database; a container may come back."""

from alembic import op

revision = '0029'
down_revision = '0028'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('charge') as batch:
        batch.create_foreign_key(batch.f('fk_charge_site_id_provider_id'), 'provider', ['site_id', 'provider_id'], ['site_id', 'id'], ondelete='RESTRICT')
        batch.drop_constraint(batch.f('ck_charge_quantity_least'), type_='check')
        batch.create_check_constraint(batch.f('ck_charge_quantity'), "quantity > 0 OR kind = 'container' AND quantity < 0")
    with op.batch_alter_table('receipt_line') as batch:
        batch.create_foreign_key(batch.f('fk_receipt_line_site_id_provider_id'), 'provider', ['site_id', 'provider_id'], ['site_id', 'id'], ondelete='RESTRICT')
