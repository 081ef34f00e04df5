"""Prices are searched by their words."""

import sqlalchemy as sa
from alembic import op

from palier.db.normal import normal

revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('price', sa.Column('norm', sa.String(length=400), nullable=True))
    price = sa.table('price', sa.column('id'), sa.column('label'), sa.column('item'), sa.column('norm'))
    bind = op.get_bind()
    for id, label, item in bind.execute(sa.select(price.c.id, price.c.label, price.c.item)).all():
        bind.execute(price.update().where(price.c.id == id).values(norm=normal(f'{label} {item}')))
    # An index of expressions is not reflected, so a rebuild on SQLite would lose it in silence.
    op.drop_index('uq_price_once', 'price')
    with op.batch_alter_table('price') as batch:
        batch.alter_column('norm', existing_type=sa.String(length=400), nullable=False)
        batch.create_index(op.f('ix_price_site_id_label_id'), ['site_id', 'label', 'id'], unique=False)
    op.create_index('uq_price_once', 'price', ['site_id', 'item', 'valid_from', sa.text('coalesce(provider_id, 0)'), sa.text('coalesce(bracket_id, 0)')], unique=True)
