"""A suggestion forgets its key with the people in it."""

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('skills_exchange_suggestion') as table:
        table.alter_column('key', existing_type=sa.String(length=120), nullable=True)
