"""Vouchers of numbered booklets: given once each, against the fund."""

from collections.abc import Iterator
from typing import Annotated

from palier.api import (
    Count,
    Desk,
    Resident,
    Shown,
    _,
    act,
    ask,
    price,
    select,
)

from . import queries, rules
from .models import Booklet, Voucher, VoucherKind, VoucherState

VOUCHER = Count("voucher", _("Vouchers given"))
USUAL = 25


@act(_("Note a booklet"))
def add_booklet(desk: Desk, *, kind: VoucherKind, first: str, vouchers: int = USUAL) -> Booklet:
    """Note the vouchers of a booklet by the number of the first one."""
    try:
        numbers = rules.numbers_from(rules.read_number(first), vouchers)
    except rules.NotANumber as refusal:
        raise refusal.beside("first") from None
    known = desk.all(select(Voucher).where(Voucher.number.in_(numbers)).order_by(Voucher.number))
    if known:
        raise rules.NumbersKnown(number=known[0].number)
    booklet = desk.add(Booklet(kind=kind, first=numbers[0], vouchers=vouchers, came_on=desk.today))
    for number in numbers:
        desk.session.add(Voucher(number=number, booklet=booklet, kind=kind))
    return booklet


def price_of_voucher(desk: Desk, voucher: Voucher, *, resident: Resident) -> Iterator[Shown]:
    """Yield what a voucher costs this household, and what the fund pays of it."""
    return _prices(desk, voucher.kind, resident)


def price_of_numbered(desk: Desk, *, resident: Resident, number: str) -> Iterator[Shown]:
    """Yield what the voucher with this number costs; nothing while no booklet has it."""
    voucher = queries.voucher_numbered(desk, number)
    return _prices(desk, voucher.kind, resident) if voucher is not None else iter(())


def _prices(desk: Desk, kind: VoucherKind, resident: Resident) -> Iterator[Shown]:
    home, seller = resident.household, kind.seller
    yield price(desk, kind.price_item, 1, home, label=kind.name, provider=seller).named(kind.name)


@act(_("Give a voucher"), counts=VOUCHER, meets=True, shows=price_of_numbered)
def give_voucher(
    desk: Desk,
    *,
    resident: Resident,
    number: Annotated[str, ask(help=_("Scan it, or type it as it is printed."))],
) -> Voucher:
    """Give someone the voucher with this number; their share goes into the basket."""
    plain = rules.read_number(number)
    voucher = desk.lock(select(Voucher).where(Voucher.number == plain))
    if voucher is None:
        raise rules.UnknownVoucher(number=plain)
    if (gone := rules.why_gone(voucher)) is not None:
        raise gone.beside("number")
    return _give(desk, voucher, resident)


@act(_("Give"), when=rules.is_left, counts=VOUCHER, meets=True, shows=price_of_voucher)
def give(
    desk: Desk, voucher: Voucher, *, resident: Annotated[Resident, ask(_("Resident"))]
) -> None:
    """Give someone this voucher; their share goes into the basket."""
    held = desk.lock(select(Voucher).where(Voucher.id == voucher.id)) or voucher
    if (gone := rules.why_gone(held)) is not None:
        raise gone
    _give(desk, held, resident)


def _give(desk: Desk, voucher: Voucher, resident: Resident) -> Voucher:
    """Give a voucher that is held. Two desks count one person's vouchers one after the other."""
    desk.lock(select(Resident).where(Resident.id == resident.id))
    most = desk.settings(rules.Settings).vouchers_a_month
    given = queries.vouchers_this_month(desk, resident)
    rules.check_vouchers(resident, given, most, desk.today)
    voucher.state, voucher.resident = VoucherState.GIVEN, resident
    voucher.given_at, voucher.person_code = desk.now, _who(desk)
    desk.charge(voucher.kind, 1, source=voucher, resident=resident)
    return voucher


def _who(desk: Desk) -> str:
    return desk.actor.person_code or desk.actor.name[:20]


@act(_("Spoilt"), when=rules.is_left, rare=True)
def spoil(desk: Desk, voucher: Voucher) -> None:
    """Let a torn or lost voucher be given to nobody."""
    held = desk.lock(select(Voucher).where(Voucher.id == voucher.id)) or voucher
    if (gone := rules.why_gone(held)) is not None:
        raise gone
    held.state, held.given_at = VoucherState.SPOILT, desk.now
    held.person_code = _who(desk)


def back_in_booklet(voucher: Voucher) -> None:
    """Let a voucher lie in its booklet again: its price was taken out of the basket."""
    voucher.state, voucher.resident = VoucherState.LEFT, None
    voucher.given_at, voucher.person_code = None, ""
