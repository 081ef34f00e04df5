"""The basket of one resident: what is to be paid, how, and what lies beside it."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import or_, select

from palier.context import Context
from palier.desk.offering import Offers
from palier.desk.saying import whole
from palier.receipts.actions import (
    cancel_charge,
    pay,
    pay_visit,
    waive_charge,
)
from palier.receipts.charging import Owed, basket_of, owed_by, owed_query, priced_again, total_of
from palier.receipts.models import (
    Charge,
    ChargeState,
    Deposit,
    DepositForm,
    DepositState,
    PayMode,
    Receipt,
)
from palier.receipts.note_acts import write_note, write_visit_note
from palier.receipts.note_law import note_rule
from palier.receipts.notes import noted_by, services_by_seller, services_to_note
from palier.residents.models import Resident
from palier.screens.views import Line
from palier.text import Cents, Money, Text, _, reader
from palier.visits.models import Visit

SHOWN = 5
MODES = tuple(PayMode)
NOTES = (100, 500, 1000, 2000, 5000, 10000)  # cents: what people round up to


@dataclass(frozen=True)
class InBasket:
    """A thing owed and why it costs this; `drop_href` takes it out, `waive_href` lets it go."""

    label: str
    detail: str
    cents: int
    drop_href: str
    waive_href: str = ""


@dataclass(frozen=True)
class Basket:
    """What is to be paid now, and how. `pay_href` is empty for who may not take money."""

    items: tuple[InBasket, ...]
    total: Cents
    pay_href: str
    modes: tuple[PayMode, ...] = MODES
    coins: tuple[tuple[Cents, str], ...] = ()  # an amount, and the page with its change
    given: Cents | None = None
    deposits: tuple[Line, ...] = ()
    note_href: str = ""  # of the note of its services, while none is written
    note_from: Cents | None = None  # where the note comes first: the price it does so from
    notes: tuple[str, ...] = ()  # the pages of the notes that are written

    @property
    def typed(self) -> str:
        """What was given, as one types it."""
        if self.given is None:
            return ""
        text = f"{self.given / 100:.2f}"
        return text.replace(".", ",") if reader().locale.startswith("fr") else text

    @property
    def change(self) -> int:
        """What goes back to the person, in cents; below zero it is missing."""
        return 0 if self.given is None else self.given - self.total


def read_basket(desk: Context, offers: Offers, resident: Resident, given: Cents | None) -> Basket:
    held = tuple(_deposits(desk, offers, resident))
    owed = owed_by(desk, resident)
    total = total_of([each.charge for each in owed])
    pay_href = offers.href(pay, resident).partition("?")[0] if owed else ""
    note_href, note_from, notes = _note(desk, offers, offers.href(write_note, resident), owed)
    return Basket(
        items=tuple(_item(desk, offers, each, resident) for each in owed),
        total=total,
        pay_href=pay_href,
        coins=tuple((each, f"{offers.back}&given={each / 100:.2f}") for each in coins(total)),
        given=given,
        deposits=held,
        note_href=note_href,
        note_from=note_from,
        notes=notes,
    )


def _note(
    desk: Context, offers: Offers, href: str, owed: list[Owed]
) -> tuple[str, Cents | None, tuple[str, ...]]:
    """Return where the note of the services is written, from what price first, and what is written."""
    charges = [each.charge for each in owed]
    due = services_to_note(desk, charges)
    services = [each for sold in due or services_by_seller(charges) for each in sold]
    if not services:
        return "", None, ()
    if ids := noted_by(desk, services):
        return "", None, tuple(f"{offers.paths.root}/receipts/note?made={each}" for each in ids)
    return href.partition("?")[0], note_rule(desk).limit_cents if due else None, ()


def read_visit_basket(desk: Context, offers: Offers, visit: Visit, given: Cents | None) -> Basket:
    """Return the basket of a visit without a name; it has no tab. At most two statements."""
    owed = priced_again(desk.session.execute(owed_query(Charge.visit_id == visit.id)))
    total = total_of([each.charge for each in owed])
    note_href, note_from, notes = _note(desk, offers, offers.href(write_visit_note, visit), owed)
    return Basket(
        items=tuple(_item(desk, offers, each, None) for each in owed),
        total=total,
        pay_href=offers.href(pay_visit, visit).partition("?")[0] if owed else "",
        modes=tuple(each for each in MODES if each is not PayMode.TAB),
        coins=tuple((each, f"{offers.back}&given={each / 100:.2f}") for each in coins(total)),
        given=given,
        note_href=note_href,
        note_from=note_from,
        notes=notes,
    )


def _item(desk: Context, offers: Offers, owed: Owed, resident: Resident | None) -> InBasket:
    charge = owed.charge
    return InBasket(
        charge.label,
        whole(*_sentences(desk, owed, resident)),
        charge.total_cents,
        offers.href(cancel_charge, charge),
        offers.href(waive_charge, charge),
    )


def _sentences(desk: Context, owed: Owed, resident: Resident | None) -> Iterator[Text | str]:
    """Say why it costs this, for whom, and since when it waits; no bracket, no fund's name."""
    charge, quote = owed
    yield quote.reason if quote is not None else ""
    if charge.resident_id is None and resident is not None and resident.household is not None:
        yield _("For the household.")
    if charge.charged_on < desk.today:
        yield _("Waits since %(day)s.").fill(day=charge.charged_on)


def coins(due: Cents) -> tuple[Cents, ...]:
    """Return what people put down for an amount in cents: exactly it, then rounder sums."""
    rounder = sorted({Cents(-(-due // note) * note) for note in NOTES} - {due})
    return (due, *rounder[:3])


def _deposits(desk: Context, offers: Offers, resident: Resident) -> Iterator[Line]:
    """Yield what lies in the box for this person: beside the basket, never in its total."""
    query = (
        select(Deposit)
        .where(Deposit.resident == resident, Deposit.state == DepositState.HELD, Deposit.cents > 0)
        .order_by(Deposit.id)
        .limit(SHOWN)
    )
    for deposit in desk.session.scalars(query):
        sum_ = Money(deposit.cents)
        words = _("%(sum)s, %(form)s").fill(sum=sum_, form=deposit.form.label)
        if deposit.form is DepositForm.CHEQUE:
            words = _("%(sum)s, cheque %(number)s").fill(sum=sum_, number=deposit.reference)
        yield Line(deposit.label, words, icon="cheque", href=offers.record(deposit))


def owes(desk: Context, resident: Resident) -> bool:
    """Whether something is in this person's basket. One statement."""
    query = select(Charge.id).where(Charge.state == ChargeState.OPEN, basket_of(desk, resident))
    return desk.session.scalar(query.limit(1)) is not None


def last_receipt(desk: Context, resident: Resident) -> Receipt | None:
    """Return the newest receipt of a person or of their household. One statement."""
    theirs = Receipt.resident == resident
    if resident.household is not None:
        theirs = or_(theirs, Receipt.household == resident.household)
    return desk.session.scalars(
        select(Receipt).where(theirs).order_by(Receipt.id.desc()).limit(1)
    ).first()
