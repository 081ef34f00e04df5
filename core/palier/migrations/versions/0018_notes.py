"""Notes of services, written before they are paid."""

import sqlalchemy as sa
from alembic import op

from palier.db.types import Instant, Key

revision = '0018'
down_revision = '0017'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('service_note',
    sa.Column('id', Key, nullable=False),
    sa.Column('site_id', Key, nullable=False),
    sa.Column('number', sa.String(length=70), nullable=False),
    sa.Column('at', Instant(), nullable=False),
    sa.Column('on', sa.Date(), nullable=False),
    sa.Column('total_cents', sa.BigInteger(), nullable=False),
    sa.Column('person_code', sa.String(length=8), nullable=False),
    sa.Column('operator_id', Key, nullable=False),
    sa.Column('vat_regime', sa.String(length=12), nullable=False),
    sa.Column('resident_id', Key, nullable=True),
    sa.ForeignKeyConstraint(['operator_id'], ['operator.id'], name=op.f('fk_service_note_operator_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id', 'resident_id'], ['resident.site_id', 'resident.id'], name=op.f('fk_service_note_site_id_resident_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_service_note_site_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_service_note')),
    sa.UniqueConstraint('site_id', 'id', name=op.f('uq_service_note_site_id_id')),
    sa.UniqueConstraint('site_id', 'number', name=op.f('uq_service_note_site_id_number'))
    )
    op.create_index(op.f('ix_service_note_site_id_on_id'), 'service_note', ['site_id', 'on', 'id'], unique=False)
    op.create_index(op.f('ix_service_note_site_id_resident_id_id'), 'service_note', ['site_id', 'resident_id', 'id'], unique=False)
    op.create_table('note_name',
    sa.Column('id', Key, nullable=False),
    sa.Column('site_id', Key, nullable=False),
    sa.Column('customer_name', sa.String(length=120), nullable=True),
    sa.Column('on', sa.Date(), nullable=False),
    sa.Column('erase_on', sa.Date(), nullable=False),
    sa.Column('note_id', Key, nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['site_id', 'note_id'], ['service_note.site_id', 'service_note.id'], name=op.f('fk_note_name_site_id_note_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_note_name_site_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_note_name')),
    sa.UniqueConstraint('site_id', 'id', name=op.f('uq_note_name_site_id_id')),
    sa.UniqueConstraint('site_id', 'note_id', name=op.f('uq_note_name_site_id_note_id'))
    )
    op.create_index(op.f('ix_note_name_site_id_erase_on_id'), 'note_name', ['site_id', 'erase_on', 'id'], unique=False)
    op.create_index(op.f('ix_note_name_site_id_note_id_id'), 'note_name', ['site_id', 'note_id', 'id'], unique=False)
    op.create_table('service_note_line',
    sa.Column('id', Key, nullable=False),
    sa.Column('site_id', Key, nullable=False),
    sa.Column('label', sa.String(length=120), nullable=False),
    sa.Column('quantity', sa.Integer(), nullable=False),
    sa.Column('unit', sa.String(length=40), nullable=False),
    sa.Column('unit_cents', sa.BigInteger(), nullable=False),
    sa.Column('total_cents', sa.BigInteger(), nullable=False),
    sa.Column('served_on', sa.Date(), nullable=False),
    sa.Column('vat_rate', sa.String(length=6), nullable=True),
    sa.Column('note_id', Key, nullable=False),
    sa.Column('charge_id', Key, nullable=False),
    sa.CheckConstraint("unit IN ('u', 'hour', 'half_day', 'day', 'week', 'month', 'year')", name=op.f('ck_service_note_line_unit_known')),
    sa.ForeignKeyConstraint(['site_id', 'charge_id'], ['charge.site_id', 'charge.id'], name=op.f('fk_service_note_line_site_id_charge_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id', 'note_id'], ['service_note.site_id', 'service_note.id'], name=op.f('fk_service_note_line_site_id_note_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_service_note_line_site_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_service_note_line')),
    sa.UniqueConstraint('site_id', 'id', name=op.f('uq_service_note_line_site_id_id'))
    )
    op.create_index(op.f('ix_service_note_line_site_id_charge_id_id'), 'service_note_line', ['site_id', 'charge_id', 'id'], unique=False)
    op.create_index(op.f('ix_service_note_line_site_id_note_id_id'), 'service_note_line', ['site_id', 'note_id', 'id'], unique=False)
