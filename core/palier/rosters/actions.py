"""What the one who plans does with the roster."""

from datetime import datetime
from typing import Annotated

from palier.accounts.models import Staff
from palier.acts import act
from palier.context import Context, Role
from palier.errors import NotNow
from palier.rosters.duty import put_on, uncovered_today
from palier.rosters.models import Absence, AbsenceKind, Post, Shift
from palier.rosters.rules import AbsenceEndsBeforeStart, check_span
from palier.signature import ask
from palier.sites.models import Opening
from palier.text import _


def is_open_to_change(shift: Shift) -> bool:
    """Whether nobody fixed it."""
    return not shift.fixed


@act(_("Assign someone"), when=is_open_to_change)
def assign(desk: Context, shift: Shift, *, staff: Annotated[Staff, ask(_("Person"))]) -> None:
    """Put someone on this shift."""
    put_on(desk, shift, staff)


@act(_("Cover hours"))
def cover(
    desk: Context, *, starts_at: datetime, ends_at: datetime, staff: Staff, post: Post = Post.DESK
) -> Shift:
    """Put someone on duty from one moment to another."""
    check_span(starts_at, ends_at)
    shift = Shift(starts_at=starts_at, ends_at=ends_at, post=post)
    put_on(desk, shift, staff)
    return shift


@act(_("Find someone"))
def cover_today(
    desk: Context, opening: Opening, *, staff: Annotated[Staff, ask(_("Person"))]
) -> None:
    """Put someone on duty for the hours of this opening that nobody covers today."""
    left = [gap for each, gap in uncovered_today(desk) if each is opening]
    if not left:
        raise NotNow
    for gap in left:
        put_on(desk, Shift(starts_at=gap.starts_at, ends_at=gap.ends_at), staff)


@act(_("Plan a shift"))
def plan(
    desk: Context,
    *,
    starts_at: datetime,
    ends_at: datetime,
    post: Post = Post.DESK,
) -> Shift:
    """Add hours to be worked, with nobody on them yet."""
    check_span(starts_at, ends_at)
    return desk.add(Shift(starts_at=starts_at, ends_at=ends_at, post=post))


@act(_("Remove the shift"), when=is_open_to_change, least=Role.MANAGER)
def remove(desk: Context, shift: Shift) -> None:
    """Take these hours off the roster."""
    desk.session.delete(shift)
    desk.session.flush()


@act(_("Note an absence"), least=Role.MANAGER)
def add_absence(
    desk: Context,
    *,
    staff: Staff,
    from_at: datetime,
    to_at: datetime,
    kind: AbsenceKind = AbsenceKind.ABSENT,
) -> Absence:
    """Say that someone will not be there, never why. Shifts then show as uncovered."""
    if to_at <= from_at:
        raise AbsenceEndsBeforeStart
    return desk.add(Absence(staff=staff, from_at=from_at, to_at=to_at, kind=kind))


@act(_("Remove the absence"), least=Role.MANAGER)
def remove_absence(desk: Context, absence: Absence) -> None:
    """The person is there after all."""
    desk.session.delete(absence)
    desk.session.flush()
