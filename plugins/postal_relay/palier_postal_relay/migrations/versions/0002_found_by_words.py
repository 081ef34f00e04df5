"""Items are found by their number in a list, and by their carrier's name, as drops are."""

import unicodedata

import sqlalchemy as sa
from alembic import op

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None

WORDS = sa.String(length=400)


def upgrade() -> None:
    for name in ('postal_relay_carrier', 'postal_relay_parcel'):
        op.add_column(name, sa.Column('norm', WORDS, nullable=True))
    op.execute("UPDATE postal_relay_parcel SET norm = lower(coalesce(number, ''))")
    carrier = sa.table('postal_relay_carrier', *(sa.column(each) for each in ('id', 'name', 'norm')))
    bind = op.get_bind()
    for id, name in bind.execute(sa.select(carrier.c.id, carrier.c.name)).all():
        bind.execute(carrier.update().where(carrier.c.id == id).values(norm=_plain(name)))
    for name in ('postal_relay_carrier', 'postal_relay_parcel'):
        with op.batch_alter_table(name) as batch:
            batch.alter_column('norm', existing_type=WORDS, nullable=False)


def _plain(name: str) -> str:
    """Say a name without accents, capitals or signs, as the search does."""
    letters = unicodedata.normalize('NFKD', name.casefold())
    signs = (each if each.isalnum() else ' ' for each in letters if not unicodedata.combining(each))
    return ' '.join(''.join(signs).split())
