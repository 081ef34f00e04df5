"""Kinds of bikes, bikes and loans."""

import sqlalchemy as sa
from alembic import op

from palier.api import Instant, Key

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('bike_hire_kind',
    sa.Column('id', Key, nullable=False),
    sa.Column('site_id', Key, nullable=False),
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('deposit', sa.BigInteger(), nullable=False),
    sa.Column('marked', sa.Boolean(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('deposit >= 0', name=op.f('ck_bike_hire_kind_deposit_least')),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_bike_hire_kind_site_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_bike_hire_kind')),
    sa.UniqueConstraint('site_id', 'id', name=op.f('uq_bike_hire_kind_site_id_id')),
    sa.UniqueConstraint('site_id', 'name', name=op.f('uq_bike_hire_kind_site_id_name'))
    )
    op.create_table('bike_hire_bike',
    sa.Column('id', Key, autoincrement=False, nullable=False),
    sa.Column('site_id', Key, nullable=False),
    sa.Column('identifier', sa.String(length=20), nullable=True),
    sa.Column('loans_since', sa.Integer(), nullable=False),
    sa.Column('days_since', sa.Integer(), nullable=False),
    sa.Column('serviced_on', sa.Date(), nullable=True),
    sa.Column('checked', sa.JSON(), nullable=True),
    sa.Column('kind_id', Key, nullable=False),
    sa.CheckConstraint('days_since >= 0', name=op.f('ck_bike_hire_bike_days_since_least')),
    sa.CheckConstraint('loans_since >= 0', name=op.f('ck_bike_hire_bike_loans_since_least')),
    sa.ForeignKeyConstraint(['site_id', 'id'], ['resource.site_id', 'resource.id'], name=op.f('fk_bike_hire_bike_site_id_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id', 'kind_id'], ['bike_hire_kind.site_id', 'bike_hire_kind.id'], name=op.f('fk_bike_hire_bike_site_id_kind_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_bike_hire_bike_site_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_bike_hire_bike')),
    sa.UniqueConstraint('site_id', 'id', name=op.f('uq_bike_hire_bike_site_id_id'))
    )
    op.create_index(op.f('ix_bike_hire_bike_site_id_kind_id_id'), 'bike_hire_bike', ['site_id', 'kind_id', 'id'], unique=False)
    op.create_table('bike_hire_loan',
    sa.Column('id', Key, nullable=False),
    sa.Column('site_id', Key, nullable=False),
    sa.Column('lent_at', Instant(), nullable=False),
    sa.Column('due_at', Instant(), nullable=False),
    sa.Column('back_at', Instant(), nullable=True),
    sa.Column('before', sa.JSON(), nullable=False),
    sa.Column('after', sa.JSON(), nullable=True),
    sa.Column('problem', sa.String(length=40), nullable=False),
    sa.Column('deposit', sa.String(length=40), nullable=False),
    sa.Column('held', sa.BigInteger(), nullable=False),
    sa.Column('damage', sa.BigInteger(), nullable=False),
    sa.Column('still_owed', sa.BigInteger(), nullable=False),
    sa.Column('bike_id', Key, nullable=False),
    sa.Column('resident_id', Key, nullable=False),
    sa.Column('line_id', Key, nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("deposit IN ('cheque', 'cash', 'card', 'waived')", name=op.f('ck_bike_hire_loan_deposit_known')),
    sa.CheckConstraint("problem IN ('none', 'brakes', 'tyres', 'lights', 'other')", name=op.f('ck_bike_hire_loan_problem_known')),
    sa.CheckConstraint('damage >= 0', name=op.f('ck_bike_hire_loan_damage_least')),
    sa.CheckConstraint('held >= 0', name=op.f('ck_bike_hire_loan_held_least')),
    sa.CheckConstraint('still_owed >= 0', name=op.f('ck_bike_hire_loan_still_owed_least')),
    sa.ForeignKeyConstraint(['site_id', 'bike_id'], ['bike_hire_bike.site_id', 'bike_hire_bike.id'], name=op.f('fk_bike_hire_loan_site_id_bike_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id', 'line_id'], ['booking_line.site_id', 'booking_line.id'], name=op.f('fk_bike_hire_loan_site_id_line_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id', 'resident_id'], ['resident.site_id', 'resident.id'], name=op.f('fk_bike_hire_loan_site_id_resident_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_bike_hire_loan_site_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_bike_hire_loan')),
    sa.UniqueConstraint('site_id', 'id', name=op.f('uq_bike_hire_loan_site_id_id'))
    )
    op.create_index(op.f('ix_bike_hire_loan_site_id_bike_id_id'), 'bike_hire_loan', ['site_id', 'bike_id', 'id'], unique=False)
    op.create_index(op.f('ix_bike_hire_loan_site_id_due_at_id'), 'bike_hire_loan', ['site_id', 'due_at', 'id'], unique=False)
    op.create_index(op.f('ix_bike_hire_loan_site_id_line_id_id'), 'bike_hire_loan', ['site_id', 'line_id', 'id'], unique=False)
    op.create_index(op.f('ix_bike_hire_loan_site_id_resident_id_id'), 'bike_hire_loan', ['site_id', 'resident_id', 'id'], unique=False)
