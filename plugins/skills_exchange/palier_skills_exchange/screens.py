"""What a caretaker sees of the exchange."""

from typing import Annotated

from palier.api import Desk, Language, Page, Role, Screen, _, ask, page

from . import papers, queries
from .actions import (
    add_listing,
    agree,
    cancel_voucher,
    come_back,
    correct,
    dismiss,
    end,
    exchange,
    leave,
    look,
    make_out,
    note_trade,
    print_again,
    print_statement,
    print_vouchers,
    renew,
    seen,
    take_up,
    use,
    use_blank,
)
from .models import (
    Exchange,
    Listing,
    ListingState,
    Member,
    Sheet,
    Suggestion,
    SuggestionState,
    Voucher,
)

TO_DO = (SuggestionState.OPEN, SuggestionState.DISSOLVED)

listings = Screen(
    Listing,
    _("Offers and wants"),
    columns=(
        Listing.what,
        Listing.side,
        Listing.category,
        Listing.resident,
        Listing.ends_on,
        Listing.state,
    ),
    filters=(Listing.side, Listing.category, Listing.state),
    usual=Listing.state == ListingState.ACTIVE,
    newest_first=Listing.ends_on,
    acts=(add_listing, take_up, renew, end),
    help=_("What residents offer and ask for. Each ends on its day, unless it is renewed."),
)


exchanges = Screen(
    Exchange,
    _("Exchanges"),
    columns=(
        Exchange.at,
        Exchange.giver,
        Exchange.receiver,
        Exchange.category,
        Exchange.kind,
        Exchange.minutes,
        Exchange.beyond,
    ),
    sections={
        _("Exchange"): (
            Exchange.giver,
            Exchange.receiver,
            Exchange.category,
            Exchange.kind,
            Exchange.minutes,
        ),
        _("How it was noted"): (
            Exchange.at,
            Exchange.person_code,
            Exchange.agreed,
            Exchange.hint,
            Exchange.beyond,
            Exchange.offer,
            Exchange.is_correction,
            Exchange.corrected_at,
        ),
    },
    filters=(Exchange.category, Exchange.kind, Exchange.beyond, Exchange.hint, Exchange.at),
    newest_first=Exchange.at,
    acts=(exchange, correct),
)

vouchers = Screen(
    Voucher,
    _("Vouchers"),
    columns=(
        Voucher.number,
        Voucher.giver,
        Voucher.receiver,
        Voucher.category,
        Voucher.state,
        Voucher.ended_at,
        Voucher.person_code,
    ),
    filters=(Voucher.state,),
    sort=Voucher.number,
    acts=(print_vouchers, make_out, use, use_blank, cancel_voucher),
    help=_("Papers that two people sign. Scan one to key its hours; it books them once."),
)

sheets = Screen(
    Sheet,
    _("Sheets of vouchers"),
    columns=(Sheet.printed_at, Sheet.vouchers),
    newest_first=Sheet.printed_at,
    acts=(print_again,),
    menu=False,
)

suggestions = Screen(
    Suggestion,
    _("Suggested pairs"),
    columns=(
        Suggestion.made_on,
        Suggestion.first,
        Suggestion.second,
        Suggestion.third,
        Suggestion.state,
    ),
    sections={
        _("Who helps whom"): (
            Suggestion.first,
            Suggestion.first_gives,
            Suggestion.second,
            Suggestion.second_gives,
            Suggestion.third,
            Suggestion.third_gives,
        ),
        _("What became of it"): (Suggestion.made_on, Suggestion.state, Suggestion.left),
    },
    filters=(Suggestion.state,),
    usual=Suggestion.state.in_(TO_DO),
    newest_first=Suggestion.made_on,
    acts=(look, agree, dismiss, seen),
    help=_("Pairs and rings of three among offers and wants. Ask them, then note the answer."),
)

members = Screen(
    Member,
    _("Who takes part"),
    columns=(Member.resident, Member.joined_on, Member.left_on),
    sections={_("Member"): (Member.resident, Member.joined_on, Member.left_on, Member.trade)},
    filters=(Member.joined_on,),
    newest_first=Member.joined_on,
    acts=(leave, come_back, print_statement, note_trade),
    help=_("Nobody's balance stands here: it is on their statement, printed for them alone."),
)

never = Screen(
    Member,
    _("Never exchanged"),
    columns=(Member.resident, Member.joined_on),
    newest_first=Member.joined_on,
    only=lambda _desk: queries.never_exchanged(),
    name="never",
    help=_("Who takes part and has neither given nor received yet: ask them first."),
)


@page(_("Printed catalogue"))
def catalogue(
    desk: Desk, *, language: Annotated[Language | None, ask(_("Second language"))] = None
) -> Page:
    """Print what is offered and asked for, of those who agreed to it, as an A5 booklet."""
    return papers.catalogue_page(desk, language)


@page(_("Sheet of vouchers"), least=Role.CARETAKER, rare=True)
def voucher_sheet(desk: Desk, *, made: Annotated[Sheet, ask(_("Sheet"))]) -> Page:
    """Print numbered vouchers, each with its code and room for two signatures."""
    return papers.vouchers_page(desk, made)


@page(_("Statement"), least=Role.CARETAKER, rare=True)
def statement(desk: Desk, *, made: Annotated[Member, ask(_("Member"))]) -> Page:
    """Print what one person gave and received in 12 months, and their balance."""
    return papers.statement_page(desk, made)
