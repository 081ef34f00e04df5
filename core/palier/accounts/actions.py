"""What a person does about devices and desk codes: open, rename, close, set, take away."""

import secrets
from typing import Annotated

from sqlalchemy import delete, update

from palier.accounts.codes import forget_code, keep_code
from palier.accounts.models import Account, SignIn, Staff, Terminal
from palier.accounts.passwords import digest, fits
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
    is_open,
)
from palier.acts import act, ask
from palier.context import Context, Cookie, Role
from palier.site_settings import write_setting
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


@act(_("Lock devices by themselves"), least=Role.MANAGER)
def lock_after(
    desk: Context,
    *,
    minutes: Annotated[
        int,
        ask(
            _("Minutes without a touch"),
            min=0,
            max=240,
            help=_("0: never."),
            start=lambda desk: desk.settings(Settings).locks_after,
        ),
    ],
) -> None:
    """Say after how many minutes without a touch a device asks for the code again."""
    write_setting(desk.session, Settings, "locks_after", minutes, desk.today, desk.actor.account_id)
    here = SignIn.terminal_site_id == desk.site.id
    desk.session.execute(update(SignIn).where(here).values(locks_after=minutes))


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


def check_password(desk: Context, password: str) -> None:
    """Raise `NotThePassword` unless it is the actor's own."""
    account = desk.session.get(Account, desk.actor.account_id) if desk.actor.account_id else None
    if account is None or not fits(password, account.password_hash):
        raise NotThePassword
