"""Nine kinds of code open nine right acts, from one field and without a mouse (§10.1)."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from palier.desk.counter import Desk
from palier.receipts.models import Receipt
from palier.residents.cards import print_home_card, replace_card
from palier.residents.models import Household, Resident
from palier.testing.scanner import scan
from palier.testing.windows import Served
from palier_bike_hire.actions import book
from palier_bike_hire.models import Bike, Loan

pytestmark = pytest.mark.browser

DESK = "/ampere/desk"


def one(desk: Desk, query: Any) -> Any:
    return desk.session.scalars(query.limit(1)).one()


@pytest.fixture(scope="module")
def codes(ampere: Served) -> dict[str, str]:
    """One code of each kind, as it stands on a paper, a card or a thing."""
    with ampere.house.at("ampere", "test") as desk:
        odile = one(desk, select(Resident).where(Resident.family_name == "Kern"))
        home = one(desk, select(Household).where(Household.id == odile.household_id))
        print_home_card(desk, home)
        lost = one(desk, select(Resident).where(Resident.family_name == "Haddad"))
        old = lost.card_code
        replace_card(desk, lost)
        out = one(desk, select(Loan).where(Loan.back_at.is_(None)))
        ready = one(desk, select(Bike).where(Bike.code == "V07"))
        asked = one(desk, select(Bike).where(Bike.code == "A01"))
        starts = desk.now.replace(day=20, hour=10)
        line = book(desk, asked, resident=odile, starts_at=starts, ends_at=starts.replace(hour=12))
        return {
            "card": odile.card_code,
            "household": home.code,
            "home_card": str(home.card_code),
            "receipt": one(desk, select(Receipt.number)),
            "lent": out.bike.code,
            "ready": ready.code,
            "slip": line.booking.code,
            "loan": f"BIKE_HIRE_LOAN-{out.id}",
            "replaced": old,
            "phone": str(odile.phone),
        }


def scanned(page: Page, code: str, *, azerty: bool = True) -> None:
    """Scan from the desk page, as the next person in the queue holds it out."""
    page.goto(DESK)
    page.wait_for_load_state()
    scan(page, code, azerty=azerty)


@pytest.mark.parametrize(
    ("kind", "opens"),
    [
        ("card", "Odile Kern"),
        ("household", "Odile Kern"),
        ("home_card", "Odile Kern"),
        ("receipt", "Reçu"),
        ("lent", "Reprendre"),
        ("loan", "Reprendre"),
        ("ready", "Prêter"),
        ("slip", "A01"),
    ],
)
def test_a_code_opens_its_next_act(
    magda: Page, codes: dict[str, str], kind: str, opens: str
) -> None:
    scanned(magda, codes[kind])

    expect(magda.get_by_role("heading", level=1)).to_contain_text(opens)


def test_a_parcel_s_number_that_no_service_noted_is_said_to_be_one(magda: Page) -> None:
    scanned(magda, "RR473124829FR")

    expect(magda.get_by_role("main")).to_contain_text("C’est le numéro d’une lettre ou d’un colis")


def test_a_replaced_card_says_when_and_no_name(magda: Page, codes: dict[str, str]) -> None:
    scanned(magda, codes["replaced"])

    expect(magda.get_by_role("main")).to_contain_text("Cette carte a été remplacée")
    expect(magda.get_by_role("main")).not_to_contain_text("Haddad")


def test_a_name_opens_its_card_and_several_a_short_list(magda: Page) -> None:
    magda.goto(DESK)
    magda.wait_for_load_state()

    magda.keyboard.press("/")
    magda.keyboard.type("odi ker", delay=60)
    magda.keyboard.press("Enter")
    expect(magda.locator(".who h1")).to_contain_text("Odile Kern")
    magda.wait_for_load_state()
    magda.keyboard.press("/")
    expect(magda.locator("#scan")).to_be_focused()
    magda.keyboard.type("nguyen", delay=60)
    magda.keyboard.press("Enter")

    expect(magda.locator("[data-results] .lines li")).not_to_have_count(1)
    expect(magda.get_by_role("heading", level=1)).to_contain_text("nguyen")


@pytest.mark.parametrize("written", ["E.164", "03 53 01 01 04", "03.53.01.01.04", "0353010104"])
def test_a_telephone_number_finds_who_has_it(
    magda: Page, codes: dict[str, str], written: str
) -> None:
    scanned(magda, codes["phone"] if written == "E.164" else written, azerty=False)

    expect(magda.locator(".who h1")).to_contain_text("Odile Kern")


@pytest.mark.parametrize("code", ["H-2345678B", "ZZZ-99", "x" * 4096])
def test_what_nobody_knows_is_said_calmly(magda: Page, code: str) -> None:
    magda.goto(DESK)
    magda.wait_for_load_state()
    magda.locator("#scan").fill(code)
    magda.locator("#scan").press("Enter")

    expect(magda.get_by_role("heading", level=1)).to_contain_text(re.compile("Recherche"))
    expect(magda.locator("[data-results]")).to_contain_text("Rien trouvé")
