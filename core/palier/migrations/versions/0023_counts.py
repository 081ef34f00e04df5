"""What is counted beside the cash, and how far each count of a till went."""

import sqlalchemy as sa
from alembic import op

from palier.db.types import Instant, Key

revision = '0023'
down_revision = '0022'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('box_count',
    sa.Column('id', Key, nullable=False),
    sa.Column('site_id', Key, nullable=False),
    sa.Column('on', sa.Date(), nullable=False),
    sa.Column('at', Instant(), nullable=False),
    sa.Column('person_code', sa.String(length=8), nullable=False),
    sa.Column('expected_number', sa.Integer(), nullable=False),
    sa.Column('counted_number', sa.Integer(), nullable=False),
    sa.Column('strange', sa.Integer(), nullable=False),
    sa.Column('expected_cents', sa.BigInteger(), nullable=False),
    sa.Column('counted_cents', sa.BigInteger(), nullable=False),
    sa.Column('reason', sa.String(length=40), nullable=True),
    sa.Column('missing', sa.String(length=200), nullable=True),
    sa.CheckConstraint("reason IN ('other_way', 'next_slip', 'mislaid', 'noted_wrong', 'unknown')", name=op.f('ck_box_count_reason_known')),
    sa.CheckConstraint('counted_number = expected_number AND strange = 0 OR reason IS NOT NULL', name=op.f('ck_box_count_explained')),
    sa.CheckConstraint('counted_number >= 0', name=op.f('ck_box_count_counted_number_least')),
    sa.CheckConstraint('expected_number >= 0', name=op.f('ck_box_count_expected_number_least')),
    sa.CheckConstraint('strange >= 0', name=op.f('ck_box_count_strange_least')),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_box_count_site_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_box_count')),
    sa.UniqueConstraint('site_id', 'id', name=op.f('uq_box_count_site_id_id'))
    )
    op.create_index(op.f('ix_box_count_site_id_at_id'), 'box_count', ['site_id', 'at', 'id'], unique=False)
    op.create_table('till_count',
    sa.Column('id', Key, nullable=False),
    sa.Column('site_id', Key, nullable=False),
    sa.Column('mode', sa.String(length=40), nullable=False),
    sa.Column('expected_number', sa.Integer(), nullable=False),
    sa.Column('counted_number', sa.Integer(), nullable=True),
    sa.Column('expected_cents', sa.BigInteger(), nullable=False),
    sa.Column('counted_cents', sa.BigInteger(), nullable=True),
    sa.Column('reason', sa.String(length=40), nullable=True),
    sa.Column('missing', sa.String(length=200), nullable=True),
    sa.Column('till_session_id', Key, nullable=False),
    sa.CheckConstraint("mode IN ('cash', 'card', 'cheque', 'voucher', 'transfer', 'tab')", name=op.f('ck_till_count_mode_known')),
    sa.CheckConstraint("reason IN ('other_way', 'next_slip', 'mislaid', 'noted_wrong', 'unknown')", name=op.f('ck_till_count_reason_known')),
    sa.CheckConstraint('counted_number >= 0', name=op.f('ck_till_count_counted_number_least')),
    sa.CheckConstraint('expected_number >= 0', name=op.f('ck_till_count_expected_number_least')),
    sa.CheckConstraint('reason IS NOT NULL OR coalesce(counted_number, expected_number) = expected_number AND coalesce(counted_cents, expected_cents) = expected_cents', name=op.f('ck_till_count_explained')),
    sa.ForeignKeyConstraint(['site_id', 'till_session_id'], ['till_session.site_id', 'till_session.id'], name=op.f('fk_till_count_site_id_till_session_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_till_count_site_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_till_count')),
    sa.UniqueConstraint('site_id', 'id', name=op.f('uq_till_count_site_id_id'))
    )
    op.create_index(op.f('ix_till_count_site_id_till_session_id_id'), 'till_count', ['site_id', 'till_session_id', 'id'], unique=False)
    op.add_column('till_session', sa.Column('float_coins', sa.String(length=200), nullable=True))
    op.add_column('till_session', sa.Column('counted_coins', sa.String(length=200), nullable=True))
    op.add_column('till_session', sa.Column('counted_to', Key, nullable=True))
    # What came before the last count is not counted again.
    op.execute(
        "UPDATE till_session SET counted_to = (SELECT coalesce(max(receipt.id), 0) FROM receipt"
        " WHERE receipt.site_id = till_session.site_id"
        " AND receipt.recorded_at <= till_session.closed_at) WHERE closed_at IS NOT NULL"
    )
