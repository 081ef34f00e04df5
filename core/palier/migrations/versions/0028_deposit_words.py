"""Deposits are searched by what they are for and by the number of the cheque."""

import sqlalchemy as sa
from alembic import op

from palier.db.normal import normal

revision = '0028'
down_revision = '0027'
branch_labels = None
depends_on = None

HELD = sa.text("state = 'held'")


def upgrade() -> None:
    op.add_column('deposit', sa.Column('norm', sa.String(length=400), nullable=True))
    deposit = sa.table('deposit', *(sa.column(each) for each in ('id', 'label', 'reference', 'norm')))
    bind = op.get_bind()
    rows = bind.execute(sa.select(deposit.c.id, deposit.c.label, deposit.c.reference)).all()
    for id, label, reference in rows:
        words = normal(f"{label or ''} {reference or ''}")
        bind.execute(deposit.update().where(deposit.c.id == id).values(norm=words))
    op.drop_index('uq_deposit_held', 'deposit')
    with op.batch_alter_table('deposit') as batch:
        batch.alter_column('norm', existing_type=sa.String(length=400), nullable=False)
    op.create_index('uq_deposit_held', 'deposit', ['site_id', 'package', 'source_type', 'source_id'], unique=True, sqlite_where=HELD, postgresql_where=HELD)
