"""What people agree to."""

import sqlalchemy as sa
from alembic import op

from palier.db.types import Key

revision = '0019'
down_revision = '0018'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('consent',
    sa.Column('id', Key, nullable=False),
    sa.Column('site_id', Key, nullable=False),
    sa.Column('purpose', sa.String(length=40), nullable=False),
    sa.Column('given_on', sa.Date(), nullable=False),
    sa.Column('how', sa.String(length=40), nullable=False),
    sa.Column('by_parent', sa.Boolean(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=True),
    sa.Column('withdrawn_on', sa.Date(), nullable=True),
    sa.Column('resident_id', Key, nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("how IN ('signed', 'said')", name=op.f('ck_consent_how_known')),
    sa.CheckConstraint("purpose IN ('call_if_not_seen', 'pass_to_provider', 'pictures')", name=op.f('ck_consent_purpose_known')),
    sa.ForeignKeyConstraint(['site_id', 'resident_id'], ['resident.site_id', 'resident.id'], name=op.f('fk_consent_site_id_resident_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_consent_site_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_consent')),
    sa.UniqueConstraint('site_id', 'id', name=op.f('uq_consent_site_id_id'))
    )
    for column in ('given_on', 'resident_id'):
        op.create_index(op.f(f'ix_consent_site_id_{column}_id'), 'consent', ['site_id', column, 'id'])
