"""Part of a line is given back, for a reason."""

import sqlalchemy as sa
from alembic import op

revision = '0020'
down_revision = '0019'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('receipt', sa.Column('refund_reason', sa.String(length=40), nullable=True))
    op.drop_index(op.f('uq_receipt_line_refunded'), table_name='receipt_line')
    op.create_index('ix_receipt_line_refunds', 'receipt_line', ['site_id', 'refunds_line_id'], unique=False)
