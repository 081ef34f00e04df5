"""Where the checks look at a plugin: its files, its models, and two sites filled by its demo."""

import re
import shutil
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from litestar.testing import TestClient
from sqlalchemy import Table, func, select, update

import palier
from palier import hookspecs
from palier.accounts.models import Account, StaffSkill
from palier.accounts.passwords import hash_password
from palier.app import create_app
from palier.db.engine import Database
from palier.db.migrations import owner_of
from palier.db.records import Base, SiteRecord
from palier.demo.arranging import move_in
from palier.demo.people import named_people
from palier.desk.counter import Desk
from palier.house import House
from palier.plugins import Plugin, Registry, discover
from palier.screens.declared import Screen
from palier.settings import Settings
from palier.sites.models import Site, SiteKind
from palier.sites.switching import UnknownService, disable, enable, plan_disable, plan_enable
from palier.testing.caretaker import PASSWORD, Browser
from palier.testing.clock import Clock
from palier.testing.contract.outcome import Failing, NotChecked
from palier.testing.databases import open_database
from palier.testing.plugin import MAGDA, NOW, SECRET, make_tables, seed_sites

ON, OFF = "ampere", "cathedrale"
SITES = {ON: 1, OFF: 2}
FILE = "palier.sqlite3"
# The repository that the core's own tests and plugins are in, where there is one.
TREE = Path(palier.__file__).parents[2]


@dataclass
class Filled:
    """Two sites with people: the plugin is on at Ampère, and was on at Cathédrale."""

    house: House
    clock: Clock
    name: str

    @contextmanager
    def desk(self, slug: str = ON, *, write: bool = False) -> Iterator[Desk]:
        """Open a desk at one of the sites."""
        with self.house.at(slug, "palier plugin check", actor=MAGDA, write=write) as desk:
            yield desk

    @contextmanager
    def browser(self) -> Iterator[Browser]:
        """Open Magda's browser; she manages both sites."""
        with TestClient(create_app(self.house), raise_server_exceptions=False) as client:
            client.post("/sign-in", data={"login": "magda", "password": PASSWORD})
            yield Browser(client)

    def switch_on(self, slug: str) -> None:
        """Switch the plugin on, and what it needs before."""
        with self.desk(slug, write=True) as desk:
            plan = plan_enable(self.house.registry, desk.site.plugins, self.name)
            enable(desk, self.house.hooks, plan)

    def switch_off(self, slug: str) -> None:
        """Switch the plugin off."""
        with self.desk(slug, write=True) as desk:
            disable(desk, plan_disable(self.house.registry, desk.site.plugins, self.name))

    def demonstrate(self, slug: str) -> None:
        """Ask for its demonstration."""
        with self.desk(slug, write=True) as desk:
            self.house.hooks.answer(hookspecs.demo, desk, only=self.name)

    def speaks(self, locale: str) -> None:
        """Let Magda read this language."""
        with self.house.database.write() as session:
            session.execute(update(Account).values(locale=locale))


@dataclass
class Stage:
    """A plugin that is installed, and a folder for what the checks write."""

    name: str
    folder_of_checks: Path
    registry: Registry = field(default_factory=discover)
    _broken: Exception | None = None

    def __post_init__(self) -> None:
        """Raise `UnknownService` for what is not installed."""
        found = self.registry.plugins.get(self.name)
        if found is None or found.is_core:
            raise UnknownService(name=self.name)

    @property
    def plugin(self) -> Plugin:
        """The plugin itself."""
        return self.registry.plugins[self.name]

    @property
    def folder(self) -> Path:
        """Its package's folder. Raises `NotChecked` where it can't be imported."""
        found = self.plugin.folder
        if found is None:
            msg = "It can't be imported; the line of its manifest says why."
            raise NotChecked(msg)
        return found

    @property
    def project(self) -> Path | None:
        """The folder with its pyproject.toml; None where it was installed from a wheel."""
        found = self.folder.parent
        return found if (found / "pyproject.toml").exists() else None

    @property
    def is_ours(self) -> bool:
        """Whether it lies in the core's own tree: then its tests may look inside the core."""
        return TREE / "plugins" in self.folder.parents

    def sources(self) -> list[Path]:
        """Return its Python files, those of its tests too."""
        found = sorted(self.folder.rglob("*.py"))
        return (
            found if self.project is None else [*found, *sorted(self.project.glob("tests/**/*.py"))]
        )

    def shown(self, path: Path) -> str:
        """Return a file's place as people look for it."""
        return path.relative_to(self.folder.parent).as_posix()

    def dependencies(self) -> frozenset[str]:
        """Return the distributions that its pyproject.toml names."""
        if self.project is None:
            return frozenset()
        told = tomllib.loads((self.project / "pyproject.toml").read_text("utf-8"))
        names = told.get("project", {}).get("dependencies", [])
        return frozenset(re.split(r"[^A-Za-z0-9._-]", each)[0].lower() for each in names)

    def others(self) -> list[Plugin]:
        """Return the packages that work beside it, the core's areas too."""
        return [each for each in self.registry.working() if each.name != self.name]

    def all_models(self) -> list[type[Any]]:
        """Return every class of its own that has a table."""
        mapped = (mapper.class_ for mapper in Base.registry.mappers)
        found = (each for each in mapped if owner_of(each) == self.name)
        return sorted(found, key=lambda each: str(each.__tablename__))

    def models(self) -> list[type[SiteRecord]]:
        """Return its records."""
        return [each for each in self.all_models() if issubclass(each, SiteRecord)]

    def tables(self) -> list[Table]:
        """Return its tables, those that others refer to first."""
        own = {each.__tablename__ for each in self.all_models()}
        return [each for each in Base.metadata.sorted_tables if each.name in own]

    # two sites, filled once, copied for each check

    @contextmanager
    def filled(self) -> Iterator[Filled]:
        """Open a copy of the two sites. Raises `NotChecked` when they could not be filled."""
        folder = self.folder_of_checks / "copy"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self._template, folder)
        with self._opened(folder) as filled:
            yield filled

    @cached_property
    def _template(self) -> Path:
        if not self.plugin.works:
            msg = "It is set aside; the line of its manifest says why."
            raise NotChecked(msg)
        if self._broken is not None:
            msg = "Its demonstration did not get through; that line says why."
            raise NotChecked(msg) from self._broken
        folder = self.folder_of_checks / "filled"
        folder.mkdir()
        try:
            self._fill(folder)
        except Exception as error:  # whatever a plugin does, the other lines are said
            self._broken = error
            shutil.rmtree(folder)
            do = "Two sites could not be filled by switching it on and asking for its demo: mend that."
            raise Failing(do, [f"{type(error).__name__}: {error}"]) from error
        return folder

    def _fill(self, folder: Path) -> None:
        make_tables(_url(folder))
        database = open_database(_url(folder))
        seed_sites(database)
        with database.write() as session:
            session.execute(update(Site).values(kind=SiteKind.DEMO))
            session.execute(update(Account).values(password_hash=hash_password(PASSWORD)))
        database.close()
        with self._opened(folder) as filled:
            for slug in SITES:
                move_in(filled.house, slug, named_people(NOW.year), set(), NOW)
                filled.switch_on(slug)
                _teach(filled, slug)
                filled.demonstrate(slug)
            filled.switch_off(OFF)

    @contextmanager
    def _opened(self, folder: Path) -> Iterator[Filled]:
        settings = Settings(
            folder, _url(folder), _url(folder), SECRET, folder / "closings", folder / "access.jsonl"
        )
        clock = Clock(NOW)
        house = House(settings, Database(_url(folder), threads=4), self.registry, clock)
        try:
            yield Filled(house, clock, self.name)
        finally:
            house.database.close()


def _url(folder: Path) -> str:
    return f"sqlite:///{folder / FILE}"


def _teach(filled: Filled, slug: str) -> None:
    """Let Magda know what the plugin's acts need."""
    with filled.desk(slug, write=True) as desk:
        for skill in filled.house.registry.plugins[filled.name].manifest.skills:
            desk.session.add(StaffSkill(staff_id=SITES[slug], skill=skill.name))


def first_ids(desk: Desk) -> dict[type[SiteRecord], int]:
    """Return a record's number of each class that has one at the desk's site."""
    found = {}
    for mapper in Base.registry.mappers:
        if issubclass(mapper.class_, SiteRecord):
            least = desk.session.scalar(select(func.min(mapper.class_.id)))
            if least is not None:
                found[mapper.class_] = int(least)
    return found


def rows_of(desk: Desk, screen: Screen[Any]) -> int:
    """Return how many records a screen has at the desk's site."""
    query = select(func.count(screen.model.id)).where(*screen.holds(desk))
    return int(desk.session.scalar(query) or 0)


def core_folder() -> Path:
    """Return the core's own package."""
    return Path(palier.__file__).parent
