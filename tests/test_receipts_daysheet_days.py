"""Day sheets of several days: each is its receipts, its ledgers' moves and its closing; and its files."""

import io
import json
import zipfile
from datetime import date, datetime, timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader
from sqlalchemy import select

from palier.context import Context
from palier.receipts.actions import close_day, pay, refund, settle_tab
from palier.receipts.daysheet import DaySheet, read_day
from palier.receipts.deposits import give_deposit_back, hold_deposit
from palier.receipts.drawer import open_sessions
from palier.receipts.models import (
    ChargeKind,
    Closing,
    DepositForm,
    EntryReason,
    Journal,
    LedgerEntry,
    PayMode,
    Receipt,
)
from palier.rosters.rules import day_span
from palier.testing.caretaker import Browser
from palier.testing.plugin import NOW, At
from palier.testing.till import (
    assert_books_are_whole,
    counts_the_till,
    make_resident,
    opens_the_till,
    owe,
)
from palier.text import Cents
from palier.visits.models import Visit

CODES = count(1)
FILE = "/ampere/desk/receipts/day_sheet_file?day=2026-10-06&kind="
BOX = EntryReason.HELD, EntryReason.RETURNED, EntryReason.KEPT
SALES = st.tuples(
    st.lists(st.integers(1, 300), min_size=1, max_size=3),
    st.sampled_from([ChargeKind.SALE, ChargeKind.AGENT, ChargeKind.CONTAINER]),
    st.sampled_from([PayMode.CASH, PayMode.CARD, PayMode.CHEQUE, PayMode.VOUCHER, PayMode.TAB]),
    st.sampled_from(["", "refund", "settle", "deposit", "deposit back"]),
)


def sells(desk: Context, amounts: list[int], kind: ChargeKind, mode: PayMode, then: str) -> None:
    """Sell something, then give it back, settle the tab, or take a deposit and give it back."""
    number = next(CODES)
    resident = make_resident(desk, f"D{number}")
    for place, cents in enumerate(amounts):
        owe(desk, resident, cents, what=str(place)).kind = kind
    desk.session.flush()
    needs = mode in {PayMode.CHEQUE, PayMode.VOUCHER}
    receipt = pay(desk, resident, mode=mode, reference=f"{number:07d}" if needs else None)
    if then == "refund":
        refund(desk, receipt, mode=PayMode.CARD)
    if then == "settle" and mode is PayMode.TAB:
        settle_tab(desk, resident)
        pay(desk, resident)
    if then.startswith("deposit"):
        thing = desk.add(Visit(at=desk.now, on=desk.today, resident=resident))
        hold_deposit(desk, thing, Cents(2000), DepositForm.CASH)
        if then == "deposit back":
            give_deposit_back(desk, thing)


def ends(at: At, now: datetime) -> None:
    """Count the till and close the day."""
    counts_the_till(at, now)
    with at(now=now) as desk:
        close_day(desk, day=desk.today)


@pytest.mark.slow
@settings(
    max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.lists(SALES, max_size=4), min_size=2, max_size=3))
def test_each_day_is_its_receipts_its_ledgers_and_its_closing(
    at: At, days: list[list[tuple[list[int], ChargeKind, PayMode, str]]]
) -> None:
    begin = NOW + timedelta(days=7 * next(CODES))  # each example has days of its own
    for number, sales in enumerate(days):
        now = begin + timedelta(days=number)
        with at(write=False) as desk:
            is_open = desk.session.scalars(open_sessions()).first() is not None
        if not is_open:
            opens_the_till(at, now)
        for each in sales:
            with at(now=now) as desk:
                sells(desk, *each)
        ends(at, now + timedelta(hours=9))

    for number in range(len(days)):
        day = (begin + timedelta(days=number)).date()
        with at(write=False) as desk:
            agrees(desk, read_day(desk, day), day)
    assert_books_are_whole(at)


def agrees(desk: Context, sheet: DaySheet, day: date) -> None:
    """The sheet is the day's receipts, tickets, ledger moves and closing."""
    query = select(Journal.body).where(Journal.kind == "ticket")
    said = [json.loads(each) for each in desk.session.scalars(query)]
    mine = [each for each in said if each["at"].startswith(day.isoformat())]
    closing = desk.session.scalars(select(Closing).where(Closing.to_on == day)).one()
    assert sheet.turnover_cents == sum(each["total_cents"] for each in mine) == closing.total_cents
    assert sheet.turnover_cents == desk.total(Receipt.total_cents, Receipt.sold_on == day)
    assert (
        sheet.due_cents == sheet.paid_cents == desk.total(Receipt.due_cents, Receipt.sold_on == day)
    )
    assert len(mine) == closing.tickets == sum(each.count for each in sheet.series)
    assert sheet.paid_by(PayMode.TAB) == moved(desk, day, EntryReason.ON_TAB)
    assert sheet.tab_settled.cents == -moved(desk, day, EntryReason.SETTLED)
    assert sheet.held_cents == held_until(desk, day)


def moved(desk: Context, day: date, reason: EntryReason) -> int:
    span = day_span(day, desk.site.zone)
    within = LedgerEntry.at >= span.starts_at, LedgerEntry.at < span.ends_at
    return desk.total(LedgerEntry.cents, LedgerEntry.reason == reason, *within)


def held_until(desk: Context, day: date) -> int:
    span = day_span(day, desk.site.zone)
    return desk.total(LedgerEntry.cents, LedgerEntry.reason.in_(BOX), LedgerEntry.at < span.ends_at)


@pytest.fixture
def sold(at: At) -> None:
    with at() as desk:
        sells(desk, [400, 1135], ChargeKind.SALE, PayMode.CASH, "")
    counts_the_till(at, off=-50)


@pytest.mark.usefixtures("sold")
def test_the_sheet_as_a_table_says_the_same(browser: Browser) -> None:
    text = browser.client.get(f"{FILE}csv").content.decode("utf-8-sig")
    book = zipfile.ZipFile(io.BytesIO(browser.client.get(f"{FILE}xlsx").content))
    cells = book.read("xl/worksheets/sheet1.xml").decode()

    assert "Sold;Turnover;;15.35" in text.splitlines()
    assert "<v>15.35</v>" in cells
    assert "<v>-0.5</v>" in cells


@pytest.mark.usefixtures("sold")
def test_the_sheet_on_a4_is_a_tagged_pdf(browser: Browser) -> None:
    answer = browser.client.get(f"{FILE}pdf")

    reader = PdfReader(io.BytesIO(answer.content))
    words = " ".join(page.extract_text() for page in reader.pages)
    assert answer.headers["content-type"] == "application/pdf"
    assert round(float(reader.pages[0].mediabox.width)) == 595
    assert b"/StructTreeRoot" in answer.content
    assert "Turnover" in words
    assert "15.35" in words
