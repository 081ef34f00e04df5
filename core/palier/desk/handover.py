"""The hand-over note: what is open when the desk closes, gathered by queries, read by the next."""

import hashlib
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from sqlalchemy import select

from palier import hookspecs
from palier.asking import Failure
from palier.bookings.booking import WITH_WHO, who_has
from palier.bookings.models import Bookable, Booking, BookingLine, LineState, ThingState
from palier.context import Context
from palier.db.records import SiteRecord
from palier.desk.figures import Figures, read_figures
from palier.desk.models import LINE, HandoverItem
from palier.desk.saying import booking_of, due_words, thing_of, whole
from palier.residents.models import Resident
from palier.text import Money, Reader, Text, _, plural, read_by
from palier.visits.visiting import owing

MOST = 30  # lines of a note: what is beyond is on its own page
LONGEST = 200


@dataclass(frozen=True)
class Open:
    """One thing that is open: who says it, about what, in words."""

    service: str
    what: str
    text: str
    subject: SiteRecord | None = None

    @property
    def key(self) -> tuple[str, str, str, int]:
        """What makes it the same thing when the note is written again."""
        of = self.subject
        return self.service, self.what, of.path if of else "", of.id if of else 0

    @property
    def resident(self) -> Resident | None:
        """Whom it is about, if its record says so."""
        of = self.subject
        found = getattr(of, "resident", None) if of is not None else None
        return found if isinstance(found, Resident) else None


@dataclass
class Gathered:
    """Everything open now, each thing once."""

    desk: Context
    found: dict[tuple[str, str, str, int], Open] = field(default_factory=dict)
    told: set[int] = field(default_factory=set)  # bookings that a service speaks of itself

    def add(self, service: str, what: str, text: Text | str, of: SiteRecord | None = None) -> None:
        # This year's days without their year: the note is read the next morning.
        with read_by(Reader(self.desk.site.locale, self.desk.site.zone, self.desk.today.year)):
            words = str(text)
        short = words if len(words) <= LONGEST else f"{words[: LONGEST - 1]}…"
        made = Open(service, what, short, of)
        self.found.setdefault(made.key, made)


def open_things(desk: Context) -> list[Open]:
    """Return what is open now, in words: what services say of today, and what the core knows."""
    gathered = Gathered(desk)
    _services(gathered)
    _late(gathered)
    _blocked(gathered)
    _counted(gathered, read_figures(desk))
    return list(gathered.found.values())[:MOST]


def _services(gathered: Gathered) -> None:
    desk = gathered.desk
    if desk.hooks is None:
        return
    for plugin, answer in desk.hooks.answers(hookspecs.today, desk):
        if isinstance(answer, Failure):
            words = _("%(service)s could not say what is open.").fill(service=plugin.label)
            gathered.add(plugin.name, "failed", words)
            continue
        for card in sorted(answer, key=lambda each: each.order):
            record = card.step.record if card.step else None
            if record is not None and (line := booking_of(record)) is not None:
                gathered.told.add(line)
            gathered.add(plugin.name, _named(card), card.text, record)


def _named(card: hookspecs.Card) -> str:
    """Name a card the same way each time: by its next act, else by its words."""
    if card.step is not None:
        return card.step.act.name
    return hashlib.sha256(str(card.text).encode()).hexdigest()[:12]


def _late(gathered: Gathered) -> None:
    """What is out and due, unless a service has said it."""
    desk = gathered.desk
    query = (
        select(BookingLine)
        .where(BookingLine.state == LineState.OUT, BookingLine.ends_at <= desk.now)
        .order_by(BookingLine.ends_at, BookingLine.id)
        .limit(MOST)
        .options(*WITH_WHO)
    )
    for line in desk.session.scalars(query):
        if line.id not in gathered.told:
            words = whole(f"{thing_of(line)}, {who_has(line)}.", due_words(desk, line))
            gathered.add("bookings", "late", words, line)


def _blocked(gathered: Gathered) -> None:
    query = (
        select(Bookable)
        .where(Bookable.state == ThingState.BLOCKED)
        .order_by(Bookable.code, Bookable.id)
        .limit(MOST)
    )
    for thing in gathered.desk.session.scalars(query):
        words = _("%(thing)s is out of service.")
        if thing.blocked_reason:
            words = _("%(thing)s is out of service: %(reason)s.")
        told = words.fill(thing=thing.code, reason=thing.blocked_reason or "")
        gathered.add("bookings", "blocked", told, thing)


def _counted(gathered: Gathered, figures: Figures) -> None:
    if count := figures["receipts.open"]:
        words = plural("%(n)s thing to pay, %(sum)s.", "%(n)s things to pay, %(sum)s.", count)
        gathered.add("receipts", "to_pay", words.fill(sum=Money(figures["receipts.open_cents"])))
    if figures["visits.open"] and (count := owing(gathered.desk)):
        words = plural("%(n)s visit still open, to pay.", "%(n)s visits still open, to pay.", count)
        gathered.add("visits", "open", words)


def write_note(desk: Context) -> list[HandoverItem]:
    """Write the day's note: every open thing once, those that are open no more taken out.

    What was written by hand stays. Written again, it changes nothing; two desks at once make one.
    """
    now_open = open_things(desk)
    wanted = {each.key for each in now_open}
    for item in _of_today(desk):
        if item.what != LINE and _key(item) not in wanted and item.done_at is None:
            desk.session.delete(item)
    have = _who_have(desk, now_open)
    made = [_written(desk, each, have) for each in now_open]
    desk.session.flush()
    return made


def _who_have(desk: Context, things: Iterable[Open]) -> dict[int, Resident]:
    """Return who has the booked things of a note, by line: their name stands in its words."""
    lines = {booking_of(each.subject) for each in things if each.subject is not None}
    query = select(BookingLine.id, Resident).join(BookingLine.booking).join(Booking.resident)
    rows = desk.session.execute(query.where(BookingLine.id.in_(lines - {None})))
    return {row[0]: row[1] for row in rows}


def _written(desk: Context, thing: Open, have: dict[int, Resident]) -> HandoverItem:
    line = booking_of(thing.subject) if thing.subject is not None else None
    resident = thing.resident or (have.get(line) if line is not None else None)
    service, what, source_type, source_id = thing.key
    item = desk.one(
        HandoverItem(
            on=desk.today,
            service=service,
            what=what,
            source_type=source_type,
            source_id=source_id,
            resident=resident,
            text=thing.text,
            written_at=desk.now,
            written_by=signed(desk),
        )
    )
    item.text, item.resident = thing.text, resident
    return item


def add_by_hand(desk: Context, text: str) -> HandoverItem:
    """Add a line in someone's own words to today's note."""
    return desk.add(
        HandoverItem(
            on=desk.today,
            service="desk",
            what=LINE,
            source_type=secrets.token_hex(6),  # two lines may say the same
            source_id=0,
            text=text,
            written_at=desk.now,
            written_by=signed(desk),
        )
    )


def to_read(desk: Context) -> Iterable[HandoverItem]:
    """Return what earlier days left and nobody has read, ours until the act ends."""
    unread = HandoverItem.done_at.is_(None), HandoverItem.on < desk.today
    query = select(HandoverItem).where(*unread).order_by(HandoverItem.id)
    return desk.session.scalars(query.with_for_update())


def written_today(desk: Context) -> list[HandoverItem]:
    """Return the lines that someone wrote by hand today."""
    return [each for each in _of_today(desk) if each.what == LINE]


def _of_today(desk: Context) -> Iterator[HandoverItem]:
    query = select(HandoverItem).where(HandoverItem.on == desk.today).order_by(HandoverItem.id)
    yield from desk.session.scalars(query)


def _key(item: HandoverItem) -> tuple[str, str, str, int]:
    return item.service, item.what, item.source_type, item.source_id


def was_written(desk: Context) -> bool:
    """Whether today's note is written: something is in it that nobody wrote by hand."""
    mine = HandoverItem.on == desk.today, HandoverItem.what != LINE
    return desk.session.scalar(select(HandoverItem.id).where(*mine).limit(1)) is not None


def signed(desk: Context) -> str:
    """Return the name that stands under what someone writes."""
    return desk.actor.name[:80]
