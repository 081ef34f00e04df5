"""What a caretaker does for the exchange: one function, one transaction."""

from collections.abc import Mapping
from typing import Annotated

from palier.api import (
    Count,
    Desk,
    Minutes,
    Resident,
    SiteRecord,
    Text,
    _,
    act,
    ask,
    select,
    withdraw,
)

from . import rules
from .ledger import Help, book, end_all, join, undo, write_off
from .models import (
    Agreed,
    Category,
    Exchange,
    Kind,
    Listing,
    ListingState,
    Member,
    Sheet,
    Side,
    Suggestion,
    SuggestionState,
    Voucher,
    VoucherState,
)
from .proposing import refresh
from .queries import last_number, lock_two

EXCHANGE = Count("exchange", _("Exchanges"))
AN_HOUR = Minutes(60)
ON_A_SHEET = 8


def kinds_here(desk: Desk, record: SiteRecord | None) -> Mapping[str, Text]:
    """Return what an exchange may be at this site."""
    return {each.value: each.label for each in desk.settings(rules.Settings).mode.kinds}


def usual_kind(desk: Desk) -> Kind:
    return desk.settings(rules.Settings).mode.kinds[0]


As = Annotated[Kind, ask(_("As"), offers=kinds_here, start=usual_kind)]
HowLong = Annotated[Minutes, ask(_("How long"), min=1, max=1440)]
Ticked = Annotated[bool, ask(_("For hours: who was helped is here and agrees"))]


def how_agreed(kind: Kind, *, agreed: bool) -> Agreed:
    """Return how who was helped agreed. Raises `NotAgreed` for hours without their yes."""
    if kind is not Kind.HOURS:
        return Agreed.NOT_ASKED
    if not agreed:
        raise rules.NotAgreed
    return Agreed.SAID


@act(_("Note an exchange"), counts=EXCHANGE, meets=True)
def exchange(
    desk: Desk,
    *,
    resident: Annotated[Resident, ask(_("Who helped"))],
    receiver: Resident,
    category: Category,
    kind: As = Kind.GIFT,
    minutes: HowLong = AN_HOUR,
    agreed: Ticked = False,
) -> Exchange:
    """Note that one resident helped another: as a gift, or for hours."""
    asked = how_agreed(kind, agreed=agreed)
    return book(desk, Help(resident, receiver, category, minutes, kind, asked))


@act(_("Note a help"), when=rules.is_active, counts=EXCHANGE, meets=True)
def take_up(
    desk: Desk,
    listing: Listing,
    *,
    resident: Annotated[Resident, ask(_("With whom"))],
    kind: As = Kind.GIFT,
    minutes: HowLong = AN_HOUR,
    agreed: Ticked = False,
) -> Exchange:
    """Note a help that this offer or want brought about."""
    giver, receiver = listing.resident, resident
    if listing.side is Side.WANT:
        giver, receiver = receiver, giver
    if giver is receiver:
        raise rules.OwnListing
    asked = how_agreed(kind, agreed=agreed)
    return book(desk, Help(giver, receiver, listing.category, minutes, kind, asked, listing))


@act(_("Correct"), when=rules.may_correct, rare=True)
def correct(desk: Desk, exchange: Exchange) -> Exchange:
    """Book the opposite of this exchange: both stay to be read, and it counts for nothing."""
    return undo(desk, exchange)


@act(_("Note an offer or a want"), meets=True)
def add_listing(
    desk: Desk,
    *,
    resident: Resident,
    side: Side,
    category: Category,
    what: str,
    printed: bool = False,
) -> Listing:
    """Note what a resident offers or asks for; before it ends they are told."""
    lock_two(desk, resident)
    join(desk, resident)
    warn_on, ends_on = rules.dates_from(desk.today, desk.settings(rules.Settings))
    return desk.add(
        Listing(
            resident=resident,
            side=side,
            category=category,
            what=what,
            printed=printed,
            warn_on=warn_on,
            ends_on=ends_on,
        )
    )


@act(_("Renew"), meets=True)
def renew(desk: Desk, listing: Listing) -> None:
    """Let an offer or a want last as long again, from today."""
    lock_two(desk, listing.resident)
    join(desk, listing.resident)
    withdraw(desk, listing)
    dates = rules.dates_from(desk.today, desk.settings(rules.Settings))
    listing.state, (listing.warn_on, listing.ends_on) = ListingState.ACTIVE, dates


@act(_("End"), when=rules.is_active, rare=True)
def end(desk: Desk, listing: Listing) -> None:
    """Take an offer or a want out of the catalogue."""
    withdraw(desk, listing)
    listing.state, listing.ends_on = ListingState.ENDED, desk.today
    refresh(desk)


@act(_("Print vouchers"), then="voucher_sheet", quiet=True)
def print_vouchers(
    desk: Desk, *, vouchers: Annotated[int, ask(_("Vouchers"), min=1, max=96)] = ON_A_SHEET
) -> Sheet:
    """Print numbered vouchers without names, eight on a page."""
    return make_vouchers(desk, [None] * vouchers)


@act(_("Print again"), then="voucher_sheet", quiet=True)
def print_again(_desk: Desk, sheet: Sheet) -> Sheet:
    """Print a sheet once more: a voucher of it is used once, however often it was printed."""
    return sheet


@act(_("Make out a voucher"), then="voucher_sheet", quiet=True, meets=True)
def make_out(
    desk: Desk,
    *,
    resident: Annotated[Resident, ask(_("Who helps"))],
    receiver: Annotated[Resident, ask(_("Who is helped"))],
    category: Annotated[Category, ask(_("Category"))],
) -> Sheet:
    """Print a voucher with two names; signed by both, it is scanned and its hours keyed."""
    rules.check_help(resident, receiver, AN_HOUR)
    lock_two(desk, resident, receiver)
    join(desk, resident)
    join(desk, receiver)
    return make_vouchers(desk, [(resident, receiver, category)])


def make_vouchers(
    desk: Desk,
    for_whom: list[tuple[Resident, Resident, Category] | None],
    *,
    after: int | None = None,
) -> Sheet:
    """Number vouchers on from the last one of the site."""
    first = 1 + (last_number(desk) if after is None else after)
    sheet = desk.add(Sheet(printed_at=desk.now, vouchers=len(for_whom)))
    for number, names in enumerate(for_whom, first):
        voucher = Voucher(number=number, sheet=sheet)
        if names is not None:
            voucher.giver, voucher.receiver, voucher.category = names
        desk.add(voucher)
    return sheet


@act(_("Key the hours"), when=rules.is_made_out, counts=EXCHANGE, meets=True)
def use(desk: Desk, voucher: Voucher, *, minutes: HowLong) -> Voucher:
    """Book a voucher that both have signed. Without two signatures, give it back."""
    held = _unused(desk, voucher)
    if held.giver is None or held.receiver is None or held.category is None:
        raise rules.NoNames
    return _use(desk, held, held.giver, held.receiver, held.category, minutes)


@act(_("Key names and hours"), when=rules.is_blank, counts=EXCHANGE, meets=True)
def use_blank(
    desk: Desk,
    voucher: Voucher,
    *,
    resident: Annotated[Resident, ask(_("Who helped"))],
    receiver: Annotated[Resident, ask(_("Who was helped"))],
    category: Annotated[Category, ask(_("Category"))],
    minutes: HowLong,
) -> Voucher:
    """Book a voucher that both have signed, with the names on it. Without two signatures, give it back."""
    return _use(desk, _unused(desk, voucher), resident, receiver, category, minutes)


def _unused(desk: Desk, voucher: Voucher) -> Voucher:
    """Hold a voucher. Raises `VoucherUsed` or `VoucherCancelled` when another desk was faster."""
    held = desk.lock(select(Voucher).where(Voucher.id == voucher.id)) or voucher
    rules.check_unused(held)
    return held


def _use(
    desk: Desk,
    voucher: Voucher,
    giver: Resident,
    receiver: Resident,
    category: Category,
    minutes: Minutes,
) -> Voucher:
    kind = desk.settings(rules.Settings).mode.kinds[-1]
    agreed = Agreed.SIGNED if kind is Kind.HOURS else Agreed.NOT_ASKED
    made = book(desk, Help(giver, receiver, category, minutes, kind, agreed))
    voucher.giver, voucher.receiver, voucher.category = giver, receiver, category
    voucher.exchange = made
    _end_voucher(desk, voucher, VoucherState.USED)
    return voucher


@act(_("Cancel"), when=rules.is_unused, rare=True)
def cancel_voucher(desk: Desk, voucher: Voucher) -> None:
    """Let a lost or spoilt voucher be used by nobody."""
    _end_voucher(desk, _unused(desk, voucher), VoucherState.CANCELLED)


def _end_voucher(desk: Desk, voucher: Voucher, state: VoucherState) -> None:
    voucher.state, voucher.ended_at = state, desk.now
    voucher.person_code = desk.actor.person_code


@act(_("Leave the exchange"), when=rules.is_member)
def leave(desk: Desk, member: Member) -> None:
    """Let someone leave: what they offered ends, and their balance is written off."""
    lock_two(desk, member.resident)
    write_off(desk, member.resident)
    end_all(desk, member.resident)


@act(_("Come back"), when=rules.has_left, meets=True)
def come_back(desk: Desk, member: Member) -> None:
    """Let someone who left take part again, with a balance of zero."""
    lock_two(desk, member.resident)
    member.left_on = None


@act(_("Print the statement"), when=rules.is_member, then="statement", quiet=True)
def print_statement(_desk: Desk, member: Member) -> Member:
    """Print what someone gave and received, and their balance, for them alone."""
    return member


@act(_("Note the trade"), when=rules.is_member, rare=True)
def note_trade(
    desk: Desk,
    member: Member,
    *,
    trade: Annotated[Category | None, ask(_("Own trade"))] = None,
) -> None:
    """Note which kind of help is the person's own trade, or that none is."""
    member.trade = trade


@act(_("Look for pairs"))
def look(desk: Desk) -> None:
    """Look through offers and wants for people who could help each other."""
    refresh(desk)


@act(_("They agree"), when=rules.is_open)
def agree(desk: Desk, suggestion: Suggestion) -> None:
    """Note that all of them were asked and want it."""
    suggestion.state, suggestion.ended_at = SuggestionState.AGREED, desk.now


@act(_("Not wanted"), when=rules.is_open)
def dismiss(desk: Desk, suggestion: Suggestion) -> None:
    """Propose this one never again."""
    suggestion.state, suggestion.ended_at = SuggestionState.DISMISSED, desk.now


@act(_("They have been told"), when=rules.is_dissolved)
def seen(_desk: Desk, suggestion: Suggestion) -> None:
    """Note that the others have been told."""
    suggestion.state = SuggestionState.SEEN
