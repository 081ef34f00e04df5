"""A record's page: its cost, its history in words, two desks at once; and the API's description."""

import re
from typing import Any

import pytest
from sqlalchemy import update

from palier import hookspecs
from palier.db.engine import Database
from palier.errors import SomeoneChangedThis
from palier.house import House
from palier.providers.actions import pause
from palier.providers.models import Provider
from palier.residents.actions import add_household, add_resident, merge
from palier.residents.models import Resident
from palier.residents.rules import Whose
from palier.sites.switching import enable, plan_enable
from palier.testing.caretaker import Browser, hidden_of, words_of
from palier.testing.plugin import At, counted_statements
from palier.trail import perform

PROVIDER = "/ampere/desk/providers/provider/1"
API = "/api/v1/ampere/providers/provider/1"
VALUES = {"name": "Vélo Solidaire", "legal_form": "association", "vat_regime": "none",
          "sse": "none", "phone": "", "email": "", "siret": "", "rna": "", "register_ref": "",
          "iban": ""}  # fmt: skip


@pytest.fixture
def provider(at: At) -> None:
    with at() as desk:
        desk.add(Provider(name="Vélo Solidaire"))


@pytest.mark.parametrize("number", [1, 20])
def test_a_records_page_costs_the_same_however_much_hangs_on_it(
    at: At, database: Database, browser: Browser, number: int
) -> None:
    with at() as desk:
        home = add_household(desk, street="rue de Wattwiller", number="40")
        for each in range(number):
            add_resident(desk, home, sure=True, given_name=f"Kind{each}", family_name="Kern")
    path = f"/ampere/desk/residents/household/{home.id}"
    browser.opens(path)

    with counted_statements(database) as sent:
        browser.opens(path)

    assert len(sent) == 8  # who, where, the record, two of each panel, the history


@pytest.mark.usefixtures("provider")
def test_the_history_says_who_did_what_in_words(browser: Browser) -> None:
    browser.sends(
        f"{PROVIDER}/edit", status=200, **{**VALUES, "name": "Vélo Ampère", "phone": "0388123456"}
    )
    browser.sends(f"{PROVIDER}/pause")

    words = words_of(browser.opens(PROVIDER))

    assert "Pause: State, Listed → Paused MK, Tuesday 6 October" in words
    assert "Changed: Name, Vélo Solidaire → Vélo Ampère, Telephone MK," in words


@pytest.mark.usefixtures("provider")
def test_two_desks_that_change_one_record_see_both_values(browser: Browser) -> None:
    form = f"{PROVIDER}/edit"
    mine = {**hidden_of(browser.opens(form)), **VALUES, "name": "Vélo Ampère"}
    browser.sends(form, status=200, **{**VALUES, "name": "Vélo Koenigshoffen"})

    conflict = browser.client.post(form, data=mine)
    words = words_of(conflict.text)
    kept = words_of(browser.opens(PROVIDER))
    saved = browser.client.post(form, data={**mine, **hidden_of(conflict.text)})

    assert conflict.status_code == 409
    assert "Someone changed this meanwhile" in words
    assert "Name Vélo Koenigshoffen Vélo Ampère" in words
    assert "Done by MK, Tuesday 6 October at 09:05: Changed." in words
    assert "Vélo Koenigshoffen" in kept
    assert saved.status_code == 200
    assert "Vélo Ampère" in words_of(saved.text)


@pytest.mark.usefixtures("provider")
def test_a_program_with_an_old_version_is_refused(browser: Browser) -> None:
    version = browser.asks(API)["version"]
    changed = browser.posts(API, {"name": "Vélo Ampère", "version": version}, status=200)

    stale = browser.posts(API, {"name": "Old", "version": version}, status=409)

    assert stale["refused"] == "Someone changed this meanwhile."
    assert changed["version"] == version + 1
    assert browser.asks(API)["name"] == "Vélo Ampère"


@pytest.mark.usefixtures("provider")
def test_an_act_that_another_desk_overtook_is_refused_in_words(browser: Browser, at: At) -> None:
    with at() as desk:
        mine = desk.session.get_one(Provider, 1)
        desk.session.execute(
            update(Provider)
            .where(Provider.id == 1)
            .values(version=Provider.version + 1)
            .execution_options(synchronize_session=False)
        )
        with pytest.raises(SomeoneChangedThis):
            perform(desk, pause, mine, {})
        desk.session.rollback()
        desk.session.enter(1)

    assert "Listed" in words_of(browser.opens(PROVIDER))


def test_a_year_is_written_as_a_year(browser: Browser, at: At) -> None:
    with at() as desk:
        home = add_household(desk, street="rue de Wattwiller", number="40")
        add_resident(desk, home, given_name="Odile", family_name="Kern", birth_year=1948)

    assert "Year of birth 1948" in words_of(browser.opens("/ampere/desk/residents/resident/1"))


def test_the_description_has_every_screen_and_every_act(house: House, browser: Browser) -> None:
    told = browser.asks("/api/v1/schema")

    paths = told["paths"]
    expected: dict[str, Any] = {}
    for plugin in house.registry.working():
        for screen in plugin.manifest.screens:
            base = f"/api/v1/{{site}}/{screen.package}/{screen.word}"
            expected |= {base: "get", f"{base}/{{id}}": "get"}
            for act in screen.acts:
                one = "/{id}" if act.signature.record else ""
                expected[f"{base}{one}/{act.name}"] = "post"
        for act in plugin.manifest.acts:
            expected[f"/api/v1/{{site}}/{plugin.name}/do/{act.name}"] = "post"
    assert {path: method for path, method in expected.items() if method not in paths[path]} == {}


def test_the_description_says_what_an_act_asks_for(browser: Browser) -> None:
    paths = browser.asks("/api/v1/schema")["paths"]

    act = paths["/api/v1/{site}/residents/household/{id}/add_resident"]["post"]
    schema = act["requestBody"]["content"]["application/json"]["schema"]
    assert act["operationId"] == "residents.household.add_resident"
    assert schema["required"] == ["given_name", "family_name"]
    assert schema["properties"]["birth_year"]["type"] == ["integer", "null"]
    assert schema["properties"]["birth_year"]["minimum"] == 1900
    assert schema["properties"]["language"]["enum"][0]
    assert schema["additionalProperties"] is False


def test_no_two_operations_have_one_name(browser: Browser) -> None:
    paths = browser.asks("/api/v1/schema")["paths"]

    named = [path["post"].get("operationId") for path in paths.values() if "post" in path]
    names = [each for each in named if each is not None]
    assert "receipts.price.change_price" in names
    assert len(set(names)) == len(names)


def test_a_tag_that_is_taken_is_refused_beside_its_field(browser: Browser, house: House) -> None:
    with house.at("ampere", "test") as desk:
        plan = plan_enable(house.registry, desk.site.plugins, "bike_hire")
        enable(desk, house.hooks, plan)
        house.hooks.answer(hookspecs.demo, desk, only="bike_hire")
    path = "/ampere/desk/bike_hire/bike/new"

    page = browser.sends(path, status=422, code="V01", kind="1", name="Twin")

    assert "This is already taken. Choose another." in words_of(page)
    assert 'href="#f-code"' in page


def tabs_of(browser: Browser, path: str) -> list[str]:
    """Return the words of a page's tabs."""
    found = re.search(r'<nav class="views".*?</nav>', browser.opens(path), re.DOTALL)
    assert found is not None
    return re.findall(r">([^<>]+)</a>", found.group())


def test_the_tab_that_the_menu_opens_stands_first(browser: Browser) -> None:
    assert tabs_of(browser, "/ampere/desk/residents/household")[0] == "Residents"


def test_a_file_is_no_tab(browser: Browser) -> None:
    assert tabs_of(browser, "/ampere/desk/privacy/register") == ["Register", "Kept long enough"]


def test_what_was_never_merged_has_no_block_for_it(browser: Browser, at: At) -> None:
    with at() as desk:
        home = add_household(desk, street="rue de Wattwiller", number="40")
        one = add_resident(desk, home, given_name="Odile", family_name="Kern")
        two = add_resident(desk, home, sure=True, given_name="Odyle", family_name="Kern")
    path = f"/ampere/desk/residents/resident/{one.id}"
    before = browser.opens(path)
    with at() as desk:
        kept, gone = (desk.session.get_one(Resident, each.id) for each in (one, two))
        merge(desk, kept, other=gone, given_name=Whose.KEPT)

    assert "Merged into this one" not in before
    assert "Merged into this one" in browser.opens(path)
    assert "Merged into another" not in browser.opens(path)
