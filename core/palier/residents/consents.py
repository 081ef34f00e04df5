"""What a person agreed to: asked before what needs it, refused in words without it."""

from datetime import date
from pathlib import Path

import msgspec
from sqlalchemy import select

from palier.context import Context
from palier.dated import Rows
from palier.errors import Refused
from palier.residents.models import Consent, Purpose, Resident
from palier.text import _


class ConsentRule(msgspec.Struct, frozen=True):
    """One row of the law: below `alone_from` years a parent agrees too."""

    alone_from: int
    valid_from: date
    source: str


class NoConsent(Refused):
    text = _("%(who)s has not agreed to this: %(what)s. Ask, and note it on the record first.")


class ParentFirst(Refused):
    text = _("Under %(age)s a parent has to agree too: ask for their signature, then tick this.")
    field = "by_parent"


class NotAgreed(Refused):
    text = _("%(who)s has not agreed to this: %(what)s. There is nothing to take back.")
    field = "purpose"


class NotAskedFor(Refused):
    text = _("Ask the person first, and tick that they asked for it.")
    field = "agreed"


class OverBefore(Refused):
    text = _("This day is over: choose a later one, or leave it empty.")
    field = "ends_on"


RULES = Rows(Path(__file__).parent / "data" / "consent.toml", "rule", ConsentRule)


def alone_from(day: date) -> int:
    """Return from which age someone agrees alone on that day (Loi Informatique et Libertés, art. 45)."""
    return (RULES.on(day) or RULES.all[0]).alone_from


def may_agree_alone(age: int, day: date) -> bool:
    """Whether someone of this age agrees without a parent on that day."""
    return age >= alone_from(day)


def youngest(birth_year: int, today: date) -> int:
    """Return the age in years that someone has at least, of whom only the year of birth is known."""
    return today.year - birth_year - 1


def needs_parent(resident: Resident, today: date) -> bool:
    """Whether someone may be too young to agree alone; who told no year of birth is not."""
    year = resident.birth_year
    return year is not None and not may_agree_alone(youngest(year, today), today)


def check_agrees(resident: Resident, today: date, *, by_parent: bool, ends_on: date | None) -> None:
    """Raise `ParentFirst` for a child without a parent, `OverBefore` for an end that is past."""
    if needs_parent(resident, today) and not by_parent:
        raise ParentFirst(age=alone_from(today))
    if ends_on is not None and ends_on <= today:
        raise OverBefore


def holds_on(consent: Consent, day: date) -> bool:
    """Whether a consent holds on that day."""
    withdrawn = consent.withdrawn_on is not None and consent.withdrawn_on <= day
    ended = consent.ends_on is not None and consent.ends_on <= day
    return consent.given_on <= day and not withdrawn and not ended


def has_agreed(desk: Context, resident: Resident, purpose: Purpose) -> bool:
    """Whether someone agrees to this today; one statement."""
    return bool(in_force(desk, resident, purpose))


def in_force(desk: Context, resident: Resident, purpose: Purpose) -> list[Consent]:
    """Return what someone agrees to for this, and has not taken back; one statement."""
    query = select(Consent).where(Consent.resident == resident, Consent.purpose == purpose)
    return [each for each in desk.all(query) if holds_on(each, desk.today)]


def check_consent(desk: Context, resident: Resident, purpose: Purpose) -> None:
    """Raise `NoConsent` where someone has not agreed to this, or no longer."""
    if not has_agreed(desk, resident, purpose):
        raise NoConsent(who=str(resident), what=purpose.label)
