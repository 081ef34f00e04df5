"""A neighbour is accompanied to the market, and given a taxi voucher; by keyboard and scanner alone."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from palier import hookspecs
from palier.demo.arranging import OPENS_WITH
from palier.receipts.models import Fund, Price
from palier.residents.models import Household, Resident
from palier.sites.switching import enable, plan_enable
from palier.testing.hands import NO_MOUSE, Hands
from palier.testing.scanner import scan
from palier.testing.windows import Served, tab_to
from palier.text import Cents
from palier_mobility.models import BY_VEHICLE, Fare, Trip, TripState, Voucher, VoucherState

pytestmark = pytest.mark.browser
DESK = "/ampere/desk"


@pytest.fixture(scope="module")
def traveller(ampere: Served) -> Resident:
    """Somebody with a bracket, where mobility is on: a trip by car is one euro for them, not six."""
    with ampere.house.at("ampere", "test") as desk:
        on = plan_enable(ampere.house.registry, desk.site.plugins, "mobility")
        enable(desk, ampere.house.hooks, on)
    with ampere.house.at("ampere", "test") as desk:
        ampere.house.hooks.answer(hookspecs.demo, desk, only="mobility")
        reduced = select(Resident).join(Resident.household).where(Household.bracket_id.is_not(None))
        (who,) = desk.all(reduced.order_by(Resident.id).limit(1), Resident.household)
        assert who.household is not None
        item = desk.session.scalars(select(Fare)).one().item_of(BY_VEHICLE)
        full = desk.session.scalars(select(Price).where(Price.item == item)).one()
        fund = desk.session.scalars(select(Fund).order_by(Fund.id)).first()
        desk.add(
            Price(
                item=item, label=full.label, cents=Cents(100), unit=full.unit,
                vat_class=full.vat_class, valid_from=full.valid_from, fund_ledger=fund,
                bracket=who.household.bracket,
            )
        )  # fmt: skip
        return who


def at_the_card(page: Page, who: Resident) -> None:
    page.goto(DESK)
    expect(page.locator("#scan")).to_be_focused()
    scan(page, who.card_code)
    expect(page.get_by_role("heading", level=1)).to_contain_text(str(who))


def key_of(page: Page, name: str) -> str:
    """The letter that stands on a card's button."""
    found = page.get_by_role("link", name=name).get_attribute("data-key")
    assert found
    return found


def test_a_trip_is_asked_agreed_made_and_paid_by_the_fund(
    magda: Page, ampere: Served, traveller: Resident
) -> None:
    magda.add_init_script(NO_MOUSE)
    hands, dialog = Hands(magda), magda.get_by_role("dialog")
    ampere.clock.now = ampere.clock.now.replace(hour=9, minute=40)
    at_the_card(magda, traveller)

    asks_for_the_station(magda, hands)
    expect(dialog).to_contain_text("MOB1 Petite voiture est réservé par Odile Kern")

    tab_to(magda, "[name=starts_at]")
    hands.press("ArrowRight", "ArrowUp", "Enter")
    expect(dialog).to_contain_text("Demander un accompagnant")
    expect(dialog).to_contain_text("Aïcha Benali, dernière demande")
    hands.press("Enter")
    expect(dialog).to_have_count(0)
    expect(magda.get_by_role("main")).to_contain_text("avec Aïcha Benali")
    trip = newest_trip(ampere)
    assert (trip.state, str(trip.vehicle)) == (TripState.AGREED, "MOB1 Petite voiture")

    ampere.clock.now = trip.ends_at + timedelta(minutes=10)
    ampere.let_in(magda.context, "magda", OPENS_WITH)  # a session ends with its day
    at_the_card(magda, traveller)
    hands.press(key_of(magda, "A eu lieu"))
    expect(dialog).to_contain_text("Dire que le trajet a eu lieu")
    hands.press("Enter")
    expect(dialog).to_have_count(0)

    main = magda.get_by_role("main")
    expect(main).to_contain_text("Trajet vers : Gare")
    expect(main).to_contain_text(re.compile("le fonds paie 5,00.€ sur 6,00.€"))
    assert newest_trip(ampere).state is TripState.DONE


def asks_for_the_station(page: Page, hands: Hands) -> None:
    """To the station, for shopping, with the car; tomorrow at ten stands in the form."""
    dialog = page.get_by_role("dialog")
    hands.press(key_of(page, "Noter un trajet accompagné"))
    expect(dialog.locator("[name=resident__q]")).to_be_focused()
    tab_to(page, "[name=target]")
    hands.press("g")
    tab_to(page, "[name=what]")
    hands.press("c")
    tab_to(page, "[name=vehicle]")
    hands.press("ArrowDown")
    expect(dialog).to_contain_text("le fonds")
    hands.press("Enter")


def newest_trip(ampere: Served) -> Trip:
    with ampere.house.at("ampere", "test", write=False) as desk:
        query = select(Trip).order_by(Trip.id.desc()).limit(1)
        return desk.all(query, Trip.vehicle, Trip.companion)[0]


def test_a_voucher_is_scanned_then_a_card_and_a_second_scan_says_who_has_it(
    magda: Page, ampere: Served, traveller: Resident
) -> None:
    magda.add_init_script(NO_MOUSE)
    hands = Hands(magda)
    magda.goto(DESK)
    expect(magda.locator("#scan")).to_be_focused()

    scan(magda, "TX04502")
    expect(magda.locator("[name=resident__q]")).to_be_focused()
    scan(magda, traveller.card_code)
    expect(magda.locator("[name=resident__q]")).to_have_value(re.compile(f"^{traveller}"))
    hands.press("Enter")
    expect(magda.get_by_role("heading", level=1)).to_contain_text(str(traveller))
    scan(magda, "TX04502")

    main = magda.get_by_role("main")
    expect(main).to_contain_text(f"Le bon TX04502 a été donné à {traveller}")
    assert hands.keys == 1
    with ampere.house.at("ampere", "test", write=False) as desk:
        voucher = desk.session.scalars(select(Voucher).where(Voucher.number == "TX04502")).one()
        assert (voucher.state, voucher.person_code) == (VoucherState.GIVEN, "MK")
