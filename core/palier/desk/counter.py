"""The desk a plugin is given: the context, with money, time and people in reach."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import select

from palier.acts import Act
from palier.bookings.booking import book_thing
from palier.bookings.models import Bookable, BookingLine
from palier.context import Context
from palier.db.records import SiteRecord
from palier.messages.telling import tell
from palier.receipts.charging import charge_thing
from palier.receipts.deposits import Kept, give_deposit_back, hold_deposit
from palier.receipts.models import (
    Charge,
    DepositForm,
    KeptAs,
    KeptTo,
    Priced,
    WaivedBecause,
)
from palier.residents.models import Resident
from palier.residents.signing import from_slip
from palier.text import Cents, Text
from palier.trail import ActRow
from palier.visits.visiting import enter, take_up

R = TypeVar("R", bound=SiteRecord)
NOTHING = Cents(0)


class Desk(Context):
    """Where and for whom the code runs: one site, one actor, one moment, one transaction."""

    def check_member(self, act: Act[Any, Any], record: object, values: Mapping[str, Any]) -> None:
        """Raise `MembershipNeeded` for what is for members only and who is none."""
        from palier.desk.membership import check_member  # late: it acts at this desk itself

        check_member(self, act, record, values)

    def begin_visit(self, resident_id: int) -> None:
        """Let what follows be part of this resident's visit, begun by it or taken up again."""
        take_up(self, resident_id)

    def enter_visit(self, visit_id: int) -> None:
        """Let what follows be part of a visit that is open. Raises `VisitIsOver`."""
        enter(self, visit_id)

    def charge(
        self,
        thing: Priced,
        quantity: int,
        *,
        source: SiteRecord,
        resident: Resident | None = None,
        what: str = "",
    ) -> Charge:
        """Put it in the basket, priced by the price list and the household's bracket.

        `quantity` counts the price's own unit. The same `source` and `what` can be owed once only.
        Raises `NoPrice` when the price list has no row for that day.
        """
        return charge_thing(self, thing, quantity, source=source, resident=resident, what=what)

    def hold(
        self,
        source: SiteRecord,
        amount: Cents,
        form: DepositForm,
        reference: str | None = None,
        *,
        waived: WaivedBecause | None = None,
    ) -> None:
        """Take a deposit in cents: beside the receipt, never income, in its own box.

        Raises `ChequeNumberMissing` or `NotAChequeNumber` for a cheque without a fit number, and
        `WhyWaived`, of the field `waived`, for no deposit without a reason.
        """
        hold_deposit(self, source, amount, form, reference, waived=waived)

    def give_back(
        self,
        source: SiteRecord,
        *,
        keep: Cents = NOTHING,
        reason: Text | None = None,
        kept_as: KeptAs = KeptAs.DAMAGES,
        kept_to: KeptTo | None = None,
    ) -> None:
        """Give the deposit back, less the cents that are kept, and why.

        Kept as a price it is charged instead: the basket has it, and the whole deposit goes back.
        Raises `WhereKept`, of the field `kept_to`, for kept cash that goes nowhere.
        """
        give_deposit_back(self, source, Kept(keep, reason, kept_as, kept_to))

    def book(
        self, thing: Bookable, starts_at: datetime, ends_at: datetime, resident: Resident
    ) -> BookingLine:
        """Book it; raises the refusal that says what is in the way."""
        return book_thing(self, thing, starts_at, ends_at, resident)

    def tell(
        self,
        resident: Resident,
        words: Text,
        *,
        kind: str,
        about: SiteRecord | None = None,
        once: str = "",
        not_before: datetime | None = None,
        asks: bool = False,
        here: bool = False,
    ) -> None:
        """Say something to a resident, by the first of their own ways that leads to them.

        It is written in this transaction and leaves after it; nobody is forgotten: the last way is
        the call list. `kind` is your word for what it is, `about` what it is about: `withdraw`
        takes it back with its end. With `once`, the same of this kind and this record is told once,
        however often this runs. A question (`asks`) goes to the call list, where yes or no is
        noted. Who is `here` is told at the desk, unless an e-mail or a text message confirms it.
        """
        tell(
            self, resident, words, kind=kind, about=about, once=once, not_before=not_before,
            asks=asks, here=here,
        )  # fmt: skip

    def takes_back(self, record: SiteRecord, at: datetime) -> None:
        """Say that this act takes back what was counted at that instant on a record.

        It then counts for nothing. `record` is what that act was done to, or what it made.
        """
        same = ActRow.subject_type == record.path, ActRow.subject_id == record.id
        counted = select(ActRow.id).where(*same, ActRow.at == at, ActRow.counted.is_not(None))
        self.cancels_id = self.session.scalar(counted.order_by(ActRow.id).limit(1))

    def from_slip(self, model: type[R], code: str) -> R | None:
        """Return the record whose printed slip carries this code, if it is one of `model`."""
        return from_slip(self, model, code)
