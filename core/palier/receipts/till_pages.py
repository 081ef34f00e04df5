"""What is shown of a till itself: its counts and what moved in between."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Any

from palier.acts import Act, page
from palier.context import Context
from palier.db.types import Choice
from palier.errors import NotThere
from palier.receipts import screens
from palier.receipts.actions import close_day, close_month, close_year
from palier.receipts.archive_pages import archives
from palier.receipts.box import last_count, read_box
from palier.receipts.closings import copies_of
from palier.receipts.daysheet import DaySheet, read_day
from palier.receipts.daysheet_words import SheetPart, parts_of_sheet, sheet_pdf, table_of
from palier.receipts.drawer import open_sessions
from palier.receipts.hours import outside_hours
from palier.receipts.models import BoxCount, CashMove, Closing, TillCount, TillSession
from palier.receipts.papers import counter_sign, paper_hour, paper_sheets
from palier.receipts.till_acts import (
    change_vat_regime,
    close_till,
    count_box,
    move_cash,
    open_till,
)
from palier.receipts.turnover_pages import turnover
from palier.screens.catalogue import Paths
from palier.screens.declared import Page, Screen
from palier.screens.exports import MEDIA, csv_of, xlsx_of
from palier.screens.views import Line, Link
from palier.signature import ask
from palier.text import Text, _
from palier.web.asked import Answer

sessions = Screen(
    TillSession,
    _("Till counts"),
    columns=(
        TillSession.opened_at,
        TillSession.opened_by,
        TillSession.float_cents,
        TillSession.closed_at,
        TillSession.expected_cents,
        TillSession.counted_cents,
        TillSession.difference_cents,
        TillSession.reason,
    ),
    filters=(TillSession.opened_on, TillSession.reason),
    newest_first=TillSession.opened_at,
    totals=(TillSession.difference_cents,),
    sections={
        _("Opening"): (
            TillSession.opened_at,
            TillSession.opened_by,
            TillSession.float_cents,
            TillSession.before_cents,
            TillSession.float_reason,
        ),
        _("Count"): (
            TillSession.closed_at,
            TillSession.closed_by,
            TillSession.expected_cents,
            TillSession.counted_cents,
            TillSession.difference_cents,
            TillSession.reason,
            TillSession.left_cents,
        ),
    },
    acts=(close_till, move_cash),
    menu=False,
    icon="coins",
    help=_("A drawer from its float to its count. A difference is explained, never turnover."),
)

moves = Screen(
    CashMove,
    _("Cash in and out"),
    columns=(
        CashMove.at,
        CashMove.reason,
        CashMove.cents,
        CashMove.number,
        CashMove.person_code,
        CashMove.till_session,
    ),
    filters=(CashMove.reason, CashMove.at),
    newest_first=CashMove.at,
    totals=(CashMove.cents,),
    menu=False,
    icon="coins",
)


class SheetFile(Choice):
    PDF = "pdf", _("Paper (PDF)")
    CSV = "csv", _("For any spreadsheet (CSV)")
    XLSX = "xlsx", _("Workbook (XLSX)")


def _parts(desk: Context, sheet: DaySheet) -> tuple[SheetPart, ...]:
    registry = desk.hooks.registry if desk.hooks is not None else None
    known = registry.plugins if registry is not None else {}
    return parts_of_sheet(sheet, {name: each.label for name, each in known.items()})


@page(_("Day sheet"))
def day_sheet(desk: Context, *, day: Annotated[date | None, ask(_("Day"))] = None) -> Page:
    """Show a day of the till: what was sold, how it was paid, what was counted."""
    sheet = read_day(desk, day or desk.today)
    address = f"/{desk.site.slug}/desk/receipts/day_sheet"
    return Page(
        "receipts/day_sheet.html",
        sheet=sheet,
        parts=_parts(desk, sheet),
        files=[
            Link(kind.label, f"{address}_file?day={sheet.day}&kind={kind.value}")
            for kind in SheetFile
        ],
        previous_href=f"{address}?day={sheet.day - timedelta(days=1)}",
        next_href=f"{address}?day={sheet.day + timedelta(days=1)}",
    )


@page(_("Day sheet as a file"), rare=True)
def day_sheet_file(
    desk: Context,
    *,
    day: Annotated[date | None, ask(_("Day"))] = None,
    kind: Annotated[SheetFile, ask(_("File"))] = SheetFile.PDF,
) -> Answer:
    """Give a day of the till as a paper or as a table."""
    sheet = read_day(desk, day or desk.today)
    parts = _parts(desk, sheet)
    if kind is SheetFile.PDF and desk.fonts is None:
        raise NotThere
    makes: dict[SheetFile, Callable[[], bytes]] = {
        SheetFile.PDF: lambda: sheet_pdf(desk, sheet, parts, desk.fonts or Path()),
        SheetFile.CSV: lambda: csv_of(table_of(parts)),
        SheetFile.XLSX: lambda: xlsx_of(str(_("Day sheet")), table_of(parts)),
    }
    name = f"{desk.site.slug}-{sheet.day}.{kind.value}"
    attached = kind is not SheetFile.PDF
    return Answer.file(makes[kind](), name, media_type=MEDIA[kind.value], attached=attached)


closings = Screen(
    Closing,
    _("Closings"),
    columns=(
        Closing.to_on,
        Closing.period,
        Closing.register,
        Closing.tickets,
        Closing.total_cents,
        Closing.perpetual_cents,
        Closing.perpetual_abs_cents,
        Closing.at,
        Closing.person_code,
    ),
    filters=(Closing.period, Closing.to_on),
    newest_first=Closing.at,
    sections={
        _("Closing"): (Closing.period, Closing.from_on, Closing.to_on, Closing.register),
        _("Receipts"): (Closing.tickets, Closing.first_ticket, Closing.last_ticket),
        _("Amounts"): (
            Closing.total_cents,
            Closing.perpetual_cents,
            Closing.perpetual_abs_cents,
        ),
        _("Kept"): (Closing.at, Closing.person_code, Closing.copy),
    },
    beside=copies_of,
    acts=(close_day, close_month, close_year),
    icon="till",
    help=_(
        "A closing is signed in the journal and copied outside the database. A day is closed once"
        " its till is counted."
    ),
)

box_counts = Screen(
    BoxCount,
    _("Counts of the box"),
    columns=(
        BoxCount.at,
        BoxCount.person_code,
        BoxCount.expected_number,
        BoxCount.counted_number,
        BoxCount.strange,
        BoxCount.expected_cents,
        BoxCount.counted_cents,
        BoxCount.reason,
    ),
    filters=(BoxCount.reason, BoxCount.at),
    newest_first=BoxCount.at,
    menu=False,
    icon="cheque",
    help=_("Each count of the box of deposits, right or not."),
)

counts_beside = Screen(
    TillCount,
    _("Counted beside the cash"),
    columns=(
        TillCount.till_session,
        TillCount.mode,
        TillCount.expected_number,
        TillCount.counted_number,
        TillCount.expected_cents,
        TillCount.counted_cents,
        TillCount.reason,
        TillCount.missing,
    ),
    filters=(TillCount.mode, TillCount.reason),
    newest_first=TillCount.till_session,
    menu=False,
    icon="coins",
    help=_("Cheques, vouchers and the card, as they were counted when a till was closed."),
)


@page(_("Box of deposits"))
def box(desk: Context) -> Page:
    """List what should lie in the box, and how it was when it was last counted."""
    held = read_box(desk)
    for each in (deposit for part in held for deposit in part.deposits):
        desk.noted.append((each.path, each.id))
    root = f"/{desk.site.slug}/desk/receipts"
    return Page(
        "receipts/box.html",
        box=held,
        last=last_count(desk),
        counts_href=f"{root}/box_count",
        count_href=f"{root}/do/count_box" if desk.may(count_box) else "",
    )


# What the till has besides, under what one looks for it: pages and screens, with their signs.
MORE: tuple[tuple[Text, tuple[tuple[Act[..., Any] | Screen[Any], str], ...]], ...] = (
    (
        _("Every day"),
        ((day_sheet, "note"), (box, "cheque"), (sessions, "coins"), (moves, "coins")),
    ),
    (
        _("Without the machine"),
        ((paper_hour, "paper"), (paper_sheets, "print"), (counter_sign, "note")),
    ),
    (
        _("What is owed and held"),
        ((screens.charges, "basket"), (screens.deposits, "cheque"), (screens.notes, "paper")),
    ),
    (
        _("Prices and funds"),
        (
            (screens.prices, "note"),
            (screens.articles, "basket"),
            (screens.funds, "coins"),
            (screens.tabs, "note"),
            (screens.funders, "people"),
        ),
    ),
    (
        _("Books"),
        (
            (screens.receipts, "paper"),
            (closings, "till"),
            (archives, "note"),
            (counts_beside, "coins"),
            (turnover, "chart"),
        ),
    ),
)


def _more(desk: Context) -> list[tuple[Text, list[Line]]]:
    """Return what the reader may open, in its groups."""
    paths = Paths(desk.site.slug)
    found = []
    for title, all_ in MORE:
        lines = [
            Line(each.title, icon=sign, href=paths.screen(each))
            if isinstance(each, Screen)
            else Line(each.label, icon=sign, href=paths.page(each))
            for each, sign in all_
            if (each.may_open(desk) if isinstance(each, Screen) else desk.may(each))
        ]
        if lines:
            found.append((title, lines))
    return found


@page(_("Till"))
def till(desk: Context) -> Page:
    """Say whether the till is open, what today took, and what comes next."""
    root = f"/{desk.site.slug}/desk/receipts"
    sheet = read_day(desk, desk.today)
    session = desk.session.scalars(open_sessions()).first()
    act = close_till if session is not None else open_till
    where = f"till_session/{session.id}" if session is not None else "do"
    may_act, manages = desk.may(act), desk.may(change_vat_regime)
    return Page(
        "receipts/till.html",
        session=session,
        stale=session is not None and session.opened_on < desk.today,
        sheet=sheet,
        act=act.label if may_act else None,
        act_href=f"{root}/{where}/{act.name}?back={root}/till",
        close_href=f"{root}/closing/close_day?back={root}/till" if desk.may(close_day) else "",
        move_href=f"{root}/{where}/move_cash?back={root}/till"
        if session is not None and desk.may(move_cash)
        else "",
        root=root,
        more=_more(desk),
        outside=outside_hours(desk),
        regime_href=f"{root}/do/change_vat_regime?back={root}/till" if manages else "",
        rate_href=f"{root}/do/change_vat_rate?back={root}/till" if manages else "",
    )
