"""What a scanned code opens: a card, a household, a receipt, a booking, or what a service knows."""

from collections.abc import Iterator, Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from palier import hookspecs
from palier.acts import Step
from palier.bookings.models import Booking, BookingLine, LineState
from palier.bookings.room import WITH_WHO, who_has
from palier.context import Context
from palier.desk.offering import Offers
from palier.desk.saying import booking_of, due_words, thing_of
from palier.plugins import Plugin
from palier.receipts.models import Receipt
from palier.residents.actions import file_consent
from palier.residents.cards import whose_card
from palier.residents.models import Consent, Household, ReplacedCard, Resident, ResidentState
from palier.residents.people import is_called, is_household, owns_card
from palier.residents.signing import from_slip
from palier.screens.acting import WHOSE
from palier.screens.views import Line
from palier.text import Text, _

HERE = Resident.state == ResidentState.ACTIVE


def by_code(desk: Context, offers: Offers, codes: Sequence[str]) -> Iterator[Line]:
    """Yield what these readings of one scan stand for.

    The core looks for all of them at once; services are asked for one after the other, the most
    likely first, until one knows it.
    """
    upper = {each.upper() for each in codes}
    for owner in desk.session.scalars(select(Resident).where(owns_card(*upper))):
        yield Line(str(owner), _("Card"), icon="user", href=card_href(offers, owner))
    for household in desk.session.scalars(select(Household).where(is_household(*upper))):
        yield from _at_home(desk, offers, household)
    yield from _called(desk, offers, upper)
    yield from _replaced(desk, offers, upper)
    for receipt in desk.session.scalars(select(Receipt).where(Receipt.number.in_(upper))):
        href = f"{offers.paths.root}/desk/receipt?receipt={receipt.id}"
        yield Line(receipt.number, _("Receipt"), icon="paper", href=href)
    yield from _agreed(desk, offers, upper)
    steps = _asked(desk, codes)
    for plugin, step in steps:
        if href := offers.step(step):
            yield _of_service(plugin, step, href)
    told = {booking_of(step.record) for _plugin, step in steps}
    yield from _booked(desk, offers, upper, told)


def _called(desk: Context, offers: Offers, codes: set[str]) -> Iterator[Line]:
    """Yield who has this telephone number: a household's is often one for all."""
    theirs = is_called(*codes)
    if theirs is not None:
        people = desk.all(select(Resident).where(theirs, HERE).order_by(Resident.id))
        yield from (
            Line(str(e), _("Telephone"), "phone", href=card_href(offers, e)) for e in people
        )


def _replaced(desk: Context, offers: Offers, codes: set[str]) -> Iterator[Line]:
    """Yield what is said of a card that was replaced: when, and no name. An act opens whose it was."""
    links = joinedload(ReplacedCard.resident), joinedload(ReplacedCard.household)
    query = select(ReplacedCard).where(ReplacedCard.code.in_(codes)).options(*links)
    for each in desk.session.scalars(query):
        words = _("This card was replaced on %(day)s.").fill(day=each.replaced_on)
        advice = _("It opens nobody. Ask for the new card, or for the name.")
        root = offers.paths.root
        back = f"{root}/desk/card?resident={WHOSE}"
        if each.resident is None:
            back = (offers.record(each.household) if each.household else None) or root
        act = Offers(desk, back).button(whose_card, each)
        yield Line(words, advice, icon="key", kind="soon", act=act)


def _agreed(desk: Context, offers: Offers, codes: set[str]) -> Iterator[Line]:
    """Yield the consent whose paper was scanned; one given by word is filed by one act."""
    papers = (from_slip(desk, Consent, each) for each in codes)
    for each in (paper for paper in papers if paper is not None):
        act = offers.button(file_consent, each)
        text = _("%(who)s: %(what)s").fill(who=str(each.resident), what=each.purpose.label)
        yield Line(text, each.how.label, icon="check", href=offers.record(each), act=act)


def _asked(desk: Context, codes: Sequence[str]) -> list[tuple[Plugin, Step]]:
    """Ask the services, code by code, and stop at the first that one of them knows."""
    if desk.hooks is None:
        return []
    answers = (desk.hooks.answer(hookspecs.resolve_scan, desk, each) for each in codes)
    return next((each for each in answers if each), [])


def _of_service(plugin: Plugin, step: Step, href: str) -> Line:
    text = _("%(act)s: %(what)s").fill(act=step.act.label, what=str(step.record))
    kind = "soon" if step.words else ""
    return Line(text, step.words or plugin.label, icon=plugin.manifest.icon, kind=kind, href=href)


def _at_home(desk: Context, offers: Offers, household: Household) -> Iterator[Line]:
    people = desk.all(
        select(Resident).where(Resident.household == household, HERE).order_by(Resident.id)
    )
    for each in people:
        yield Line(str(each), household.code, icon="user", href=card_href(offers, each))
    if not people:
        yield Line(household.code, _("Household"), icon="door", href=offers.record(household))


def _booked(
    desk: Context, offers: Offers, codes: set[str], told: set[int | None]
) -> Iterator[Line]:
    """Yield the lines of a booking whose slip was scanned, but for those a service speaks of."""
    query = select(BookingLine).join(BookingLine.booking).where(Booking.code.in_(codes))
    query = query.order_by(BookingLine.starts_at, BookingLine.id).options(*WITH_WHO)
    for line in desk.session.scalars(query):
        if line.id not in told:
            yield _of_booking(desk, offers, line)


def _of_booking(desk: Context, offers: Offers, line: BookingLine) -> Line:
    text = _("%(thing)s, %(who)s").fill(thing=thing_of(line), who=who_has(line))
    icon, href = offers.icon_of(line.booking.service), offers.record(line)
    if line.state is LineState.BOOKED:
        words = _("Booked from %(start)s until %(end)s")
        return Line(text, words.fill(start=line.starts_at, end=line.ends_at), icon, href=href)
    if line.state is LineState.OUT:
        return Line(text, due_words(desk, line), icon, href=href)
    return Line(text, _ended(line), icon, kind="soon", href=href)


def _ended(line: BookingLine) -> Text:
    """Say how a booking ended, and when: it is read, not opened."""
    if line.done_at is None:
        return line.state.label
    return _("%(state)s, %(when)s").fill(state=line.state.label, when=line.done_at)


def card_href(offers: Offers, resident: Resident) -> str:
    """Return the address of a resident's card."""
    return f"{offers.paths.root}/desk/card?resident={resident.id}"
