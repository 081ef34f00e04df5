"""A row that is held while vouchers are numbered."""

import sqlalchemy as sa
from alembic import op

from palier.api import Key

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('skills_exchange_series',
    sa.Column('id', Key, nullable=False),
    sa.Column('site_id', Key, nullable=False),
    sa.Column('name', sa.String(length=20), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_skills_exchange_series_site_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_skills_exchange_series')),
    sa.UniqueConstraint('site_id', 'id', name=op.f('uq_skills_exchange_series_site_id_id')),
    sa.UniqueConstraint('site_id', 'name', name=op.f('uq_skills_exchange_series_site_id_name'))
    )
