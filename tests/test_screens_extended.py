"""What a package adds to another's list: a column for all rows, and one warning where it fails."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest

from palier.context import Context
from palier.house import House
from palier.residents.models import Resident
from palier.screens.declared import Extend
from palier.sites.switching import enable, plan_enable
from palier.testing.caretaker import Browser, words_of
from palier.testing.plugin import At
from palier.text import Text, _

LIST = "/ampere/desk/residents/resident"


@pytest.fixture
def two(at: At) -> None:
    with at() as desk:
        for name in ("Odile", "Rose"):
            desk.add(Resident(given_name=name, family_name="Kern", card_code=f"C-{name}"))


def extended(house: House, *extends: Extend) -> None:
    """Let bike hire, switched on at Ampère, add this."""
    plugin = house.registry.plugins["bike_hire"]
    manifest = replace(plugin.manifest, extends=(*plugin.manifest.extends, *extends))
    plugin.module.__dict__["manifest"] = manifest
    with house.at("ampere", "test") as desk:
        enable(desk, house.hooks, plan_enable(house.registry, desk.site.plugins, "bike_hire"))


@pytest.fixture(autouse=True)
def _as_before(house: House) -> object:
    plugin = house.registry.plugins["bike_hire"]
    before = plugin.manifest
    yield
    plugin.module.__dict__["manifest"] = before


ASKED: list[list[int]] = []


def bikes_of(_desk: Context, ids: Sequence[int]) -> Mapping[int, object]:
    ASKED.append(list(ids))
    return {ids[0]: Text("Two bikes")}


def breaks(_desk: Context, _ids: Sequence[int]) -> Mapping[int, object]:
    raise KeyError("gone")


@pytest.mark.usefixtures("two")
def test_a_column_is_made_for_all_rows_at_once(browser: Browser, house: House) -> None:
    ASKED.clear()
    extended(house, Extend("residents/resident", columns={_("Bikes"): bikes_of}))

    page = words_of(browser.opens(LIST))

    assert "Bikes" in page
    assert page.count("Two bikes") == 1
    assert [sorted(each) for each in ASKED] == [[1, 2]]


@pytest.mark.usefixtures("two")
def test_a_column_that_fails_is_one_warning(browser: Browser, house: House) -> None:
    columns = {_("Broken"): breaks, _("Bikes"): bikes_of}
    extended(house, Extend("residents/resident", columns=columns))

    page = words_of(browser.opens(LIST))

    assert page.count("The service Bike hire has a problem. The rest of the page works.") == 1
    assert "Two bikes" in page
    assert "Odile" in page


@pytest.mark.usefixtures("two")
def test_where_it_is_off_nothing_is_added(browser: Browser, house: House) -> None:
    extended(house, Extend("residents/resident", columns={_("Bikes"): bikes_of}))

    page = words_of(browser.opens(LIST.replace("ampere", "cathedrale")))

    assert "Bikes" not in page


def test_a_screen_that_is_gone_is_one_warning_and_the_page_works(
    browser: Browser, house: House
) -> None:
    extended(house, Extend("residents/renamed", columns={_("Bikes"): bikes_of}))

    page = words_of(browser.opens("/ampere/desk/bike_hire/bike"))

    assert page.count("adds to residents/renamed is not shown") == 1
    assert "adds to" not in words_of(browser.opens("/ampere/desk/bookings/lines"))
