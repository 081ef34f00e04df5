"""Who was not seen for years is found by an index, however many residents there are."""

from alembic import op

revision = '0032'
down_revision = '0031'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f('ix_resident_site_id_last_contact_on_id'), 'resident', ['site_id', 'last_contact_on', 'id'])
