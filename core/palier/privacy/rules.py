"""How long is long enough: days that follow from a rule, without a clock or a database."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from palier.signature import ask
from palier.text import _


@dataclass(frozen=True)
class Settings:
    """What each neighbourhood says of its personal data."""

    contact: Annotated[
        str,
        ask(
            _("Who answers questions about personal data"),
            max=160,
            help=_("A name, a telephone number, an e-mail address: it stands in the register."),
        ),
    ] = ""


def months_after(day: date, months: int) -> date:
    """Return the same day so many months later, the month's last where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def months_before(day: date, months: int) -> date:
    """Return the latest day that lies at least so many months back."""
    return months_after(day, -months)


def answer_due(received: date, *, extended: bool = False) -> date:
    """Return the day by which a request is answered: a month, two more if announced (art. 12)."""
    return months_after(received, 3 if extended else 1)
