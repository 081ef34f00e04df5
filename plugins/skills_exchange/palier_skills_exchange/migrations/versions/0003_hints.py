"""What there was to say of an exchange, and the day of notice of an offer or a want."""

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None

HINTS = "('none', 'trade', 'to_one', 'in_all', 'danger')"


def upgrade() -> None:
    with op.batch_alter_table('skills_exchange_exchange') as table:
        table.add_column(sa.Column('hint', sa.String(length=40), nullable=False, server_default='none'))
        table.create_check_constraint(op.f('ck_skills_exchange_exchange_hint_known'), f'hint IN {HINTS}')
    with op.batch_alter_table('skills_exchange_exchange') as table:
        table.alter_column('hint', server_default=None)
    with op.batch_alter_table('skills_exchange_listing') as table:
        table.add_column(sa.Column('warn_on', sa.Date(), nullable=True))
    op.execute('UPDATE skills_exchange_listing SET warn_on = ends_on')
    with op.batch_alter_table('skills_exchange_listing') as table:
        table.alter_column('warn_on', existing_type=sa.Date(), nullable=False)
    op.create_index(op.f('ix_skills_exchange_listing_site_id_warn_on_id'), 'skills_exchange_listing', ['site_id', 'warn_on', 'id'], unique=False)
