"""What is put on the counter for a receipt, and what goes back over it."""

from dataclasses import dataclass

from palier.errors import Refused
from palier.receipts.models import PayMode
from palier.text import Cents, Money, _


class TooLittle(Refused):
    text = _("%(missing)s is missing.")
    field = "given"


class NotTheAmount(Refused):
    text = _("Only cash gives change: this must be exactly %(due)s.")
    field = "given"


@dataclass(frozen=True)
class Tender:
    """What is put on the counter: the amount in cents, nothing said meaning the exact amount."""

    mode: PayMode
    given: Cents | None = None
    reference: str | None = None


def change_of(tender: Tender, due: Cents) -> Cents:
    """Return the change to give back, in cents.

    Raises `TooLittle` when too little was given, `NotTheAmount` for more than is due unless in cash.
    """
    given = due if tender.given is None else tender.given
    if given < due:
        raise TooLittle(missing=Money(due - given))
    if given > due and tender.mode is not PayMode.CASH:
        raise NotTheAmount(due=Money(due))
    return Cents(given - due)
