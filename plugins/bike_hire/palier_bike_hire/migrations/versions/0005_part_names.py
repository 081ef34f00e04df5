"""The parts of repairs are listed by name."""

from alembic import op

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f('ix_bike_hire_repair_part_site_id_name_id'), 'bike_hire_repair_part', ['site_id', 'name', 'id'], unique=False)
