"""The note of a service from 25 euros: before the payment, without being asked for."""

import io
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader
from sqlalchemy import func, select

from palier.context import Context
from palier.db.engine import Database
from palier.privacy.erasure import erase, kept_by_law
from palier.providers.models import Provider, VatRegime
from palier.receipts.actions import add_price, change_price, pay
from palier.receipts.charging import charge_item
from palier.receipts.models import (
    NoteName,
    PayMode,
    Price,
    PriceOf,
    ServiceNote,
    ServiceNoteLine,
    Unit,
    VatClass,
)
from palier.receipts.note_acts import write_note, write_visit_note
from palier.receipts.note_law import note_rule_on
from palier.receipts.notes import NoNoteDue, erase_names, note_pdf, note_sheet, written_with
from palier.receipts.price_list import set_price
from palier.residents.models import Resident
from palier.site_settings import decide
from palier.sites.models import Operator
from palier.testing.caretaker import Browser, words_of
from palier.testing.plugin import NOW, At
from palier.testing.till import (
    SINCE,
    ends_at_each_statement,
    make_resident,
    owe,
    pays,
    someone_owes,
)
from palier.text import Cents
from palier.visits.actions import begin
from palier.visits.models import Visit

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
        ("coopérative", "40 rue de Wattwiller"),
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
        (LIMIT, VatClass.STANDARD, 1),
        (LIMIT - 1, VatClass.STANDARD, 0),
        (LIMIT * 2, VatClass.REDUCED, 0),  # food is no service
    ],
)
def test_a_note_is_due_from_the_limit_and_for_services_only(
    at: At, cents: int, vat_class: VatClass, due: int
) -> None:
    with at() as desk:
        resident = make_resident(desk)
        owe(desk, resident, cents, vat_class=vat_class)
        pay(desk, resident, mode=PayMode.CARD)

    assert notes(at) == due


def test_below_the_limit_a_note_is_written_when_asked_for(at: At) -> None:
    noted(at, someone_owes(at, LIMIT - 1))

    assert notes(at) == 1


def test_food_has_no_note_even_when_asked_for(at: At) -> None:
    with at() as desk:
        resident = make_resident(desk)
        owe(desk, resident, LIMIT * 2, vat_class=VatClass.REDUCED)

        with pytest.raises(NoNoteDue, match="is a service"):
            write_note(desk, resident)


def test_the_price_says_whether_it_is_a_service(at: At) -> None:
    with at() as desk:
        resident = make_resident(desk)
        lamp = owe(desk, resident, LIMIT, what="lamp")
        with_help = owe(desk, resident, LIMIT, what="help", vat_class=VatClass.REDUCED)
        row = desk.session.scalars(select(Price).where(Price.item == lamp.item)).one()
        tomorrow = desk.today + timedelta(days=1)
        new = change_price(desk, row, cents=Cents(LIMIT), valid_from=tomorrow, sort=PriceOf.GOODS)
        kept = set_price(desk, lamp.item, Cents(1), valid_from=tomorrow + timedelta(days=1))

    assert (lamp.is_service, with_help.is_service) == (True, False)
    assert (new.is_service, kept.is_service) == (False, False)


def test_a_price_that_does_not_say_goes_by_its_vat_and_then_stays(at: At) -> None:
    with at() as desk:
        made = add_price(
            desk,
            label="Lamp",
            item="lamp",
            cents=Cents(LIMIT),
            unit=Unit.PIECE,
            vat_class=VatClass.STANDARD,
            valid_from=SINCE,
        )
        later = desk.today + timedelta(days=1)
        kept = change_price(desk, made, cents=Cents(LIMIT), valid_from=later)

    assert (made.is_service, kept.is_service) == (True, True)


def someone_comes(desk: Context, cents: int) -> Visit:
    """A visit of nobody in particular, with a service in its basket."""
    visit = begin(desk)
    set_price(desk, "test.help", Cents(cents), valid_from=SINCE)
    charge_item(desk, item="test.help", label="Help", source=visit).visit_id = visit.id
    desk.session.flush()
    return visit


def test_a_visit_without_a_name_gets_its_note(at: At, browser: Browser) -> None:
    with at() as desk:
        visit = someone_comes(desk, LIMIT).id
    address = f"/ampere/desk/desk/visit?visit={visit}"
    before = words_of(browser.opens(address))

    page = words_of(browser.sends(f"/ampere/desk/visits/visit/{visit}/write_visit_note"))
    after = browser.opens(address)

    assert "the person gets a note before paying" in before
    assert "AMPERE-N-2026-000001" in page
    assert "non nommé" in page  # the paper speaks the site's language
    assert "The note is written" in words_of(after)
    assert "/receipts/note?made=1" in after
    assert notes(at) == 1


def test_who_passes_by_may_give_a_name_for_the_note(at: At) -> None:
    with at() as desk:
        note = write_visit_note(desk, someone_comes(desk, LIMIT), name="Ada Kern")

        assert dict(note_sheet(desk, note).facts)["Customer"] == "Ada Kern"
    with at(now=NOW + timedelta(days=731)) as desk:
        assert erase_names(desk) == 1


def test_the_receipt_leads_to_the_note_that_the_sale_wrote(at: At, browser: Browser) -> None:
    receipt = pays(at, someone_owes(at, LIMIT))

    page = browser.opens(f"/ampere/desk/desk/receipt?receipt={receipt}")

    assert "Note AMPERE-N-2026-000001" in words_of(page)
    assert "/ampere/desk/receipts/note?made=1" in page


def test_a_providers_service_has_a_note_in_the_providers_name(at: At) -> None:
    with at() as desk:
        resident = make_resident(desk)
        owe(desk, resident, LIMIT, what="ours")
        for name in ("Velo Sud", "Couture Nord"):
            seller = desk.add(
                Provider(name=name, address=f"1 rue de {name}", siret="73282932000074",
                         vat_regime=VatRegime.FRANCHISE)
            )  # fmt: skip
            set_price(desk, "test.fix", Cents(LIMIT), valid_from=SINCE, provider=seller)
            charge_item(desk, item="test.fix", label="Repair", source=resident, resident=resident,
                        what=name, provider=seller)  # fmt: skip
        first = write_note(desk, resident)
        sheets = [note_sheet(desk, each) for each in (first, *written_with(desk, first))]
        pay(desk, resident, mode=PayMode.CARD)

    assert [each.operator for each in sheets] == [
        "Conciergerie d'essai",
        "Velo Sud",
        "Couture Nord",
    ]
    assert [each.mention for each in sheets][1:] == ["TVA non applicable, article 293 B du CGI"] * 2
    assert sheets[1].operator_lines == (
        "1 rue de Velo Sud",
        "SIRET 73282932000074",
        "Vendu au nom et pour le compte de Velo Sud",
        "Conciergerie d'essai",
    )
    assert sheets[1].vat is None
    assert notes(at) == 3


@pytest.mark.parametrize(("kind", "mark"), [("training", "Training"), ("demo", "Demonstration")])
def test_a_note_of_a_site_that_is_not_live_says_so(at: At, kind: str, mark: str) -> None:
    with at() as desk:
        desk.site = replace(desk.site, kind=kind)
        resident = make_resident(desk)
        owe(desk, resident, LIMIT)
        sheet = note_sheet(desk, write_note(desk, resident))

    assert sheet.marks == (f"{mark}: this is no receipt",)


def test_an_erasure_leaves_the_name_on_the_note_for_as_long_as_the_law_says(at: At) -> None:
    who = someone_owes(at, LIMIT)
    pays(at, who)

    with at() as desk:
        person = desk.session.get_one(Resident, who)
        (kept,) = kept_by_law(desk, person)
        erase(desk, person)
    with at(write=False) as desk:
        names = list(desk.session.scalars(select(NoteName.customer_name)))
    with at(now=NOW + timedelta(days=731)) as desk:
        gone = erase_names(desk)

    assert (kept.number, kept.until) == (1, date(2028, 10, 6))
    assert (names, gone) == (["Rose Kern"], 1)


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


def test_the_note_is_an_archive_tagged_titled_and_read_aloud(at: At, tmp_path: Path) -> None:
    with at() as desk:
        resident = make_resident(desk)
        owe(desk, resident, LIMIT)
        note = write_note(desk, resident)
        reader = PdfReader(io.BytesIO(note_pdf(desk, note, tmp_path)))

    root: Any = reader.root_object
    said = root["/Metadata"].get_data().decode()
    assert "<pdfaid:part>2</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>" in said
    assert "<pdfuaid:part>1</pdfuaid:part>" in said
    assert root["/Lang"] == "en"  # as its words are here
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata is not None
    assert note.number in str(reader.metadata.title)
    words = " ".join(reader.pages[0].extract_text().split())
    assert "To be paid: this is no receipt." in words


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


def test_a_limit_that_the_site_wrote_stands_above_the_packaged_one(
    at: At, browser: Browser
) -> None:
    with at() as desk:
        decide(desk.session, "receipts", {"note_from": 1000}, desk.today, None)
    someone_owes(at, 1000)

    card = browser.opens(CARD)
    assert "write_note" in card
    assert "A service from €10.00: the person gets a note before paying." in words_of(card)
    assert "10,00\xa0€" in browser.opens("/ampere/desk/receipts/counter_sign")


def test_the_months_that_the_site_wrote_end_the_name(at: At) -> None:
    with at() as desk:
        decide(desk.session, "receipts", {"note_months": 1}, desk.today, None)
    noted(at, someone_owes(at, LIMIT))

    with at(write=False) as desk:
        until = desk.session.scalars(select(NoteName.erase_on)).one()
    assert (until - NOW.date()).days == 31
