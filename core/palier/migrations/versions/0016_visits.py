"""Why people come, what is told of them, how many wait."""

import sqlalchemy as sa
from alembic import op

from palier.db.types import Key

revision = '0016'
down_revision = '0015'
branch_labels = None
depends_on = None

USUAL = (
    (1, 'chat', False, 'Un café', 'A coffee'),
    (2, 'info', False, 'Question', 'Question'),
    (3, 'parcel', False, 'Courrier', 'Mail'),
    (4, 'basket', False, 'Achat', 'Purchase'),
    (5, 'workshop', False, 'Atelier', 'Workshop'),
    (6, 'more', False, 'Autre', 'Other'),
    (7, 'hands', True, 'Bénévole, partenaire', 'Volunteer, partner'),
)


def upgrade() -> None:
    op.create_table('visit_reason',
    sa.Column('id', Key, nullable=False),
    sa.Column('site_id', Key, nullable=False),
    sa.Column('key', sa.Integer(), nullable=False),
    sa.Column('label', sa.String(length=24), nullable=False),
    sa.Column('icon', sa.String(length=40), nullable=False),
    sa.Column('apart', sa.Boolean(), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("icon IN ('chat', 'info', 'parcel', 'basket', 'workshop', 'more', 'hands', 'bread', 'bike', 'paper', 'phone', 'globe', 'key', 'tool', 'gift', 'people')", name=op.f('ck_visit_reason_icon_known')),
    sa.CheckConstraint('key <= 9', name=op.f('ck_visit_reason_key_most')),
    sa.CheckConstraint('key >= 1', name=op.f('ck_visit_reason_key_least')),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_visit_reason_site_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_visit_reason')),
    sa.UniqueConstraint('site_id', 'id', name=op.f('uq_visit_reason_site_id_id'))
    )
    op.create_index('uq_visit_reason_key', 'visit_reason', ['site_id', 'key'], unique=True, sqlite_where=sa.text('active'), postgresql_where=sa.text('active'))
    op.create_table('waiting',
    sa.Column('id', Key, nullable=False),
    sa.Column('site_id', Key, nullable=False),
    sa.Column('on', sa.Date(), nullable=False),
    sa.Column('people', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('people >= 0', name=op.f('ck_waiting_people_least')),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_waiting_site_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_waiting')),
    sa.UniqueConstraint('site_id', 'id', name=op.f('uq_waiting_site_id_id')),
    sa.UniqueConstraint('site_id', 'on', name=op.f('uq_waiting_site_id_on'))
    )
    with op.batch_alter_table('visit') as batch:
        batch.add_column(sa.Column('age_band', sa.String(length=40), nullable=True))
        batch.add_column(sa.Column('sex', sa.String(length=40), nullable=True))
        batch.add_column(sa.Column('reason_id', Key, nullable=True))
        batch.create_check_constraint(op.f('ck_visit_age_band_known'), "age_band IN ('0-11', '12-17', '18-25', '26-39', '40-59', '60-69', '70+', 'not_said')")
        batch.create_check_constraint(op.f('ck_visit_sex_known'), "sex IN ('woman', 'man', 'other', 'not_said')")
        batch.create_foreign_key(op.f('fk_visit_site_id_reason_id'), 'visit_reason', ['site_id', 'reason_id'], ['site_id', 'id'], ondelete='RESTRICT')
    op.create_index('ix_visit_open', 'visit', ['site_id', 'at'], unique=False, sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'"))
    op.create_index(op.f('ix_visit_site_id_at_id'), 'visit', ['site_id', 'at', 'id'], unique=False)
    op.create_index(op.f('ix_visit_site_id_reason_id_id'), 'visit', ['site_id', 'reason_id', 'id'], unique=False)
    op.create_index('uq_visit_open', 'visit', ['site_id', 'resident_id', 'on'], unique=True, sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'"))
    # A keypad for the sites that are there: a new one is given its own when it is opened.
    insert = sa.text(
        "INSERT INTO visit_reason (site_id, key, label, icon, apart, active, version)"
        " SELECT id, :key, CASE WHEN locale = 'fr' THEN :french ELSE :english END, :icon,"
        " :apart, :active, 1 FROM site"
    ).bindparams(sa.bindparam('apart', type_=sa.Boolean()), sa.bindparam('active', type_=sa.Boolean()))
    for key, icon, apart, french, english in USUAL:
        values = {'key': key, 'icon': icon, 'apart': apart, 'active': True}
        op.get_bind().execute(insert, {**values, 'french': french, 'english': english})
