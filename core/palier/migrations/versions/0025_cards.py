"""Member cards: runs of them, those that were replaced, a card for the household."""

import sqlalchemy as sa
from alembic import op

from palier.db.types import Instant, Key

revision = '0025'
down_revision = '0024'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('card_run',
    sa.Column('id', Key, nullable=False),
    sa.Column('site_id', Key, nullable=False),
    sa.Column('made_at', Instant(), nullable=False),
    sa.Column('cards', sa.Integer(), nullable=False),
    sa.Column('printed', sa.Integer(), nullable=False),
    sa.Column('person_code', sa.String(length=8), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('cards >= 1', name=op.f('ck_card_run_cards_least')),
    sa.CheckConstraint('printed <= cards', name=op.f('ck_card_run_printed_most')),
    sa.CheckConstraint('printed >= 0', name=op.f('ck_card_run_printed_least')),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_card_run_site_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_card_run')),
    sa.UniqueConstraint('site_id', 'id', name=op.f('uq_card_run_site_id_id'))
    )
    op.create_index(op.f('ix_card_run_site_id_made_at_id'), 'card_run', ['site_id', 'made_at', 'id'], unique=False)
    op.create_table('printed_card',
    sa.Column('id', Key, nullable=False),
    sa.Column('site_id', Key, nullable=False),
    sa.Column('place', sa.Integer(), nullable=False),
    sa.Column('printed_on', sa.Date(), nullable=False),
    sa.Column('run_id', Key, nullable=False),
    sa.Column('resident_id', Key, nullable=True),
    sa.Column('household_id', Key, nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('place >= 1', name=op.f('ck_printed_card_place_least')),
    sa.ForeignKeyConstraint(['site_id', 'household_id'], ['household.site_id', 'household.id'], name=op.f('fk_printed_card_site_id_household_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id', 'resident_id'], ['resident.site_id', 'resident.id'], name=op.f('fk_printed_card_site_id_resident_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id', 'run_id'], ['card_run.site_id', 'card_run.id'], name=op.f('fk_printed_card_site_id_run_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_printed_card_site_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_printed_card')),
    sa.UniqueConstraint('site_id', 'id', name=op.f('uq_printed_card_site_id_id')),
    sa.UniqueConstraint('site_id', 'run_id', 'place', name=op.f('uq_printed_card_site_id_run_id_place'))
    )
    op.create_index(op.f('ix_printed_card_site_id_household_id_id'), 'printed_card', ['site_id', 'household_id', 'id'], unique=False)
    op.create_index(op.f('ix_printed_card_site_id_resident_id_id'), 'printed_card', ['site_id', 'resident_id', 'id'], unique=False)
    op.create_index(op.f('ix_printed_card_site_id_run_id_id'), 'printed_card', ['site_id', 'run_id', 'id'], unique=False)
    op.create_table('replaced_card',
    sa.Column('id', Key, nullable=False),
    sa.Column('site_id', Key, nullable=False),
    sa.Column('code', sa.String(length=20), nullable=True),
    sa.Column('replaced_on', sa.Date(), nullable=False),
    sa.Column('resident_id', Key, nullable=True),
    sa.Column('household_id', Key, nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['site_id', 'household_id'], ['household.site_id', 'household.id'], name=op.f('fk_replaced_card_site_id_household_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id', 'resident_id'], ['resident.site_id', 'resident.id'], name=op.f('fk_replaced_card_site_id_resident_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_replaced_card_site_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_replaced_card')),
    sa.UniqueConstraint('site_id', 'code', name=op.f('uq_replaced_card_site_id_code')),
    sa.UniqueConstraint('site_id', 'id', name=op.f('uq_replaced_card_site_id_id'))
    )
    op.create_index(op.f('ix_replaced_card_site_id_household_id_id'), 'replaced_card', ['site_id', 'household_id', 'id'], unique=False)
    op.create_index(op.f('ix_replaced_card_site_id_replaced_on_id'), 'replaced_card', ['site_id', 'replaced_on', 'id'], unique=False)
    op.create_index(op.f('ix_replaced_card_site_id_resident_id_id'), 'replaced_card', ['site_id', 'resident_id', 'id'], unique=False)
    op.add_column('household', sa.Column('card_code', sa.String(length=20), nullable=True))
    op.create_index('uq_household_site_id_card_code', 'household', ['site_id', 'card_code'], unique=True)
