"""A closing has a row of its own beside its record of the journal, to be listed and searched."""

import json
from datetime import date
from typing import Any

import sqlalchemy as sa
from alembic import op

from palier.db.normal import normal
from palier.db.types import Instant, Key

revision = '0026'
down_revision = '0025'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('closing',
    sa.Column('id', Key, nullable=False),
    sa.Column('site_id', Key, nullable=False),
    sa.Column('journal_seq', Key, nullable=False),
    sa.Column('period', sa.String(length=40), nullable=False),
    sa.Column('from_on', sa.Date(), nullable=False),
    sa.Column('to_on', sa.Date(), nullable=False),
    sa.Column('at', Instant(), nullable=False),
    sa.Column('person_code', sa.String(length=8), nullable=False),
    sa.Column('tickets', sa.Integer(), nullable=False),
    sa.Column('first_ticket', sa.String(length=70), nullable=True),
    sa.Column('last_ticket', sa.String(length=70), nullable=True),
    sa.Column('total_cents', sa.BigInteger(), nullable=False),
    sa.Column('perpetual_cents', sa.BigInteger(), nullable=False),
    sa.Column('perpetual_abs_cents', sa.BigInteger(), nullable=False),
    sa.Column('copy', sa.String(length=80), nullable=False),
    sa.Column('register_id', Key, nullable=False),
    sa.Column('norm', sa.String(length=400), nullable=False),
    sa.CheckConstraint("period IN ('day', 'month', 'year')", name=op.f('ck_closing_period_known')),
    sa.CheckConstraint('tickets >= 0', name=op.f('ck_closing_tickets_least')),
    sa.ForeignKeyConstraint(['site_id', 'register_id'], ['register.site_id', 'register.id'], name=op.f('fk_closing_site_id_register_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_closing_site_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_closing')),
    sa.UniqueConstraint('site_id', 'id', name=op.f('uq_closing_site_id_id')),
    sa.UniqueConstraint('site_id', 'register_id', 'journal_seq', name=op.f('uq_closing_site_id_register_id_journal_seq'))
    )
    op.create_index(op.f('ix_closing_site_id_at_id'), 'closing', ['site_id', 'at', 'id'], unique=False)
    op.create_index(op.f('ix_closing_site_id_register_id_id'), 'closing', ['site_id', 'register_id', 'id'], unique=False)
    op.create_index(op.f('ix_closing_site_id_to_on_id'), 'closing', ['site_id', 'to_on', 'id'], unique=False)
    fill()


def fill() -> None:
    """Give each closing that the journal has its row; who closed was not written down then."""
    journal = sa.table('journal', *(sa.column(name) for name in ('site_id', 'register_id', 'seq', 'kind', 'body')), sa.column('at', Instant()))
    register = sa.table('register', sa.column('id'), sa.column('code'))
    names = 'site_id', 'register_id', 'journal_seq', 'period', 'person_code', 'tickets', 'first_ticket', 'last_ticket'
    more = 'total_cents', 'perpetual_cents', 'perpetual_abs_cents', 'copy', 'norm'
    typed = sa.column('from_on', sa.Date()), sa.column('to_on', sa.Date()), sa.column('at', Instant())
    closing = sa.table('closing', *(sa.column(name) for name in (*names, *more)), *typed)
    query = sa.select(journal.c.site_id, journal.c.register_id, journal.c.seq, journal.c.at, journal.c.body, register.c.code)
    query = query.join_from(journal, register, register.c.id == journal.c.register_id).where(journal.c.kind == 'closing')
    bind = op.get_bind()
    for site_id, register_id, seq, at, body, code in bind.execute(query.order_by(journal.c.register_id, journal.c.seq)).all():
        said: dict[str, Any] = json.loads(body)
        copy, first, last = f'{code}-{seq:09d}.json', said['first_ticket'] or None, said['last_ticket'] or None
        told = {name: said[name] for name in ('period', 'tickets', 'total_cents', 'perpetual_cents', 'perpetual_abs_cents')}
        days = {'from_on': date.fromisoformat(said['from']), 'to_on': date.fromisoformat(said['to'])}
        norm = normal(' '.join(each for each in (first, last, copy) if each))
        bind.execute(closing.insert().values(
            site_id=site_id, register_id=register_id, journal_seq=seq, at=at, person_code='?',
            first_ticket=first, last_ticket=last, copy=copy, norm=norm, **told, **days,
        ))
