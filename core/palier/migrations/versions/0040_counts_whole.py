"""A count names all that was missing: cut off, the last number was another one's."""

import sqlalchemy as sa
from alembic import op

revision = '0040'
down_revision = '0039'
branch_labels = None
depends_on = None


def upgrade() -> None:
    old = sa.String(length=200)
    with op.batch_alter_table('box_count') as batch:
        batch.alter_column('missing', existing_type=old, type_=sa.Text(), existing_nullable=True)
    with op.batch_alter_table('till_count') as batch:
        batch.alter_column('missing', existing_type=old, type_=sa.String(length=2000), existing_nullable=True)
