"""A regime holds until the next one: nothing ever wrote its end."""

from alembic import op

revision = '0039'
down_revision = '0038'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('operator_vat') as batch:
        batch.drop_column('valid_to')
