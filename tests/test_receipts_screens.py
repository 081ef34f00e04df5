"""The till's screens, forms and paper."""

from pathlib import Path
from typing import Any

import pytest

from palier.acts import Act
from palier.db.records import SiteRecord
from palier.receipts.actions import pay, refund
from palier.receipts.models import PayMode, Priced, VatClass
from palier.receipts.plugin import manifest
from palier.receipts.printing import receipt_pdf, sheet_of
from palier.receipts.screens import pdf, printed
from palier.screens.declared import Screen
from palier.testing.plugin import At
from palier.testing.till import make_resident, owe

ACTS = [each for screen in manifest.screens for each in screen.acts] + [pay, printed, pdf]


@pytest.mark.parametrize("screen", manifest.screens, ids=lambda screen: screen.word)
def test_every_screen_is_whole(screen: Screen[Any]) -> None:
    screen.check()

    sorts = screen.newest_first or screen.sort
    assert sorts is None or is_indexed(screen.model, sorts.key)


def is_indexed(model: type[SiteRecord], key: str) -> bool:
    """Whether a list is sorted by an index; by a link it is sorted by the title of its target."""
    if key in model.links:
        target = model.links[key].target
        return all(is_indexed(target, each) for each in target.title_columns)
    return model.fields[key].index


@pytest.mark.parametrize("each", ACTS, ids=lambda each: each.name)
def test_every_form_has_words(each: Act[..., Any]) -> None:
    values = each.signature.values

    assert each.help
    assert all(value.label for value in values)


def test_a_priced_record_is_a_table_only_where_it_is_extended() -> None:
    assert "__table__" not in Priced.__dict__


def test_the_receipt_says_what_was_sold_and_its_vat(at: At) -> None:
    with at() as desk:
        resident = make_resident(desk)
        owe(desk, resident, 400, quantity=3, what="hire")
        owe(desk, resident, 95, what="bread", vat_class=VatClass.REDUCED)
        sheet = sheet_of(desk, pay(desk, resident, mode=PayMode.CARD))

    assert [(each.label, each.quantity, each.unit_price, each.total) for each in sheet.lines] == [
        ("Thing hire", "3", "€4.00", "€12.00"),
        ("Thing bread", "", "", "€0.95"),
    ]
    assert sheet.vat is not None
    assert sheet.vat.rows == (("20 %", "€10.00", "€2.00"), ("5.5 %", "€0.90", "€0.05"))
    assert sheet.payments == (("Card", "€12.95"),)
    assert ("Household", "F1") in sheet.facts


def test_the_paper_of_a_refund_names_the_first_receipt(at: At) -> None:
    with at() as desk:
        resident = make_resident(desk)
        owe(desk, resident, 400)
        sheet = sheet_of(desk, refund(desk, pay(desk, resident)))

    assert sheet.title == "Refund"
    assert ("Gives back", "AMPERE-01-2026-000001") in sheet.facts


def test_the_receipt_is_a_pdf(at: At, tmp_path: Path) -> None:
    with at() as desk:
        resident = make_resident(desk)
        owe(desk, resident, 400)
        pdf = receipt_pdf(desk, pay(desk, resident), tmp_path)

    assert pdf.startswith(b"%PDF-")
