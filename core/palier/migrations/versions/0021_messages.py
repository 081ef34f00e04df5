"""What residents are told, papers for the letterboxes, text messages by month."""

import sqlalchemy as sa
from alembic import op

from palier.db.types import Instant, Key

revision = '0021'
down_revision = '0020'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('paper_run',
    sa.Column('id', Key, nullable=False),
    sa.Column('site_id', Key, nullable=False),
    sa.Column('made_at', Instant(), nullable=False),
    sa.Column('papers', sa.Integer(), nullable=False),
    sa.Column('copies', sa.Integer(), nullable=False),
    sa.Column('posted_at', Instant(), nullable=True),
    sa.Column('person_code', sa.String(length=8), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('copies >= 1', name=op.f('ck_paper_run_copies_least')),
    sa.CheckConstraint('papers >= 0', name=op.f('ck_paper_run_papers_least')),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_paper_run_site_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_paper_run')),
    sa.UniqueConstraint('site_id', 'id', name=op.f('uq_paper_run_site_id_id'))
    )
    op.create_index(op.f('ix_paper_run_site_id_made_at_id'), 'paper_run', ['site_id', 'made_at', 'id'], unique=False)
    op.create_table('sms_month',
    sa.Column('id', Key, nullable=False),
    sa.Column('site_id', Key, nullable=False),
    sa.Column('month', sa.Date(), nullable=False),
    sa.Column('parts', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('parts >= 0', name=op.f('ck_sms_month_parts_least')),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_sms_month_site_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sms_month')),
    sa.UniqueConstraint('site_id', 'id', name=op.f('uq_sms_month_site_id_id')),
    sa.UniqueConstraint('site_id', 'month', name=op.f('uq_sms_month_site_id_month'))
    )
    op.create_table('message',
    sa.Column('id', Key, nullable=False),
    sa.Column('site_id', Key, nullable=False),
    sa.Column('said', sa.String(length=600), nullable=False),
    sa.Column('channel', sa.String(length=40), nullable=False),
    sa.Column('state', sa.String(length=40), nullable=False),
    sa.Column('asks', sa.Boolean(), nullable=False),
    sa.Column('reply', sa.String(length=40), nullable=True),
    sa.Column('made_at', Instant(), nullable=False),
    sa.Column('next_at', Instant(), nullable=False),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('trouble', sa.String(length=40), nullable=True),
    sa.Column('trouble_code', sa.Integer(), nullable=True),
    sa.Column('done_at', Instant(), nullable=True),
    sa.Column('language', sa.String(length=40), nullable=False),
    sa.Column('address', sa.String(length=120), nullable=True),
    sa.Column('kind', sa.String(length=60), nullable=False),
    sa.Column('words', sa.JSON(), nullable=False),
    sa.Column('about_type', sa.String(length=80), nullable=False),
    sa.Column('about_id', Key, nullable=False),
    sa.Column('dedupe_key', sa.String(length=160), nullable=False),
    sa.Column('sending_at', Instant(), nullable=True),
    sa.Column('over_at', Instant(), nullable=True),
    sa.Column('gateway_ref', sa.String(length=80), nullable=True),
    sa.Column('account_id', Key, nullable=True),
    sa.Column('taken_by', sa.String(length=80), nullable=True),
    sa.Column('taken_until', Instant(), nullable=True),
    sa.Column('resident_id', Key, nullable=True),
    sa.Column('run_id', Key, nullable=True),
    sa.Column('follows_id', Key, nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("channel IN ('sms', 'email', 'call', 'letter', 'desk')", name=op.f('ck_message_channel_known')),
    sa.CheckConstraint("language IN ('fr', 'gsw', 'de', 'en', 'ar', 'tr', 'kab', 'sq', 'hy', 'zh-Hans', 'ka', 'ku', 'ps', 'fa', 'pt', 'ro', 'ru', 'sr', 'so', 'ckb', 'uk', 'vi')", name=op.f('ck_message_language_known')),
    sa.CheckConstraint("reply IN ('yes', 'no')", name=op.f('ck_message_reply_known')),
    sa.CheckConstraint("state IN ('queued', 'sending', 'sent', 'failed', 'doubtful', 'held', 'to_call', 'left_word', 'reached', 'given_up', 'to_print', 'printed', 'posted', 'told', 'withdrawn')", name=op.f('ck_message_state_known')),
    sa.CheckConstraint("trouble IN ('no_way', 'budget', 'too_long', 'closed', 'silent', 'fault', 'busy', 'refused', 'not_let_in', 'unreadable', 'cut', 'bounced', 'gone')", name=op.f('ck_message_trouble_known')),
    sa.CheckConstraint('tries >= 0', name=op.f('ck_message_tries_least')),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_message_account_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id', 'follows_id'], ['message.site_id', 'message.id'], name=op.f('fk_message_site_id_follows_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id', 'resident_id'], ['resident.site_id', 'resident.id'], name=op.f('fk_message_site_id_resident_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id', 'run_id'], ['paper_run.site_id', 'paper_run.id'], name=op.f('fk_message_site_id_run_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_message_site_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_message')),
    sa.UniqueConstraint('site_id', 'dedupe_key', name=op.f('uq_message_site_id_dedupe_key')),
    sa.UniqueConstraint('site_id', 'id', name=op.f('uq_message_site_id_id'))
    )
    op.create_index('ix_message_about', 'message', ['site_id', 'about_type', 'about_id'], unique=False)
    op.create_index('ix_message_due', 'message', ['site_id', 'state', 'next_at', 'id'], unique=False)
    op.create_index(op.f('ix_message_site_id_follows_id_id'), 'message', ['site_id', 'follows_id', 'id'], unique=False)
    op.create_index(op.f('ix_message_site_id_made_at_id'), 'message', ['site_id', 'made_at', 'id'], unique=False)
    op.create_index(op.f('ix_message_site_id_resident_id_id'), 'message', ['site_id', 'resident_id', 'id'], unique=False)
    op.create_index(op.f('ix_message_site_id_run_id_id'), 'message', ['site_id', 'run_id', 'id'], unique=False)
