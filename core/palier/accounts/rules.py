"""What is always true of desk codes and devices: no session, no web, no clock."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from hmac import digest
from itertools import pairwise
from typing import Annotated
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, or_

from palier.accounts.models import Staff, StaffRole, Terminal
from palier.context import Role
from palier.errors import DayIsOver, Refused
from palier.signature import ask
from palier.text import _

LONG = 4  # digits of a code
TRIES = 5  # wrong codes in a row, then the password
MOST_WRONG = 20  # wrong codes of a day, then the password too
YEARS = range(1900, 2100)  # what looks like a year of birth is the first guess
COLUMN = {"2580", "0852"}  # the middle column of a number pad
DEVICE = "palier_device"  # the cookie of a device of the day: its site and its token
DEVICE_NAME = "palier_device_name"  # what it was called, for tomorrow
ROLES = {
    StaffRole.TRAINEE: Role.TRAINEE,
    StaffRole.CARETAKER: Role.CARETAKER,
    StaffRole.MANAGER: Role.MANAGER,
}
PURPOSE = "desk-code"  # what the key of the digests is made for

# The top row of a French or Belgian keyboard without the shift key.
_ROW = str.maketrans("&é\"'(-§è_!çà", "123456678890")


@dataclass(frozen=True)
class Settings:
    """What each neighbourhood decides for itself."""

    locks_after: Annotated[
        int, ask(_("Minutes without a touch until a device locks"), min=0, max=240)
    ] = 5


class NotFourDigits(Refused):
    text = _("A desk code has four digits.")
    field = "code"


class TooEasy(Refused):
    text = _("This code is easy to guess: a row, a pair or a year. Choose another.")
    field = "code"


class CodeCannotBeUsed(Refused):
    """Someone else of the site has it; whose it is stays unsaid."""

    text = _("This code can't be used here. Choose another.")
    field = "code"


class WrongCode(Refused):
    text = _("This code opens nothing here. Tries left: %(left)s.")
    field = "code"


class PasswordNeeded(Refused):
    text = _("Too many wrong codes on this device. Sign in with your password to go on.")


class DeviceIsShut(Refused):
    text = _("This device is no longer open. Sign in with your password.")


class NameIsOpen(Refused):
    text = _("%(name)s is already open in another browser today. Choose another name.")
    field = "name"


class PasswordFirst(Refused):
    text = _("Only someone who signed in with a password opens a device.")


class NotInTraining(Refused):
    text = _("A browser is opened for the day on the real site. Go back there first.")


class NotThePassword(Refused):
    text = _("This is not your password. Try again.")
    field = "password"


class NotYourself(Refused):
    text = _("Nobody does this to their own account. Ask another manager.")


class WorkDayIsOver(DayIsOver):
    field = "from_day"


class UnknownSkill(Refused):
    text = _("No service that is on here asks for the skill %(name)s. Known: %(known)s.")
    field = "skill"


class AlreadyLearnt(Refused):
    text = _("%(who)s has learnt this already: %(skill)s.")
    field = "skill"


class NotLearnt(Refused):
    text = _("It was not noted that %(who)s has learnt this: %(skill)s.")
    field = "skill"


class StaysWithManagers(Refused):
    text = _("Who may do what, and who works here, stays with managers.")
    field = "permission"


def digits_of(typed: str) -> str:
    """Return the digits that were meant, typed on any keyboard; all else is left out."""
    return "".join(each for each in typed.translate(_ROW) if each.isascii() and each.isdigit())


def is_easy(code: str) -> bool:
    """Whether four digits are among the first that anyone would try."""
    steps = {int(after) - int(before) for before, after in pairwise(code)}
    in_a_row = steps in ({0}, {1}, {-1})
    return in_a_row or code[:2] == code[2:] or int(code) in YEARS or code in COLUMN


def check_code(typed: str) -> str:
    """Return a new code's digits. Raises `NotFourDigits`, `TooEasy`."""
    code = digits_of(typed)
    if len(code) != LONG:
        raise NotFourDigits
    if is_easy(code):
        raise TooEasy
    return code


def code_digest(key: bytes, site_id: int, code: str) -> str:
    """Return what is stored of a code: the same code at another site is another word."""
    return digest(key, f"{site_id}:{code}".encode(), "sha256").hex()


def end_of_day(day: date, zone: ZoneInfo) -> datetime:
    """Return the site's next midnight, 23 to 25 hours after the last one."""
    return datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)


def works_on(day: date) -> ColumnElement[bool]:
    """Say in SQL that a person's role is valid on a day."""
    return and_(Staff.valid_from <= day, or_(Staff.valid_to.is_(None), Staff.valid_to > day))


def role_on(
    day: date, role: StaffRole, next_role: StaffRole | None, next_from: date | None
) -> StaffRole:
    """Return the role that holds on a day: the next one from its day on."""
    begun = next_from is not None and next_from <= day
    return next_role if begun and next_role is not None else role


def role_of(staff: Staff, day: date) -> StaffRole:
    """Return the role that someone has on a day."""
    return role_on(day, staff.role, staff.next_role, staff.next_role_from)


def is_staying(staff: Staff) -> bool:
    """Whether no end of the work is noted."""
    return staff.valid_to is None


def is_ending(staff: Staff) -> bool:
    """Whether an end of the work is noted, past or to come."""
    return staff.valid_to is not None


def is_open(terminal: Terminal) -> bool:
    """Whether a device was opened and not closed; its day may be over."""
    return terminal.token_hash is not None


def needs_password(tries: int, wrong: int) -> bool:
    """Whether so many wrong codes ask for the password."""
    return tries >= TRIES or wrong >= MOST_WRONG
