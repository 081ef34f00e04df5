"""Skills exchange: what the plugin adds to a neighbourhood."""

from collections.abc import Iterable

from palier.api import (
    Card,
    Desk,
    Manifest,
    Panel,
    PublicBlock,
    PublicLine,
    Resident,
    Step,
    Text,
    _,
    hooks,
    plural,
)

from . import actions, queries, rules, sample, screens
from .models import Exchange, Listing, Side
from .proposing import end_and_warn, refresh

SHOWN = 3  # lines of one sort on the desk's page

manifest = Manifest(
    name="skills_exchange",
    label=_("Skills exchange"),
    summary=_("Neighbours help each other, as a gift or for hours that always add up to zero."),
    icon="hands",
    requires_core=">=0.1",
    settings=rules.Settings,
    counts=(actions.EXCHANGE,),
    screens=(
        screens.listings,
        screens.exchanges,
        screens.vouchers,
        screens.suggestions,
        screens.members,
        screens.never,
        screens.sheets,
    ),
    pages=(screens.catalogue, screens.voucher_sheet, screens.statement),
    panels=(
        Panel(screens.listings, Listing.resident, rare=True),
        Panel(screens.exchanges, Exchange.giver, title=_("Help given"), rare=True),
        Panel(screens.exchanges, Exchange.receiver, title=_("Help received"), rare=True),
    ),
)


@hooks.desk_cards
def exchange_of(desk: Desk, resident: Resident) -> Iterable[Card]:
    """Never a balance: the queue reads along."""
    member, listings = queries.taking_part(desk, resident)
    if member is None:
        return
    step = actions.print_statement.on(member)
    yield Card(_in_words(listings), step)
    for listing in listings:
        if rules.ends_soon(listing, desk.today):
            words = _("“%(what)s” ends on %(day)s.").fill(what=listing.what, day=listing.ends_on)
            yield Card(words, actions.renew.on(listing), kind="soon")
    for hint in queries.hints_today(desk, resident):
        yield Card(hint.label, kind="soon")


def _in_words(listings: list[Listing]) -> Text:
    offers, wants = (
        ", ".join(each.what for each in listings if each.side is side) for side in Side
    )
    if offers and wants:
        words = _("Takes part in the exchange. Offers: %(offers)s. Asks for: %(wants)s.")
    elif offers:
        words = _("Takes part in the exchange. Offers: %(offers)s.")
    elif wants:
        words = _("Takes part in the exchange. Asks for: %(wants)s.")
    else:
        words = _("Takes part in the exchange.")
    return words.fill(offers=offers, wants=wants)


@hooks.today
def to_propose(desk: Desk) -> Iterable[Card]:
    for each in queries.suggestions(desk, *screens.TO_DO):
        if rules.is_open(each):
            yield Card(each.sentence, actions.agree.on(each), order=70)
        else:
            yield Card(rules.dissolved_words(each), actions.seen.on(each), kind="soon")
    for listing in queries.to_warn(desk)[:SHOWN]:
        words = _("%(who)s: “%(what)s” ends on %(day)s.")
        text = words.fill(who=listing.resident, what=listing.what, day=listing.ends_on)
        yield Card(text, actions.renew.on(listing), order=70)


@hooks.public_blocks
def for_everyone(desk: Desk) -> Iterable[PublicBlock]:
    counts = queries.count_listings(desk)
    offers, wants = counts.get(Side.OFFER, 0), counts.get(Side.WANT, 0)
    words = (
        plural("%(n)s offer of help.", "%(n)s offers of help.", offers) if offers else None,
        plural("%(n)s neighbour asks for help.", "%(n)s neighbours ask for help.", wants)
        if wants
        else None,
    )
    yield PublicBlock([PublicLine(each) for each in words if each is not None])


@hooks.resolve_scan
def scanned(desk: Desk, code: str) -> Step | None:
    voucher = queries.voucher_coded(desk, code)
    if voucher is not None:
        act = actions.use_blank if rules.is_blank(voucher) else actions.use
        return Step(act, voucher, rules.ended_words(voucher))
    listing = queries.listing_coded(desk, code)
    return actions.take_up.on(listing) if listing is not None else None


@hooks.daily
def day_by_day(desk: Desk) -> None:
    end_and_warn(desk)
    refresh(desk)


@hooks.demo
def sample_exchange(desk: Desk) -> None:
    sample.make_exchange(desk)
