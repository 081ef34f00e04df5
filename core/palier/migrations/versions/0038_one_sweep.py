"""One run at a time clears what was kept for long enough."""

import sqlalchemy as sa
from alembic import op

revision = '0038'
down_revision = '0037'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        sa.text(
            "UPDATE sweep SET ended_at = started_at WHERE ended_at IS NULL AND id NOT IN"
            " (SELECT max(id) FROM sweep WHERE ended_at IS NULL GROUP BY site_id)"
        )
    )
    running = sa.text('ended_at IS NULL')
    op.create_index('uq_sweep_running', 'sweep', ['site_id'], unique=True, sqlite_where=running, postgresql_where=running)
