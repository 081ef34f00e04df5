"""A service is archived and purged: what stands in the way is said, what the core wrote stays."""

import hashlib
import json
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path

import pytest
from sqlalchemy import func, inspect, select

from palier.api import Minutes
from palier.backup.archive import FileThere, opened_archive
from palier.bookings.models import Bookable, BookingLine, ThingState
from palier.db.engine import Database
from palier.db.migrations import owner_connection
from palier.house import House
from palier.installing import bring_up
from palier.plugins import GROUP, discover
from palier.receipts.models import Charge, Price
from palier.residents.models import Household, Resident
from palier.retiring.archiving import CannotKeep, archive
from palier.retiring.planning import InTheWay, plan_archive, plan_purge
from palier.retiring.purging import IssuedStays, purge, purge_site
from palier.settings import Settings
from palier.sites.models import SitePlugin
from palier.sites.switching import (
    ServiceInTrouble,
    disable,
    enable,
    plan_disable,
    plan_enable,
)
from palier.testing.databases import postgresql_database
from palier.testing.plugin import NOW, SECRET, seed_sites
from palier.trail import ActRow
from palier_bike_hire.fleet import BIKES, KINDS, lend_one, make_fleet
from palier_skills_exchange.actions import exchange
from palier_skills_exchange.models import Category, Kind

SERVICE, EXCHANGE = "bike_hire", "skills_exchange"
PRICES = sum(len(each.prices) for each in KINDS.values())
ROWS = len(BIKES) + 2 * len(KINDS)  # each kind says when its things are due
NEEDY = """
from palier.api import Manifest, _
manifest = Manifest(
    name="toy_needy", label=_("Toy"), summary=_("Toy"), icon="tool", needs=("bike_hire",)
)
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def installed(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    """An installation of its own, which a purge may leave without tables; a loan at Ampère."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'palier.sqlite3'}"
        with Installed(tmp_path, url, url) as house:
            yield house
    else:
        with postgresql_database() as (owner, app), Installed(tmp_path, owner, app) as house:
            yield house


class Installed:
    def __init__(self, folder: Path, owner: str, app: str) -> None:
        closings, log = folder / "closings", folder / "access.jsonl"
        self.settings = Settings(folder, app, owner, SECRET, closings, log)

    def __enter__(self) -> House:
        bring_up(self.settings)
        database = Database(self.settings.database_url, threads=4)
        seed_sites(database)
        self.house = House(self.settings, database, discover(), clock=lambda: NOW)
        for slug in ("ampere", "cathedrale"):
            switches_on(self.house, slug, SERVICE)
            with self.house.at(slug, "test") as desk:
                make_fleet(desk)
        return self.house

    def __exit__(self, *_error: object) -> None:
        self.house.database.close()


def lends(house: House) -> None:
    with house.at("ampere", "test") as desk:
        home = desk.add(Household(code="F-1"))
        desk.add(Resident(given_name="Rose", family_name="Kern", card_code="C-1", household=home))
        lend_one(desk)


def switches_on(house: House, slug: str, name: str) -> None:
    with house.at(slug, "test") as desk:
        enable(desk, house.hooks, plan_enable(house.registry, desk.site.plugins, name))


def switches_off(house: House, *slugs: str, name: str = SERVICE) -> None:
    for slug in slugs:
        with house.at(slug, "test") as desk:
            disable(desk, plan_disable(house.registry, desk.site.plugins, name))


def traces(house: House, name: str) -> list[int]:
    """Return how many rows each trace of that name speaks of, at Ampère."""
    with house.at("ampere", "test", write=False) as desk:
        query = select(ActRow.quantity).where(ActRow.name == name)
        return list(desk.session.scalars(query))


def counted(house: House, slug: str, model: type) -> int:
    with house.at(slug, "test", write=False) as desk:
        return desk.session.scalar(select(func.count()).select_from(model)) or 0


def test_a_plan_says_rows_and_what_is_in_the_way_and_changes_nothing(installed: House) -> None:
    lends(installed)

    plan = plan_purge(installed, SERVICE, "ampere")

    rows = {each.table: each.rows for each in plan.rows}
    assert (rows["bike_hire_bike"], rows["bike_hire_loan"]) == (len(BIKES), 1)
    assert [str(each) for each in plan.why_not] == [
        "It is on at Ampère: switch it off there first.",
        "At Ampère, charges of it still to be paid: 1.",
        "At Ampère, deposits of it still in the box: 1.",
        "At Ampère, things of it out or booked: 1.",
    ]
    with pytest.raises(InTheWay, match="charges of it still to be paid: 1"):
        purge_site(installed, plan, backup=None)
    assert counted(installed, "ampere", Bookable) == len(BIKES)


def test_an_archive_is_read_without_palier(installed: House, tmp_path: Path) -> None:
    switches_off(installed, "ampere")
    file = tmp_path / "bikes.zip"

    archive(installed, plan_archive(installed, SERVICE, "ampere"), file)

    with zipfile.ZipFile(file) as opened:
        told = json.loads(opened.read("manifest.json"))
        lines = opened.read("tables/bike_hire_kind.jsonl")
        bikes = [json.loads(each) for each in opened.read("tables/resource.jsonl").splitlines()]
    assert told["tables"]["bike_hire_kind"] == {
        "rows": len(KINDS),
        "sha256": hashlib.sha256(lines).hexdigest(),
    }
    assert {json.loads(each)["deposit"] for each in lines.splitlines()} == {
        3000,
        5000,
        15000,
        30000,
    }
    assert "V01" in {each["code"] for each in bikes}
    assert told["sites"].keys() == {"ampere"}
    with installed.at("ampere", "test", write=False) as desk:
        assert desk.session.scalars(select(SitePlugin.state)).all() == ["archived"]
    with pytest.raises(FileThere):
        archive(installed, plan_archive(installed, SERVICE, "ampere"), file)


def test_it_is_archived_only_where_it_is_off(installed: House, tmp_path: Path) -> None:
    switches_off(installed, "ampere")

    with pytest.raises(InTheWay, match="It is on at Cathédrale"):
        archive(installed, plan_archive(installed, SERVICE), tmp_path / "all.zip")

    assert not (tmp_path / "all.zip").exists()


def test_a_purge_at_one_site_takes_nothing_from_another(installed: House) -> None:
    switches_off(installed, "ampere")

    gone = purge_site(installed, plan_purge(installed, SERVICE, "ampere"), backup=None)

    assert gone == ROWS
    assert {each.rows for each in plan_purge(installed, SERVICE, "ampere").rows} == set()
    assert sum(e.rows for e in plan_purge(installed, SERVICE, "cathedrale").rows) == ROWS
    assert (counted(installed, "ampere", Price), counted(installed, "cathedrale", Price)) == (
        0,
        PRICES,
    )
    with installed.at("ampere", "test", write=False) as desk:
        things = desk.session.scalars(select(Bookable)).all()
        assert {(type(each), each.state) for each in things} == {(Bookable, ThingState.GONE)}
        assert {each.code.partition("~")[0] for each in things} >= {"V01", "A01"}
        assert desk.session.scalars(select(SitePlugin.name)).all() == []
    assert traces(installed, f"{SERVICE}.purged") == [ROWS]


def test_everything_is_saved_before_it_goes(installed: House, tmp_path: Path) -> None:
    switches_off(installed, "ampere")
    file = tmp_path / "before.zip"

    purge_site(installed, plan_purge(installed, SERVICE, "ampere"), backup=file)

    with opened_archive(file) as saved:
        assert saved.told.tables["bike_hire_bike"].rows == 2 * len(BIKES)
    assert file.stat().st_mode & 0o077 == 0
    assert counted(installed, "ampere", Price) == 0


@pytest.mark.parametrize(
    ("where", "why"), [("there.zip", FileThere), ("nowhere/before.zip/x.zip", CannotKeep)]
)
def test_what_can_not_be_saved_stays(
    installed: House, tmp_path: Path, where: str, why: type[Exception]
) -> None:
    switches_off(installed, "ampere")
    (tmp_path / "there.zip").write_bytes(b"mine")
    (tmp_path / "nowhere").mkdir()
    (tmp_path / "nowhere" / "before.zip").write_bytes(b"")

    with pytest.raises(why):
        purge_site(installed, plan_purge(installed, SERVICE, "ampere"), backup=tmp_path / where)

    assert counted(installed, "ampere", Bookable) == len(BIKES)
    assert traces(installed, f"{SERVICE}.purged") == []
    assert (tmp_path / "there.zip").read_bytes() == b"mine"


def test_what_happens_between_plan_and_purge_counts(installed: House) -> None:
    switches_off(installed, "ampere")
    plan = plan_purge(installed, SERVICE, "ampere")
    switches_on(installed, "ampere", SERVICE)

    with pytest.raises(InTheWay, match="It is on at Ampère"):
        purge_site(installed, plan, backup=None)

    assert counted(installed, "ampere", Bookable) == len(BIKES)


def helps(house: House, kind: Kind) -> None:
    """Let Odile help Rose once at Ampère, then switch the exchange off."""
    switches_on(house, "ampere", EXCHANGE)
    with house.at("ampere", "test") as desk:
        odile, rose = (
            desk.add(Resident(given_name=each, family_name="Kern", card_code=f"C-{each}"))
            for each in ("Odile", "Rose")
        )
        exchange(
            desk, resident=odile, receiver=rose, category=Category.SEWING, kind=kind,
            minutes=Minutes(60), agreed=True,
        )  # fmt: skip
    switches_off(house, "ampere", name=EXCHANGE)


def test_issued_rows_stay_at_a_site_and_nothing_else_goes(installed: House) -> None:
    helps(installed, Kind.GIFT)
    plan = plan_purge(installed, EXCHANGE, "ampere")

    with pytest.raises(IssuedStays):
        purge_site(installed, plan, backup=None)

    assert plan_purge(installed, EXCHANGE, "ampere").rows == plan.rows
    assert traces(installed, f"{EXCHANGE}.purged") == []


def beside(installed: House, folder: Path, name: str, source: str) -> House:
    """Return the house with one more plugin installed."""
    package = folder / f"palier_{name}"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "plugin.py").write_text(source)
    entry = EntryPoint(name, f"{package.name}.plugin", GROUP)
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(folder)
        registry = discover([*entry_points(group=GROUP), entry])
    return replace(installed, registry=registry)


def test_what_can_not_be_read_is_neither_archived_nor_purged(
    installed: House, tmp_path: Path
) -> None:
    house = beside(installed, tmp_path, "toy_ill", "1 / 0")

    for plan in (plan_archive, plan_purge):
        with pytest.raises(ServiceInTrouble, match=r"toy_ill can't be used: .*ZeroDivisionError"):
            plan(house, "toy_ill")


def test_what_another_service_needs_is_not_purged(installed: House, tmp_path: Path) -> None:
    switches_off(installed, "ampere", "cathedrale")
    house = beside(installed, tmp_path, "toy_needy", NEEDY)

    plan = plan_purge(house, SERVICE)

    assert [str(each) for each in plan.why_not] == [
        "The service toy_needy needs it: purge or uninstall that first."
    ]
    with pytest.raises(InTheWay):
        purge(house, plan, backup=None)
    assert counted(installed, "ampere", Bookable) == len(BIKES)


def test_hours_that_are_not_even_are_in_the_way(installed: House) -> None:
    helps(installed, Kind.HOURS)

    plan = plan_purge(installed, EXCHANGE)

    assert [str(each) for each in plan.why_not] == [
        "At Ampère, not ended yet: Hours given and received, 2."
    ]
    with pytest.raises(InTheWay):
        purge(installed, plan, backup=None)


def test_a_purge_everywhere_drops_the_tables_and_keeps_the_books(installed: House) -> None:
    switches_off(installed, "ampere", "cathedrale")

    purge(installed, plan_purge(installed, SERVICE), backup=None)

    with owner_connection(installed.settings.owner_url) as connection:
        names = set(inspect(connection).get_table_names())
    assert [each for each in names if SERVICE in each] == []
    assert counted(installed, "ampere", Charge) == 0
    with installed.at("cathedrale", "test", write=False) as desk:
        things = desk.session.scalars(select(Bookable)).all()
        assert len(things) == len(BIKES)


def test_a_service_that_was_purged_begins_anew(installed: House) -> None:
    switches_off(installed, "ampere", "cathedrale")
    purge(installed, plan_purge(installed, SERVICE), backup=None)

    bring_up(installed.settings)
    switches_on(installed, "ampere", SERVICE)
    with installed.at("ampere", "test") as desk:
        make_fleet(desk)

    assert {e.table: e.rows for e in plan_purge(installed, SERVICE, "ampere").rows} == {
        "bike_hire_bike": len(BIKES),
        "bike_hire_kind": len(KINDS),
        "bike_hire_rhythm": len(KINDS),
    }
    assert counted(installed, "ampere", Price) == PRICES


def test_what_it_was_charged_for_stays_readable(installed: House) -> None:
    lends(installed)
    with installed.at("ampere", "test") as desk:
        line = desk.session.scalars(select(BookingLine)).one()
        charge = desk.session.scalars(select(Charge)).one()
        assert (line.state.value, charge.service) == ("out", SERVICE)
    plan = plan_purge(installed, SERVICE)

    with pytest.raises(InTheWay):
        purge(installed, plan, backup=None)

    assert counted(installed, "ampere", Charge) == 1
