"""What papers said of the operator and of the site, until it changed."""

import sqlalchemy as sa
from alembic import op

from palier.db.types import Instant, Key

revision = '0034'
down_revision = '0033'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('operator_was',
    sa.Column('id', Key, nullable=False),
    sa.Column('operator_id', Key, nullable=False),
    sa.Column('until_at', Instant(), nullable=False),
    sa.Column('legal_name', sa.String(length=120), nullable=False),
    sa.Column('form', sa.String(length=60), nullable=False),
    sa.Column('address', sa.String(length=200), nullable=False),
    sa.Column('siret', sa.String(length=14), nullable=True),
    sa.Column('rna', sa.String(length=10), nullable=True),
    sa.Column('register_ref', sa.String(length=80), nullable=True),
    sa.Column('vat_number', sa.String(length=20), nullable=True),
    sa.ForeignKeyConstraint(['operator_id'], ['operator.id'], name=op.f('fk_operator_was_operator_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_operator_was'))
    )
    op.create_index(op.f('ix_operator_was_operator_id'), 'operator_was', ['operator_id'], unique=False)
    op.create_table('site_was',
    sa.Column('id', Key, nullable=False),
    sa.Column('site_id', Key, nullable=False),
    sa.Column('until_at', Instant(), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('address', sa.String(length=200), nullable=False),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_site_was_site_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_site_was')),
    sa.UniqueConstraint('site_id', 'id', name=op.f('uq_site_was_site_id_id'))
    )
    op.create_index(op.f('ix_site_was_site_id_until_at_id'), 'site_was', ['site_id', 'until_at', 'id'], unique=False)
