"""Till sessions, cash moves, and the session a receipt was made in."""

import sqlalchemy as sa
from alembic import op

from palier.db.types import Instant, Key

revision = '0022'
down_revision = '0021'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('till_session',
    sa.Column('id', Key, nullable=False),
    sa.Column('site_id', Key, nullable=False),
    sa.Column('opened_on', sa.Date(), nullable=False),
    sa.Column('opened_at', Instant(), nullable=False),
    sa.Column('opened_by', sa.String(length=8), nullable=False),
    sa.Column('before_cents', sa.BigInteger(), nullable=True),
    sa.Column('float_cents', sa.BigInteger(), nullable=False),
    sa.Column('float_reason', sa.String(length=40), nullable=True),
    sa.Column('closed_at', Instant(), nullable=True),
    sa.Column('closed_by', sa.String(length=8), nullable=True),
    sa.Column('expected_cents', sa.BigInteger(), nullable=True),
    sa.Column('counted_cents', sa.BigInteger(), nullable=True),
    sa.Column('difference_cents', sa.BigInteger(), nullable=True),
    sa.Column('reason', sa.String(length=40), nullable=True),
    sa.Column('left_cents', sa.BigInteger(), nullable=True),
    sa.Column('register_id', Key, nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("float_reason IN ('coin_rolled', 'change', 'note_missing', 'noted_wrong', 'unknown')", name=op.f('ck_till_session_float_reason_known')),
    sa.CheckConstraint("reason IN ('coin_rolled', 'change', 'note_missing', 'noted_wrong', 'unknown')", name=op.f('ck_till_session_reason_known')),
    sa.CheckConstraint('before_cents = float_cents OR float_reason IS NOT NULL', name=op.f('ck_till_session_float_explained')),
    sa.CheckConstraint('counted_cents >= 0', name=op.f('ck_till_session_counted_cents_least')),
    sa.CheckConstraint('difference_cents = 0 OR reason IS NOT NULL', name=op.f('ck_till_session_explained')),
    sa.CheckConstraint('difference_cents IS NULL AND closed_at IS NULL OR difference_cents = counted_cents - expected_cents AND closed_at IS NOT NULL', name=op.f('ck_till_session_difference')),
    sa.CheckConstraint('float_cents >= 0', name=op.f('ck_till_session_float_cents_least')),
    sa.CheckConstraint('left_cents <= counted_cents', name=op.f('ck_till_session_left')),
    sa.CheckConstraint('left_cents >= 0', name=op.f('ck_till_session_left_cents_least')),
    sa.ForeignKeyConstraint(['site_id', 'register_id'], ['register.site_id', 'register.id'], name=op.f('fk_till_session_site_id_register_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_till_session_site_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_till_session')),
    sa.UniqueConstraint('site_id', 'id', name=op.f('uq_till_session_site_id_id'))
    )
    op.create_index(op.f('ix_till_session_site_id_opened_at_id'), 'till_session', ['site_id', 'opened_at', 'id'], unique=False)
    op.create_index(op.f('ix_till_session_site_id_opened_on_id'), 'till_session', ['site_id', 'opened_on', 'id'], unique=False)
    op.create_index(op.f('ix_till_session_site_id_register_id_id'), 'till_session', ['site_id', 'register_id', 'id'], unique=False)
    op.create_index('uq_till_session_open', 'till_session', ['site_id', 'register_id'], unique=True, sqlite_where=sa.text('closed_at IS NULL'), postgresql_where=sa.text('closed_at IS NULL'))
    op.create_table('cash_move',
    sa.Column('id', Key, nullable=False),
    sa.Column('site_id', Key, nullable=False),
    sa.Column('at', Instant(), nullable=False),
    sa.Column('reason', sa.String(length=40), nullable=False),
    sa.Column('cents', sa.BigInteger(), nullable=False),
    sa.Column('number', sa.String(length=20), nullable=False),
    sa.Column('person_code', sa.String(length=8), nullable=False),
    sa.Column('till_session_id', Key, nullable=False),
    sa.CheckConstraint("reason = 'float' AND cents > 0 OR reason <> 'float' AND cents < 0", name=op.f('ck_cash_move_sign')),
    sa.CheckConstraint("reason IN ('bank', 'float', 'expense')", name=op.f('ck_cash_move_reason_known')),
    sa.ForeignKeyConstraint(['site_id', 'till_session_id'], ['till_session.site_id', 'till_session.id'], name=op.f('fk_cash_move_site_id_till_session_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_cash_move_site_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_cash_move')),
    sa.UniqueConstraint('site_id', 'id', name=op.f('uq_cash_move_site_id_id'))
    )
    op.create_index(op.f('ix_cash_move_site_id_at_id'), 'cash_move', ['site_id', 'at', 'id'], unique=False)
    op.create_index(op.f('ix_cash_move_site_id_till_session_id_id'), 'cash_move', ['site_id', 'till_session_id', 'id'], unique=False)
    with op.batch_alter_table('receipt') as batch:
        batch.add_column(sa.Column('till_session_id', Key, nullable=True))
        batch.create_foreign_key(batch.f('fk_receipt_site_id_till_session_id'), 'till_session', ['site_id', 'till_session_id'], ['site_id', 'id'], ondelete='RESTRICT')
        batch.create_index(batch.f('ix_receipt_site_id_till_session_id_id'), ['site_id', 'till_session_id', 'id'], unique=False)
