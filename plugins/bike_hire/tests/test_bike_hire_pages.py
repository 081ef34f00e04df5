"""Bike hire in the browser: the timeline, the form, the record; and nothing where it is off."""

from dataclasses import replace
from datetime import date
from urllib.parse import quote

import pytest

from palier.accounts.models import StaffSkill
from palier.api import Household, Resident
from palier.residents.models import Membership
from palier.sites.models import SitePlugin
from palier.testing.caretaker import Browser, words_of
from palier.testing.plugin import NOW, At
from palier_bike_hire.fleet import make_fleet
from palier_bike_hire.models import BRAKE_TEST

BIKES = "/ampere/desk/bike_hire"


@pytest.fixture
def open_shop(at: At) -> int:
    """Switch bike hire on at Ampère, with its fleet and a member; the member's id."""
    with at() as desk:
        desk.session.add(SitePlugin(name="bike_hire", state="on", since_at=NOW, prepared=True))
        desk.site = replace(desk.site, locale="en")
        make_fleet(desk)
        home = desk.add(Household(code="F-1"))
        year = {"starts_on": date(2026, 1, 1), "ends_on": date(2027, 1, 1)}
        desk.add(Membership(household=home, **year))
        rose = Resident(given_name="Rose", family_name="Kern", household=home, card_code="C-1")
        return desk.add(rose).id


@pytest.fixture
def tester(at: At) -> None:
    """Magda has learnt the brake test."""
    with at() as desk:
        desk.session.add(StaffSkill(staff_id=1, skill=BRAKE_TEST.name))


def form_of(resident: int, **changed: str) -> dict[str, str]:
    given = {
        "resident": str(resident),
        "due_at": "2026-10-13T09:05",
        "before": "brakes,lights,lock",
        "deposit": "cheque",
        "reference": "0045128",
    }
    return given | changed


@pytest.mark.usefixtures("tester")
def test_a_bike_is_lent_and_taken_back_in_the_browser(browser: Browser, open_shop: int) -> None:
    bike = browser.asks("/api/v1/ampere/bike_hire/bike")["rows"][-1]["id"]

    lent = browser.sends(f"{BIKES}/bike/{bike}/lend", status=200, **form_of(open_shop))
    back = browser.sends(f"{BIKES}/loan/1/take_back", problem="brakes", damage="0")
    shown = words_of(browser.opens(f"{BIKES}/bike/{bike}"))

    assert "V07, Rose Kern" in words_of(lent)
    assert "Brakes, Lights, Lock and key" in words_of(lent)
    assert "/loan/1/take_back" in lent
    assert "/loan/1/take_back" not in back
    assert "Blocked" in shown


@pytest.mark.usefixtures("tester")
def test_an_erasure_waits_for_the_bike_and_offers_to_take_it_back(
    browser: Browser, open_shop: int
) -> None:
    browser.sends(f"{BIKES}/loan/hire", status=200, **form_of(open_shop, bike="1"))

    page = browser.opens(f"/ampere/desk/residents/resident/{open_shop}/forget")

    back = quote(f"/ampere/desk/residents/resident/{open_shop}/forget", safe="")
    # The thing, its deposit and the loan end by one act; what is owed, on the card.
    assert page.count(f'href="{BIKES}/loan/1/take_back?back={back}"') == 3
    assert f'href="/ampere/desk/desk/card?resident={open_shop}"' in page
    assert "Something is still open" in words_of(page)


def test_who_has_not_learnt_the_brake_test_is_told_so(browser: Browser, open_shop: int) -> None:
    page = browser.sends(f"{BIKES}/bike/1/lend", status=422, **form_of(open_shop))

    assert "Brakes: this needs the skill Brake test." in words_of(page)


@pytest.mark.usefixtures("tester")
@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"before": "lights"}, "Still to check: Brakes."),
        ({"reference": "00A5128"}, "A cheque number has 5 to 12 digits and no letters"),
        ({"due_at": "2026-10-05T09:05"}, "It comes back after it leaves"),
    ],
)
def test_what_is_wrong_stands_in_the_form(
    browser: Browser, open_shop: int, changed: dict[str, str], sentence: str
) -> None:
    page = browser.sends(f"{BIKES}/bike/1/lend", status=422, **form_of(open_shop, **changed))

    assert sentence in words_of(page)


def test_the_timeline_offers_what_is_free(browser: Browser, open_shop: int) -> None:
    page = browser.opens(f"{BIKES}/timeline?resident={open_shop}")

    assert "Free now, for Rose Kern" in words_of(page)
    assert f'href="{BIKES}/bike/1/lend?resident={open_shop}&amp;back=' in page


def test_a_wrong_identifier_is_refused_beside_its_field(browser: Browser, open_shop: int) -> None:
    values = {"code": "V09", "kind": "1", "name": "Size L", "identifier": "123"}

    page = browser.sends(f"{BIKES}/bike/new", status=422, **values)

    assert open_shop
    assert "The sign on the frame has 10 letters and digits: 123 is none." in words_of(page)


def test_the_lists_open(browser: Browser, open_shop: int) -> None:
    assert open_shop
    for screen, title in (("bike", "Bikes"), ("loan", "Loans"), ("kind", "Kinds")):
        assert title in words_of(browser.opens(f"{BIKES}/{screen}"))


def test_elsewhere_there_is_no_trace_of_it(browser: Browser, open_shop: int) -> None:
    assert open_shop
    browser.opens("/cathedrale/desk/bike_hire/bike", status=404)
    assert "bike_hire" not in browser.opens("/cathedrale/desk")
