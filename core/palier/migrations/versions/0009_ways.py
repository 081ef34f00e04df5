"""How a resident is reached: second and third way, through whom, in large letters."""

import sqlalchemy as sa
from alembic import op

from palier.db.types import Key

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None
WAYS = "'sms', 'email', 'call', 'letter'"


def upgrade() -> None:
    with op.batch_alter_table('resident') as batch:
        batch.add_column(sa.Column('channel_2', sa.String(length=40), nullable=True))
        batch.add_column(sa.Column('channel_3', sa.String(length=40), nullable=True))
        batch.add_column(sa.Column('large_type', sa.Boolean(), nullable=True))
        batch.add_column(sa.Column('no_mail_since', sa.Date(), nullable=True))
        batch.add_column(sa.Column('unseen', sa.String(length=40), nullable=True))
        batch.add_column(sa.Column('contact_via_id', Key, nullable=True))
    # Nobody was asked yet: papers as they were, and nobody is called unasked.
    op.execute(sa.text("UPDATE resident SET large_type = false, unseen = 'never'"))
    with op.batch_alter_table('resident') as batch:
        batch.alter_column('large_type', existing_type=sa.Boolean(), nullable=False)
        batch.alter_column('unseen', existing_type=sa.String(length=40), nullable=False)
        batch.create_check_constraint(op.f('ck_resident_channel_2_known'), f"channel_2 IN ({WAYS})")
        batch.create_check_constraint(op.f('ck_resident_channel_3_known'), f"channel_3 IN ({WAYS})")
        batch.create_check_constraint(op.f('ck_resident_unseen_known'), "unseen IN ('never', '3', '7', '14', '30')")
        batch.create_foreign_key(op.f('fk_resident_site_id_contact_via_id'), 'resident', ['site_id', 'contact_via_id'], ['site_id', 'id'], ondelete='RESTRICT')
        batch.create_index(op.f('ix_resident_site_id_contact_via_id_id'), ['site_id', 'contact_via_id', 'id'], unique=False)
