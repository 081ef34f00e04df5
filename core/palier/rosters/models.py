"""Who is on duty when, and who is away."""

from datetime import datetime
from typing import cast

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import InstrumentedAttribute, Mapped

from palier.accounts.models import Staff
from palier.db.fields import Keep, belongs_to, field
from palier.db.guards import add_guard
from palier.db.overlap import no_overlap
from palier.db.records import SiteRecord
from palier.db.types import Choice
from palier.text import _, show

# Hours worked are kept as long as pay can be claimed: code du travail, L3245-1.
WHO_WORKS = Keep(_("Plan and trace who is on duty"), months=36, after="ends_at")
WHO_IS_AWAY = Keep(_("Plan around absences"), months=36, after="to_at")


class Post(Choice):
    DESK = "desk", _("Desk")
    WORKSHOP = "workshop", _("Workshop")
    OFFICE = "office", _("Office")
    OUTSIDE = "outside", _("Out and about")


class ShiftState(Choice):
    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")


class Shift(SiteRecord, title="starts_at"):
    """A span to be worked at a post; nobody on it while `staff` is empty."""

    starts_at: Mapped[datetime] = field(_("From"), index=True)
    ends_at: Mapped[datetime] = field(_("Until"), index=True)
    post: Mapped[Post] = field(_("Post"), default=Post.DESK)
    staff: Mapped[Staff | None] = belongs_to(Staff, _("Person"), default=None, keep=WHO_WORKS)
    state: Mapped[ShiftState] = field(_("State"), default=ShiftState.PUBLISHED)
    fixed: Mapped[bool] = field(_("Stays as it is"), default=False)
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="span"),
        Index("ix_shift_busy", "site_id", "staff_id", "ends_at"),
    )

    def __str__(self) -> str:
        """Say who and since when."""
        return f"{self.staff or self.post}, {show(self.starts_at)}"


add_guard(no_overlap("shift", "staff_id", "starts_at", "ends_at", rows="{}.staff_id IS NOT NULL"))


class AbsenceKind(Choice):
    LEAVE = "leave", _("Leave")
    ABSENT = "absent", _("Absent")
    TRAINING = "training", _("On a course")
    OTHER = "other", _("Other")


class Absence(SiteRecord, title="from_at"):
    """A span in which someone is not there. Never why."""

    staff: Mapped[Staff] = belongs_to(Staff, _("Person"), keep=WHO_IS_AWAY)
    from_at: Mapped[datetime] = field(_("From"), index=True)
    to_at: Mapped[datetime] = field(_("Until"), index=True)
    kind: Mapped[AbsenceKind] = field(_("Kind"), default=AbsenceKind.ABSENT)
    __table_args__ = (CheckConstraint("from_at < to_at", name="span"),)

    def __str__(self) -> str:
        """Say who and since when."""
        return f"{self.staff}, {show(self.from_at)}"


# The columns beside the links, to join shifts with the absences of the same person.
ON_SHIFT = cast("InstrumentedAttribute[int | None]", vars(Shift)["staff_id"])
AWAY = cast("InstrumentedAttribute[int]", vars(Absence)["staff_id"])
