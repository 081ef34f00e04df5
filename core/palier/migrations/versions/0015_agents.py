"""Lines sold in a provider's name keep that name."""

import sqlalchemy as sa
from alembic import op

revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('receipt_line', sa.Column('provider_name', sa.String(length=120), nullable=True))
    op.add_column('receipt_line', sa.Column('provider_regime', sa.String(length=12), nullable=True))
