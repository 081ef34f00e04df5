"""The note of a service from 25 euros: before the payment, without being asked for."""

import io
from datetime import timedelta
from pathlib import Path

import pytest
from pypdf import PdfReader
from sqlalchemy import func, select

from palier.context import Context
from palier.db.engine import Database
from palier.receipts.actions import pay, write_note
from palier.receipts.models import NoteName, ServiceNote, ServiceNoteLine, VatClass
from palier.receipts.note_law import note_rule_on
from palier.receipts.notes import NoNoteDue, erase_names, note_pdf, note_sheet
from palier.residents.models import Resident
from palier.sites.models import Operator
from palier.testing.caretaker import Browser, words_of
from palier.testing.plugin import NOW, At
from palier.testing.till import ends_at_each_statement, make_resident, owe, pays, someone_owes

LIMIT = note_rule_on(NOW.date()).limit_cents
CARD = "/ampere/desk/desk/card?resident=1"


def notes(at: At) -> int:
    with at(write=False) as desk:
        return desk.session.scalar(select(func.count(ServiceNote.id))) or 0


def noted(at: At, who: int, **values: bool) -> int:
    with at() as desk:
        return write_note(desk, desk.session.get_one(Resident, who), **values).id


def test_the_limit_is_dated_and_has_a_source() -> None:
    rule = note_rule_on(NOW.date())

    assert (rule.limit_cents, rule.keep_months) == (2500, 24)
    assert "83-50/A" in rule.source


def test_the_note_says_all_that_the_order_asks_for(at: At) -> None:
    with at() as desk:
        operator = desk.session.get_one(Operator, 1)
        operator.address = "40 rue de Wattwiller"
        resident = make_resident(desk)
        owe(desk, resident, 1000, quantity=3, what="hire")
        sheet = note_sheet(desk, write_note(desk, resident))

    facts = dict(sheet.facts)
    assert facts["Note"] == "AMPERE-N-2026-000001"
    assert facts["Written on"] == "Tuesday 6 October 2026, 09:05"
    assert facts["Customer"] == "Rose Kern"
    assert facts["Done at"] == "Ampère, 40 rue de Wattwiller"
    assert (sheet.operator, sheet.operator_lines) == (
        "Conciergerie d'essai",
        ("40 rue de Wattwiller",),
    )
    (line,) = sheet.lines
    assert (line.quantity, line.unit_price, line.total) == ("3", "€10.00", "€30.00")
    assert line.notes == ("Done on Tuesday 6 October 2026",)
    assert sheet.total == ("Total with VAT", "€30.00")
    assert sheet.vat is not None
    assert sheet.vat.rows == (("20 %", "€25.00", "€5.00"),)


def test_a_name_that_is_refused_is_not_kept(at: At) -> None:
    noted(at, someone_owes(at, LIMIT), unnamed=True)

    with at(write=False) as desk:
        sheet = note_sheet(desk, desk.session.scalars(select(ServiceNote)).one())
        kept = desk.session.scalar(select(func.count(NoteName.id)))
    assert dict(sheet.facts)["Customer"] == "not named"
    assert kept == 0


@pytest.mark.parametrize(
    ("cents", "vat_class", "due"),
    [
        (LIMIT, VatClass.STANDARD, True),
        (LIMIT - 1, VatClass.STANDARD, False),
        (LIMIT * 2, VatClass.REDUCED, False),  # food is no service
    ],
)
def test_a_note_is_due_from_the_limit_and_for_services_only(
    at: At, cents: int, vat_class: VatClass, due: bool
) -> None:
    with at() as desk:
        resident = make_resident(desk)
        owe(desk, resident, cents, vat_class=vat_class)

        refused = _refused(desk, resident)

    assert refused is not due


def _refused(desk: Context, resident: Resident) -> bool:
    try:
        write_note(desk, resident)
    except NoNoteDue:
        return True
    return False


def test_a_sale_never_leaves_its_note_out(at: At) -> None:
    pays(at, someone_owes(at, LIMIT))

    assert notes(at) == 1


def test_a_note_written_before_is_not_written_again_by_the_sale(at: At) -> None:
    who = someone_owes(at, LIMIT)
    noted(at, who)

    pays(at, who)

    assert notes(at) == 1


def test_below_the_limit_no_note_is_made(at: At) -> None:
    pays(at, someone_owes(at, LIMIT - 1))

    assert notes(at) == 0


def test_the_name_goes_in_time_and_the_note_stays(at: At) -> None:
    noted(at, someone_owes(at, LIMIT))

    gone = []
    for days in (729, 731):
        with at(now=NOW + timedelta(days=days)) as desk:
            gone.append(erase_names(desk))

    with at(write=False) as desk:
        lines = desk.session.scalar(select(func.count(ServiceNoteLine.id)))
    assert (gone, notes(at), lines) == ([0, 1], 1, 1)


def test_a_process_killed_at_any_step_leaves_no_half_note(at: At, database: Database) -> None:
    who = someone_owes(at, LIMIT)

    for _step in ends_at_each_statement(database, lambda: noted(at, who)):
        assert notes(at) == 0

    assert notes(at) == 1


def test_the_note_is_a_tagged_pdf(at: At, tmp_path: Path) -> None:
    with at() as desk:
        resident = make_resident(desk)
        owe(desk, resident, LIMIT)
        body = note_pdf(desk, write_note(desk, resident), tmp_path)

    text = " ".join(PdfReader(io.BytesIO(body)).pages[0].extract_text().split())
    assert "To be paid: this is no receipt." in text
    assert b"pdfuaid" in body


def test_the_card_offers_the_note_before_the_payment(at: At, browser: Browser) -> None:
    who = someone_owes(at, LIMIT)
    before = words_of(browser.opens(CARD))

    page = browser.sends("/ampere/desk/residents/resident/1/write_note")
    after = words_of(browser.opens(CARD))

    assert who == 1
    assert "the person gets a note before paying" in before
    assert "AMPERE-N-2026-000001" in words_of(page)
    assert "the person gets a note before paying" not in after


def test_paying_after_the_note_is_one_receipt(at: At) -> None:
    with at() as desk:
        resident = make_resident(desk)
        owe(desk, resident, LIMIT)
        write_note(desk, resident)
        receipt = pay(desk, resident)

    assert receipt.due_cents == LIMIT
