"""Off means off: every address, menu, hook and scan of a service, walked from its manifest."""

import sys
from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import timedelta
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient
from sqlalchemy import select

from palier import hookspecs
from palier.acts import page
from palier.app import create_app
from palier.asking import Hooks
from palier.context import Context
from palier.db.records import SiteRecord
from palier.db.types import Ticks
from palier.demo.arranging import move_in
from palier.demo.people import named_people
from palier.desk.counter import Desk
from palier.house import House
from palier.plugins import GROUP, Manifest, Plugin, Registry, discover
from palier.receipts.models import DepositForm
from palier.residents.models import Household, Resident
from palier.screens.catalogue import Catalogue
from palier.screens.declared import Page
from palier.screens.drawing import Drawing
from palier.sites.switching import disable, enable, plan_disable, plan_enable
from palier.testing.caretaker import PASSWORD, Browser, words_of
from palier.testing.contract.walking import PLAIN, WALKED, addresses, leaks
from palier.testing.plugin import NOW, At, place
from palier.text import _
from palier_bike_hire.actions import lend
from palier_bike_hire.fleet import make_fleet
from palier_bike_hire.models import Bike

ON, OFF = "ampere", "cathedrale"
SERVICES = [each.name for each in discover().services()]
Ids = dict[Any, int]  # by class, and by a screen that has only some of it


@pytest.fixture
def both(house: House, at: At) -> list[Ids]:
    """Bikes at both sites, one lent, one booked, and what the other services show; then Cathédrale
    switches them all off.

    The ids of each site's records.
    """
    ids: list[Ids] = []
    for site_id in (1, 2):
        move_in(house, (ON, OFF)[site_id - 1], named_people(NOW.year), set(), NOW)
        with at(site_id) as desk:
            switch_all_on(house, desk)
            bike, other, *_rest = make_fleet(desk)
            home = desk.add(Household(code="F-1"))
            rose = desk.add(
                Resident(household=home, given_name="Rose", family_name="Kern", card_code="C-1")
            )
            until = NOW + timedelta(days=2)
            loan = lend(
                desk,
                other,
                resident=rose,
                due_at=until,
                before=Ticks.made(["brakes"], "MK", NOW),
                deposit=DepositForm.CHEQUE,
                reference="0045128",
            )
            line = desk.book(bike, NOW + timedelta(days=1), until, rose)
            records: tuple[SiteRecord, ...] = (bike, bike.kind, loan, line)
            ids.append(first_records(house.registry, desk))
            ids[-1] |= {type(each): each.id for each in records}
    with at(2) as desk:
        for name in SERVICES:
            disable(desk, plan_disable(house.registry, frozenset(SERVICES), name))
    return ids


def switch_all_on(house: House, desk: Desk) -> None:
    for name in SERVICES:
        enable(desk, house.hooks, plan_enable(house.registry, desk.site.plugins, name))
        desk.site = replace(desk.site, plugins=desk.site.plugins | {name})
    for name in SERVICES:
        house.hooks.answer(hookspecs.demo, desk, only=name)


def first_records(registry: Registry, desk: Desk) -> Ids:
    """The first record of each table that a service has a screen over: its sample makes one."""
    screens = [s for name in SERVICES for s in registry.plugins[name].manifest.screens]
    found: Ids = {}
    for model in {each.model for each in screens}:
        first = desk.session.scalar(select(model.id).order_by(model.id).limit(1))
        assert first is not None, f"let the sample of {model.package} make a {model.__name__}"
        found[model] = first
    for each in (screen for screen in screens if screen.apart):
        first = desk.session.scalar(select(each.model.id).where(*each.holds(desk)).limit(1))
        assert first is not None, f"let the sample of {each.package} make one for {each.word}"
        found[each] = first
    return found


@pytest.mark.parametrize("name", SERVICES)
def test_where_it_is_off_no_address_of_it_answers(
    browser: Browser, house: House, both: list[Ids], name: str
) -> None:
    paths = list(addresses(house.registry.plugins[name].manifest, OFF, both[1]))

    assert len(paths) > 20
    assert leaks(browser.client, OFF, paths) == []


@pytest.mark.parametrize("name", SERVICES)
def test_where_it_is_on_the_same_addresses_are_there(
    browser: Browser, house: House, both: list[Ids], name: str
) -> None:
    paths = addresses(house.registry.plugins[name].manifest, ON, both[0])

    missing = [path for path in paths if browser.client.get(path).status_code == 404]

    assert missing == []


def test_whatever_a_manifest_may_bring_is_walked() -> None:
    assert {each.name for each in fields(Manifest)} - {"_"} == WALKED | PLAIN


def test_a_new_page_would_be_walked(house: House, both: list[Ids]) -> None:
    @page(_("New"))
    def brand_new(desk: Context) -> Page:  # noqa: ARG001 - its name is what counts
        return Page("")

    manifest = house.registry.plugins["bike_hire"].manifest
    longer = replace(manifest, pages=(*manifest.pages, brand_new))

    more = set(addresses(longer, OFF, both[1])) - set(addresses(manifest, OFF, both[1]))

    assert more == {f"/{OFF}/desk/bike_hire/brand_new"}


class Forgetful(Catalogue):
    """A catalogue that forgets to ask whether a service is on."""

    def package(self, desk: Context, name: str) -> Plugin | None:  # noqa: ARG002 - it forgets
        return self.registry.plugins.get(name)


def test_the_walk_finds_a_leak(house: House, both: list[Ids]) -> None:
    renderer, menu = house.renderer, house.drawing.own_menu
    house.drawing = Drawing(Forgetful(house.registry), renderer, menu)
    manifest = house.registry.plugins["bike_hire"].manifest

    with TestClient(create_app(house)) as client:
        client.post("/sign-in", data={"login": "magda", "password": PASSWORD})
        found = leaks(client, OFF, list(addresses(manifest, OFF, both[1])))

    assert f"/{OFF}/desk/bike_hire/bike" in found
    assert f"/{OFF}/desk/bike_hire/timeline" in found
    assert f"/api/v1/{OFF}/bike_hire/bike/{both[1][Bike]}" in found


@pytest.mark.usefixtures("both")
@pytest.mark.parametrize(
    "path",
    ["", "/residents/resident", "/residents/resident/{resident}", "/bookings/lines",
     "/desk/card?resident={resident}", "/find?q=V01", "/find?q=Kern"],
)  # fmt: skip
def test_no_page_where_it_is_off_has_a_trace_of_it(browser: Browser, at: At, path: str) -> None:
    with at(2, write=False) as desk:
        resident = desk.session.scalars(
            select(Resident.id).where(Resident.card_code == "C-1")
        ).one()

    page_off = browser.opens(f"/{OFF}/desk{path}".format(resident=resident))

    assert [each for each in SERVICES if each in page_off] == []
    assert "Bike" not in words_of(page_off)


@pytest.mark.usefixtures("both")
def test_the_scan_of_its_tag_is_answered_only_where_it_is_on(browser: Browser) -> None:
    here, there = (
        browser.client.get(f"/{slug}/desk/find?q=V01", follow_redirects=False) for slug in (ON, OFF)
    )

    assert "bike_hire" in here.headers.get("location", here.text)
    assert "bike_hire" not in there.headers.get("location", there.text)


@pytest.mark.usefixtures("both")
def test_the_api_leads_to_no_record_of_it(browser: Browser) -> None:
    listed = browser.asks(f"/api/v1/{OFF}/bookings/things")

    assert "bike_hire/" not in str(listed)


LOUD = """
from palier import hookspecs
from palier.api import Manifest, _
manifest = Manifest(name="toy_loud", label=_("Loud"), summary=_("Loud"), icon="tool")
heard = []
"""
ANSWER = """
@hookspecs.{name}
def answer_{name}({arguments}):
    heard.append("{name}")
    return ()
"""


@pytest.fixture
def loud(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Registry]:
    """A service that answers every hook there is, and notes that it was asked."""
    monkeypatch.syspath_prepend(tmp_path)
    folder = tmp_path / "palier_toy_loud"
    folder.mkdir()
    (folder / "__init__.py").write_text('"""A toy."""\n')
    answers = (
        ANSWER.format(name=each.name, arguments=", ".join(each.arguments)) for each in hookspecs.ALL
    )
    (folder / "plugin.py").write_text(LOUD + "".join(answers))
    yield discover([EntryPoint("toy_loud", "palier_toy_loud.plugin", GROUP)])
    for each in [each for each in sys.modules if each.startswith("palier_toy_")]:
        del sys.modules[each]


@pytest.mark.parametrize("hook", hookspecs.ALL, ids=lambda hook: hook.name)
@pytest.mark.parametrize(("plugins", "times"), [((), 0), (("toy_loud",), 1)], ids=["off", "on"])
def test_a_hook_is_asked_only_where_the_service_is_on(
    loud: Registry, at: At, hook: Any, plugins: tuple[str, ...], times: int
) -> None:
    about = [None for _each in hook.arguments[1:]]
    with at(2, write=False) as desk:
        desk.site = place(2, plugins=frozenset(plugins))
        Hooks(loud).answer(hook, desk, *about, only="toy_loud")

    heard: list[str] = loud.plugins["toy_loud"].module.heard  # type: ignore[union-attr]  # imported
    assert heard == [hook.name] * times


@pytest.mark.usefixtures("both")
def test_a_switch_is_seen_without_a_new_start(browser: Browser, house: House, at: At) -> None:
    browser.opens(f"/{OFF}/desk/bike_hire/bike", status=404)
    with at(2) as desk:
        enable(desk, house.hooks, plan_enable(house.registry, frozenset(), "bike_hire"))

    page_on = browser.opens(f"/{OFF}/desk/bike_hire/bike")

    assert "V01" in page_on
