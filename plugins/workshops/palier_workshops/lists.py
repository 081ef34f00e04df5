"""The page on which a workshop's names are marked: one key for each."""

from collections.abc import Mapping
from dataclasses import dataclass

from palier.api import Act, Desk, Page, Text, _, own_form

from . import attending, queries, rules
from .models import Mark, Workshop

# What one key notes of the name that is asked for: key, act, drawing.
KEYS: tuple[tuple[str, Act[..., None], str], ...] = (
    ("p", attending.came, "check"),
    ("e", attending.excuse, "mail"),
    ("n", attending.missed, "cross"),
    ("c", attending.call_off, "undo"),
)


@dataclass(frozen=True)
class Press:
    """One way to mark a name."""

    key: str
    label: Text
    act: str
    icon: str


def presses(desk: Desk) -> list[Press]:
    """Return the marks that this person may set."""
    return [Press(key, act.label, act.name, icon) for key, act, icon in KEYS if desk.may(act)]


def attendance_list(desk: Desk, workshop: Workshop, typed: Mapping[str, str]) -> Page:
    """Return the list of a workshop, with the first name that has no mark to be marked next."""
    rows = queries.enrolments(desk, workshop)
    heads = queries.heads(desk, workshop)
    here = sum(each.mark is Mark.PRESENT for each in rows)
    unnamed = sum(each.people for each in heads)
    words = _("%(here)s here by name, %(unnamed)s without a name. %(taken)s of %(seats)s seats.")
    return Page(
        "workshops/attendance.html",
        workshop=workshop,
        rows=rows,
        next=next((each for each in rows if rules.waits(each)), None),
        presses=presses(desk),
        heads=heads,
        heads_form=own_form(desk),
        hour=typed.get("hour", ""),
        counted=words.fill(here=here, unnamed=unnamed, taken=workshop.taken, seats=workshop.seats),
        has_begun=desk.local(workshop.starts_at).date() <= desk.today,
        root=f"/{desk.site.slug}/desk/workshops",
        may_count=desk.may(attending.key_heads),
        may_close=desk.may(attending.close) and rules.is_to_come(workshop),
    )
