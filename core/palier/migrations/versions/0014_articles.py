"""Articles of the desk, sold by one key."""

import sqlalchemy as sa
from alembic import op

from palier.db.types import Instant, Key

revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('article',
    sa.Column('id', Key, nullable=False),
    sa.Column('site_id', Key, nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('key', sa.String(length=1), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_article_site_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_article')),
    sa.UniqueConstraint('site_id', 'id', name=op.f('uq_article_site_id_id')),
    sa.UniqueConstraint('site_id', 'key', name=op.f('uq_article_site_id_key'))
    )
    op.create_index(op.f('ix_article_site_id_name_id'), 'article', ['site_id', 'name', 'id'], unique=False)
    op.create_table('desk_sale',
    sa.Column('id', Key, nullable=False),
    sa.Column('site_id', Key, nullable=False),
    sa.Column('quantity', sa.Integer(), nullable=False),
    sa.Column('at', Instant(), nullable=False),
    sa.Column('article_id', Key, nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('quantity >= 1', name=op.f('ck_desk_sale_quantity_least')),
    sa.ForeignKeyConstraint(['site_id', 'article_id'], ['article.site_id', 'article.id'], name=op.f('fk_desk_sale_site_id_article_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_desk_sale_site_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_desk_sale')),
    sa.UniqueConstraint('site_id', 'id', name=op.f('uq_desk_sale_site_id_id'))
    )
    op.create_index(op.f('ix_desk_sale_site_id_article_id_id'), 'desk_sale', ['site_id', 'article_id', 'id'], unique=False)
