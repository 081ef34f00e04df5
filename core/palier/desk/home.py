"""The desk page: its head, three columns, and the blocks in them.

A block is a function of the `Day` that yields its spots; it stands in one of the tuples at the end
of this file, in its place among the others. It asks no statement of its own where it can help it:
what it counts comes with the day's figures (`palier.desk.figures`). On a narrow screen the columns
follow each other.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from palier import hookspecs
from palier.acts import Act
from palier.context import Context
from palier.desk import today
from palier.desk.actions import read_note
from palier.desk.figures import Figures, read_figures
from palier.desk.handed_over import signature_of
from palier.desk.offering import Offers
from palier.desk.visited import open_block
from palier.messages.actions import call
from palier.receipts.actions import close_day, close_month, close_year
from palier.receipts.archive_pages import ask_archive
from palier.receipts.overdue import overdue_of
from palier.receipts.till_acts import close_till, open_till
from palier.screens.views import ActView, Block, Cell, Line, Link, Spot
from palier.text import Text, _
from palier.visits.actions import begin
from palier.visits.keypad import spots_of
from palier.web.asked import new_key


@dataclass(frozen=True)
class Day:
    """What the blocks are made of, read once for all of them."""

    desk: Context
    offers: Offers
    figures: Figures
    said: Block  # what the services say of today
    back: Block
    booked: Block
    counted: tuple[Spot, ...]  # the note on a visit, the keypad, who waits
    failed: tuple[Block, ...] = ()


@dataclass(frozen=True)
class NoteLeft:
    """Who left the note, and where "I have read it" is sent; "" for who may not."""

    signature: Text | None
    read_href: str
    hidden: Mapping[str, str]


@dataclass(frozen=True)
class HomeView:
    """The desk page, read and ready to be drawn."""

    title: str
    tags: tuple[Cell, ...]
    acts: tuple[ActView, ...]
    above: tuple[Spot, ...]
    columns: tuple[tuple[Spot, ...], ...]


def read_home(
    desk: Context, offers: Offers, *, all_of_it: bool, counted: int | None = None
) -> HomeView:
    """Return the page, with a note on the visit that was just counted.

    The services first: where one fails, what was read before would be lost.
    """
    said, failed = offers.said(hookspecs.today)
    back, booked = today.due_and_booked(desk, offers, said)
    figures = read_figures(desk)
    day = Day(
        desk,
        offers,
        figures,
        said=today.said_today(offers, said, all_of_it=all_of_it),
        back=back,
        booked=booked,
        counted=spots_of(desk, figures, offers.paths.root, counted),
        failed=tuple(failed),
    )
    return HomeView(
        title=today.title_of(desk.today),
        tags=tuple(tag for each in TAGS for tag in each(day)),
        acts=tuple(act for each in ACTS for act in each(day)),
        above=tuple(spot for each in ABOVE for spot in each(day)),
        columns=tuple(tuple(s for each in column for s in each(day)) for column in COLUMNS),
    )


def hours(day: Day) -> Iterator[Cell]:
    """Yield whether the service is open."""
    yield today.hours_tag(day.desk)


def count_the_float(day: Day) -> Iterator[ActView]:
    """Yield the first act of the day, while the till is closed."""
    button = day.offers.button(open_till) if day.figures["receipts.till"] is None else None
    if button is not None:
        yield replace(button, primary=True, icon="till", key="o")


def count_the_cash(day: Day) -> Iterator[ActView]:
    """Yield the till's last act of the day, in the place of its first, while it is open."""
    id = day.figures["receipts.till"]
    if id is not None and day.desk.may(close_till):
        root = day.offers.paths.root
        href = f"{root}/receipts/till_session/{id}/close_till?{urlencode({'back': root})}"
        yield ActView(close_till.name, close_till.label, href, key="o", icon="till")


def handed_over(day: Day) -> Iterator[Spot]:
    """Yield the note that the last day left, until someone has read it."""
    rows = day.figures["desk.handed_over"]
    href = day.offers.href(read_note).partition("?")[0]
    if rows:
        lines = tuple(Line(text) for text, _by, _at in rows)
        count = day.figures["desk.handed_over_count"]
        more = Link(_("All notes"), f"{day.offers.paths.root}/desk/handover_item")
        block = Block(_("The last note"), "note", lines, count=count, more=more)
        value = NoteLeft(
            signature_of(rows),
            href,
            {"csrf": day.desk.csrf, "key": new_key(), "back": day.offers.back},
        )
        yield Spot("note", block, part="desk/note.html", value=value)


def said_today(day: Day) -> Iterator[Spot]:
    """Yield what the services say."""
    yield Spot("today", day.said)


def booked_today(day: Day) -> Iterator[Spot]:
    """Yield what begins today."""
    yield Spot("booked", day.booked)


def failed_services(day: Day) -> Iterator[Spot]:
    """Yield one warning for each service that could not answer."""
    for place, each in enumerate(day.failed, 1):
        yield Spot(f"failed-{place}", each)


def closings_due(day: Day) -> Iterator[Spot]:
    """Yield what was not closed, to whoever closes it."""
    due = overdue_of(day.figures)
    acts: dict[str, tuple[Act[..., Any], dict[str, Any]]] = {
        "day": (close_day, {"day": due.day}),
        "month": (close_month, {"month": due.month}),
        "year": (close_year, {"year": due.year and due.year.year}),
        "archive": (ask_archive, {"year": due.archive and due.archive.year}),
    }
    lines = tuple(
        Line(words, icon="till", kind="soon", act=ActView(act.name, act.label, href))
        for what, words in due.words
        for act, filled in (acts[what],)
        if (href := day.offers.href(act, **filled))
    )
    if lines:
        yield Spot("closings", Block(_("To close"), "till", lines))


def due_back(day: Day) -> Iterator[Spot]:
    """Yield what is out and due."""
    yield Spot("back", day.back)


def just_counted(day: Day) -> Iterator[Spot]:
    """Yield the note on a visit that was just counted."""
    yield from (each for each in day.counted if each.id == "counted")


def keypad(day: Day) -> Iterator[Spot]:
    """Yield the keypad, and how many wait."""
    yield from (each for each in day.counted if each.id != "counted")


def visits_open(day: Day) -> Iterator[Spot]:
    """Yield the visits that go on, where there are any."""
    if day.figures["visits.open"]:
        yield Spot("visits", open_block(day.desk, day.figures, day.offers))


def on_duty(day: Day) -> Iterator[Spot]:
    """Yield who works here today."""
    block, people = today.on_duty(day.desk, f"{day.offers.paths.root}/rosters/week")
    yield Spot("duty", block, part="desk/duty.html", value=people)


def note_for_tomorrow(day: Day) -> Iterator[ActView]:
    """Yield the way to the note that the next person will read."""
    href = f"{day.offers.paths.root}/desk/handover"
    yield ActView("handover", _("Note for tomorrow"), href, key="f")


def passer_by(day: Day) -> Iterator[ActView]:
    """Yield the way to a basket for someone without a name."""
    offers = Offers(day.desk, f"{day.offers.paths.root}/desk/visit?visit={{made}}")
    if href := offers.href(begin):
        yield ActView("begin", _("Basket without a name"), href, key="b", icon="basket")


def to_pay(day: Day) -> Iterator[Spot]:
    """Yield how much is still to be paid."""
    yield Spot("to-pay", today.to_pay(day.figures, day.offers))


def to_call(day: Day) -> Iterator[Spot]:
    """Yield who waits for a call, and where it is done; who may not call reads the list."""
    count, names = day.figures["messages.calls"], day.figures["messages.to_call"]
    href = f"{day.offers.paths.root}/messages/call_list"
    act = ActView("calls", _("Call"), href, key="a") if day.desk.may(call) else None
    lines = [Line(" ".join(each), icon="phone") for each in names]
    lines[:1] = [replace(each, act=act, href=None if act else href) for each in lines[:1]]
    more = today.others(count - len(lines), href)
    empty = _("Nobody waits for a call.")
    title, shown = _("To call"), count or None
    yield Spot("calls", Block(title, "phone", tuple(lines), empty, more=more, count=shown))


Draws = Callable[[Day], Iterable[Spot]]
TAGS: tuple[Callable[[Day], Iterable[Cell]], ...] = (hours,)
ACTS: tuple[Callable[[Day], Iterable[ActView]], ...] = (
    count_the_float,
    count_the_cash,
    passer_by,
    note_for_tomorrow,
)
ABOVE: tuple[Draws, ...] = (just_counted,)
LEFT: tuple[Draws, ...] = (handed_over, closings_due, said_today, booked_today, failed_services)
MIDDLE: tuple[Draws, ...] = (due_back,)
RIGHT: tuple[Draws, ...] = (keypad, visits_open, on_duty, to_call, to_pay)
COLUMNS = (LEFT, MIDDLE, RIGHT)
