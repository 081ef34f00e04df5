"""Sites, accounts, settings and the trail of acts."""

import sqlalchemy as sa
from alembic import op

from palier.db.types import Instant, Key

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('account',
    sa.Column('id', Key, nullable=False),
    sa.Column('login', sa.String(length=60), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('password_hash', sa.String(length=200), nullable=False),
    sa.Column('locale', sa.String(length=10), nullable=False),
    sa.Column('network_role', sa.String(length=12), nullable=True),
    sa.Column('disabled_at', Instant(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_account')),
    sa.UniqueConstraint('login', name=op.f('uq_account_login'))
    )
    op.create_table('operator',
    sa.Column('id', Key, nullable=False),
    sa.Column('legal_name', sa.String(length=120), nullable=False),
    sa.Column('form', sa.String(length=60), nullable=False),
    sa.Column('address', sa.String(length=200), nullable=False),
    sa.Column('siret', sa.String(length=14), nullable=True),
    sa.Column('rna', sa.String(length=10), nullable=True),
    sa.Column('register_ref', sa.String(length=80), nullable=True),
    sa.Column('vat_number', sa.String(length=20), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_operator'))
    )
    op.create_table('operator_vat',
    sa.Column('id', Key, nullable=False),
    sa.Column('operator_id', Key, nullable=False),
    sa.Column('regime', sa.String(length=12), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.Column('source', sa.String(length=120), nullable=False),
    sa.CheckConstraint("regime IN ('none', 'franchise', 'taxable')", name=op.f('ck_operator_vat_regime')),
    sa.ForeignKeyConstraint(['operator_id'], ['operator.id'], name=op.f('fk_operator_vat_operator_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_operator_vat'))
    )
    op.create_table('session',
    sa.Column('id', Key, nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('account_id', Key, nullable=False),
    sa.Column('created_at', Instant(), nullable=False),
    sa.Column('seen_at', Instant(), nullable=False),
    sa.Column('expires_at', Instant(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_session_account_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_session')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_session_token_hash'))
    )
    op.create_index(op.f('ix_session_account_id'), 'session', ['account_id'], unique=False)
    op.create_table('site',
    sa.Column('id', Key, nullable=False),
    sa.Column('slug', sa.String(length=40), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('twin_of', Key, nullable=True),
    sa.Column('state', sa.String(length=40), nullable=False),
    sa.Column('operator_id', Key, nullable=False),
    sa.Column('address', sa.String(length=200), nullable=False),
    sa.Column('timezone', sa.String(length=40), nullable=False),
    sa.Column('locale', sa.String(length=10), nullable=False),
    sa.Column('department', sa.String(length=3), nullable=False),
    sa.Column('local_law', sa.Boolean(), nullable=False),
    sa.Column('qpv_code', sa.String(length=10), nullable=True),
    sa.Column('theme', sa.String(length=40), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['operator_id'], ['operator.id'], name=op.f('fk_site_operator_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['twin_of'], ['site.id'], name=op.f('fk_site_twin_of'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_site')),
    sa.UniqueConstraint('slug', name=op.f('uq_site_slug'))
    )
    op.create_table('act',
    sa.Column('id', Key, nullable=False),
    sa.Column('site_id', Key, nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('account_id', Key, nullable=True),
    sa.Column('who', sa.String(length=80), nullable=False),
    sa.Column('origin', sa.String(length=60), nullable=False),
    sa.Column('at', Instant(), nullable=False),
    sa.Column('recorded_at', Instant(), nullable=False),
    sa.Column('visit_id', Key, nullable=True),
    sa.Column('resident_id', Key, nullable=True),
    sa.Column('household_id', Key, nullable=True),
    sa.Column('qpv_code', sa.String(length=10), nullable=True),
    sa.Column('subject_type', sa.String(length=80), nullable=False),
    sa.Column('subject_id', Key, nullable=False),
    sa.Column('counted', sa.String(length=40), nullable=True),
    sa.Column('quantity', sa.Integer(), nullable=False),
    sa.Column('changes', sa.JSON(), nullable=False),
    sa.Column('key', sa.String(length=64), nullable=True),
    sa.Column('cancels_id', Key, nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_act_account_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id', 'cancels_id'], ['act.site_id', 'act.id'], name=op.f('fk_act_site_id_cancels_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_act_site_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_act')),
    sa.UniqueConstraint('site_id', 'id', name=op.f('uq_act_site_id_id'))
    )
    op.create_index('ix_act_counted', 'act', ['site_id', 'counted', 'at'], unique=False)
    op.create_index('ix_act_recorded', 'act', ['site_id', 'recorded_at'], unique=False)
    op.create_index('ix_act_subject', 'act', ['site_id', 'subject_type', 'subject_id', 'id'], unique=False)
    op.create_table('form_key',
    sa.Column('site_id', Key, nullable=False),
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('account_id', Key, nullable=True),
    sa.Column('act_name', sa.String(length=80), nullable=False),
    sa.Column('fingerprint', sa.String(length=64), nullable=False),
    sa.Column('result_path', sa.String(length=200), nullable=True),
    sa.Column('at', Instant(), nullable=False),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_form_key_site_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('site_id', 'key', name=op.f('pk_form_key'))
    )
    op.create_table('opening',
    sa.Column('id', Key, nullable=False),
    sa.Column('site_id', Key, nullable=False),
    sa.Column('weekday', sa.String(length=40), nullable=False),
    sa.Column('opens', sa.Time(), nullable=False),
    sa.Column('closes', sa.Time(), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("weekday IN ('1', '2', '3', '4', '5', '6', '7')", name=op.f('ck_opening_weekday_known')),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_opening_site_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_opening')),
    sa.UniqueConstraint('site_id', 'id', name=op.f('uq_opening_site_id_id'))
    )
    op.create_index(op.f('ix_opening_site_id_weekday_id'), 'opening', ['site_id', 'weekday', 'id'], unique=False)
    op.create_table('permission_override',
    sa.Column('site_id', Key, nullable=False),
    sa.Column('role', sa.String(length=12), nullable=False),
    sa.Column('permission', sa.String(length=80), nullable=False),
    sa.Column('allowed', sa.Boolean(), nullable=False),
    sa.CheckConstraint("role IN ('trainee', 'caretaker', 'manager')", name=op.f('ck_permission_override_role')),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_permission_override_site_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('site_id', 'role', 'permission', name=op.f('pk_permission_override'))
    )
    op.create_index('ix_permission_override_site', 'permission_override', ['site_id'], unique=False)
    op.create_table('site_plugin',
    sa.Column('site_id', Key, nullable=False),
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('since_at', Instant(), nullable=False),
    sa.Column('account_id', Key, nullable=True),
    sa.Column('prepared', sa.Boolean(), nullable=False),
    sa.CheckConstraint("state IN ('on', 'off', 'archived')", name=op.f('ck_site_plugin_state')),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_site_plugin_account_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_site_plugin_site_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('site_id', 'name', name=op.f('pk_site_plugin'))
    )
    op.create_table('site_setting',
    sa.Column('site_id', Key, nullable=False),
    sa.Column('id', Key, nullable=False),
    sa.Column('package', sa.String(length=40), nullable=False),
    sa.Column('key', sa.String(length=60), nullable=False),
    sa.Column('value', sa.JSON(), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.Column('source', sa.String(length=120), nullable=False),
    sa.Column('account_id', Key, nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_site_setting_account_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_site_setting_site_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_site_setting')),
    sa.UniqueConstraint('site_id', 'package', 'key', 'valid_from', name=op.f('uq_site_setting_site_id_package_key_valid_from'))
    )
    op.create_table('staff',
    sa.Column('id', Key, nullable=False),
    sa.Column('site_id', Key, nullable=False),
    sa.Column('account_id', Key, nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('role', sa.String(length=40), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.Column('lives_in_area', sa.Boolean(), nullable=False),
    sa.Column('person_code', sa.String(length=8), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('norm', sa.String(length=400), nullable=False),
    sa.CheckConstraint("role IN ('trainee', 'caretaker', 'manager')", name=op.f('ck_staff_role_known')),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_staff_account_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_staff_site_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_staff')),
    sa.UniqueConstraint('site_id', 'id', name=op.f('uq_staff_site_id_id'))
    )
    op.create_table('staff_skill',
    sa.Column('site_id', Key, nullable=False),
    sa.Column('staff_id', Key, nullable=False),
    sa.Column('skill', sa.String(length=40), nullable=False),
    sa.ForeignKeyConstraint(['site_id', 'staff_id'], ['staff.site_id', 'staff.id'], name=op.f('fk_staff_skill_site_id_staff_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_staff_skill_site_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('site_id', 'staff_id', 'skill', name=op.f('pk_staff_skill'))
    )
