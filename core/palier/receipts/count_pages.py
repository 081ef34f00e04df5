"""The pages that ask for a count: the float, the cash and what lies beside it, the box."""

from collections.abc import Mapping

from palier.context import Context
from palier.receipts.box import read_box
from palier.receipts.coins import currency_on, typed_coins
from palier.receipts.counting import taken_in
from palier.receipts.decided import Settings
from palier.receipts.drawer import Drawer, drawer_of, last_left
from palier.receipts.hours import outside_hours
from palier.receipts.models import TillSession
from palier.screens.declared import Page
from palier.text import Text, _


def _page(
    desk: Context, typed: Mapping[str, str], names: tuple[str, str, str], **more: object
) -> Page:
    currency = currency_on(desk.settings(Settings).currency, desk.today)
    total, coins, reason = names
    return Page(
        "receipts/count.html",
        total_name=total,
        coins_name=coins,
        reason_name=reason,
        currency=currency,
        first=currency.cents[0],
        typed_coins=typed_coins(typed.get(coins, "")),
        **more,
    )


def count_float(desk: Context, _none: None, typed: Mapping[str, str]) -> Page:
    """Ask for the float; what the last closing left stands beside it."""
    left = last_left(desk)
    made_of = () if left is None else ((_("The last closing left"), left),)
    names = "float_cents", "float_coins", "float_reason"
    hours = outside_hours(desk)
    return _page(desk, typed, names, expected=left, made_of=made_of, taken=None, outside=hours)


def count_cash(desk: Context, session: TillSession, typed: Mapping[str, str]) -> Page:
    """Ask for the cash; what should be there, cheques, vouchers and the card beside it."""
    drawer = drawer_of(desk, session)
    return _page(
        desk,
        typed,
        ("counted_cents", "counted_coins", "reason"),
        expected=drawer.expected,
        made_of=tuple(_made_of(drawer)),
        taken=taken_in(desk, session),
        ticked=set(typed.get("cheques", "").split(",")),
        outside=None,  # it is counted after the last hour
    )


def _made_of(drawer: Drawer) -> list[tuple[Text, int]]:
    """Say what makes the cash, leaving out what did not happen."""
    parts = (
        (_("Float"), drawer.float_cents),
        (_("Cash taken"), drawer.taken),
        (_("Cash given back"), drawer.given_back),
        (_("Put in"), drawer.moved_in),
        (_("Taken out"), drawer.moved_out),
    )
    found = [(label, cents) for label, cents in parts if cents]
    return [*found, (_("Should be there"), drawer.expected)]


def tick_box(desk: Context, _none: None, typed: Mapping[str, str]) -> Page:
    """Ask what lies in the box: each deposit to tick, and what is there besides."""
    held = read_box(desk)
    for each in (deposit for part in held for deposit in part.deposits):
        desk.noted.append((each.path, each.id))
    return Page("receipts/box_count.html", box=held, ticked=set(typed.get("there", "").split(",")))
