"""Each kind says what is looked at and counted; loans know what was counted out and in."""

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None

# What every kind was until now: a bicycle.
LEAVES = {'ticked': ['bell', 'brakes', 'lights', 'lock', 'saddle', 'tyres'], 'by': '', 'at': None}
RETURNS = {'ticked': ['clean', 'lights', 'lock', 'tyres'], 'by': '', 'at': None}
PROBLEMS = "('none', 'brakes', 'tyres', 'lights', 'cable', 'other')"


def upgrade() -> None:
    with op.batch_alter_table('bike_hire_kind') as table:
        table.add_column(sa.Column('before', sa.JSON(), nullable=True))
        table.add_column(sa.Column('after', sa.JSON(), nullable=True))
        table.add_column(sa.Column('piece', sa.String(length=40), nullable=True))
        table.add_column(sa.Column('pieces', sa.Integer(), nullable=False, server_default='0'))
    kind = sa.table('bike_hire_kind', sa.column('before', sa.JSON()), sa.column('after', sa.JSON()))
    op.execute(kind.update().values(before=LEAVES, after=RETURNS))
    with op.batch_alter_table('bike_hire_kind') as table:
        table.alter_column('before', existing_type=sa.JSON(), nullable=False)
        table.alter_column('after', existing_type=sa.JSON(), nullable=False)
        table.alter_column('pieces', existing_type=sa.Integer(), server_default=None)
        table.create_check_constraint(op.f('ck_bike_hire_kind_pieces_least'), 'pieces >= 0')
        table.create_check_constraint(op.f('ck_bike_hire_kind_pieces_most'), 'pieces <= 99')
    with op.batch_alter_table('bike_hire_loan') as table:
        for name in ('pieces_out', 'pieces_in'):
            table.add_column(sa.Column(name, sa.Integer(), nullable=True))
            table.create_check_constraint(op.f(f'ck_bike_hire_loan_{name}_least'), f'{name} >= 0')
        table.drop_constraint(op.f('ck_bike_hire_loan_problem_known'), type_='check')
        table.create_check_constraint(op.f('ck_bike_hire_loan_problem_known'), f'problem IN {PROBLEMS}')
