"""The keypad as pages show it: its keys, the note after a press, how many wait."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from palier.acts import Act
from palier.context import Context
from palier.screens.catalogue import Offered, Paths
from palier.screens.views import Block, Option, Spot, Words
from palier.text import Text, _, show_time
from palier.visits import actions
from palier.visits.models import AgeBand, Sex, Visit, VisitState
from palier.visits.reasons import Key, keys_of
from palier.web.asked import new_key

COUNTED, KEYS, WAITING = "visits/counted.html", "visits/keys.html", "visits/waiting.html"


@dataclass(frozen=True)
class Press:
    """A form of one button: where it goes and what goes along. Empty for who may not."""

    href: str
    hidden: Mapping[str, str]

    def __bool__(self) -> bool:
        """Whether it is offered."""
        return bool(self.href)


@dataclass(frozen=True)
class KeypadView:
    """The keys with today's counts; `people` are the visitors, `apart` who is none."""

    keys: tuple[Key, ...]
    people: int
    apart: int
    count: Press
    page_href: str  # where a script finds the keypad and the note by themselves
    hours_href: str
    reasons_href: str = ""


@dataclass(frozen=True)
class WaitingView:
    """How many wait, and the two presses that change it."""

    people: int
    more: Press
    less: Press


@dataclass(frozen=True)
class CountedView:
    """The note after a press: what was counted, how to take it back, what may be added."""

    text: Words
    detail: Words
    undo: Press
    describe: Press
    ages: tuple[Option, ...] = ()
    sexes: tuple[Option, ...] = ()


def spots_of(
    desk: Context, figures: Mapping[str, Any], page: str, counted: int | None
) -> tuple[Spot, ...]:
    """Return the note, the keypad and who waits, as blocks of a page. One statement, for a note."""
    note = read_counted(desk, counted, page)
    pad = Block(_("Footfall"), "people")
    waits = Block(_("Waiting"), "clock")
    return (
        *((Spot("counted", Block("", ""), COUNTED, note),) if note else ()),
        Spot("keypad", pad, KEYS, read_keypad(desk, figures, page)),
        Spot("waiting", waits, WAITING, read_waiting(desk, figures, page)),
    )


def press(desk: Context, act: Act[..., Any], back: str, id: int | None = None) -> Press:
    """Return an act as one press that leads back to a page, with a form key of its own."""
    if not desk.may(act):
        return Press("", {})
    paths = Paths(desk.site.slug)
    if act.signature.record is Visit:
        href = f"{paths.root}/visits/visit/{id}/{act.name}"
    else:
        href = paths.act(Offered(act, None), id)
    return Press(href, {"csrf": desk.csrf, "key": new_key(), "back": back})


def read_keypad(desk: Context, figures: Mapping[str, Any], page: str) -> KeypadView:
    """Return the keypad; `page` is where a press leads back to. No statement of its own."""
    keys = keys_of(figures["visits.keys"])
    root = f"{Paths(desk.site.slug).root}/visits"
    return KeypadView(
        keys=keys,
        people=sum(each.count for each in keys if not each.apart),
        apart=sum(each.count for each in keys if each.apart),
        count=press(desk, actions.count_visit, f"{page}?counted={{made}}"),
        page_href=f"{root}/keypad",
        hours_href=f"{root}/hours",
        reasons_href=f"{root}/visit_reason" if desk.may(actions.switch_off) else "",
    )


def read_waiting(desk: Context, figures: Mapping[str, Any], page: str) -> WaitingView:
    """Return how many wait. No statement of its own."""
    people = figures["visits.waiting"]
    more, less = press(desk, actions.one_more, page), press(desk, actions.one_less, page)
    return WaitingView(people, more, less if people else Press("", {}))


def read_counted(desk: Context, id: int | None, page: str) -> CountedView | None:
    """Return the note on a visit that was just counted, if it is one of this site and this day."""
    if id is None:
        return None
    whole = joinedload(Visit.reason)
    visit = desk.session.scalars(select(Visit).where(Visit.id == id).options(whole)).first()
    if visit is None or visit.on != desk.today:
        return None
    what = {"reason": visit.reason.label if visit.reason else _("Visit"), "hour": _hour(visit)}
    nothing = Press("", {})
    if visit.state is VisitState.VOID:
        words = _("%(reason)s of %(hour)s is undone.").fill(**what)
        return CountedView(words, _("It counts for nothing."), nothing, nothing)
    back = f"{page}?counted={id}"
    return CountedView(
        _("%(reason)s counted at %(hour)s").fill(**what),
        _told(visit),
        press(desk, actions.take_back, back, id),
        press(desk, actions.describe, back, id),
        tuple(Option(each.value, each.label, each is visit.age_band) for each in AgeBand),
        tuple(Option(each.value, each.label, each is visit.sex) for each in Sex),
    )


def _hour(visit: Visit) -> str:
    return show_time(visit.at)


def _told(visit: Visit) -> Text | str:
    told = [str(each.label) for each in (visit.age_band, visit.sex) if each is not None]
    return ", ".join(told)
