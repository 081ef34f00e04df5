"""What a person does about devices and desk codes: open, rename, close, set, take away."""

import secrets
from datetime import date
from typing import Annotated

from sqlalchemy import delete

from palier.accounts.codes import forget_code, keep_code
from palier.accounts.models import Account, SignIn, Staff, StaffRole, Terminal
from palier.accounts.passwords import digest, fits
from palier.accounts.rights import Who, allow, changeable
from palier.accounts.rules import (
    DEVICE,
    DEVICE_NAME,
    NameIsOpen,
    NotInTraining,
    NotThePassword,
    PasswordFirst,
    Settings,
    check_code,
    end_of_day,
    is_ending,
    is_open,
    is_staying,
)
from palier.accounts.team import (
    end_of_work,
    learn,
    set_role,
    skills_of,
    skills_to_learn,
    unlearn,
)
from palier.acts import act
from palier.context import Context, Cookie, Role
from palier.dated import today
from palier.receipts.events import note_rights
from palier.signature import ask
from palier.text import Secret, _

Password = Annotated[Secret, ask(_("Your password"), help=_("So that nobody else does this."))]
YEAR = 31_536_000  # seconds


@act(_("Open this browser for the day"))
def open_device(desk: Context, *, name: str) -> Terminal:
    """Until midnight four digits say who acts here; your password is asked no more.

    Raises `PasswordFirst` where no password opened the session, `NotInTraining`, `NameIsOpen`.
    """
    if desk.site.kind == "training":
        raise NotInTraining
    seat = desk.seat
    if seat.sign_in_id is None or seat.by_code or desk.actor.staff_id is None:
        raise PasswordFirst
    mine = desk.session.get_one(Staff, desk.actor.staff_id)
    until = end_of_day(desk.today, desk.site.zone)
    token = secrets.token_urlsafe(32)
    fresh = Terminal(name=name, opened_on=desk.today, opened_by=mine, open_until=desk.now)
    device = desk.one(fresh)
    if is_open(device) and device.open_until > desk.now and device.id != seat.terminal_id:
        raise NameIsOpen(name=name)
    device.token_hash = digest(token)
    device.opened_on, device.opened_by, device.open_until = desk.today, mine, until
    device.tries = device.wrong = 0
    desk.session.flush()
    _end_sessions(desk, device)
    _stand_on(desk, device, seat.sign_in_id)
    lasts = int((until - desk.now).total_seconds())
    desk.cookies += [
        Cookie(DEVICE, f"{desk.site.id}.{token}", max_age=lasts),
        Cookie(DEVICE_NAME, name, max_age=YEAR),
    ]
    return device


def _stand_on(desk: Context, device: Terminal, sign_in_id: int) -> None:
    """Tie the session to the device: it ends with the device's day."""
    mine = desk.session.get_one(SignIn, sign_in_id)
    mine.terminal_site_id, mine.terminal_id = desk.site.id, device.id
    mine.locks_after = desk.settings(Settings).locks_after
    mine.seen_at, mine.expires_at = desk.now, min(mine.expires_at, device.open_until)


def _end_sessions(desk: Context, device: Terminal) -> None:
    """End what others have open on the device."""
    there = SignIn.terminal_id == device.id
    if desk.seat.sign_in_id is not None:
        there = there & (SignIn.id != desk.seat.sign_in_id)
    desk.session.execute(delete(SignIn).where(there))


@act(_("Close the device"), when=is_open, least=Role.MANAGER)
def close_device(desk: Context, terminal: Terminal) -> Terminal:
    """Nobody acts there any more, from this moment on: for a computer that was lost."""
    terminal.token_hash, terminal.open_until = None, desk.now
    desk.session.execute(delete(SignIn).where(SignIn.terminal_id == terminal.id))
    return terminal


@act(_("My desk code"), least=Role.TRAINEE)
def set_my_code(
    desk: Context,
    *,
    password: Password,
    code: Annotated[Secret, ask(_("New code"), max=4, help=_("Four digits: no row, no year."))],
) -> None:
    """Choose the four digits that say it is you, on any device of this desk.

    Raises `NotThePassword`, `NotFourDigits`, `TooEasy`, `CodeCannotBeUsed`.
    """
    check_password(desk, password)
    keep_code(desk, desk.session.get_one(Staff, desk.actor.staff_id), check_code(code))


@act(_("Take the desk code away"), least=Role.MANAGER, rare=True)
def clear_code(desk: Context, staff: Staff, *, password: Password) -> Staff:
    """The person signs in with a password until they choose a new code."""
    check_password(desk, password)
    forget_code(desk, staff)
    return staff


@act(_("Change the role"), when=is_staying, least=Role.MANAGER)
def change_role(
    desk: Context,
    staff: Staff,
    *,
    role: StaffRole,
    from_day: Annotated[date, ask(_("From"), start=today)],
) -> Staff:
    """Say what this person may do here from a day on; today, it holds at once."""
    set_role(desk, staff, role, from_day)
    note_rights(desk, staff.person_code, "role")
    return staff


@act(_("Note a skill"), when=is_staying, least=Role.MANAGER)
def note_skill(
    desk: Context, staff: Staff, *, skill: Annotated[str, ask(_("Skill"), offers=skills_to_learn)]
) -> Staff:
    """Note what this person has learnt: from now on they may sign for it."""
    learn(desk, staff, skill)
    note_rights(desk, staff.person_code, "skill")
    return staff


@act(_("Take a skill back"), least=Role.MANAGER, rare=True)
def take_skill_back(
    desk: Context, staff: Staff, *, skill: Annotated[str, ask(_("Skill"), offers=skills_of)]
) -> Staff:
    """They may no longer sign for it; what they signed stays."""
    unlearn(desk, staff, skill)
    note_rights(desk, staff.person_code, "skill_back")
    return staff


@act(_("End the work here"), when=is_staying, least=Role.MANAGER, rare=True)
def end_work(
    desk: Context,
    staff: Staff,
    *,
    from_day: Annotated[
        date,
        ask(
            _("No longer works here from"),
            start=today,
            help=_("Today: what they have open ends at once, and so does their desk code."),
        ),
    ],
) -> Staff:
    """From that day on this person opens nothing here; all they did stays."""
    end_of_work(desk, staff, from_day)
    note_rights(desk, staff.person_code, "ended")
    return staff


@act(_("Work here again"), when=is_ending, least=Role.MANAGER)
def work_again(desk: Context, staff: Staff) -> Staff:
    """The end was noted by mistake, or the person is back; they choose a new desk code."""
    staff.valid_to = None
    note_rights(desk, staff.person_code, "back")
    return staff


@act(_("Change who may do this"), least=Role.MANAGER)
def change_right(
    desk: Context,
    *,
    permission: Annotated[str, ask(_("What"), offers=changeable)],
    who: Annotated[Who, ask(_("Who may do it"))],
) -> None:
    """Decide for this site; it holds from the next page that anyone opens."""
    allow(desk, permission, who)
    note_rights(desk, permission, who.value)


def check_password(desk: Context, password: str) -> None:
    """Raise `NotThePassword` unless it is the actor's own."""
    account = desk.session.get(Account, desk.actor.account_id) if desk.actor.account_id else None
    if account is None or not fits(password, account.password_hash):
        raise NotThePassword
