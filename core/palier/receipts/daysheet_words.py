"""The day sheet in words: its parts and rows, the same on the screen, on A4 and in a file."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from palier.context import Context
from palier.receipts.daysheet import Counted, DaySheet
from palier.receipts.models import TillCount
from palier.receipts.printing import about_operator
from palier.sites.letterhead import letterhead_on
from palier.text import Text, _, reader, show_money
from palier.typeset import FAMILY, typeset

TEMPLATE = Path(__file__).with_name("day_sheet.typ")


@dataclass(frozen=True)
class SheetRow:
    """One line: what it is, how many, how much in cents; None where there is none to say."""

    label: str
    cents: int | None = None
    count: int | None = None
    is_sum: bool = False


@dataclass(frozen=True)
class SheetPart:
    """Some lines under a title; `name` and `icon` are for the screen."""

    name: str
    title: str
    icon: str
    rows: tuple[SheetRow, ...]


def parts_of_sheet(sheet: DaySheet, services: Mapping[str, Text]) -> tuple[SheetPart, ...]:
    """Return the sheet as it is read, part by part. `services` has their names in words."""
    counted = (
        SheetPart(f"till-{n}", _opened(each), "till", tuple(_drawer(each)))
        for n, each in enumerate(sheet.counted, 1)
    )
    box = tuple(_box(sheet))
    return (
        SheetPart("sold", str(_("Sold")), "basket", tuple(_sold(sheet, services))),
        SheetPart("paid", str(_("Paid")), "coins", tuple(_paid(sheet))),
        *counted,
        *((SheetPart("box", str(_("Deposits, never income")), "cheque", box),) if box else ()),
        SheetPart("receipts", str(_("Receipts")), "paper", tuple(_receipts(sheet))),
    )


def sheet_pdf(desk: Context, sheet: DaySheet, parts: tuple[SheetPart, ...], fonts: Path) -> bytes:
    """Return the sheet on A4 as a tagged PDF that is kept."""
    head = letterhead_on(desk, desk.site.operator_id, desk.now)
    told = {
        "title": str(_("Day sheet: %(day)s").fill(day=sheet.day)),
        "operator": [head.legal_name, *about_operator(head)],
        "head": [str(_("What")), str(_("Number")), str(_("Amount"))],
        "parts": [asdict(each) | {"rows": [_said(row) for row in each.rows]} for each in parts],
        "signed": str(_("Signature")),
        "lang": reader().locale,
    }
    inputs = {"sheet": json.dumps(told), "family": FAMILY}
    return typeset(TEMPLATE, inputs, fonts=fonts)


def table_of(parts: tuple[SheetPart, ...]) -> Iterator[list[object]]:
    """Yield the sheet as a table: a head, then part, what, number and amount in euros."""
    yield [str(_("Part")), str(_("What")), str(_("Number")), str(_("Amount"))]
    for part in parts:
        for row in part.rows:
            euros = "" if row.cents is None else row.cents / 100
            yield [part.title, row.label, "" if row.count is None else row.count, euros]


def _said(row: SheetRow) -> dict[str, object]:
    return {
        "label": row.label,
        "count": "" if row.count is None else str(row.count),
        "amount": "" if row.cents is None else show_money(row.cents),
        "is_sum": row.is_sum,
    }


def _sold(sheet: DaySheet, services: Mapping[str, Text]) -> Iterator[SheetRow]:
    for each in sheet.sold:
        words = _("%(service)s, VAT %(rate)s")
        rate = f"{each.rate} %" if each.rate else "–"
        said = words.fill(service=services.get(each.service, each.service), rate=rate)
        yield SheetRow(str(said), each.cents)
    yield SheetRow(str(_("Turnover")), sheet.turnover_cents, is_sum=True)
    for part in sheet.vat:
        said = _("of which VAT %(rate)s %%").fill(rate=str(part.rate))
        yield SheetRow(str(said), part.vat_cents)
    for other in sheet.collected:
        words = _("Sold for %(name)s").fill(name=other.label)
        yield SheetRow(str(words), other.cents, other.count)
    besides = (
        (_("Containers lent"), sheet.containers_out),
        (_("Containers given back"), sheet.containers_back),
        (_("Tabs settled"), sheet.tab_settled),
    )
    for label, sum_ in besides:
        if sum_.count:
            yield SheetRow(str(label), sum_.cents, sum_.count)
    yield SheetRow(str(_("In all")), sheet.due_cents, is_sum=True)


def _paid(sheet: DaySheet) -> Iterator[SheetRow]:
    for _mode, each in sheet.payments:
        yield SheetRow(str(each.label), each.cents, each.count)
    for cheque in sheet.cheques:
        words = _("Cheque %(number)s, receipt %(receipt)s")
        said = words.fill(number=cheque.number, receipt=cheque.receipt)
        yield SheetRow(str(said), cheque.cents)
    yield SheetRow(str(_("In all")), sheet.paid_cents, is_sum=True)
    for fund in sheet.funds:
        words = _("Paid by the fund %(name)s").fill(name=fund.label)
        yield SheetRow(str(words), fund.cents, fund.count)


def _opened(counted: Counted) -> str:
    words = _("Till, opened %(when)s by %(who)s")
    return str(words.fill(when=counted.session.opened_at, who=counted.session.opened_by))


def _drawer(counted: Counted) -> Iterator[SheetRow]:
    session, drawer = counted.session, counted.drawer
    yield SheetRow(str(_("Float")), drawer.float_cents)
    yield SheetRow(str(_("Cash taken")), drawer.taken)
    yield SheetRow(str(_("Cash given back")), drawer.given_back)
    for move in counted.moves:
        words = _("%(what)s, paper %(number)s")
        yield SheetRow(str(words.fill(what=move.reason.label, number=move.number)), move.cents)
    if session.closed_at is None:
        return
    yield SheetRow(str(_("Should be there")), session.expected_cents)
    by = _("Counted by %(who)s").fill(who=session.closed_by or "")
    yield SheetRow(str(by), session.counted_cents)
    if counted.coins:
        yield SheetRow(counted.coins)
    yield _difference(session.reason, session.difference_cents)
    yield SheetRow(str(_("Stays in the drawer")), session.left_cents)
    for count in counted.beside:
        yield from _beside(count)


def _difference(reason: object, cents: int | None) -> SheetRow:
    words = _("Difference: %(why)s").fill(why=str(reason)) if reason else _("Difference")
    return SheetRow(str(words), cents, is_sum=True)


def _beside(count: TillCount) -> Iterator[SheetRow]:
    mode = count.mode.label
    cents = count.expected_cents if count.counted_cents is None else count.counted_cents
    if count.counted_number is not None:
        words = _("%(mode)s: %(there)s of %(all)s were there")
        said = words.fill(mode=mode, there=count.counted_number, all=count.expected_number)
        yield SheetRow(str(said), cents, count.counted_number)
    elif count.counted_cents is not None:
        yield SheetRow(str(_("Slip of the terminal")), cents)
    else:
        said = _("%(mode)s: not counted").fill(mode=mode)
        yield SheetRow(str(said), cents, count.expected_number)
    if count.reason is not None:
        yield _difference(count.reason, cents - count.expected_cents)


def _box(sheet: DaySheet) -> Iterator[SheetRow]:
    for each in sheet.boxes:
        form = each.form.label
        yield SheetRow(str(_("%(form)s, taken").fill(form=form)), each.taken)
        yield SheetRow(str(_("%(form)s, given back").fill(form=form)), each.given_back)
        if each.kept:
            yield SheetRow(str(_("%(form)s, kept").fill(form=form)), each.kept)
        yield SheetRow(str(_("%(form)s, in the box").fill(form=form)), each.held, is_sum=True)


def _receipts(sheet: DaySheet) -> Iterator[SheetRow]:
    for each in sheet.series:
        words = _("%(first)s to %(last)s").fill(first=each.first, last=each.last)
        yield SheetRow(str(words), count=each.count)
    yield SheetRow(str(_("Sales")), sheet.sales.cents, sheet.sales.count)
    yield SheetRow(str(_("Refunds")), sheet.refunds.cents, sheet.refunds.count)
    yield SheetRow(str(_("Duplicates printed")), count=sheet.duplicates)
    said = _("Served by %(who)s").fill(who=", ".join(sheet.served) or "–")
    yield SheetRow(str(said))
