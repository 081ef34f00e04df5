"""Things are repaired and counted at the desk by keyboard alone, in a wide window and a narrow one."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect
from sqlalchemy import select

from palier.api import Charge, ThingState
from palier.demo.arranging import OPENS_WITH
from palier.testing.hands import NO_MOUSE, Hands
from palier.testing.windows import DESK, FAR, PHONE, Served, overflow
from palier_bike_hire.models import Bike, Loan, Repair, RepairState

pytestmark = pytest.mark.browser
HOME = "/ampere/desk"


@pytest.fixture(params=[DESK, PHONE], ids=["desk", "phone"])
def window(
    request: pytest.FixtureRequest, ampere: Served, browser_window: Browser
) -> Iterator[Page]:
    """Magda's window, in both sizes; she knows the brake test."""
    size: ViewportSize = request.param
    with ampere.window(browser_window, size=size) as context:
        ampere.let_in(context, "magda", OPENS_WITH)
        context.add_init_script(NO_MOUSE)
        yield context.new_page()


def at_the_desk(page: Page) -> Hands:
    page.goto(HOME)
    expect(page.locator("#scan")).to_be_focused()
    return Hands(page)


def press_for(page: Page, hands: Hands, act: str) -> None:
    """Go by Tab to an act of the page, press Enter, and wait for its form."""
    for _press in range(FAR):
        if f"/{act}" in page.evaluate("document.activeElement?.href ?? ''"):
            break
        hands.press("Tab")
    hands.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()


def tab_to(page: Page, hands: Hands, name: str) -> None:
    """Press Tab until a field has the focus."""
    for _press in range(FAR):
        if page.evaluate("document.activeElement?.name") == name:
            return
        hands.press("Tab")
    raise AssertionError(name)


def newest_repair(ampere: Served, code: str) -> Repair:
    with ampere.house.at("ampere", "test", write=False) as desk:
        query = select(Repair).join(Repair.bike).where(Bike.code == code)
        return desk.all(query.order_by(Repair.id.desc()), Repair.bike)[0]


def adds_two_pads(window: Page, hands: Hands) -> None:
    press_for(window, hands, "add_part")
    expect(window.locator("[name=name]")).to_be_focused()
    hands.type("Patins")
    hands.press("Tab")
    hands.type("2")
    hands.press("Tab")
    hands.type("4,50")
    hands.press("Enter")
    expect(window.locator("main")).to_contain_text("Patins")
    assert overflow(window) == 0


def test_what_is_due_is_repaired_and_leaves_signed(window: Page, ampere: Served) -> None:
    code = _next_due(ampere)
    hands = at_the_desk(window)

    hands.scan(code)
    expect(window.locator("main")).to_contain_text("Trouvé")
    expect(window.locator("main")).to_contain_text(f"{code} attend son entretien")
    press_for(window, hands, "open_repair")
    expect(window.locator("[name=what]")).to_have_value("Entretien")
    hands.press("Enter")
    expect(window).to_have_url(re.compile("done=bike_hire.open_repair"))
    window.goto(f"{HOME}/bike_hire/repair/{newest_repair(ampere, code).id}")
    expect(window.get_by_role("heading", level=1)).to_contain_text("Entretien")
    adds_two_pads(window, hands)
    press_for(window, hands, "finish")
    expect(window.locator("[name=checked]").first).to_be_focused()
    for key in "123456":
        hands.press(key)
        expect(window.locator(f'[data-key="{key}"]')).to_be_checked()
    tab_to(window, hands, "labour")
    hands.type("-5")
    hands.press("Enter")
    expect(window.locator(".summary")).to_contain_text("Au moins 0,00")
    tab_to(window, hands, "labour")
    hands.press("Control+a")
    hands.type("12,00")
    hands.press("Enter")
    expect(window.locator("main")).to_contain_text("Réparé")

    done = newest_repair(ampere, code)
    assert (done.state, done.parts, done.labour) == (RepairState.DONE, 900, 1200)
    assert done.bike.state is ThingState.READY
    assert ampere.said == []


def _next_due(ampere: Served) -> str:
    """Return a thing that is due: the demonstration's, then another that was lent often."""
    with ampere.house.at("ampere", "test") as desk:
        for code in ("V10", "V08"):
            bike = desk.session.scalars(select(Bike).where(Bike.code == code)).one()
            if bike.serviced_on != desk.today or code == "V08":
                bike.loans_since = 10
                return code
    raise AssertionError


def leaves_with_eight(window: Page) -> None:
    hands = at_the_desk(window)
    hands.scan("R01")
    expect(window.locator("[name=resident__q]")).to_be_focused()
    hands.type("rit")
    hands.press("Enter")
    expect(window.locator("[name=before]").first).to_be_focused()
    for key in "1234":
        hands.press(key)
        expect(window.locator(f'[data-key="{key}"]')).to_be_checked()
    tab_to(window, hands, "pieces_out")
    hands.type("8")
    hands.press("Tab", "c")
    tab_to(window, hands, "reference")
    hands.type("0045131")
    assert overflow(window) == 0
    hands.press("Enter")
    expect(window.get_by_role("heading", level=1)).to_contain_text("Théo Ritter")


def is_back_with_seven(window: Page) -> None:
    hands = at_the_desk(window)
    hands.scan("R01")
    expect(window.get_by_role("dialog")).to_contain_text("Poêlons : 8 au départ.")
    tab_to(window, hands, "pieces_in")
    hands.type("9")
    hands.press("Enter")
    expect(window.locator(".summary")).to_contain_text("9, c’est trop")
    tab_to(window, hands, "pieces_in")
    hands.press("Control+a")
    hands.type("7")
    hands.press("Enter")
    expect(window.locator("main")).to_contain_text("R01")
    expect(window.get_by_role("dialog")).to_have_count(0)


def test_a_machine_leaves_with_eight_pans_and_is_back_with_seven(
    window: Page, ampere: Served
) -> None:
    _at_rest(ampere)

    leaves_with_eight(window)
    is_back_with_seven(window)

    with ampere.house.at("ampere", "test", write=False) as desk:
        loan = desk.all(select(Loan).order_by(Loan.id.desc()), Loan.bike)[0]
        assert (loan.bike.code, loan.pieces_out, loan.pieces_in) == ("R01", 8, 7)
        what = select(Charge).where(Charge.what == "piece").order_by(Charge.id.desc())
        assert desk.all(what)[0].full_cents == 650
        assert loan.bike.state is ThingState.BLOCKED
    assert newest_repair(ampere, "R01").what.endswith("1 manque")
    assert ampere.said == []


def _at_rest(ampere: Served) -> None:
    """End what the window before left open of the machine, some time ago."""
    ampere.clock.now += timedelta(minutes=20)
    with ampere.house.at("ampere", "test") as desk:
        query = select(Repair).join(Repair.bike).where(Bike.code == "R01")
        for repair in desk.all(query, Repair.bike):
            repair.state, repair.bike.state = RepairState.DONE, ThingState.READY


def test_the_form_follows_the_thing_that_is_chosen_in_it(window: Page, ampere: Served) -> None:
    _at_rest(ampere)
    with ampere.house.at("ampere", "test", write=False) as desk:
        ids = {each.code: each.id for each in desk.all(select(Bike))}
    window.goto(f"{HOME}/bike_hire/loan/hire?resident=2&bike={ids['V01']}")
    dialog = window.get_by_role("dialog")
    expect(dialog).to_contain_text("Freins")

    tab_to(window, Hands(window), "bike")
    window.locator("[name=bike]").select_option(str(ids["R01"]))

    expect(dialog).to_contain_text("Poêlons : il y en a 8.")
    expect(dialog).not_to_contain_text("Freins")
    expect(window.locator("[name=bike]")).to_be_focused()
    assert ampere.said == []


def test_a_repair_is_read_where_it_is_listed(window: Page) -> None:
    for path, words in (
        ("bike_hire/maintenance", "Prochaine réservation"),
        ("bike_hire/repair", "Réparations"),
        ("bike_hire/kind/5", "Poêlons"),
    ):
        window.goto(f"{HOME}/{path}")
        expect(window.locator("main")).to_contain_text(words)
        assert overflow(window) == 0, path
