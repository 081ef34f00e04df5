"""Repairs with their parts, and when things are due: of each kind, no longer of the whole site."""

from collections.abc import Iterator
from datetime import date

import sqlalchemy as sa
from alembic import op

from palier.api import Instant, Key

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('bike_hire_rhythm',
    sa.Column('id', Key, nullable=False),
    sa.Column('site_id', Key, nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('loans', sa.Integer(), nullable=True),
    sa.Column('days_out', sa.Integer(), nullable=True),
    sa.Column('days', sa.Integer(), nullable=True),
    sa.Column('kind_id', Key, nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('days >= 1', name=op.f('ck_bike_hire_rhythm_days_least')),
    sa.CheckConstraint('days_out >= 1', name=op.f('ck_bike_hire_rhythm_days_out_least')),
    sa.CheckConstraint('loans >= 1', name=op.f('ck_bike_hire_rhythm_loans_least')),
    sa.ForeignKeyConstraint(['site_id', 'kind_id'], ['bike_hire_kind.site_id', 'bike_hire_kind.id'], name=op.f('fk_bike_hire_rhythm_site_id_kind_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_bike_hire_rhythm_site_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_bike_hire_rhythm')),
    sa.UniqueConstraint('site_id', 'id', name=op.f('uq_bike_hire_rhythm_site_id_id')),
    sa.UniqueConstraint('site_id', 'kind_id', 'valid_from', name=op.f('uq_bike_hire_rhythm_site_id_kind_id_valid_from'))
    )
    op.create_index(op.f('ix_bike_hire_rhythm_site_id_kind_id_id'), 'bike_hire_rhythm', ['site_id', 'kind_id', 'id'], unique=False)
    op.create_table('bike_hire_repair',
    sa.Column('id', Key, nullable=False),
    sa.Column('site_id', Key, nullable=False),
    sa.Column('what', sa.String(length=120), nullable=False),
    sa.Column('cause', sa.String(length=40), nullable=False),
    sa.Column('state', sa.String(length=40), nullable=False),
    sa.Column('opened_at', Instant(), nullable=False),
    sa.Column('due_back', sa.Date(), nullable=True),
    sa.Column('sent_at', Instant(), nullable=True),
    sa.Column('back_at', Instant(), nullable=True),
    sa.Column('ended_at', Instant(), nullable=True),
    sa.Column('parts', sa.BigInteger(), nullable=False),
    sa.Column('labour', sa.BigInteger(), nullable=False),
    sa.Column('checked', sa.JSON(), nullable=True),
    sa.Column('bike_id', Key, nullable=False),
    sa.Column('provider_id', Key, nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("cause IN ('by_hand', 'problem', 'missing', 'due')", name=op.f('ck_bike_hire_repair_cause_known')),
    sa.CheckConstraint("state IN ('open', 'sent', 'back', 'done', 'cancelled')", name=op.f('ck_bike_hire_repair_state_known')),
    sa.CheckConstraint('labour >= 0', name=op.f('ck_bike_hire_repair_labour_least')),
    sa.CheckConstraint('parts >= 0', name=op.f('ck_bike_hire_repair_parts_least')),
    sa.ForeignKeyConstraint(['site_id', 'bike_id'], ['bike_hire_bike.site_id', 'bike_hire_bike.id'], name=op.f('fk_bike_hire_repair_site_id_bike_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id', 'provider_id'], ['provider.site_id', 'provider.id'], name=op.f('fk_bike_hire_repair_site_id_provider_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_bike_hire_repair_site_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_bike_hire_repair')),
    sa.UniqueConstraint('site_id', 'id', name=op.f('uq_bike_hire_repair_site_id_id'))
    )
    op.create_index(op.f('ix_bike_hire_repair_site_id_bike_id_id'), 'bike_hire_repair', ['site_id', 'bike_id', 'id'], unique=False)
    op.create_index(op.f('ix_bike_hire_repair_site_id_opened_at_id'), 'bike_hire_repair', ['site_id', 'opened_at', 'id'], unique=False)
    op.create_index(op.f('ix_bike_hire_repair_site_id_provider_id_id'), 'bike_hire_repair', ['site_id', 'provider_id', 'id'], unique=False)
    op.create_index(op.f('ix_bike_hire_repair_site_id_state_id'), 'bike_hire_repair', ['site_id', 'state', 'id'], unique=False)
    op.create_table('bike_hire_repair_part',
    sa.Column('id', Key, nullable=False),
    sa.Column('site_id', Key, nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('quantity', sa.Integer(), nullable=False),
    sa.Column('cents', sa.BigInteger(), nullable=False),
    sa.Column('total', sa.BigInteger(), nullable=False),
    sa.Column('repair_id', Key, nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('cents >= 0', name=op.f('ck_bike_hire_repair_part_cents_least')),
    sa.CheckConstraint('quantity <= 999', name=op.f('ck_bike_hire_repair_part_quantity_most')),
    sa.CheckConstraint('quantity >= 1', name=op.f('ck_bike_hire_repair_part_quantity_least')),
    sa.CheckConstraint('total >= 0', name=op.f('ck_bike_hire_repair_part_total_least')),
    sa.ForeignKeyConstraint(['site_id', 'repair_id'], ['bike_hire_repair.site_id', 'bike_hire_repair.id'], name=op.f('fk_bike_hire_repair_part_site_id_repair_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_bike_hire_repair_part_site_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_bike_hire_repair_part')),
    sa.UniqueConstraint('site_id', 'id', name=op.f('uq_bike_hire_repair_part_site_id_id'))
    )
    op.create_index(op.f('ix_bike_hire_repair_part_site_id_repair_id_id'), 'bike_hire_repair_part', ['site_id', 'repair_id', 'id'], unique=False)
    _carry_over()


# What held where a site had decided nothing, by the name of its old setting.
BEFORE = {'service_loans': 10, 'service_days': 60}
ALWAYS = date(2000, 1, 1)


def _carry_over() -> None:
    """Give each kind what its site had decided, from the days on which it had."""
    connection = op.get_bind()
    kinds = sa.table('bike_hire_kind', sa.column('id'), sa.column('site_id'))
    names = 'site_id', 'valid_from', 'loans', 'days_out', 'kind_id', 'version'
    columns = (sa.column(each, sa.Date() if each == 'valid_from' else None) for each in names)
    rhythms = sa.table('bike_hire_rhythm', *columns)
    for kind, site in connection.execute(sa.select(kinds.c.id, kinds.c.site_id)).all():
        rows = [
            {'site_id': site, 'kind_id': kind, 'version': 1, 'valid_from': since, **held}
            for since, held in _decided(connection, site)
        ]
        connection.execute(rhythms.insert(), rows)


def _decided(connection: sa.Connection, site: int) -> Iterator[tuple[date, dict[str, int]]]:
    decided = sa.table(
        'site_setting',
        sa.column('site_id'),
        sa.column('package'),
        sa.column('key'),
        sa.column('value', sa.JSON()),
        sa.column('valid_from', sa.Date()),
    )
    query = sa.select(decided.c.valid_from, decided.c.key, decided.c.value).where(
        decided.c.site_id == site, decided.c.package == 'bike_hire', decided.c.key.in_(BEFORE)
    )
    days: dict[date, dict[str, int]] = {ALWAYS: {}}
    for since, key, value in connection.execute(query.order_by(decided.c.valid_from)):
        days.setdefault(since, {})[key] = value
    held = dict(BEFORE)
    for since, changed in days.items():
        held |= changed
        yield since, {'loans': held['service_loans'], 'days_out': held['service_days']}
