"""Wishes, workshops and who comes."""

import sqlalchemy as sa
from alembic import op

from palier.api import Instant, Key

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('workshops_wish',
    sa.Column('id', Key, nullable=False),
    sa.Column('site_id', Key, nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=60), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('asked_on', sa.Date(), nullable=False),
    sa.Column('state', sa.String(length=40), nullable=False),
    sa.Column('households', sa.Integer(), nullable=False),
    sa.Column('votes', sa.Integer(), nullable=False),
    sa.Column('merged_into', sa.Integer(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("kind IN ('workshop', 'service')", name=op.f('ck_workshops_wish_kind_known')),
    sa.CheckConstraint("state IN ('open', 'planned', 'done', 'declined', 'merged')", name=op.f('ck_workshops_wish_state_known')),
    sa.CheckConstraint('households >= 0', name=op.f('ck_workshops_wish_households_least')),
    sa.CheckConstraint('number >= 1', name=op.f('ck_workshops_wish_number_least')),
    sa.CheckConstraint('votes >= 0', name=op.f('ck_workshops_wish_votes_least')),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_workshops_wish_site_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_workshops_wish')),
    sa.UniqueConstraint('site_id', 'id', name=op.f('uq_workshops_wish_site_id_id')),
    sa.UniqueConstraint('site_id', 'number', name=op.f('uq_workshops_wish_site_id_number'))
    )
    op.create_index(op.f('ix_workshops_wish_site_id_asked_on_id'), 'workshops_wish', ['site_id', 'asked_on', 'id'], unique=False)
    op.create_index(op.f('ix_workshops_wish_site_id_votes_id'), 'workshops_wish', ['site_id', 'votes', 'id'], unique=False)
    op.create_table('workshops_vote',
    sa.Column('id', Key, nullable=False),
    sa.Column('site_id', Key, nullable=False),
    sa.Column('would_host', sa.Boolean(), nullable=False),
    sa.Column('voted_on', sa.Date(), nullable=False),
    sa.Column('wish_id', Key, nullable=False),
    sa.Column('resident_id', Key, nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['site_id', 'resident_id'], ['resident.site_id', 'resident.id'], name=op.f('fk_workshops_vote_site_id_resident_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id', 'wish_id'], ['workshops_wish.site_id', 'workshops_wish.id'], name=op.f('fk_workshops_vote_site_id_wish_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_workshops_vote_site_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_workshops_vote')),
    sa.UniqueConstraint('site_id', 'id', name=op.f('uq_workshops_vote_site_id_id'))
    )
    op.create_index(op.f('ix_workshops_vote_site_id_resident_id_id'), 'workshops_vote', ['site_id', 'resident_id', 'id'], unique=False)
    op.create_index(op.f('ix_workshops_vote_site_id_voted_on_id'), 'workshops_vote', ['site_id', 'voted_on', 'id'], unique=False)
    op.create_index(op.f('ix_workshops_vote_site_id_wish_id_id'), 'workshops_vote', ['site_id', 'wish_id', 'id'], unique=False)
    op.create_table('workshops_workshop',
    sa.Column('id', Key, nullable=False),
    sa.Column('site_id', Key, nullable=False),
    sa.Column('title', sa.String(length=60), nullable=False),
    sa.Column('starts_at', Instant(), nullable=False),
    sa.Column('ends_at', Instant(), nullable=False),
    sa.Column('place', sa.String(length=80), nullable=False),
    sa.Column('seats', sa.Integer(), nullable=False),
    sa.Column('taken', sa.Integer(), nullable=False),
    sa.Column('first_until', sa.Date(), nullable=True),
    sa.Column('state', sa.String(length=40), nullable=False),
    sa.Column('wish_id', Key, nullable=True),
    sa.Column('provider_id', Key, nullable=True),
    sa.Column('host_id', Key, nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("state IN ('open', 'done', 'cancelled')", name=op.f('ck_workshops_workshop_state_known')),
    sa.CheckConstraint('seats <= 500', name=op.f('ck_workshops_workshop_seats_most')),
    sa.CheckConstraint('seats >= 1', name=op.f('ck_workshops_workshop_seats_least')),
    sa.CheckConstraint('taken >= 0', name=op.f('ck_workshops_workshop_taken_least')),
    sa.ForeignKeyConstraint(['site_id', 'host_id'], ['resident.site_id', 'resident.id'], name=op.f('fk_workshops_workshop_site_id_host_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id', 'provider_id'], ['provider.site_id', 'provider.id'], name=op.f('fk_workshops_workshop_site_id_provider_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id', 'wish_id'], ['workshops_wish.site_id', 'workshops_wish.id'], name=op.f('fk_workshops_workshop_site_id_wish_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_workshops_workshop_site_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_workshops_workshop')),
    sa.UniqueConstraint('site_id', 'id', name=op.f('uq_workshops_workshop_site_id_id'))
    )
    op.create_index(op.f('ix_workshops_workshop_site_id_host_id_id'), 'workshops_workshop', ['site_id', 'host_id', 'id'], unique=False)
    op.create_index(op.f('ix_workshops_workshop_site_id_provider_id_id'), 'workshops_workshop', ['site_id', 'provider_id', 'id'], unique=False)
    op.create_index(op.f('ix_workshops_workshop_site_id_starts_at_id'), 'workshops_workshop', ['site_id', 'starts_at', 'id'], unique=False)
    op.create_index(op.f('ix_workshops_workshop_site_id_wish_id_id'), 'workshops_workshop', ['site_id', 'wish_id', 'id'], unique=False)
    op.create_table('workshops_enrolment',
    sa.Column('id', Key, nullable=False),
    sa.Column('site_id', Key, nullable=False),
    sa.Column('held_on', sa.Date(), nullable=False),
    sa.Column('enrolled_at', Instant(), nullable=False),
    sa.Column('mark', sa.String(length=40), nullable=False),
    sa.Column('came_at', Instant(), nullable=True),
    sa.Column('marked_at', Instant(), nullable=True),
    sa.Column('workshop_id', Key, nullable=False),
    sa.Column('resident_id', Key, nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("mark IN ('enrolled', 'present', 'excused', 'no_show', 'called_off')", name=op.f('ck_workshops_enrolment_mark_known')),
    sa.ForeignKeyConstraint(['site_id', 'resident_id'], ['resident.site_id', 'resident.id'], name=op.f('fk_workshops_enrolment_site_id_resident_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id', 'workshop_id'], ['workshops_workshop.site_id', 'workshops_workshop.id'], name=op.f('fk_workshops_enrolment_site_id_workshop_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_workshops_enrolment_site_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_workshops_enrolment')),
    sa.UniqueConstraint('site_id', 'id', name=op.f('uq_workshops_enrolment_site_id_id'))
    )
    op.create_index(op.f('ix_workshops_enrolment_site_id_held_on_id'), 'workshops_enrolment', ['site_id', 'held_on', 'id'], unique=False)
    op.create_index(op.f('ix_workshops_enrolment_site_id_resident_id_id'), 'workshops_enrolment', ['site_id', 'resident_id', 'id'], unique=False)
    op.create_index(op.f('ix_workshops_enrolment_site_id_workshop_id_id'), 'workshops_enrolment', ['site_id', 'workshop_id', 'id'], unique=False)
    op.create_table('workshops_head_count',
    sa.Column('id', Key, nullable=False),
    sa.Column('site_id', Key, nullable=False),
    sa.Column('sex', sa.String(length=40), nullable=False),
    sa.Column('band', sa.String(length=40), nullable=False),
    sa.Column('people', sa.Integer(), nullable=False),
    sa.Column('workshop_id', Key, nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("band IN ('0', '12', '18', '26', '40', '60', '70', 'not_said')", name=op.f('ck_workshops_head_count_band_known')),
    sa.CheckConstraint("sex IN ('woman', 'man', 'other', 'not_said')", name=op.f('ck_workshops_head_count_sex_known')),
    sa.CheckConstraint('people >= 0', name=op.f('ck_workshops_head_count_people_least')),
    sa.ForeignKeyConstraint(['site_id', 'workshop_id'], ['workshops_workshop.site_id', 'workshops_workshop.id'], name=op.f('fk_workshops_head_count_site_id_workshop_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_workshops_head_count_site_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_workshops_head_count')),
    sa.UniqueConstraint('site_id', 'id', name=op.f('uq_workshops_head_count_site_id_id')),
    sa.UniqueConstraint('site_id', 'workshop_id', 'sex', 'band', name=op.f('uq_workshops_head_count_site_id_workshop_id_sex_band'))
    )
    op.create_index(op.f('ix_workshops_head_count_site_id_workshop_id_id'), 'workshops_head_count', ['site_id', 'workshop_id', 'id'], unique=False)
