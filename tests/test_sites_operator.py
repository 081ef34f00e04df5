"""Who runs a site and where it is: proved numbers, a trace, and papers that keep what they said."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from palier.house import House
from palier.providers.rules import NotASiret
from palier.receipts.models import Receipt
from palier.receipts.printing import sheet_of
from palier.sites.actions import change_operator, change_site
from palier.sites.models import Operator, OperatorWas, SiteWas
from palier.sites.opening import WrongSiteFile, wanted_site
from palier.sites.rules import (
    NotADepartment,
    NotAPriorityArea,
    NotAVatNumber,
    OfAnotherSiren,
    read_department,
    read_priority_area,
    read_vat_number,
)
from palier.sites.saying import said, say
from palier.testing.caretaker import Browser, words_of
from palier.testing.plugin import NOW, At
from palier.testing.till import pays, someone_owes
from palier.trail import ActRow

DESK = "/ampere/desk"
SIRET = "73282932000074"
OPERATOR = f"{DESK}/sites/do/change_operator"
SITE = f"{DESK}/sites/do/change_site"


@pytest.fixture(autouse=True)
def english(browser: Browser) -> None:
    browser.client.headers["accept-language"] = "en"


def test_a_manager_writes_who_runs_the_site(browser: Browser, at: At) -> None:
    before = words_of(browser.opens(f"{DESK}/sites/operator"))
    told = {"legal_name": "Au bon voisin", "form": "association", "siret": "732 829 320 00074"}
    browser.sends(OPERATOR, status=200, **told, vat_number="FR 44 732829320")
    browser.sends(SITE, name="Ampère", address="2 rue Ampère", department="67", local_law="1")

    page = words_of(browser.opens(f"{DESK}/sites/operator"))
    with at(write=False) as desk:
        operator = desk.session.get_one(Operator, 1)
        rows = select(ActRow).where(ActRow.name == "sites.change_operator")
        (trace,) = desk.session.scalars(rows)
        found = trace.changes[0]

    assert "No number stands on the papers yet." in before
    assert "No number stands" not in page
    assert "2 rue Ampère" in page
    assert (operator.siret, operator.vat_number) == (SIRET, "FR44732829320")
    assert found["set"]["legal_name"] == ["Conciergerie d'essai", "Au bon voisin"]


@pytest.mark.parametrize(
    ("path", "values", "sentence"),
    [
        (OPERATOR, {"legal_name": "A", "siret": "73282932000075"}, "This is not a SIRET."),
        (OPERATOR, {"legal_name": "A", "rna": "W12"}, "This is not an RNA number"),
        (OPERATOR, {"legal_name": ""}, "Fill in: Legal name."),
        (OPERATOR, {"legal_name": "A", "vat_number": "FR1"}, "This is not a French VAT number"),
        (SITE, {"name": "A", "department": "99"}, "This is not a department"),
        (SITE, {"name": "A", "qpv_code": "67"}, "This is not the code of a priority area"),
    ],
)
def test_wrong_numbers_are_refused_in_words(
    path: str, values: dict[str, str], sentence: str, browser: Browser
) -> None:
    assert sentence in words_of(browser.sends(path, status=422, **values))


def test_a_receipt_keeps_what_it_said_when_it_was_issued(at: At) -> None:
    later = NOW + timedelta(hours=1)
    with at() as desk:
        change_operator(desk, legal_name="Au bon voisin", siret=SIRET)
        change_site(desk, name="Ampère", address="2 rue Ampère")
    old = pays(at, someone_owes(at, 500), NOW + timedelta(minutes=1))
    with at(now=later) as desk:
        change_operator(desk, legal_name="La Régie", siret=None)
        change_site(desk, name="Ampère sud", address="9 rue Volta")
    new = pays(at, someone_owes(at, 500, code="F2"), later + timedelta(minutes=1))

    with at(now=later + timedelta(hours=1), write=False) as desk:
        first, last = (sheet_of(desk, desk.session.get_one(Receipt, each)) for each in (old, new))
    assert first.operator == "Au bon voisin"
    assert first.operator_lines == ("Ampère", "2 rue Ampère", f"SIRET {SIRET}")
    assert last.operator == "La Régie"
    assert last.operator_lines == ("Ampère sud", "9 rue Volta")


def test_a_paper_names_the_form_and_every_number(at: At) -> None:
    with at() as desk:
        change_operator(
            desk,
            legal_name="Au bon voisin",
            form="association",
            siret=SIRET,
            rna="W751000001",
            register_ref="TI Strasbourg, vol. 95, fol. 12",
            vat_number="FR44732829320",
        )
    sold = pays(at, someone_owes(at, 500), NOW + timedelta(minutes=1))

    with at(write=False) as desk:
        lines = sheet_of(desk, desk.session.get_one(Receipt, sold)).operator_lines
    assert lines[:2] == ("association", "Ampère")
    assert lines[-4:] == (
        f"SIRET {SIRET}",
        "RNA W751000001",
        "TI Strasbourg, vol. 95, fol. 12",
        "VAT number FR44732829320",
    )


def test_what_does_not_change_leaves_no_row(at: At) -> None:
    with at() as desk:
        change_operator(desk, legal_name="Conciergerie d'essai", form="coopérative")
        change_site(desk, name="Ampère")

        assert desk.session.scalars(select(OperatorWas)).all() == []
        assert desk.session.scalars(select(SiteWas)).all() == []


def test_the_command_says_the_same(house: House) -> None:
    with house.at("ampere", "test") as desk:
        say(desk, {"siret": SIRET, "address": "2 rue Ampère", "local_law": True})
    with house.at("ampere", "test", write=False) as desk:
        facts = {each["what"]: each["value"] for each in said(desk, {})}

    assert (facts["siret"], facts["address"]) == (SIRET, "2 rue Ampère")
    assert (facts["name"], facts["legal_name"]) == ("Ampère", "Conciergerie d'essai")
    with pytest.raises(NotASiret), house.at("ampere", "test") as desk:
        say(desk, {"siret": "1"})


def test_numbers_that_are_none() -> None:
    with pytest.raises(NotAVatNumber):
        read_vat_number("FR44732829321", None)
    with pytest.raises(OfAnotherSiren):
        read_vat_number("FR44732829320", "55210055400013")
    with pytest.raises(NotADepartment):
        read_department("96")
    with pytest.raises(NotAPriorityArea):
        read_priority_area("QP")


def test_numbers_that_are_right() -> None:
    assert read_vat_number("fr 44 732 829 320", SIRET) == "FR44732829320"
    assert [read_department(each) for each in ("67", "2a", "974")] == ["67", "2A", "974"]
    assert read_priority_area("qn 06707 m") == "QN06707M"


def test_a_site_file_says_what_the_command_does_not(tmp_path: Path) -> None:
    file = tmp_path / "site.toml"
    file.write_text('name = "Gare"\naddress = "3 rue de la Gare"\nvat = "franchise"\n', "utf-8")

    wanted = wanted_site("gare", {"name": "La Gare"}, file)
    file.write_text('colour = "red"\n', "utf-8")

    assert (wanted.name, wanted.address, wanted.vat) == ("La Gare", "3 rue de la Gare", "franchise")
    with pytest.raises(WrongSiteFile, match="colour"):
        wanted_site("gare", {}, file)
