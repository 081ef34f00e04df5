"""What the relay says of items, on pages, cards and scans."""

from datetime import date

from palier.api import Text, _

from . import rules
from .models import Parcel, State


def until_words(parcel: Parcel, today: date) -> Text | None:
    """Say until when an item waits, or that it goes back; None where no rule is known."""
    if rules.goes_back(parcel, today):
        return _("It goes back today.")
    if parcel.until is None or parcel.state not in rules.WAITING:
        return None
    if parcel.last_day == today:
        return _("It goes back tomorrow.")
    if parcel.until == today:
        return _("Today is the last day it can be collected.")
    return _("It waits until %(day)s.").fill(day=parcel.until)


def where(parcel: Parcel) -> Text | str:
    return parcel.place.code if parcel.place is not None else _("the desk")


def waits_words(parcel: Parcel) -> Text:
    """Say of one person's item what it is and where it lies."""
    words = _("A parcel of %(carrier)s is here: %(place)s.")
    if parcel.registered:
        words = _("A registered item of %(carrier)s is here: %(place)s.")
        if parcel.papers_at is not None:
            words = _("A registered item of %(carrier)s leaves once its slip is signed: %(place)s.")
    return words.fill(carrier=parcel.carrier.name, place=where(parcel))


def ended_words(parcel: Parcel) -> Text:
    """Say how an item ended, when, and who did it."""
    words = _("%(state)s already, %(when)s, by %(who)s.")
    return words.fill(state=parcel.state.label, when=parcel.ended_at, who=parcel.ended_by or "")


def is_late(parcel: Parcel, today: date) -> str:
    """Return how much a line calls: "late" for what goes back, "soon" for a last day."""
    if rules.goes_back(parcel, today):
        return "late"
    return "soon" if parcel.until == today and parcel.state is not State.EXPECTED else ""
