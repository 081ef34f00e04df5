"""What is always true of the exchange: no session, no web, no clock."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, NamedTuple

from palier.api import Choice, Minutes, Refused, Text, _, ask

from .models import (
    Category,
    Exchange,
    Hint,
    Kind,
    Limit,
    Listing,
    ListingState,
    Member,
    Suggestion,
    SuggestionState,
    Voucher,
    VoucherState,
)

OURS = _("A project choice: the law gives no figure.")
HOUR = 60


class Mode(Choice):
    """What an exchange is at a site."""

    GIFT = "gift", _("Gifts only")
    HOURS = "hours", _("Hours only")
    MIXED = "mixed", _("Gifts and hours")

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """What may be noted, the usual one first."""
        return {
            Mode.GIFT: (Kind.GIFT,),
            Mode.HOURS: (Kind.HOURS,),
            Mode.MIXED: (Kind.GIFT, Kind.HOURS),
        }[self]


class Over(Choice):
    """What happens to an exchange that passes the floor or the ceiling."""

    STOP = "stop", _("It is refused")
    FLAG = "flag", _("It is noted, with a flag")


@dataclass(frozen=True)
class Settings:
    """What each neighbourhood decides for itself."""

    mode: Annotated[Mode, ask(_("What is exchanged"))] = Mode.MIXED
    floor_hours: Annotated[int, ask(_("Floor of a balance, in hours"), max=0, help=OURS)] = -10
    ceiling_hours: Annotated[int, ask(_("Ceiling of a balance, in hours"), min=0, help=OURS)] = 20
    over: Annotated[Over, ask(_("Beyond floor and ceiling"))] = Over.STOP
    listing_days: Annotated[int, ask(_("Days that an offer or a want lasts"), min=7, max=730)] = 180
    notice_days: Annotated[int, ask(_("Days of notice before it ends"), min=1, max=60)] = 14
    to_one: Annotated[
        int, ask(_("Services to one person in 12 months before a hint"), min=1, help=OURS)
    ] = 12
    in_all: Annotated[int, ask(_("Services in 12 months before a hint"), min=1, help=OURS)] = 30
    suggestions: Annotated[int, ask(_("Suggestions open at one time"), min=0, max=20)] = 5

    @property
    def floor(self) -> int:
        """The least balance, in minutes."""
        return self.floor_hours * HOUR

    @property
    def ceiling(self) -> int:
        """The highest balance, in minutes."""
        return self.ceiling_hours * HOUR

    @property
    def hints(self) -> "HintLimits":
        """The figures from which a hint is said."""
        return HintLimits(self.to_one, self.in_all)


class OwnHelp(Refused):
    text = _("Nobody helps themselves: choose two people.")
    field = "receiver"


class NotPositive(Refused):
    text = _("An exchange lasts at least one minute. To undo one, correct it.")
    field = "minutes"


class BelowFloor(Refused):
    """Says no figure: the queue reads along. The statement does, on paper."""

    text = _(
        "%(who)s can't take that many hours now. Note less, or a gift; their statement says the rest."
    )
    field = "minutes"


class AboveCeiling(Refused):
    text = _(
        "%(who)s can't be given that many hours now. Note less, or a gift; their statement says the rest."
    )
    field = "minutes"


class NotAgreed(Refused):
    text = _("Hours are taken from who was helped: ask them, then tick that they agree.")
    field = "agreed"


class HasLeft(Refused):
    text = _("%(who)s left the exchange on %(day)s. They can come back first.")


class OnlyHere(Refused):
    text = _("This site does not note exchanges in this way.")
    field = "kind"


class VoucherUsed(Refused):
    text = _("Voucher %(number)s was used on %(when)s by %(by)s.")


class VoucherCancelled(Refused):
    text = _("Voucher %(number)s was cancelled on %(when)s by %(by)s.")


class CorrectedBefore(Refused):
    text = _("This exchange was corrected before, or is a correction itself.")


class NoNames(Refused):
    text = _("No names stand on this voucher yet: key names and hours.")


class OwnListing(OwnHelp):
    field = "resident"


class LastAct(Refused):
    text = _("Who left can't be given back hours: their balance was written off.")


class HintLimits(NamedTuple):
    """From how many services in 12 months on a hint is said. A project choice: the law says
    "occasional, not repeated" and no figure (National Assembly answers 10085 and 18196, 1998)."""

    to_one: int = 12
    in_all: int = 30


class Given(NamedTuple):
    """One service that somebody gave in the last 12 months."""

    receiver: int | None
    category: Category


def hint_of(given: Sequence[Given], trade: Category | None, limits: HintLimits) -> Hint:
    """Return the gravest sentence for who gave these services, the newest first (9.2, 9.4, 9.6)."""
    if given and given[0].category is trade:
        return Hint.TRADE
    if given and given[0].category.is_dangerous:
        return Hint.DANGER
    to_each = Counter(each.receiver for each in given if each.receiver is not None)
    if max(to_each.values(), default=0) > limits.to_one:
        return Hint.TO_ONE
    return Hint.IN_ALL if len(given) > limits.in_all else Hint.NONE


def check_help(giver: object, receiver: object, minutes: int) -> None:
    """Raise `OwnHelp` or `NotPositive` for what is no help from one person to another."""
    if giver == receiver:
        raise OwnHelp
    if minutes <= 0:
        raise NotPositive


def limit_passed(debtor: int, creditor: int, minutes: int, floor: int, ceiling: int) -> Limit:
    """Return which limit the balances would pass; all in minutes, the debtor's first."""
    if debtor - minutes < floor:
        return Limit.FLOOR
    return Limit.CEILING if creditor + minutes > ceiling else Limit.NONE


def entries_of(giver: object, receiver: object, minutes: Minutes) -> tuple[tuple[object, int], ...]:
    """Return the two entries of an exchange for hours: they sum to zero."""
    return (giver, minutes), (receiver, -minutes)


def is_member(member: Member) -> bool:
    return member.left_on is None


def has_left(member: Member) -> bool:
    return member.left_on is not None


def is_active(listing: Listing) -> bool:
    return listing.state is ListingState.ACTIVE


def ends_soon(listing: Listing, today: date) -> bool:
    return is_active(listing) and listing.warn_on <= today


def dates_from(today: date, settings: Settings) -> tuple[date, date]:
    """Return the day of notice and the last day of a listing that begins or is renewed today."""
    end = today + timedelta(days=settings.listing_days)
    return end - timedelta(days=min(settings.notice_days, settings.listing_days)), end


def may_correct(exchange: Exchange) -> bool:
    """Whether an exchange has no opposite yet, and is none itself."""
    plain = exchange.kind is not Kind.LEFT and not exchange.is_correction
    return plain and exchange.corrected_at is None


def is_made_out(voucher: Voucher) -> bool:
    return voucher.state is VoucherState.OPEN and voucher.giver is not None


def is_blank(voucher: Voucher) -> bool:
    return voucher.state is VoucherState.OPEN and voucher.giver is None


def is_unused(voucher: Voucher) -> bool:
    return voucher.state is VoucherState.OPEN


def is_open(suggestion: Suggestion) -> bool:
    return suggestion.state is SuggestionState.OPEN


def is_dissolved(suggestion: Suggestion) -> bool:
    return suggestion.state is SuggestionState.DISSOLVED


def check_unused(voucher: Voucher) -> None:
    """Raise `VoucherUsed` or `VoucherCancelled` for one that is no longer good."""
    if voucher.state is VoucherState.OPEN:
        return
    kind = VoucherUsed if voucher.state is VoucherState.USED else VoucherCancelled
    raise kind(number=f"{voucher.number:05}", when=voucher.ended_at, by=voucher.person_code)


def ended_words(voucher: Voucher) -> Text | None:
    """Say how a voucher ended; None while it can be used. It is no error: the paper came back."""
    if voucher.state is VoucherState.OPEN:
        return None
    kind = VoucherUsed if voucher.state is VoucherState.USED else VoucherCancelled
    return kind.text.fill(
        number=f"{voucher.number:05}", when=voucher.ended_at, by=voucher.person_code
    )


def dissolved_words(suggestion: Suggestion) -> Text:
    """Say that a suggestion is over, and who withdrew."""
    names = [each for each in (suggestion.first, suggestion.second, suggestion.third) if each]
    who = ", ".join(str(each) for each in names)
    if suggestion.left is not None:
        words = _("No longer possible: %(left)s withdrew. Tell the others: %(who)s.")
        others = ", ".join(str(each) for each in names if each is not suggestion.left)
        return words.fill(left=suggestion.left, who=others)
    return _("No longer possible, an offer or a want has ended: %(who)s.").fill(who=who)
