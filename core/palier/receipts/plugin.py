"""The till: what is owed, receipts, deposits, prices."""

from datetime import time

from palier.plugins import Manifest
from palier.receipts import (
    actions,
    archive_pages,
    count_pages,
    note_acts,
    papers,
    screens,
    till_acts,
    till_pages,
    turnover_pages,
)
from palier.receipts.archives.asking import JOB, make_archives
from palier.receipts.closings import keep_closings
from palier.receipts.decided import Settings
from palier.receipts.models import (
    CashMove,
    Charge,
    Deposit,
    LedgerEntry,
    Payment,
    Price,
    Priced,
    Receipt,
    ReceiptLine,
    ReceiptPrint,
    TillCount,
)
from palier.receipts.notes import erase_names
from palier.rhythm import At, Job, Turn
from palier.screens.declared import Extend, Panel
from palier.text import _


def erase_note_names(turn: Turn) -> None:
    """Erase the names on notes of services whose keeping time is over."""
    turn.does(erase_names)


def copy_closings(turn: Turn) -> None:
    """Write the copies of closings that the folder outside the database lacks."""
    turn.looks(keep_closings)


manifest = Manifest(
    name="receipts",
    label=_("Till"),
    summary=_("What is owed and paid: receipts, deposits, prices, closings."),
    icon="till",
    screens=(
        screens.receipts,
        screens.lines,
        screens.payments,
        screens.prints,
        screens.notes,
        screens.articles,
        till_pages.sessions,
        till_pages.moves,
        till_pages.closings,
        archive_pages.archives,
        till_pages.counts_beside,
        till_pages.box_counts,
        screens.deposits,
        screens.prices,
        screens.over_time,
        screens.charges,
        screens.funds,
        screens.tabs,
        screens.entries,
        screens.funders,
    ),
    pages=(
        till_pages.till,
        till_pages.day_sheet,
        till_pages.day_sheet_file,
        archive_pages.archive_file,
        till_pages.box,
        turnover_pages.turnover,
        papers.paper_hour,
        papers.paper_sheets,
        papers.counter_sign,
        screens.printed,
        screens.pdf,
        screens.note,
        screens.note_file,
    ),
    panels=(
        Panel(screens.lines, ReceiptLine.receipt),
        Panel(screens.payments, Payment.receipt),
        Panel(screens.prints, ReceiptPrint.receipt),
        Panel(screens.entries, LedgerEntry.ledger),
        Panel(screens.over_time, Price.item, same=Price),
        Panel(screens.charges, Charge.resident),
        Panel(screens.deposits, Deposit.resident),
        Panel(screens.receipts, Receipt.resident),
        Panel(till_pages.counts_beside, TillCount.till_session),
        Panel(till_pages.moves, CashMove.till_session),
        Panel(screens.receipts, Receipt.till_session),
    ),
    extends=(
        Extend("residents/resident", acts=(actions.pay, actions.settle_tab, note_acts.write_note)),
        Extend(
            "visits/visit",
            acts=(actions.pay_visit, actions.take_article_in, note_acts.write_visit_note),
        ),
        Extend(Priced, acts=(actions.set_its_price,)),
    ),
    acts=(
        till_acts.change_vat_regime,
        till_acts.change_vat_rate,
        till_acts.count_box,
        till_acts.open_till,
        actions.take_article,
        actions.key_paper,
        actions.paper_unused,
    ),
    forms={
        till_acts.open_till: count_pages.count_float,
        till_acts.close_till: count_pages.count_cash,
        till_acts.count_box: count_pages.tick_box,
    },
    jobs=(
        Job("erase_note_names", At(time(4)), erase_note_names),
        Job(JOB, At(time(3)), make_archives),
        Job("copy_closings", At(time(2)), copy_closings),
    ),
    counts=(actions.SALE,),
    settings=Settings,
)
