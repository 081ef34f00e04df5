"""A second neighbourhood opens beside the first: nothing is restarted, and Ampère notices nothing."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient
from sqlalchemy import func, select

from palier.app import create_app
from palier.db.records import all_tables
from palier.house import House, now_utc
from palier.settings import load
from palier.sites.models import Site
from palier.testing.caretaker import PASSWORD, Browser, words_of
from palier.testing.clock import Clock
from palier.testing.servers import installation
from palier.testing.terminal import Terminal
from palier.training.twins import twin_slug

NEW = "quartiers-ouest"
TOLD = """
name = "Quartiers Ouest"
address = "3 rue des Saules, 67200 Strasbourg"
operator = "Conciergerie d'essai"
"""
# What is new each time a page is drawn: the keys of its forms.
KEY = re.compile(r'(name="key") value="[\w-]{24}"')


class Network(Terminal):
    """An operator's terminal, and the house that goes on serving meanwhile."""

    house: House
    magda: Browser

    def signed_in(self, client: TestClient[Any], login: str) -> Browser:
        """Sign somebody in."""
        answer = client.post("/sign-in", data={"login": login, "password": PASSWORD})
        assert answer.status_code == 200, answer.text
        return Browser(client)

    def ampere(self) -> dict[str, str]:
        """Return every page that Ampère's menu leads to, and the menu itself."""
        start = self.magda.opens("/ampere/desk")
        found = set(re.findall(r'href="(/ampere/desk[^"#?]*)"', start))
        assert len(found) > 10
        paths = ["/ampere/", "/ampere/desk", *sorted(found)]
        return {path: KEY.sub("", self.magda.opens(path)) for path in paths}

    def jobs(self) -> list[dict[str, Any]]:
        """Return Ampère's jobs."""
        return [each for each in self.asked("jobs", "list") if each["site"] == "ampere"]

    def rows_of(self, slug: str) -> dict[str, int]:
        """Return how many rows each table has of a site."""
        with self.house.database.across_sites("test") as session:
            site = session.scalar(select(Site.id).where(Site.slug == slug))
            tables = [each for each in all_tables() if "site_id" in each.c]
            counts = {
                each.name: session.scalar(
                    select(func.count()).select_from(each).where(each.c.site_id == site)
                )
                for each in tables
            }
        return {name: count for name, count in counts.items() if count}


@pytest.fixture
def network(tmp_path: Path) -> Iterator[Network]:
    """Ampère is open, with bikes; its house serves."""
    with installation("sqlite", tmp_path / "home") as environment:
        network = Network(environment, tmp_path)
        network.done("plugin", "enable", "bike_hire", "--site", "ampere")
        network.house = House.open(load(dict(environment)))
        network.house.clock = Clock(now_utc() + timedelta(days=1))
        with TestClient(create_app(network.house)) as client:
            network.magda = network.signed_in(client, "magda")
            yield network
        network.house.database.close()


def test_a_second_neighbourhood_opens_and_the_first_notices_nothing(network: Network) -> None:
    pages, jobs = network.ampere(), network.jobs()
    is_planned_then_opened(network)
    gets_a_service(network)

    assert_same(network.ampere(), pages)
    assert network.jobs() == jobs

    rehearses_without_a_trace(network)
    assert_same(network.ampere(), pages)


def assert_same(now: dict[str, str], before: dict[str, str]) -> None:
    assert now.keys() == before.keys()
    for path, page in now.items():
        assert page == before[path], path


def is_planned_then_opened(network: Network) -> None:
    (network.place / "ouest.toml").write_text(TOLD, "utf-8")
    wanted = ("site", "new", NEW, "--from", "ouest.toml")
    before = [each["slug"] for each in network.asked("site", "list")]

    plan = network.done(*wanted, "--plan")
    assert "Quartiers Ouest" in plan
    assert [each["slug"] for each in network.asked("site", "list")] == before

    network.done(*wanted)
    assert {each["slug"] for each in network.asked("site", "list")} == {*before, NEW}
    network.done("user", "add", "sonia", "--site", NEW, "--role", "manager", "--password", PASSWORD)


def gets_a_service(network: Network) -> None:
    """Sonia's desk has the relay at once; what is on at Ampère is nothing at all there."""
    wanted = ("plugin", "enable", "postal_relay", "--site", NEW)
    assert network.asked(*wanted, "--plan") == [{"service": "postal_relay", "state": "would be on"}]

    with TestClient(create_app(network.house)) as client:
        sonia = network.signed_in(client, "sonia")
        menu = sonia.opens(f"/{NEW}/desk")
        assert "postal_relay" not in menu
        network.done(*wanted)

        menu = sonia.opens(f"/{NEW}/desk")
        (relay,) = set(re.findall(rf'href="(/{NEW}/desk/postal_relay/item)"', menu)) or {""}
        assert "Quartiers Ouest" in words_of(sonia.opens(relay))
        sonia.opens(f"/{NEW}/desk/bike_hire/bike", status=404)
        sonia.opens("/ampere/desk", status=403)


def rehearses_without_a_trace(network: Network) -> None:
    before = network.rows_of(NEW)
    network.done("site", "train", NEW)
    assert network.rows_of(twin_slug(NEW))["resident"] > 0

    with network.house.database.across_sites("test") as session:
        twin = session.scalar(select(Site.id).where(Site.slug == twin_slug(NEW)))
    network.done("site", "train", NEW, "--remove")

    with network.house.database.across_sites("test") as session:
        left = [
            each.name
            for each in all_tables()
            for column in each.c
            if column.name in {"site_id", "twin_of", "terminal_site_id"}
            and session.scalar(select(func.count()).select_from(each).where(column == twin))
        ]
        assert session.get(Site, twin) is None
    assert left == []
    assert network.rows_of(NEW) == before
