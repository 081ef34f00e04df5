"""Breads are listed by their name."""

from alembic import op

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f('ix_bread_depot_bread_site_id_name_id'), 'bread_depot_bread', ['site_id', 'name', 'id'], unique=False)
