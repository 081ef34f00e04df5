"""Brackets, and what a household's paper gives right to."""

import sqlalchemy as sa
from alembic import op

from palier.db.types import Key

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('bracket',
    sa.Column('id', Key, nullable=False),
    sa.Column('site_id', Key, nullable=False),
    sa.Column('code', sa.String(length=12), nullable=False),
    sa.Column('colour', sa.String(length=40), nullable=False),
    sa.Column('label', sa.String(length=80), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("colour IN ('green', 'blue', 'yellow', 'purple', 'brown')", name=op.f('ck_bracket_colour_known')),
    sa.CheckConstraint('position <= 99', name=op.f('ck_bracket_position_most')),
    sa.CheckConstraint('position >= 1', name=op.f('ck_bracket_position_least')),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_bracket_site_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_bracket')),
    sa.UniqueConstraint('site_id', 'code', name=op.f('uq_bracket_site_id_code')),
    sa.UniqueConstraint('site_id', 'colour', name=op.f('uq_bracket_site_id_colour')),
    sa.UniqueConstraint('site_id', 'id', name=op.f('uq_bracket_site_id_id'))
    )
    op.create_index(op.f('ix_bracket_site_id_position_id'), 'bracket', ['site_id', 'position', 'id'], unique=False)
    with op.batch_alter_table('household') as batch:
        batch.add_column(sa.Column('bracket_seen_on', sa.Date(), nullable=True))
        batch.add_column(sa.Column('bracket_until', sa.Date(), nullable=True))
        batch.add_column(sa.Column('bracket_id', Key, nullable=True))
        batch.create_index(op.f('ix_household_site_id_bracket_id_id'), ['site_id', 'bracket_id', 'id'], unique=False)
        batch.create_foreign_key(op.f('fk_household_site_id_bracket_id'), 'bracket', ['site_id', 'bracket_id'], ['site_id', 'id'], ondelete='RESTRICT')
