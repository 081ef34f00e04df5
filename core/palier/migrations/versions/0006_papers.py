"""Papers of a receipt: numbered, and marked from the second on."""

import sqlalchemy as sa
from alembic import op

from palier.db.types import Instant, Key

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('receipt_print',
    sa.Column('id', Key, nullable=False),
    sa.Column('site_id', Key, nullable=False),
    sa.Column('copy_no', sa.Integer(), nullable=False),
    sa.Column('at', Instant(), nullable=False),
    sa.Column('shape', sa.String(length=40), nullable=False),
    sa.Column('language', sa.String(length=40), nullable=True),
    sa.Column('person_code', sa.String(length=8), nullable=False),
    sa.Column('receipt_id', Key, nullable=False),
    sa.CheckConstraint("language IN ('fr', 'gsw', 'de', 'en', 'ar', 'tr', 'kab', 'sq', 'hy', 'zh-Hans', 'ka', 'ku', 'ps', 'fa', 'pt', 'ro', 'ru', 'sr', 'so', 'ckb', 'uk', 'vi')", name=op.f('ck_receipt_print_language_known')),
    sa.CheckConstraint("shape IN ('ticket', 'large', 'pdf', 'large_pdf')", name=op.f('ck_receipt_print_shape_known')),
    sa.CheckConstraint('copy_no >= 1', name=op.f('ck_receipt_print_copy_no_least')),
    sa.ForeignKeyConstraint(['site_id', 'receipt_id'], ['receipt.site_id', 'receipt.id'], name=op.f('fk_receipt_print_site_id_receipt_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_receipt_print_site_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_receipt_print')),
    sa.UniqueConstraint('site_id', 'id', name=op.f('uq_receipt_print_site_id_id')),
    sa.UniqueConstraint('site_id', 'receipt_id', 'copy_no', name=op.f('uq_receipt_print_site_id_receipt_id_copy_no'))
    )
    op.create_index(op.f('ix_receipt_print_site_id_receipt_id_id'), 'receipt_print', ['site_id', 'receipt_id', 'id'], unique=False)
