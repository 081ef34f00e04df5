"""Accounts, staff, sessions: who may act, where, and since when."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from palier.db.fields import Keep, field
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
    """A person's role at one site. `person_code` stands on receipts instead of a name."""

    account_id: Mapped[int] = mapped_column(Key, ForeignKey("account.id", ondelete="RESTRICT"))
    name: Mapped[str] = field(_("Name"), max=80, keep=WHO_WORKS, search=True)
    role: Mapped[StaffRole] = field(_("Role"), default=StaffRole.CARETAKER)
    valid_from: Mapped[date] = field(_("From"))
    valid_to: Mapped[date | None] = field(_("Until"), default=None)
    lives_in_area: Mapped[bool] = field(_("Lives in the neighbourhood"), default=False)
    person_code: Mapped[str] = field(_("Code on receipts"), max=8)


class StaffSkill(SiteRow):
    """A skill a person has learnt at this site."""

    copied = True
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


class SignIn(Base):
    """A signed-in browser. Only the digest of its token is kept; deleting the row ends it."""

    __tablename__ = "session"
    id: Mapped[int] = mapped_column(Key, primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    account_id: Mapped[int] = mapped_column(
        Key, ForeignKey("account.id", ondelete="RESTRICT"), index=True
    )
    created_at: Mapped[datetime] = mapped_column(Instant)
    seen_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)


class PermissionOverride(SiteRow):
    """A site's own word on what a role may do."""

    copied = True
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
