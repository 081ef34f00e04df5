"""Who works here: from when to when, as what, and what they have learnt; what follows of it."""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import delete, select

from palier.accounts.codes import forget_code
from palier.accounts.models import SignIn, Staff, StaffRole, StaffSkill
from palier.accounts.rules import (
    AlreadyLearnt,
    NotLearnt,
    NotYourself,
    UnknownSkill,
    WorkDayIsOver,
    role_of,
)
from palier.context import Context
from palier.text import Text, _


def end_of_work(desk: Context, staff: Staff, day: date) -> None:
    """Let someone's work end: from `day` on they are nobody here. From today on, at once.

    Raises `WorkDayIsOver`, `NotYourself`.
    """
    _check(desk, staff, day)
    staff.valid_to = day
    if day <= desk.today:
        forget_code(desk, staff)
        # Their password opened these for every site: where they still work, they sign in again.
        desk.session.execute(delete(SignIn).where(SignIn.account_id == staff.account_id))


def set_role(desk: Context, staff: Staff, role: StaffRole, day: date) -> None:
    """Give someone another role from a day on; one change at a time waits for its day.

    Raises `WorkDayIsOver`, `NotYourself`.
    """
    _check(desk, staff, day)
    staff.role = role_of(staff, desk.today)
    staff.next_role = staff.next_role_from = None
    if day <= desk.today:
        staff.role = role
    elif role is not staff.role:
        staff.next_role, staff.next_role_from = role, day


def settle_roles(desk: Context) -> None:
    """Write down which role holds now, where a change has begun."""
    begun = select(Staff).where(Staff.next_role_from <= desk.today)
    for each in desk.all(begun):
        each.role = role_of(each, desk.today)
        each.next_role = each.next_role_from = None


def _check(desk: Context, staff: Staff, day: date) -> None:
    if staff.id == desk.actor.staff_id:
        raise NotYourself
    WorkDayIsOver.check(day, desk.today)


def skills_here(desk: Context) -> dict[str, Text]:
    """Return the skills that the services of the site ask for, with their words."""
    if desk.hooks is None:
        return {}
    on = desk.hooks.registry.on(desk.site.plugins)
    return {skill.name: skill.label for each in on for skill in each.manifest.skills}


def skills_of(desk: Context, record: Staff | None) -> dict[str, Text]:
    """Return what someone has learnt, with its words."""
    if record is None:
        return {}
    words = skills_here(desk)
    held = select(StaffSkill.skill).where(StaffSkill.staff_id == record.id)
    return {each: words.get(each, Text(each)) for each in sorted(desk.session.scalars(held))}


def skills_to_learn(desk: Context, record: Staff | None) -> dict[str, Text]:
    """Return what someone has not learnt yet."""
    held = skills_of(desk, record)
    return {name: words for name, words in skills_here(desk).items() if name not in held}


def learn(desk: Context, staff: Staff, skill: str) -> None:
    """Note what someone has learnt. Raises `UnknownSkill`, `AlreadyLearnt`."""
    known = skills_here(desk)
    if skill not in known:
        raise UnknownSkill(name=skill, known=", ".join(known) or "–")
    if desk.session.get(StaffSkill, (desk.site.id, staff.id, skill)) is not None:
        raise AlreadyLearnt(who=staff.name, skill=known[skill])
    desk.session.add(StaffSkill(staff_id=staff.id, skill=skill))


def unlearn(desk: Context, staff: Staff, skill: str) -> None:
    """Take back what was noted as learnt. Raises `NotLearnt`."""
    row = desk.session.get(StaffSkill, (desk.site.id, staff.id, skill))
    if row is None:
        raise NotLearnt(who=staff.name, skill=skills_here(desk).get(skill, Text(skill)))
    desk.session.delete(row)


def learnt(desk: Context, ids: Sequence[int]) -> Mapping[Text, Mapping[int, object]]:
    """Return what each of these people has learnt, for a list: one statement."""
    words, found = skills_here(desk), dict[int, list[str]]()
    rows = select(StaffSkill.staff_id, StaffSkill.skill).where(StaffSkill.staff_id.in_(ids))
    for staff_id, skill in desk.session.execute(rows.order_by(StaffSkill.skill)):
        found.setdefault(staff_id, []).append(str(words.get(skill, skill)))
    return {_("Has learnt"): {id: ", ".join(each) for id, each in found.items()}}
