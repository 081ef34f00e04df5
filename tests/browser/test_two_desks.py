"""Two windows at two desks: each sees what the other did, without reload."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect
from sqlalchemy import select

from palier.accounts.models import Staff
from palier.db.types import Ticks
from palier.demo.arranging import OPENS_WITH
from palier.receipts.drawer import drawer_of, open_sessions
from palier.receipts.models import DepositForm, WaivedBecause
from palier.receipts.till_acts import close_till, open_till
from palier.residents.models import Address, Household, Resident
from palier.rosters.actions import cover
from palier.testing.windows import Served
from palier.trail import ActRow, perform
from palier.visits.actions import begin
from palier.visits.visiting import close_all
from palier_bike_hire.actions import lend
from palier_bike_hire.models import Bike

pytestmark = pytest.mark.browser


@pytest.fixture
def first(ampere: Served, browser_window: Browser) -> Iterator[BrowserContext]:
    ampere.said.clear()
    with ampere.window(browser_window) as made:
        ampere.let_in(made, "magda", OPENS_WITH)
        yield made
    assert ampere.said == []


@pytest.fixture
def second(ampere: Served, browser_window: Browser) -> Iterator[BrowserContext]:
    with ampere.window(browser_window) as made:
        ampere.let_in(made, "sonia", OPENS_WITH)
        yield made


@pytest.fixture
def kern(ampere: Served) -> tuple[int, int]:
    """Odile Kern and her household."""
    with ampere.house.at("ampere", "test", write=False) as desk:
        odile = desk.session.scalars(select(Resident).where(Resident.given_name == "Odile")).first()
        assert odile is not None
        assert odile.household is not None
        return odile.id, odile.household.id


def card(context: BrowserContext, resident: int) -> Page:
    page = context.new_page()
    page.goto(f"/ampere/desk/desk/card?resident={resident}")
    expect(page.get_by_text("En ligne")).to_be_visible()
    return page


def test_each_desk_sees_what_the_other_does(
    first: BrowserContext, second: BrowserContext, kern: tuple[int, int]
) -> None:
    mine, theirs = card(first, kern[0]), card(second, kern[0])
    home = second.new_page()
    home.goto("/ampere/desk")
    expect(home.get_by_text("En ligne")).to_be_visible()
    theirs.bring_to_front()

    mine.get_by_role("link", name="Vendre l’adhésion").first.click()
    mine.get_by_role("dialog").get_by_role("button", name="Vendre l’adhésion").click()
    expect(mine.locator(".total")).to_contain_text("10,00 €")
    expect(theirs.locator(".total")).to_contain_text("10,00 €")
    expect(theirs.locator("#live-said")).to_contain_text("Panier")
    expect(home.get_by_role("region", name="Reste à payer")).to_contain_text("10,00 €")

    theirs.get_by_role("button", name="Encaisser 10,00 €").click()
    expect(theirs.get_by_role("article")).to_contain_text("10,00 €")

    expect(mine.get_by_role("complementary", name="Panier")).to_contain_text(
        "Réglé ou retiré à l’autre poste : Adhésion du foyer"
    )
    expect(mine.locator(".total")).to_contain_text("0,00 €")


def test_a_list_says_what_changed_and_waits(first: BrowserContext, ampere: Served) -> None:
    page = first.new_page()
    page.goto("/ampere/desk/residents/household")
    expect(page.get_by_text("En ligne")).to_be_visible()
    rows = page.locator("main tbody tr")
    before = rows.first.inner_text()

    with ampere.house.at("ampere", "test") as desk:
        household = desk.session.scalars(select(Household).order_by(Household.code)).first()
        assert household is not None
        code, household.code = household.code, "A-0"
        desk.session.add(ActRow(name="residents.move", who="XX", at=desk.now, recorded_at=desk.now))
    note = page.get_by_role("status").filter(has_text="de cette liste")
    expect(note).to_be_visible()
    assert rows.first.inner_text() == before
    page.get_by_role("button", name="Afficher les changements").click()

    expect(page.get_by_role("link", name="A-0")).to_be_visible()
    with ampere.house.at("ampere", "test") as desk:
        back = desk.session.scalars(select(Household).where(Household.code == "A-0")).one()
        back.code = code


def test_what_is_typed_stays_and_a_dialog_is_not_touched(
    first: BrowserContext, second: BrowserContext, kern: tuple[int, int]
) -> None:
    page, other = card(first, kern[0]), second.new_page()
    page.get_by_role("link", name="Fiche").click()
    page.goto(f"/ampere/desk/residents/household/{kern[1]}/add_resident")
    page.get_by_label("Prénom").fill("Paul")

    other.goto(f"/ampere/desk/residents/household/{kern[1]}/add_resident")
    other.get_by_label("Prénom").fill("Zoé")
    other.get_by_label("Nom de famille").fill("Abcd")
    other.get_by_role("button", name="Ajouter un habitant").click()
    expect(other.get_by_role("main")).to_contain_text("Zoé")

    expect(page.get_by_label("Prénom")).to_have_value("Paul")


def test_without_a_network_the_bar_says_since_when(first: BrowserContext) -> None:
    page = first.new_page()
    page.goto("/ampere/desk/residents/household")
    expect(page.get_by_text("En ligne")).to_be_visible()

    first.set_offline(True)
    expect(page.get_by_text("Hors ligne depuis")).to_be_visible()
    expect(page.get_by_text("Pas de réseau depuis")).to_be_visible()
    first.set_offline(False)

    expect(page.get_by_text("En ligne")).to_be_visible()
    expect(page.get_by_text("Pas de réseau depuis")).to_be_hidden()


def test_the_till_is_said_on_every_page_and_follows_the_other_desk(
    first: BrowserContext, second: BrowserContext, ampere: Served
) -> None:
    page, home = first.new_page(), second.new_page()
    for each, path in ((page, "/ampere/desk/residents/resident"), (home, "/ampere/desk")):
        each.goto(path)
        expect(each.get_by_text("En ligne")).to_be_visible()
        expect(each.locator(".till-state")).to_have_text("Caisse ouverte")

    with ampere.house.at("ampere", "test") as desk:
        session = desk.session.scalars(open_sessions()).one()
        cash = drawer_of(desk, session).expected
        perform(desk, close_till, session, {"counted_cents": cash, "left_cents": cash})

    expect(home.locator(".till-state")).to_have_text("Caisse fermée")
    expect(home.get_by_role("main").get_by_role("link", name="Ouvrir la caisse")).to_be_visible()
    page.bring_to_front()
    expect(page.locator(".till-state")).to_have_text("Caisse fermée")
    expect(page.locator("#live-said")).to_contain_text("Caisse fermée")
    with ampere.house.at("ampere", "test") as desk:
        perform(desk, open_till, None, {"float_cents": cash})
    expect(page.locator(".till-state")).to_have_text("Caisse ouverte")


def at_the_other_desk(ampere: Served) -> None:
    """Lend a bike for a day, let Ilyes stay until the evening, begin a visit without a name."""
    with ampere.house.at("ampere", "test") as desk:
        who = desk.session.scalars(select(Resident).where(Resident.given_name == "Théo")).first()
        bike = desk.session.scalars(select(Bike).where(Bike.code == "A01")).one()
        staff = desk.session.scalars(select(Staff).where(Staff.person_code == "IB")).one()
        checked = Ticks.made(("brakes", "lights"), "MK", desk.now)
        given = {"resident": who, "due_at": desk.now + timedelta(days=1), "before": checked}
        perform(
            desk,
            lend,
            bike,
            {**given, "deposit": DepositForm.CASH, "waived": WaivedBecause.KNOWN},
        )
        late = desk.local(desk.now).replace(hour=19, minute=0)
        hours = {"starts_at": late, "ends_at": late + timedelta(hours=1)}
        perform(desk, cover, None, {**hours, "staff": staff})
        perform(desk, begin, None, {})


def looked_at(page: Page) -> list[str]:
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [each["id"] for each in found]


def test_the_desk_page_the_timeline_and_the_roster_follow_the_other_desk(
    first: BrowserContext, ampere: Served
) -> None:
    with ampere.house.at("ampere", "test") as desk:
        close_all(desk)
    home, timeline, week = pages = [first.new_page() for _each in range(3)]
    for page, path in zip(pages, ("", "/bike_hire/timeline", "/rosters/week"), strict=True):
        page.goto(f"/ampere/desk{path}")
        expect(page.get_by_text("En ligne")).to_be_visible()
    expect(home.locator("[data-block=visits]")).to_have_count(0)
    free = timeline.locator("[data-live-part=chips]").inner_text()

    at_the_other_desk(ampere)

    expect(week.get_by_role("row", name=re.compile("Ilyes"))).to_contain_text("19 h – 20 h")
    timeline.bring_to_front()
    expect(timeline.locator(".tl-row", has_text="A01")).to_contain_text("Théo Ritter")
    expect(timeline.locator("[data-live-part=chips]")).not_to_have_text(free)
    home.bring_to_front()
    expect(home.locator("[data-block=visits]")).to_contain_text("1")
    expect(home.locator("#live-said")).to_contain_text("visite")
    assert [looked_at(each) for each in pages] == [[], [], []]


def test_what_is_sent_without_a_network_waits_and_says_so(
    first: BrowserContext, kern: tuple[int, int], ampere: Served
) -> None:
    page = first.new_page()
    page.goto(f"/ampere/desk/residents/resident/{kern[0]}/edit")
    expect(page.get_by_text("En ligne")).to_be_visible()
    field = page.get_by_label("Prénom")
    field.fill("Odilette")
    first.set_offline(True)
    field.press("Enter")
    expect(page.locator("[data-offline-note]")).to_be_visible()
    expect(field).to_have_value("Odilette")
    first.set_offline(False)
    expect(page.get_by_text("En ligne")).to_be_visible()
    field.fill("Odile")
    field.press("Enter")
    page.wait_for_url("**done=saved*")
    ampere.said.clear()  # the browser complains of the network


def test_an_act_that_nobody_answers_stays_as_it_was_and_acts_once(
    first: BrowserContext, ampere: Served
) -> None:
    page = first.new_page()
    page.goto("/ampere/desk/residents/household")
    page.get_by_role("link", name="Ajouter un foyer").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Rue").fill("rue de Genève")
    dialog.get_by_label("Numéro").fill("99")
    button = dialog.get_by_role("button", name="Ajouter un foyer")

    def loses_the_answer(route: Route) -> None:
        route.fetch(max_redirects=0)  # it arrives, and its answer is lost
        route.abort()

    page.route("**/add_household", loses_the_answer)
    button.click()
    expect(dialog.get_by_role("alert")).to_contain_text("ce que vous avez tapé attend ici")
    expect(dialog.get_by_label("Rue")).to_have_value("rue de Genève")
    page.unroute("**/add_household")
    button.click()

    expect(page.get_by_role("dialog")).to_have_count(0)
    with ampere.house.at("ampere", "test", write=False) as desk:
        same = select(Address).where(Address.number == "99", Address.street == "rue de Genève")
        assert len(desk.session.scalars(same).all()) == 1
    ampere.said.clear()
