"""What is always true of lent bikes: no session, no web, no clock."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated, NamedTuple

from palier.api import (
    BookingLine,
    Cents,
    LineState,
    Provider,
    ProviderState,
    Refused,
    SiteRecord,
    Text,
    ThingState,
    Tick,
    _,
    ask,
)

from .models import (
    ON_RETURN,
    RUNNING,
    TO_LEAVE,
    Bike,
    Kind,
    Loan,
    Paper,
    Repair,
    RepairPart,
    RepairState,
    Rhythm,
    Tier,
)

WEEK = 7
ADULT = 18
ONE_DAY = timedelta(days=1)
JUST_BACK = timedelta(minutes=15)  # a second scan of its tag so soon is meant for the first one
SERVICE = _("Maintenance")


@dataclass(frozen=True)
class Settings:
    """What each neighbourhood decides for itself."""

    members_only: Annotated[bool, ask(_("Only for members"))] = True
    grace_minutes: Annotated[int, ask(_("Minutes late that nobody counts"), min=0)] = 60
    week_from: Annotated[int, ask(_("Days from which a week is charged"), min=1, max=7)] = 4
    remind_days: Annotated[int, ask(_("Days between two reminders of a late bike"), min=1)] = 7
    contract: Annotated[bool, ask(_("A contract is signed for each loan"))] = True
    return_slip: Annotated[bool, ask(_("A slip is signed for each return"))] = False
    terms: Annotated[
        str,
        ask(
            _("Sentences of the contract"),
            max=2000,
            help=_("One to a line. Empty: what every loan needs."),
        ),
    ] = ""

    @property
    def grace(self) -> timedelta:
        return timedelta(minutes=self.grace_minutes)


class BackBeforeItLeaves(Refused):
    text = _("It comes back after it leaves: choose a later moment.")
    field = "due_at"


class NotMarked(Refused):
    text = _("%(bike)s has no identifier yet. Note the sign on its frame first.")


class ServiceDue(Refused):
    text = _("%(bike)s is due for maintenance. Open its repair, finish it, then it may leave.")


class InRepair(Refused):
    text = _("%(bike)s is in repair: %(what)s. Finish that repair first.")


class StillOut(Refused):
    text = _("%(bike)s is out, due back %(due)s. Take it back first, and name the problem there.")


class NotListed(Refused):
    text = _("%(name)s is given no work at the moment. Choose a listed workshop.")
    field = "provider"


class BackBeforeSent(Refused):
    text = _("This day is past. Choose the day on which it comes back, or leave it open.")
    field = "due_back"


class BeginsInThePast(Refused):
    text = _("What was due before stays as it was. Choose today or a later day.")
    field = "valid_from"


class NobodySignsBrakes(Refused):
    text = _(
        "%(bike)s can't leave then: whoever signs the brakes is away until %(until)s. Choose a later"
        " moment."
    )
    field = "starts_at"


class NotABikeOfSomeone(Refused):
    text = _("This is not a resident's booking of something that is lent here.")


class CountThePieces(Refused):
    text = _("Count what belongs to it: %(piece)s.")
    field = "pieces_out"


class TooManyPieces(Refused):
    text = _("%(n)s is too many: only %(most)s belong to it. Count again.")
    field = "pieces_out"


class MoreThanLeft(Refused):
    text = _("%(n)s is too many: only %(most)s left with it. Count again.")
    field = "pieces_in"


def kind_of(record: SiteRecord | None) -> Kind | None:
    """Return the kind of what a form is about: a thing, its loan, a booking of it."""
    match record:
        case Bike():
            return record.kind
        case Loan() | Repair():
            return record.bike.kind
        case BookingLine(resource=Bike() as bike):
            return bike.kind
    return None


def checks_before(record: SiteRecord | None) -> tuple[Tick, ...]:
    """Return the lines to tick before this leaves, as its kind says."""
    kind = kind_of(record)
    return tuple(each for each in TO_LEAVE if kind is not None and each.name in kind.before)


def checks_after(record: SiteRecord | None) -> tuple[Tick, ...]:
    """Return the lines to tick when this is back, as its kind says."""
    kind = kind_of(record)
    return tuple(each for each in ON_RETURN if kind is not None and each.name in kind.after)


def is_counted(record: SiteRecord | None) -> bool:
    """Whether something of it is counted out and in."""
    kind = kind_of(record)
    return kind is not None and kind.pieces > 0


def what_belongs(record: SiteRecord | None) -> Text | None:
    """Say what to count: as many as left, else as many as belong to it."""
    kind = kind_of(record)
    if kind is None or not kind.pieces:
        return None
    left = record.pieces_out if isinstance(record, Loan) else None
    if left is not None:
        return _("%(piece)s: %(n)s left with it.").fill(piece=kind.counted, n=left)
    return _("%(piece)s: %(n)s belong to it.").fill(piece=kind.counted, n=kind.pieces)


def check_counted_out(kind: Kind, counted: int | None) -> None:
    """Raise `CountThePieces` or `TooManyPieces` unless what leaves was counted."""
    if not kind.pieces:
        return
    if counted is None:
        raise CountThePieces(piece=kind.counted)
    if counted > kind.pieces:
        raise TooManyPieces(n=counted, most=kind.pieces)


def missing_pieces(loan: Loan, counted: int | None) -> int:
    """Return how many pieces did not come back.

    Raises `CountThePieces` where they were not counted, `MoreThanLeft` for more than left.
    """
    if loan.pieces_out is None:
        return 0
    if counted is None:
        raise CountThePieces(piece=loan.bike.kind.counted).beside("pieces_in")
    if counted > loan.pieces_out:
        raise MoreThanLeft(n=counted, most=loan.pieces_out)
    return loan.pieces_out - counted


def is_ready(bike: Bike) -> bool:
    return bike.state is ThingState.READY


def is_blocked(bike: Bike) -> bool:
    return bike.state is ThingState.BLOCKED


def is_out(loan: Loan) -> bool:
    return loan.back_at is None


def contract_prints(loan: Loan) -> bool:
    return is_out(loan) and loan.contract is not Paper.SIGNED


def contract_waits(loan: Loan) -> bool:
    """Whether the contract is printed and not yet filed."""
    return loan.contract is Paper.PRINTED


def return_prints(loan: Loan) -> bool:
    return not is_out(loan) and loan.return_slip is not Paper.SIGNED


def return_waits(loan: Loan) -> bool:
    return loan.return_slip is Paper.PRINTED


def needs_parent(birth_year: int | None, today: date) -> bool:
    """Whether a parent signs too: only the year is known, so who turns 18 in it still counts."""
    return birth_year is not None and today.year - birth_year <= ADULT


def is_just_back(loan: Loan, now: datetime) -> bool:
    """Whether a loan ended so lately that its bike is scanned for that, not to be lent again."""
    return loan.back_at is not None and now - loan.back_at < JUST_BACK


def is_late(loan: Loan, now: datetime) -> bool:
    return loan.back_at is None and loan.due_at < now


def reminder_of(due: date, today: date, every: int) -> tuple[str, str]:
    """Return which reminder a loan is due for: the one before, or the first, second… after."""
    late = (today - due).days
    return ("late", str(1 + (late - 1) // every)) if late > 0 else ("due", "before")


def may_leave(line: BookingLine) -> bool:
    """Whether a booking is one of something lent, and that still here."""
    return isinstance(line.resource, Bike) and line.state is LineState.BOOKED


def check_due(due_at: datetime, now: datetime) -> None:
    """Raise `BackBeforeItLeaves` for a loan that would end before it begins."""
    if due_at <= now:
        raise BackBeforeItLeaves


def days_between(start: datetime, end: datetime, grace: timedelta = timedelta()) -> int:
    """Return how many days were begun between two moments on the site's clock.

    A day lasts from ten to ten, also on the night when the clocks change; what is within the grace
    begins no day. At least 0.
    """
    by_the_clock = end.replace(tzinfo=None) - start.replace(tzinfo=None) - grace
    return max(0, -(-by_the_clock // ONE_DAY))


def units(days: int, week_from: int) -> Iterator[tuple[Tier, int]]:
    """Yield how many weeks and days are charged: from `week_from` days on, a week costs less."""
    weeks, rest = divmod(days, WEEK)
    if rest >= week_from:
        weeks, rest = weeks + 1, 0
    if weeks:
        yield Tier.WEEK, weeks
    if rest:
        yield Tier.DAY, rest


def is_due(bike: Bike, rhythm: Rhythm | None, today: date) -> bool:
    """Whether maintenance is due: after so many loans, days out, or days since the last one.

    A thing that never had any counts from the day its kind got the rhythm.
    """
    if rhythm is None:
        return False
    days = (today - (bike.serviced_on or rhythm.valid_from)).days
    return (
        _reached(bike.loans_since, rhythm.loans)
        or _reached(bike.days_since, rhythm.days_out)
        or _reached(days, rhythm.days)
    )


def _reached(count: int, most: int | None) -> bool:
    return most is not None and count >= most


def is_here(bike: Bike) -> bool:
    return bike.state is not ThingState.GONE


def is_running(repair: Repair) -> bool:
    return repair.state in RUNNING


def is_of_running(part: RepairPart) -> bool:
    return is_running(part.repair)


def is_to_do(repair: Repair) -> bool:
    return repair.state is RepairState.OPEN


def is_sent(repair: Repair) -> bool:
    return repair.state is RepairState.SENT


def may_finish(repair: Repair) -> bool:
    """Whether it is in our hands: not at a workshop, and not ended."""
    return repair.state in {RepairState.OPEN, RepairState.BACK}


def is_overdue(repair: Repair, today: date) -> bool:
    """Whether a workshop should have brought it back before today."""
    return is_sent(repair) and repair.due_back is not None and repair.due_back < today


def check_workshop(provider: Provider) -> None:
    """Raise `NotListed` for who is paused or struck off: work goes to listed providers alone."""
    if provider.state is not ProviderState.LISTED:
        raise NotListed(name=provider.name)


def check_due_back(due_back: date | None, today: date) -> None:
    """Raise `BackBeforeSent` for a day that is past."""
    if due_back is not None and due_back < today:
        raise BackBeforeSent


def check_begins(valid_from: date, today: date) -> None:
    """Raise `BeginsInThePast`: what was due is not changed afterwards."""
    if valid_from < today:
        raise BeginsInThePast


class Settled(NamedTuple):
    """How a deposit ends, in cents."""

    kept: Cents
    returned: Cents
    still_owed: Cents


def settle(deposit: Cents, *claims: Cents) -> Settled:
    """Return what is kept for these claims, what goes back, and what the deposit does not cover."""
    claimed = sum(claims)
    kept = min(deposit, claimed)
    return Settled(Cents(kept), Cents(deposit - kept), Cents(claimed - kept))
