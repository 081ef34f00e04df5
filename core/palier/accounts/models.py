"""Accounts, staff, sessions: who may act, where, and since when."""

from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from palier.db.fields import Keep, belongs_to, field
from palier.db.records import Base, SiteRecord, SiteRow
from palier.db.types import Choice, Instant, Key
from palier.text import _


class Account(Base):
    """A person who signs in; rights come from `Staff`, site by site."""

    __tablename__ = "account"
    id: Mapped[int] = mapped_column(Key, primary_key=True)
    login: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    password_hash: Mapped[str] = mapped_column(String(200))
    locale: Mapped[str] = mapped_column(String(10), default="fr")
    network_role: Mapped[str | None] = mapped_column(String(12))
    disabled_at: Mapped[datetime | None] = mapped_column(Instant)


class StaffRole(Choice):
    TRAINEE = "trainee", _("Trainee")
    CARETAKER = "caretaker", _("Caretaker")
    MANAGER = "manager", _("Manager")


WHO_WORKS = Keep(_("Plan and trace who is on duty"), months=60, after="valid_to")


class Staff(SiteRecord, title="name", copied=True):
    """A person's role at one site. `person_code` stands on receipts instead of a name.

    `next_role` holds from `next_role_from` on: see `rules.role_on`. `valid_to` is the first day on
    which the person is nobody here.
    """

    known_as = _("Staff")
    account_id: Mapped[int] = mapped_column(Key, ForeignKey("account.id", ondelete="RESTRICT"))
    name: Mapped[str] = field(_("Name"), max=80, keep=WHO_WORKS, search=True)
    role: Mapped[StaffRole] = field(_("Role"), default=StaffRole.CARETAKER)
    valid_from: Mapped[date] = field(_("From"))
    valid_to: Mapped[date | None] = field(_("Until"), default=None)
    next_role: Mapped[StaffRole | None] = field(_("Next role"), default=None)
    next_role_from: Mapped[date | None] = field(_("Next role from"), default=None)
    lives_in_area: Mapped[bool] = field(_("Lives in the neighbourhood"), default=False)
    person_code: Mapped[str] = field(_("Code on receipts"), max=8)


class StaffSkill(SiteRow):
    """A skill a person has learnt at this site."""

    copied = True
    traced = True
    __tablename__ = "staff_skill"
    __table_args__ = (
        ForeignKeyConstraint(
            ["site_id", "staff_id"], ["staff.site_id", "staff.id"], ondelete="RESTRICT"
        ),
    )
    site_id: Mapped[int] = mapped_column(
        Key, ForeignKey("site.id", ondelete="RESTRICT"), primary_key=True
    )
    staff_id: Mapped[int] = mapped_column(Key, primary_key=True)
    skill: Mapped[str] = mapped_column(String(40), primary_key=True)


class Terminal(SiteRecord, title="name", unique=("name",)):
    """A browser opened for the day with a password; whoever types a desk code there acts.

    Only the digest of its token is kept. `tries` are wrong codes in a row, `wrong` those of the
    day: at `rules.TRIES` and `rules.MOST_WRONG` it asks for a password.
    """

    name: Mapped[str] = field(_("Name of the device"), max=40)
    opened_on: Mapped[date] = field(_("Opened on"))
    opened_by: Mapped[Staff] = belongs_to(Staff, _("Opened by"))
    open_until: Mapped[datetime] = field(_("Open until"))
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    tries: Mapped[int] = field(_("Wrong codes in a row"), default=0)
    wrong: Mapped[int] = field(_("Wrong codes of the day"), default=0)


class DeskCode(SiteRow):
    """The four digits by which a person is known at this site's desk.

    Kept as a keyed digest, so that one look finds whose it is and nobody reads it: see
    docs/decisions/desk-codes.md.
    """

    __tablename__ = "desk_code"
    __table_args__ = (
        ForeignKeyConstraint(
            ["site_id", "staff_id"], ["staff.site_id", "staff.id"], ondelete="RESTRICT"
        ),
        UniqueConstraint("site_id", "digest"),
    )
    site_id: Mapped[int] = mapped_column(
        Key, ForeignKey("site.id", ondelete="RESTRICT"), primary_key=True
    )
    staff_id: Mapped[int] = mapped_column(Key, primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))
    set_at: Mapped[datetime] = mapped_column(Instant)


class SignIn(Base):
    """A signed-in browser. Only the digest of its token is kept; deleting the row ends it.

    On a device of the day it carries the device; one that a desk code opened (`by_code`) is worth
    something at that site only.
    """

    __tablename__ = "session"
    __table_args__ = (
        ForeignKeyConstraint(
            ["terminal_site_id", "terminal_id"],
            ["terminal.site_id", "terminal.id"],
            ondelete="RESTRICT",
        ),
    )
    id: Mapped[int] = mapped_column(Key, primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    account_id: Mapped[int] = mapped_column(
        Key, ForeignKey("account.id", ondelete="RESTRICT"), index=True
    )
    created_at: Mapped[datetime] = mapped_column(Instant)
    seen_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    terminal_site_id: Mapped[int | None] = mapped_column(Key)
    terminal_id: Mapped[int | None] = mapped_column(Key)
    by_code: Mapped[bool] = mapped_column(default=False)
    locks_after: Mapped[int] = mapped_column(default=0)


class PermissionOverride(SiteRow):
    """A site's own word on what a role may do."""

    copied = True
    traced = True
    __tablename__ = "permission_override"
    __table_args__ = (
        CheckConstraint("role IN ('trainee', 'caretaker', 'manager')", name="role"),
        Index("ix_permission_override_site", "site_id"),
    )
    site_id: Mapped[int] = mapped_column(
        Key, ForeignKey("site.id", ondelete="RESTRICT"), primary_key=True
    )
    role: Mapped[str] = mapped_column(String(12), primary_key=True)
    permission: Mapped[str] = mapped_column(String(80), primary_key=True)
    allowed: Mapped[bool]
