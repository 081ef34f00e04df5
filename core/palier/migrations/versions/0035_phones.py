"""Residents are found by their telephone number."""

from alembic import op

revision = '0035'
down_revision = '0034'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f('ix_resident_site_id_phone_id'), 'resident', ['site_id', 'phone', 'id'], unique=False)
