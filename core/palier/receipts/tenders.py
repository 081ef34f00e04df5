"""What is put on the counter for a receipt, in one part or several, and what goes back over it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from palier.errors import Refused
from palier.receipts.deposits import cheque_number
from palier.receipts.models import PayMode
from palier.text import Cents, Money, _

# The fields of each part, as the payment's form names them.
PLACES = ("", "second_", "third_")
_VOUCHER = re.compile(r"[0-9A-Z]{3,20}")


class TooLittle(Refused):
    text = _("%(missing)s is missing.")
    field = "given"


class NotTheAmount(Refused):
    text = _("Only cash gives change: this must be exactly %(due)s.")
    field = "given"


class WhichAmount(Refused):
    text = _("Write how much of it: only one part can be the rest.")
    field = "given"


class NothingLeft(Refused):
    text = _("The other parts pay everything already. Leave this one out.")
    field = "given"


class VoucherNumberMissing(Refused):
    text = _("Write the number of the voucher.")
    field = "reference"


class NotAVoucherNumber(Refused):
    text = _("A voucher's number has 3 to 20 letters and digits: %(given)s is none.")
    field = "reference"


@dataclass(frozen=True)
class Tender:
    """What is put on the counter: the amount in cents, nothing said meaning the rest."""

    mode: PayMode
    given: Cents | None = None
    reference: str | None = None


def tendered(*said: tuple[PayMode | None, Cents | None, str | None]) -> list[Tender]:
    """Return what was put down, part by part: way, amount, number. A part without a way is none."""
    return [Tender(way, given, number) for way, given, number in said if way is not None]


@dataclass(frozen=True)
class Part:
    """One payment of a receipt, in cents; change is none."""

    mode: PayMode
    cents: Cents
    reference: str | None = None


def parts_of(tenders: Sequence[Tender], due: Cents) -> tuple[Part, ...]:
    """Return the payments that make what is due; what cash passes it by is change.

    Raises `TooLittle`, `NotTheAmount` for more than is due unless in cash, `WhichAmount` for two
    parts without an amount, `NothingLeft` for a part too many, and what a number is refused for.
    """
    if due == 0:
        return ()
    amounts = _amounts(tenders, due)
    for place, cents in enumerate(amounts):
        if cents <= 0:
            raise at_part(NothingLeft(), place)
    return tuple(
        Part(each.mode, Cents(cents), reference_of(each, place))
        for place, (each, cents) in enumerate(zip(tenders, amounts, strict=True))
    )


def _amounts(tenders: Sequence[Tender], due: Cents) -> list[int]:
    said = sum(each.given or 0 for each in tenders)
    open_ = [place for place, each in enumerate(tenders) if each.given is None]
    if len(open_) > 1:
        raise at_part(WhichAmount(), open_[1])
    amounts = [due - said if each.given is None else int(each.given) for each in tenders]
    if open_:
        return amounts
    if said < due:
        raise at_part(TooLittle(missing=Money(due - said)), len(tenders) - 1)
    over = said - due
    if over:
        amounts[_gives_change(tenders, over, due)] -= over
    return amounts


def _gives_change(tenders: Sequence[Tender], over: int, due: Cents) -> int:
    """Return the place of the cash that the change comes from."""
    for place, each in enumerate(tenders):
        if each.mode is PayMode.CASH and (each.given or 0) > over:
            return place
    place = next((p for p, t in enumerate(tenders) if t.mode is not PayMode.CASH), 0)
    others = sum(each.given or 0 for at, each in enumerate(tenders) if at != place)
    if others >= due:
        raise at_part(NothingLeft(), place)
    raise at_part(NotTheAmount(due=Money(due - others)), place)


def reference_of(tender: Tender, place: int = 0) -> str | None:
    """Return the number that a part must carry: a cheque's or a voucher's; none for another."""
    try:
        if tender.mode is PayMode.CHEQUE:
            return cheque_number(tender.reference)
        if tender.mode is PayMode.VOUCHER:
            return voucher_number(tender.reference)
    except Refused as refusal:
        raise at_part(refusal, place) from refusal
    return None


def voucher_number(given: str | None) -> str:
    """Return a voucher's number in one spelling: capitals, no spaces, no dashes.

    Raises `VoucherNumberMissing` without one, `NotAVoucherNumber` for what can be none.
    """
    number = re.sub(r"[\s\-./]", "", given or "").upper()
    if not number:
        raise VoucherNumberMissing
    if not _VOUCHER.fullmatch(number):
        raise NotAVoucherNumber(given=given)
    return number


def at_part(refusal: Refused, place: int) -> Refused:
    """Say a refusal beside the field of its own part."""
    return refusal.beside(f"{PLACES[place]}{refusal.field}")
