"""What a price comes to, and why, in one sentence: no session, no clock."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from palier.receipts.models import Unit, VatClass
from palier.receipts.vat import line_total
from palier.text import Cents, Money, Text, _

T = TypeVar("T")

FULL = _("Full price: %(quantity)s × %(price)s.")
FREE = _("Free of charge.")
REDUCED = _("Reduced price: the fund pays %(fund)s of %(full)s.")
ALL_PAID = _("The fund pays all of it, %(full)s.")
FUND_EMPTY = _("Full price: there is not enough left in the fund for the reduced one.")
PAPER_OVER = _("Full price: the reduced one ended on %(day)s.")


@dataclass(frozen=True)
class Reduction:
    """What a household pays for one unit in place of the full price, in cents.

    `left` is what the fund holds. `over_on` is the last day of the household's paper, where that
    day is past: the reduced price is then only named.
    """

    cents: Cents
    bracket_id: int
    fund_id: int
    left: Cents
    over_on: date | None = None


@dataclass(frozen=True)
class Terms:
    """What the price list says of one thing for one household on one day: cents of one unit."""

    cents: Cents
    reduction: Reduction | None = None
    unit: Unit = Unit.PIECE
    vat_class: VatClass = VatClass.STANDARD
    is_service: bool = False


@dataclass(frozen=True)
class Shown:
    """A price with its words, for a form to show before it is sent; amounts in cents."""

    label: Text | str
    full_cents: Cents
    fund_cents: Cents
    payable_cents: Cents
    reason: Text


@dataclass(frozen=True)
class Quote:
    """A price for a quantity, in cents; `reason` says in one sentence how it came about.

    `payable_cents + fund_cents` is `full_cents`. `is_short` says that only the fund was missing.
    """

    unit: Unit
    unit_cents: Cents
    full_cents: Cents
    payable_cents: Cents
    fund_cents: Cents
    vat_class: VatClass
    fund_ledger_id: int | None
    reason: Text
    bracket_id: int | None = None
    is_short: bool = False
    is_service: bool = False

    def named(self, label: Text | str) -> Shown:
        """Return it with words, as a form shows it."""
        return Shown(label, self.full_cents, self.fund_cents, self.payable_cents, self.reason)


def quote(terms: Terms, quantity: int, left: Cents | None = None) -> Quote:
    """Return what so many units come to, rounded half up; the fund pays the whole line or nothing.

    `left` is what the fund still holds, where that is less than what `terms` says.
    """
    full = _total(terms.unit, quantity, terms.cents)
    cut = terms.reduction
    if cut is None or cut.cents >= terms.cents:
        words = FULL.fill(quantity=terms.unit.shown(quantity), price=Money(terms.cents))
        return _full(terms, full, words if full else FREE)
    if cut.over_on is not None:
        return _full(terms, full, PAPER_OVER.fill(day=cut.over_on))
    payable = _total(terms.unit, quantity, cut.cents)
    help_ = Cents(full - payable)
    if help_ > (cut.left if left is None else left):
        return _full(terms, full, FUND_EMPTY, short=True)
    words = REDUCED if payable else ALL_PAID
    return Quote(
        unit=terms.unit,
        unit_cents=cut.cents,
        full_cents=full,
        payable_cents=payable,
        fund_cents=help_,
        vat_class=terms.vat_class,
        fund_ledger_id=cut.fund_id,
        reason=words.fill(fund=Money(help_), full=Money(full)),
        bracket_id=cut.bracket_id,
        is_service=terms.is_service,
    )


def quote_all(asked: Iterable[tuple[T, Terms, int]]) -> Iterator[tuple[T, Quote]]:
    """Yield the price of each, in their order: what one takes from a fund the next has no more."""
    left: dict[int, Cents] = {}
    for each, terms, quantity in asked:
        cut = terms.reduction
        if cut is None:
            yield each, quote(terms, quantity)
            continue
        before = left.setdefault(cut.fund_id, cut.left)
        made = quote(terms, quantity, before)
        left[cut.fund_id] = Cents(before - made.fund_cents)
        yield each, made


def _full(terms: Terms, full: Cents, reason: Text, *, short: bool = False) -> Quote:
    return Quote(
        unit=terms.unit,
        unit_cents=terms.cents,
        full_cents=full,
        payable_cents=full,
        fund_cents=Cents(0),
        vat_class=terms.vat_class,
        fund_ledger_id=None,
        reason=reason,
        is_short=short,
        is_service=terms.is_service,
    )


def _total(unit: Unit, quantity: int, cents: Cents) -> Cents:
    return Cents(line_total(unit.of(quantity), cents))
