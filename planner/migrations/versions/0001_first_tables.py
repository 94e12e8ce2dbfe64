"""first tables

Revision ID: 0001
Revises: 
"""

import sqlalchemy as sa
from alembic import op

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('conference',
    sa.Column('slug', sa.String(length=60), nullable=False),
    sa.Column('title', sa.JSON(), nullable=False),
    sa.Column('summary', sa.JSON(), nullable=False),
    sa.Column('addressee', sa.JSON(), nullable=False),
    sa.Column('place', sa.String(length=200), nullable=False),
    sa.Column('contact', sa.String(length=200), nullable=False),
    sa.Column('zone', sa.String(length=60), nullable=False),
    sa.Column('languages', sa.JSON(), nullable=False),
    sa.Column('nouns', sa.JSON(), nullable=False),
    sa.Column('call_from', sa.DateTime(timezone=True), nullable=False),
    sa.Column('call_until', sa.DateTime(timezone=True), nullable=False),
    sa.Column('wishes_from', sa.DateTime(timezone=True), nullable=False),
    sa.Column('wishes_until', sa.DateTime(timezone=True), nullable=False),
    sa.Column('day_starts', sa.DateTime(timezone=True), nullable=False),
    sa.Column('day_ends', sa.DateTime(timezone=True), nullable=False),
    sa.Column('most_favourites', sa.Integer(), nullable=False),
    sa.Column('most_vetoes', sa.Integer(), nullable=False),
    sa.Column('preset', sa.String(length=20), nullable=False),
    sa.Column('rules', sa.JSON(), nullable=False),
    sa.Column('clock_shift', sa.Integer(), nullable=False),
    sa.Column('is_demonstration', sa.Boolean(), nullable=False),
    sa.Column('published_id', sa.Integer(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint('call_from <= call_until', name=op.f('ck_conference_call_ends_after_it_begins')),
    sa.CheckConstraint('day_starts < day_ends', name=op.f('ck_conference_day_ends_after_it_begins')),
    sa.CheckConstraint('most_favourites between 1 and 10', name=op.f('ck_conference_most_favourites')),
    sa.CheckConstraint('wishes_from <= wishes_until', name=op.f('ck_conference_wishes_end_after_they_begin')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_conference')),
    sa.UniqueConstraint('slug', name=op.f('uq_conference_slug'))
    )
    with op.batch_alter_table('conference', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_conference_published_id'), ['published_id'], unique=False)

    op.create_table('role',
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('description', sa.String(length=255), nullable=True),
    sa.Column('permissions', sa.JSON(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_role')),
    sa.UniqueConstraint('name', name=op.f('uq_role_name'))
    )
    op.create_table('sign_in_failure',
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('happened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sign_in_failure'))
    )
    with op.batch_alter_table('sign_in_failure', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_sign_in_failure_happened_at'), ['happened_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_sign_in_failure_kind'), ['kind'], unique=False)

    op.create_table('user',
    sa.Column('email', sa.String(length=255), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('password', sa.String(length=255), nullable=True),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('fs_uniquifier', sa.String(length=64), nullable=False),
    sa.Column('locale', sa.String(length=8), nullable=False),
    sa.Column('tf_primary_method', sa.String(length=64), nullable=True),
    sa.Column('tf_totp_secret', sa.String(length=255), nullable=True),
    sa.Column('tf_phone_number', sa.String(length=128), nullable=True),
    sa.Column('mf_recovery_codes', sa.JSON(), nullable=True),
    sa.Column('create_datetime', sa.DateTime(timezone=True), nullable=True),
    sa.Column('update_datetime', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_user')),
    sa.UniqueConstraint('email', name=op.f('uq_user_email')),
    sa.UniqueConstraint('fs_uniquifier', name=op.f('uq_user_fs_uniquifier'))
    )
    op.create_table('agenda_item',
    sa.Column('conference_id', sa.Integer(), nullable=False),
    sa.Column('title', sa.JSON(), nullable=False),
    sa.Column('place', sa.JSON(), nullable=False),
    sa.Column('starts', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint('starts < ends', name=op.f('ck_agenda_item_ends_after_it_begins')),
    sa.ForeignKeyConstraint(['conference_id'], ['conference.id'], name=op.f('fk_agenda_item_conference_id_conference'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_agenda_item'))
    )
    with op.batch_alter_table('agenda_item', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_agenda_item_conference_id'), ['conference_id'], unique=False)

    op.create_table('allocation',
    sa.Column('conference_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('state', sa.Enum('queued', 'running', 'solved', 'infeasible', 'unknown', 'failed', 'cancelled', name='allocationstate', native_enum=False, create_constraint=True, length=20), nullable=False),
    sa.Column('settings', sa.JSON(), nullable=False),
    sa.Column('snapshot', sa.Text(), nullable=False),
    sa.Column('snapshot_hash', sa.String(length=64), nullable=False),
    sa.Column('is_draft', sa.Boolean(), nullable=False),
    sa.Column('result', sa.JSON(), nullable=True),
    sa.Column('reason', sa.JSON(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('copied_from_id', sa.Integer(), nullable=True),
    sa.Column('worker', sa.String(length=64), nullable=True),
    sa.Column('heartbeat_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('stop_wanted', sa.Boolean(), nullable=False),
    sa.Column('cancel_wanted', sa.Boolean(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['conference_id'], ['conference.id'], name=op.f('fk_allocation_conference_id_conference'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['copied_from_id'], ['allocation.id'], name=op.f('fk_allocation_copied_from_id_allocation'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['created_by_id'], ['user.id'], name=op.f('fk_allocation_created_by_id_user'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_allocation')),
    sa.UniqueConstraint('conference_id', 'number', name=op.f('uq_allocation_conference_id_number'))
    )
    with op.batch_alter_table('allocation', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_allocation_conference_id'), ['conference_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_allocation_copied_from_id'), ['copied_from_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_allocation_created_by_id'), ['created_by_id'], unique=False)
        batch_op.create_index('uq_allocation_active', ['conference_id'], unique=True, sqlite_where=sa.text("state in ('queued', 'running')"), postgresql_where=sa.text("state in ('queued', 'running')"))

    op.create_table('audit_entry',
    sa.Column('conference_id', sa.Integer(), nullable=True),
    sa.Column('happened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('actor', sa.String(length=40), nullable=False),
    sa.Column('action', sa.String(length=60), nullable=False),
    sa.Column('subject', sa.String(length=80), nullable=False),
    sa.Column('facts', sa.JSON(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['conference_id'], ['conference.id'], name=op.f('fk_audit_entry_conference_id_conference'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit_entry'))
    )
    with op.batch_alter_table('audit_entry', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_audit_entry_conference_id'), ['conference_id'], unique=False)

    op.create_table('conference_organisers',
    sa.Column('conference_id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['conference_id'], ['conference.id'], name=op.f('fk_conference_organisers_conference_id_conference'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_conference_organisers_user_id_user'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('conference_id', 'user_id', name=op.f('pk_conference_organisers'))
    )
    op.create_table('room',
    sa.Column('conference_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('directions', sa.JSON(), nullable=False),
    sa.Column('seating', sa.Enum('circle', 'rows', name='seating', native_enum=False, create_constraint=True, length=20), nullable=False),
    sa.Column('capacity_circle', sa.Integer(), nullable=False),
    sa.Column('capacity_rows', sa.Integer(), nullable=False),
    sa.Column('features', sa.JSON(), nullable=False),
    sa.Column('walking_minutes', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint('capacity_circle >= 0 and capacity_rows >= 0', name=op.f('ck_room_capacity')),
    sa.ForeignKeyConstraint(['conference_id'], ['conference.id'], name=op.f('fk_room_conference_id_conference'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_room')),
    sa.UniqueConstraint('conference_id', 'name', name=op.f('uq_room_conference_id_name'))
    )
    with op.batch_alter_table('room', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_room_conference_id'), ['conference_id'], unique=False)

    op.create_table('sign_in_link',
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_sign_in_link_user_id_user'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sign_in_link')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_sign_in_link_token_hash'))
    )
    with op.batch_alter_table('sign_in_link', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_sign_in_link_user_id'), ['user_id'], unique=False)

    op.create_table('slot',
    sa.Column('conference_id', sa.Integer(), nullable=False),
    sa.Column('title', sa.JSON(), nullable=False),
    sa.Column('starts', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint('starts < ends', name=op.f('ck_slot_ends_after_it_begins')),
    sa.ForeignKeyConstraint(['conference_id'], ['conference.id'], name=op.f('fk_slot_conference_id_conference'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_slot'))
    )
    with op.batch_alter_table('slot', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_slot_conference_id'), ['conference_id'], unique=False)

    op.create_table('stakeholder_group',
    sa.Column('conference_id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=40), nullable=False),
    sa.Column('title', sa.JSON(), nullable=False),
    sa.Column('letter', sa.String(length=2), nullable=False),
    sa.Column('colour', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('is_sensitive', sa.Boolean(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint('colour between 1 and 8', name=op.f('ck_stakeholder_group_colour')),
    sa.ForeignKeyConstraint(['conference_id'], ['conference.id'], name=op.f('fk_stakeholder_group_conference_id_conference'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_stakeholder_group')),
    sa.UniqueConstraint('conference_id', 'key', name=op.f('uq_stakeholder_group_conference_id_key')),
    sa.UniqueConstraint('conference_id', 'letter', name=op.f('uq_stakeholder_group_conference_id_letter'))
    )
    with op.batch_alter_table('stakeholder_group', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_stakeholder_group_conference_id'), ['conference_id'], unique=False)

    op.create_table('theme',
    sa.Column('conference_id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=40), nullable=False),
    sa.Column('title', sa.JSON(), nullable=False),
    sa.Column('colour', sa.Integer(), nullable=False),
    sa.Column('icon', sa.String(length=30), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint('colour between 1 and 8', name=op.f('ck_theme_colour')),
    sa.ForeignKeyConstraint(['conference_id'], ['conference.id'], name=op.f('fk_theme_conference_id_conference'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_theme')),
    sa.UniqueConstraint('conference_id', 'key', name=op.f('uq_theme_conference_id_key'))
    )
    with op.batch_alter_table('theme', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_theme_conference_id'), ['conference_id'], unique=False)

    op.create_table('user_roles',
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('role_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['role_id'], ['role.id'], name=op.f('fk_user_roles_role_id_role'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_user_roles_user_id_user'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('user_id', 'role_id', name=op.f('pk_user_roles'))
    )
    op.create_table('allocation_progress',
    sa.Column('allocation_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('seconds', sa.Double(), nullable=False),
    sa.Column('goal', sa.String(length=30), nullable=False),
    sa.Column('value', sa.Double(), nullable=True),
    sa.Column('bound', sa.Double(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['allocation_id'], ['allocation.id'], name=op.f('fk_allocation_progress_allocation_id_allocation'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_allocation_progress')),
    sa.UniqueConstraint('allocation_id', 'number', name=op.f('uq_allocation_progress_allocation_id_number'))
    )
    with op.batch_alter_table('allocation_progress', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_allocation_progress_allocation_id'), ['allocation_id'], unique=False)

    op.create_table('organisation',
    sa.Column('conference_id', sa.Integer(), nullable=False),
    sa.Column('group_id', sa.Integer(), nullable=True),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['conference_id'], ['conference.id'], name=op.f('fk_organisation_conference_id_conference'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['group_id'], ['stakeholder_group.id'], name=op.f('fk_organisation_group_id_stakeholder_group'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_organisation')),
    sa.UniqueConstraint('conference_id', 'name', name=op.f('uq_organisation_conference_id_name'))
    )
    with op.batch_alter_table('organisation', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_organisation_conference_id'), ['conference_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_organisation_group_id'), ['group_id'], unique=False)

    op.create_table('room_closure',
    sa.Column('room_id', sa.Integer(), nullable=False),
    sa.Column('slot_id', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['room_id'], ['room.id'], name=op.f('fk_room_closure_room_id_room'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['slot_id'], ['slot.id'], name=op.f('fk_room_closure_slot_id_slot'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_room_closure')),
    sa.UniqueConstraint('room_id', 'slot_id', name=op.f('uq_room_closure_room_id_slot_id'))
    )
    with op.batch_alter_table('room_closure', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_room_closure_room_id'), ['room_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_room_closure_slot_id'), ['slot_id'], unique=False)

    op.create_table('session',
    sa.Column('conference_id', sa.Integer(), nullable=False),
    sa.Column('theme_id', sa.Integer(), nullable=True),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('state', sa.Enum('open', 'cancelled', name='sessionstate', native_enum=False, create_constraint=True, length=20), nullable=False),
    sa.Column('title', sa.JSON(), nullable=False),
    sa.Column('sentence', sa.JSON(), nullable=False),
    sa.Column('goal', sa.JSON(), nullable=False),
    sa.Column('questions', sa.JSON(), nullable=False),
    sa.Column('minutes', sa.JSON(), nullable=False),
    sa.Column('minimum', sa.Integer(), nullable=False),
    sa.Column('maximum', sa.Integer(), nullable=False),
    sa.Column('languages', sa.JSON(), nullable=False),
    sa.Column('features', sa.JSON(), nullable=False),
    sa.Column('admits', sa.JSON(), nullable=False),
    sa.Column('offered', sa.Integer(), nullable=False),
    sa.Column('duration', sa.Integer(), nullable=False),
    sa.Column('may_be_cancelled', sa.Boolean(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint('0 <= minimum and minimum <= maximum', name=op.f('ck_session_sizes')),
    sa.CheckConstraint('offered >= 1 and duration >= 1', name=op.f('ck_session_offered')),
    sa.ForeignKeyConstraint(['conference_id'], ['conference.id'], name=op.f('fk_session_conference_id_conference'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['theme_id'], ['theme.id'], name=op.f('fk_session_theme_id_theme'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_session')),
    sa.UniqueConstraint('conference_id', 'number', name=op.f('uq_session_conference_id_number'))
    )
    with op.batch_alter_table('session', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_session_conference_id'), ['conference_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_session_theme_id'), ['theme_id'], unique=False)

    op.create_table('meeting',
    sa.Column('allocation_id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=16), nullable=False),
    sa.Column('session_id', sa.Integer(), nullable=False),
    sa.Column('slot_id', sa.Integer(), nullable=False),
    sa.Column('room_id', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['allocation_id'], ['allocation.id'], name=op.f('fk_meeting_allocation_id_allocation'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['room_id'], ['room.id'], name=op.f('fk_meeting_room_id_room'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['session_id'], ['session.id'], name=op.f('fk_meeting_session_id_session'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['slot_id'], ['slot.id'], name=op.f('fk_meeting_slot_id_slot'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_meeting')),
    sa.UniqueConstraint('allocation_id', 'session_id', 'slot_id', name=op.f('uq_meeting_allocation_id_session_id_slot_id')),
    sa.UniqueConstraint('allocation_id', 'slot_id', 'room_id', name=op.f('uq_meeting_allocation_id_slot_id_room_id')),
    sa.UniqueConstraint('id', 'allocation_id', 'slot_id', name=op.f('uq_meeting_id_allocation_id_slot_id')),
    sa.UniqueConstraint('key', name=op.f('uq_meeting_key'))
    )
    with op.batch_alter_table('meeting', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_meeting_allocation_id'), ['allocation_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_meeting_room_id'), ['room_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_meeting_session_id'), ['session_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_meeting_slot_id'), ['slot_id'], unique=False)

    op.create_table('participant',
    sa.Column('conference_id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=16), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=True),
    sa.Column('locale', sa.String(length=8), nullable=False),
    sa.Column('state', sa.Enum('registered', 'confirmed', 'waiting', 'cancelled', name='participantstate', native_enum=False, create_constraint=True, length=20), nullable=False),
    sa.Column('group_id', sa.Integer(), nullable=True),
    sa.Column('organisation_id', sa.Integer(), nullable=True),
    sa.Column('attributes', sa.JSON(), nullable=False),
    sa.Column('attends', sa.Boolean(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('wishes_saved_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('details_saved_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['conference_id'], ['conference.id'], name=op.f('fk_participant_conference_id_conference'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['group_id'], ['stakeholder_group.id'], name=op.f('fk_participant_group_id_stakeholder_group'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_participant_organisation_id_organisation'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_participant')),
    sa.UniqueConstraint('key', name=op.f('uq_participant_key'))
    )
    with op.batch_alter_table('participant', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_participant_conference_id'), ['conference_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_participant_group_id'), ['group_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_participant_organisation_id'), ['organisation_id'], unique=False)

    op.create_table('placement',
    sa.Column('conference_id', sa.Integer(), nullable=False),
    sa.Column('session_id', sa.Integer(), nullable=False),
    sa.Column('slot_id', sa.Integer(), nullable=False),
    sa.Column('room_id', sa.Integer(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['conference_id'], ['conference.id'], name=op.f('fk_placement_conference_id_conference'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['room_id'], ['room.id'], name=op.f('fk_placement_room_id_room'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['session_id'], ['session.id'], name=op.f('fk_placement_session_id_session'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['slot_id'], ['slot.id'], name=op.f('fk_placement_slot_id_slot'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_placement')),
    sa.UniqueConstraint('session_id', 'slot_id', name=op.f('uq_placement_session_id_slot_id')),
    sa.UniqueConstraint('slot_id', 'room_id', name=op.f('uq_placement_slot_id_room_id'))
    )
    with op.batch_alter_table('placement', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_placement_conference_id'), ['conference_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_placement_room_id'), ['room_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_placement_session_id'), ['session_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_placement_slot_id'), ['slot_id'], unique=False)

    op.create_table('quota',
    sa.Column('conference_id', sa.Integer(), nullable=False),
    sa.Column('group_id', sa.Integer(), nullable=False),
    sa.Column('session_id', sa.Integer(), nullable=True),
    sa.Column('minimum', sa.Integer(), nullable=False),
    sa.Column('maximum', sa.Integer(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint('minimum >= 0 and (maximum is null or minimum <= maximum)', name=op.f('ck_quota_bounds')),
    sa.ForeignKeyConstraint(['conference_id'], ['conference.id'], name=op.f('fk_quota_conference_id_conference'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['group_id'], ['stakeholder_group.id'], name=op.f('fk_quota_group_id_stakeholder_group'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['session_id'], ['session.id'], name=op.f('fk_quota_session_id_session'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_quota')),
    sa.UniqueConstraint('conference_id', 'group_id', 'session_id', name=op.f('uq_quota_conference_id_group_id_session_id'))
    )
    with op.batch_alter_table('quota', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_quota_conference_id'), ['conference_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_quota_group_id'), ['group_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_quota_session_id'), ['session_id'], unique=False)

    op.create_table('absence',
    sa.Column('participant_id', sa.Integer(), nullable=False),
    sa.Column('slot_id', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['participant_id'], ['participant.id'], name=op.f('fk_absence_participant_id_participant'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['slot_id'], ['slot.id'], name=op.f('fk_absence_slot_id_slot'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_absence')),
    sa.UniqueConstraint('participant_id', 'slot_id', name=op.f('uq_absence_participant_id_slot_id'))
    )
    with op.batch_alter_table('absence', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_absence_participant_id'), ['participant_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_absence_slot_id'), ['slot_id'], unique=False)

    op.create_table('assignment',
    sa.Column('allocation_id', sa.Integer(), nullable=False),
    sa.Column('participant_id', sa.Integer(), nullable=False),
    sa.Column('slot_id', sa.Integer(), nullable=False),
    sa.Column('meeting_id', sa.Integer(), nullable=False),
    sa.Column('role', sa.Enum('attendee', 'facilitator', 'note_taker', 'interpreter', name='assignmentrole', native_enum=False, create_constraint=True, length=20), nullable=False),
    sa.Column('listens_in', sa.String(length=8), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint("listens_in is null or role = 'attendee'", name=op.f('ck_assignment_listener')),
    sa.ForeignKeyConstraint(['allocation_id'], ['allocation.id'], name=op.f('fk_assignment_allocation_id_allocation'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_assignment_meeting_id_meeting'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['participant_id'], ['participant.id'], name=op.f('fk_assignment_participant_id_participant'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['slot_id'], ['slot.id'], name=op.f('fk_assignment_slot_id_slot'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_assignment')),
    sa.UniqueConstraint('allocation_id', 'participant_id', 'slot_id', name=op.f('uq_assignment_allocation_id_participant_id_slot_id'))
    )
    with op.batch_alter_table('assignment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_assignment_allocation_id'), ['allocation_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_assignment_meeting_id'), ['meeting_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_assignment_participant_id'), ['participant_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_assignment_slot_id'), ['slot_id'], unique=False)

    op.create_table('finding',
    sa.Column('meeting_id', sa.Integer(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('heads', sa.Integer(), nullable=True),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_by_id', sa.Integer(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['changed_by_id'], ['participant.id'], name=op.f('fk_finding_changed_by_id_participant'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_finding_meeting_id_meeting'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_finding')),
    sa.UniqueConstraint('meeting_id', name=op.f('uq_finding_meeting_id'))
    )
    with op.batch_alter_table('finding', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_finding_changed_by_id'), ['changed_by_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_finding_meeting_id'), ['meeting_id'], unique=False)

    op.create_table('interpreter_pair',
    sa.Column('participant_id', sa.Integer(), nullable=False),
    sa.Column('source', sa.String(length=8), nullable=False),
    sa.Column('target', sa.String(length=8), nullable=False),
    sa.Column('mode', sa.Enum('whispering', 'consecutive', 'simultaneous', name='interpretingmode', native_enum=False, create_constraint=True, length=20), nullable=False),
    sa.Column('listeners', sa.Integer(), nullable=False),
    sa.Column('most_slots_in_a_row', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint('listeners > 0', name=op.f('ck_interpreter_pair_listeners')),
    sa.ForeignKeyConstraint(['participant_id'], ['participant.id'], name=op.f('fk_interpreter_pair_participant_id_participant'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_interpreter_pair')),
    sa.UniqueConstraint('participant_id', 'source', 'target', name=op.f('uq_interpreter_pair_participant_id_source_target'))
    )
    with op.batch_alter_table('interpreter_pair', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_interpreter_pair_participant_id'), ['participant_id'], unique=False)

    op.create_table('language_level',
    sa.Column('participant_id', sa.Integer(), nullable=False),
    sa.Column('language', sa.String(length=8), nullable=False),
    sa.Column('level', sa.Enum('understands', 'speaks', 'needs_help', name='level', native_enum=False, create_constraint=True, length=20), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['participant_id'], ['participant.id'], name=op.f('fk_language_level_participant_id_participant'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_language_level')),
    sa.UniqueConstraint('participant_id', 'language', name=op.f('uq_language_level_participant_id_language'))
    )
    with op.batch_alter_table('language_level', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_language_level_participant_id'), ['participant_id'], unique=False)

    op.create_table('message',
    sa.Column('conference_id', sa.Integer(), nullable=False),
    sa.Column('participant_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('dedupe_key', sa.String(length=120), nullable=False),
    sa.Column('facts', sa.JSON(), nullable=False),
    sa.Column('state', sa.Enum('waiting', 'sending', 'sent', 'doubtful', 'failed', name='messagestate', native_enum=False, create_constraint=True, length=20), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('not_before', sa.DateTime(timezone=True), nullable=True),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('worker', sa.String(length=64), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['conference_id'], ['conference.id'], name=op.f('fk_message_conference_id_conference'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['participant_id'], ['participant.id'], name=op.f('fk_message_participant_id_participant'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_message')),
    sa.UniqueConstraint('conference_id', 'dedupe_key', name=op.f('uq_message_conference_id_dedupe_key'))
    )
    with op.batch_alter_table('message', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_message_conference_id'), ['conference_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_message_participant_id'), ['participant_id'], unique=False)

    op.create_table('need',
    sa.Column('participant_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('step_free', 'hearing_loop', 'quiet', 'seat_near_door', 'sign_language', 'child_care', name='needkind', native_enum=False, create_constraint=True, length=20), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('consented_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['participant_id'], ['participant.id'], name=op.f('fk_need_participant_id_participant'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_need')),
    sa.UniqueConstraint('participant_id', 'kind', name=op.f('uq_need_participant_id_kind'))
    )
    with op.batch_alter_table('need', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_need_participant_id'), ['participant_id'], unique=False)

    op.create_table('personal_link',
    sa.Column('participant_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('link', 'card', name='linkkind', native_enum=False, create_constraint=True, length=20), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['participant_id'], ['participant.id'], name=op.f('fk_personal_link_participant_id_participant'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_personal_link')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_personal_link_token_hash'))
    )
    with op.batch_alter_table('personal_link', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_personal_link_participant_id'), ['participant_id'], unique=False)

    op.create_table('preference',
    sa.Column('participant_id', sa.Integer(), nullable=False),
    sa.Column('session_id', sa.Integer(), nullable=False),
    sa.Column('rank', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint('rank >= 1', name=op.f('ck_preference_rank')),
    sa.ForeignKeyConstraint(['participant_id'], ['participant.id'], name=op.f('fk_preference_participant_id_participant'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['session_id'], ['session.id'], name=op.f('fk_preference_session_id_session'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_preference')),
    sa.UniqueConstraint('participant_id', 'rank', name=op.f('uq_preference_participant_id_rank')),
    sa.UniqueConstraint('participant_id', 'session_id', name=op.f('uq_preference_participant_id_session_id'))
    )
    with op.batch_alter_table('preference', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_preference_participant_id'), ['participant_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_preference_session_id'), ['session_id'], unique=False)

    op.create_table('session_role',
    sa.Column('session_id', sa.Integer(), nullable=False),
    sa.Column('participant_id', sa.Integer(), nullable=False),
    sa.Column('duty', sa.Enum('facilitator', 'note_taker', name='duty', native_enum=False, create_constraint=True, length=20), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['participant_id'], ['participant.id'], name=op.f('fk_session_role_participant_id_participant'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['session_id'], ['session.id'], name=op.f('fk_session_role_session_id_session'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_session_role')),
    sa.UniqueConstraint('session_id', 'participant_id', name=op.f('uq_session_role_session_id_participant_id'))
    )
    with op.batch_alter_table('session_role', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_session_role_participant_id'), ['participant_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_session_role_session_id'), ['session_id'], unique=False)

    op.create_table('submission',
    sa.Column('conference_id', sa.Integer(), nullable=False),
    sa.Column('author_id', sa.Integer(), nullable=True),
    sa.Column('theme_id', sa.Integer(), nullable=True),
    sa.Column('session_id', sa.Integer(), nullable=True),
    sa.Column('receipt', sa.String(length=16), nullable=False),
    sa.Column('state', sa.Enum('draft', 'submitted', 'accepted', 'merged', 'declined', 'withdrawn', name='submissionstate', native_enum=False, create_constraint=True, length=20), nullable=False),
    sa.Column('visibility', sa.Enum('named', 'anonymous', name='visibility', native_enum=False, create_constraint=True, length=20), nullable=False),
    sa.Column('may_be_read_aloud', sa.Boolean(), nullable=False),
    sa.Column('language', sa.String(length=8), nullable=False),
    sa.Column('problem', sa.Text(), nullable=False),
    sa.Column('experience', sa.Text(), nullable=False),
    sa.Column('support_needed', sa.Text(), nullable=False),
    sa.Column('question', sa.Text(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint("state not in ('accepted', 'merged') or session_id is not null", name=op.f('ck_submission_accepted_into_a_session')),
    sa.ForeignKeyConstraint(['author_id'], ['participant.id'], name=op.f('fk_submission_author_id_participant'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['conference_id'], ['conference.id'], name=op.f('fk_submission_conference_id_conference'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['session_id'], ['session.id'], name=op.f('fk_submission_session_id_session'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['theme_id'], ['theme.id'], name=op.f('fk_submission_theme_id_theme'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_submission')),
    sa.UniqueConstraint('conference_id', 'receipt', name=op.f('uq_submission_conference_id_receipt')),
    sa.UniqueConstraint('receipt', name=op.f('uq_submission_receipt'))
    )
    with op.batch_alter_table('submission', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_submission_author_id'), ['author_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_submission_conference_id'), ['conference_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_submission_session_id'), ['session_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_submission_theme_id'), ['theme_id'], unique=False)

    op.create_table('veto',
    sa.Column('participant_id', sa.Integer(), nullable=False),
    sa.Column('session_id', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['participant_id'], ['participant.id'], name=op.f('fk_veto_participant_id_participant'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['session_id'], ['session.id'], name=op.f('fk_veto_session_id_session'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_veto')),
    sa.UniqueConstraint('participant_id', 'session_id', name=op.f('uq_veto_participant_id_session_id'))
    )
    with op.batch_alter_table('veto', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_veto_participant_id'), ['participant_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_veto_session_id'), ['session_id'], unique=False)

    op.create_table('recommendation',
    sa.Column('finding_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('kind', sa.Enum('posts', 'money', 'rules', name='requestkind', native_enum=False, create_constraint=True, length=20), nullable=False),
    sa.Column('competent', sa.Enum('city', 'state', 'federation', 'job_centre', 'other', name='competent', native_enum=False, create_constraint=True, length=20), nullable=False),
    sa.Column('addressee', sa.Text(), nullable=False),
    sa.Column('due', sa.Date(), nullable=True),
    sa.Column('state', sa.Enum('open', 'promised', 'done', 'refused', name='answerstate', native_enum=False, create_constraint=True, length=20), nullable=False),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint('position between 1 and 3', name=op.f('ck_recommendation_at_most_three')),
    sa.ForeignKeyConstraint(['finding_id'], ['finding.id'], name=op.f('fk_recommendation_finding_id_finding'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_recommendation')),
    sa.UniqueConstraint('finding_id', 'position', name=op.f('uq_recommendation_finding_id_position'))
    )
    with op.batch_alter_table('recommendation', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_recommendation_finding_id'), ['finding_id'], unique=False)

    op.create_table('supporter',
    sa.Column('submission_id', sa.Integer(), nullable=False),
    sa.Column('participant_id', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['participant_id'], ['participant.id'], name=op.f('fk_supporter_participant_id_participant'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['submission_id'], ['submission.id'], name=op.f('fk_supporter_submission_id_submission'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_supporter')),
    sa.UniqueConstraint('submission_id', 'participant_id', name=op.f('uq_supporter_submission_id_participant_id'))
    )
    with op.batch_alter_table('supporter', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_supporter_participant_id'), ['participant_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_supporter_submission_id'), ['submission_id'], unique=False)

    with op.batch_alter_table('conference', schema=None) as batch_op:
        batch_op.create_foreign_key(batch_op.f('fk_conference_published_id_allocation'), 'allocation', ['published_id'], ['id'], ondelete='SET NULL')



def downgrade():
    with op.batch_alter_table('conference', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_conference_published_id_allocation'), type_='foreignkey')

    with op.batch_alter_table('supporter', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_supporter_submission_id'))
        batch_op.drop_index(batch_op.f('ix_supporter_participant_id'))

    op.drop_table('supporter')
    with op.batch_alter_table('recommendation', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_recommendation_finding_id'))

    op.drop_table('recommendation')
    with op.batch_alter_table('veto', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_veto_session_id'))
        batch_op.drop_index(batch_op.f('ix_veto_participant_id'))

    op.drop_table('veto')
    with op.batch_alter_table('submission', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_submission_theme_id'))
        batch_op.drop_index(batch_op.f('ix_submission_session_id'))
        batch_op.drop_index(batch_op.f('ix_submission_conference_id'))
        batch_op.drop_index(batch_op.f('ix_submission_author_id'))

    op.drop_table('submission')
    with op.batch_alter_table('session_role', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_session_role_session_id'))
        batch_op.drop_index(batch_op.f('ix_session_role_participant_id'))

    op.drop_table('session_role')
    with op.batch_alter_table('preference', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_preference_session_id'))
        batch_op.drop_index(batch_op.f('ix_preference_participant_id'))

    op.drop_table('preference')
    with op.batch_alter_table('personal_link', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_personal_link_participant_id'))

    op.drop_table('personal_link')
    with op.batch_alter_table('need', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_need_participant_id'))

    op.drop_table('need')
    with op.batch_alter_table('message', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_message_participant_id'))
        batch_op.drop_index(batch_op.f('ix_message_conference_id'))

    op.drop_table('message')
    with op.batch_alter_table('language_level', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_language_level_participant_id'))

    op.drop_table('language_level')
    with op.batch_alter_table('interpreter_pair', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_interpreter_pair_participant_id'))

    op.drop_table('interpreter_pair')
    with op.batch_alter_table('finding', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_finding_meeting_id'))
        batch_op.drop_index(batch_op.f('ix_finding_changed_by_id'))

    op.drop_table('finding')
    with op.batch_alter_table('assignment', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_assignment_slot_id'))
        batch_op.drop_index(batch_op.f('ix_assignment_participant_id'))
        batch_op.drop_index(batch_op.f('ix_assignment_meeting_id'))
        batch_op.drop_index(batch_op.f('ix_assignment_allocation_id'))

    op.drop_table('assignment')
    with op.batch_alter_table('absence', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_absence_slot_id'))
        batch_op.drop_index(batch_op.f('ix_absence_participant_id'))

    op.drop_table('absence')
    with op.batch_alter_table('quota', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_quota_session_id'))
        batch_op.drop_index(batch_op.f('ix_quota_group_id'))
        batch_op.drop_index(batch_op.f('ix_quota_conference_id'))

    op.drop_table('quota')
    with op.batch_alter_table('placement', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_placement_slot_id'))
        batch_op.drop_index(batch_op.f('ix_placement_session_id'))
        batch_op.drop_index(batch_op.f('ix_placement_room_id'))
        batch_op.drop_index(batch_op.f('ix_placement_conference_id'))

    op.drop_table('placement')
    with op.batch_alter_table('participant', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_participant_organisation_id'))
        batch_op.drop_index(batch_op.f('ix_participant_group_id'))
        batch_op.drop_index(batch_op.f('ix_participant_conference_id'))

    op.drop_table('participant')
    with op.batch_alter_table('meeting', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_meeting_slot_id'))
        batch_op.drop_index(batch_op.f('ix_meeting_session_id'))
        batch_op.drop_index(batch_op.f('ix_meeting_room_id'))
        batch_op.drop_index(batch_op.f('ix_meeting_allocation_id'))

    op.drop_table('meeting')
    with op.batch_alter_table('session', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_session_theme_id'))
        batch_op.drop_index(batch_op.f('ix_session_conference_id'))

    op.drop_table('session')
    with op.batch_alter_table('room_closure', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_room_closure_slot_id'))
        batch_op.drop_index(batch_op.f('ix_room_closure_room_id'))

    op.drop_table('room_closure')
    with op.batch_alter_table('organisation', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_organisation_group_id'))
        batch_op.drop_index(batch_op.f('ix_organisation_conference_id'))

    op.drop_table('organisation')
    with op.batch_alter_table('allocation_progress', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_allocation_progress_allocation_id'))

    op.drop_table('allocation_progress')
    op.drop_table('user_roles')
    with op.batch_alter_table('theme', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_theme_conference_id'))

    op.drop_table('theme')
    with op.batch_alter_table('stakeholder_group', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_stakeholder_group_conference_id'))

    op.drop_table('stakeholder_group')
    with op.batch_alter_table('slot', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_slot_conference_id'))

    op.drop_table('slot')
    with op.batch_alter_table('sign_in_link', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_sign_in_link_user_id'))

    op.drop_table('sign_in_link')
    with op.batch_alter_table('room', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_room_conference_id'))

    op.drop_table('room')
    op.drop_table('conference_organisers')
    with op.batch_alter_table('audit_entry', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_audit_entry_conference_id'))

    op.drop_table('audit_entry')
    with op.batch_alter_table('allocation', schema=None) as batch_op:
        batch_op.drop_index('uq_allocation_active', sqlite_where=sa.text("state in ('queued', 'running')"), postgresql_where=sa.text("state in ('queued', 'running')"))
        batch_op.drop_index(batch_op.f('ix_allocation_created_by_id'))
        batch_op.drop_index(batch_op.f('ix_allocation_copied_from_id'))
        batch_op.drop_index(batch_op.f('ix_allocation_conference_id'))

    op.drop_table('allocation')
    with op.batch_alter_table('agenda_item', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_agenda_item_conference_id'))

    op.drop_table('agenda_item')
    op.drop_table('user')
    with op.batch_alter_table('sign_in_failure', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_sign_in_failure_kind'))
        batch_op.drop_index(batch_op.f('ix_sign_in_failure_happened_at'))

    op.drop_table('sign_in_failure')
    op.drop_table('role')
    with op.batch_alter_table('conference', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_conference_published_id'))

    op.drop_table('conference')
