"""Bookings and rosters."""

import sqlalchemy as sa
from alembic import op

from palier.db.types import Instant, Key

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('resource_kind',
    sa.Column('id', Key, nullable=False),
    sa.Column('site_id', Key, nullable=False),
    sa.Column('package', sa.String(length=40), nullable=False),
    sa.Column('code', sa.String(length=20), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('buffer_before', sa.Integer(), nullable=False),
    sa.Column('buffer_after', sa.Integer(), nullable=False),
    sa.Column('approval', sa.Boolean(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('buffer_after <= 1440', name=op.f('ck_resource_kind_buffer_after_most')),
    sa.CheckConstraint('buffer_after >= 0', name=op.f('ck_resource_kind_buffer_after_least')),
    sa.CheckConstraint('buffer_before <= 1440', name=op.f('ck_resource_kind_buffer_before_most')),
    sa.CheckConstraint('buffer_before >= 0', name=op.f('ck_resource_kind_buffer_before_least')),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_resource_kind_site_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_resource_kind')),
    sa.UniqueConstraint('site_id', 'code', name=op.f('uq_resource_kind_site_id_code')),
    sa.UniqueConstraint('site_id', 'id', name=op.f('uq_resource_kind_site_id_id'))
    )
    op.create_table('absence',
    sa.Column('id', Key, nullable=False),
    sa.Column('site_id', Key, nullable=False),
    sa.Column('from_at', Instant(), nullable=False),
    sa.Column('to_at', Instant(), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('staff_id', Key, nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("kind IN ('leave', 'absent', 'training', 'other')", name=op.f('ck_absence_kind_known')),
    sa.CheckConstraint('from_at < to_at', name=op.f('ck_absence_span')),
    sa.ForeignKeyConstraint(['site_id', 'staff_id'], ['staff.site_id', 'staff.id'], name=op.f('fk_absence_site_id_staff_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_absence_site_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_absence')),
    sa.UniqueConstraint('site_id', 'id', name=op.f('uq_absence_site_id_id'))
    )
    op.create_index(op.f('ix_absence_site_id_from_at_id'), 'absence', ['site_id', 'from_at', 'id'], unique=False)
    op.create_index(op.f('ix_absence_site_id_staff_id_id'), 'absence', ['site_id', 'staff_id', 'id'], unique=False)
    op.create_index(op.f('ix_absence_site_id_to_at_id'), 'absence', ['site_id', 'to_at', 'id'], unique=False)
    op.create_table('resource',
    sa.Column('id', Key, nullable=False),
    sa.Column('site_id', Key, nullable=False),
    sa.Column('what', sa.String(length=60), nullable=False),
    sa.Column('code', sa.String(length=20), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('state', sa.String(length=40), nullable=False),
    sa.Column('blocked_reason', sa.String(length=120), nullable=True),
    sa.Column('resource_kind_id', Key, nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('norm', sa.String(length=400), nullable=False),
    sa.CheckConstraint("state IN ('ready', 'blocked', 'gone')", name=op.f('ck_resource_state_known')),
    sa.ForeignKeyConstraint(['site_id', 'resource_kind_id'], ['resource_kind.site_id', 'resource_kind.id'], name=op.f('fk_resource_site_id_resource_kind_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_resource_site_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_resource')),
    sa.UniqueConstraint('site_id', 'code', name=op.f('uq_resource_site_id_code')),
    sa.UniqueConstraint('site_id', 'id', name=op.f('uq_resource_site_id_id'))
    )
    op.create_index(op.f('ix_resource_site_id_resource_kind_id_id'), 'resource', ['site_id', 'resource_kind_id', 'id'], unique=False)
    op.create_table('shift',
    sa.Column('id', Key, nullable=False),
    sa.Column('site_id', Key, nullable=False),
    sa.Column('starts_at', Instant(), nullable=False),
    sa.Column('ends_at', Instant(), nullable=False),
    sa.Column('post', sa.String(length=40), nullable=False),
    sa.Column('state', sa.String(length=40), nullable=False),
    sa.Column('fixed', sa.Boolean(), nullable=False),
    sa.Column('staff_id', Key, nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("post IN ('desk', 'workshop', 'office', 'outside')", name=op.f('ck_shift_post_known')),
    sa.CheckConstraint("state IN ('draft', 'published')", name=op.f('ck_shift_state_known')),
    sa.CheckConstraint('starts_at < ends_at', name=op.f('ck_shift_span')),
    sa.ForeignKeyConstraint(['site_id', 'staff_id'], ['staff.site_id', 'staff.id'], name=op.f('fk_shift_site_id_staff_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_shift_site_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_shift')),
    sa.UniqueConstraint('site_id', 'id', name=op.f('uq_shift_site_id_id'))
    )
    op.create_index('ix_shift_busy', 'shift', ['site_id', 'staff_id', 'ends_at'], unique=False)
    op.create_index(op.f('ix_shift_site_id_ends_at_id'), 'shift', ['site_id', 'ends_at', 'id'], unique=False)
    op.create_index(op.f('ix_shift_site_id_staff_id_id'), 'shift', ['site_id', 'staff_id', 'id'], unique=False)
    op.create_index(op.f('ix_shift_site_id_starts_at_id'), 'shift', ['site_id', 'starts_at', 'id'], unique=False)
    op.create_table('booking',
    sa.Column('id', Key, nullable=False),
    sa.Column('site_id', Key, nullable=False),
    sa.Column('code', sa.String(length=12), nullable=False),
    sa.Column('package', sa.String(length=40), nullable=False),
    sa.Column('purpose', sa.String(length=40), nullable=False),
    sa.Column('resident_id', Key, nullable=True),
    sa.Column('household_id', Key, nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('norm', sa.String(length=400), nullable=False),
    sa.CheckConstraint("purpose IN ('use', 'block')", name=op.f('ck_booking_purpose_known')),
    sa.ForeignKeyConstraint(['site_id', 'household_id'], ['household.site_id', 'household.id'], name=op.f('fk_booking_site_id_household_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id', 'resident_id'], ['resident.site_id', 'resident.id'], name=op.f('fk_booking_site_id_resident_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_booking_site_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_booking')),
    sa.UniqueConstraint('site_id', 'code', name=op.f('uq_booking_site_id_code')),
    sa.UniqueConstraint('site_id', 'id', name=op.f('uq_booking_site_id_id'))
    )
    op.create_index(op.f('ix_booking_site_id_household_id_id'), 'booking', ['site_id', 'household_id', 'id'], unique=False)
    op.create_index(op.f('ix_booking_site_id_resident_id_id'), 'booking', ['site_id', 'resident_id', 'id'], unique=False)
    op.create_table('booking_line',
    sa.Column('id', Key, nullable=False),
    sa.Column('site_id', Key, nullable=False),
    sa.Column('starts_at', Instant(), nullable=False),
    sa.Column('ends_at', Instant(), nullable=False),
    sa.Column('busy_from', Instant(), nullable=False),
    sa.Column('busy_to', Instant(), nullable=False),
    sa.Column('seats', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=40), nullable=False),
    sa.Column('held_until', Instant(), nullable=True),
    sa.Column('done_at', Instant(), nullable=True),
    sa.Column('booking_id', Key, nullable=False),
    sa.Column('resource_id', Key, nullable=False),
    sa.Column('wanted_kind_id', Key, nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("starts_at < ends_at OR NOT state IN ('requested', 'held', 'booked', 'out')", name=op.f('ck_booking_line_span')),
    sa.CheckConstraint("state IN ('requested', 'held', 'booked', 'out', 'back', 'lost', 'attended', 'excused', 'no_show', 'cancelled', 'refused', 'expired')", name=op.f('ck_booking_line_state_known')),
    sa.CheckConstraint('busy_from <= starts_at AND ends_at <= busy_to', name=op.f('ck_booking_line_busy')),
    sa.CheckConstraint('seats >= 1', name=op.f('ck_booking_line_seats_least')),
    sa.ForeignKeyConstraint(['site_id', 'booking_id'], ['booking.site_id', 'booking.id'], name=op.f('fk_booking_line_site_id_booking_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id', 'resource_id'], ['resource.site_id', 'resource.id'], name=op.f('fk_booking_line_site_id_resource_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id', 'wanted_kind_id'], ['resource_kind.site_id', 'resource_kind.id'], name=op.f('fk_booking_line_site_id_wanted_kind_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_booking_line_site_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_booking_line')),
    sa.UniqueConstraint('site_id', 'id', name=op.f('uq_booking_line_site_id_id'))
    )
    op.create_index('ix_booking_line_busy', 'booking_line', ['site_id', 'resource_id', 'busy_to'], unique=False)
    op.create_index(op.f('ix_booking_line_site_id_booking_id_id'), 'booking_line', ['site_id', 'booking_id', 'id'], unique=False)
    op.create_index(op.f('ix_booking_line_site_id_ends_at_id'), 'booking_line', ['site_id', 'ends_at', 'id'], unique=False)
    op.create_index(op.f('ix_booking_line_site_id_resource_id_id'), 'booking_line', ['site_id', 'resource_id', 'id'], unique=False)
    op.create_index(op.f('ix_booking_line_site_id_starts_at_id'), 'booking_line', ['site_id', 'starts_at', 'id'], unique=False)
    op.create_index(op.f('ix_booking_line_site_id_wanted_kind_id_id'), 'booking_line', ['site_id', 'wanted_kind_id', 'id'], unique=False)
    op.create_index('uq_booking_line_out', 'booking_line', ['resource_id'], unique=True, postgresql_where=sa.text("state = 'out'"), sqlite_where=sa.text("state = 'out'"))
