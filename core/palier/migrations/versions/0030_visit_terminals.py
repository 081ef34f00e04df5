"""A visit says at which device of the day it was begun."""

import sqlalchemy as sa
from alembic import op

from palier.db.types import Key

revision = '0030'
down_revision = '0029'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('visit', sa.Column('terminal_id', Key, nullable=True))
