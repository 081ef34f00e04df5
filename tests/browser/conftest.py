"""A small Ampère, made as `palier demo` makes it, served to a real browser."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page, expect

from palier.demo.arranging import OPENS_WITH
from palier.demo.seeding import Size, seed
from palier.house import House
from palier.installing import bring_up
from palier.settings import Settings
from palier.testing.clock import Clock
from palier.testing.databases import postgresql_database
from palier.testing.windows import PATIENCE, Served, chromium, served

expect.set_options(timeout=PATIENCE)  # what a busy machine draws late is no fault
SMALL = Size(households=30, residents=75, days=10)
TUESDAY = datetime(2026, 10, 6, 9, 5, tzinfo=ZoneInfo("Europe/Paris"))
EARLY = TUESDAY.replace(hour=8, minute=45)


def settings_in(folder: Path, owner: str = "", app: str = "") -> Settings:
    url = f"sqlite:///{folder / 'palier.sqlite3'}"
    secret, closings = b"only-for-tests", folder / "closings"
    return Settings(folder, app or url, owner or url, secret, closings, folder / "access.jsonl")


@contextmanager
def opened(settings: Settings, clock: Clock) -> Iterator[House]:
    house = replace(House.open(settings), clock=clock)
    try:
        yield house
    finally:
        house.database.close()


def fill(settings: Settings, now: datetime = TUESDAY) -> None:
    bring_up(settings)
    with opened(settings, Clock(now)) as house:
        seed(house, SMALL)


@pytest.fixture(scope="session")
def _filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("filled")
    fill(settings_in(folder))
    return folder


@pytest.fixture(scope="session")
def browser_window() -> Iterator[Browser]:
    """The machine's Chromium, one for each worker."""
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def ampere(_filled: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Ampère and Cathédrale on SQLite, served: it is Tuesday, five past nine."""
    folder = tmp_path_factory.mktemp("ampere")
    shutil.copytree(_filled, folder, dirs_exist_ok=True)
    clock = Clock(TUESDAY)
    with opened(settings_in(folder), clock) as house, served(house, clock) as at:
        yield at


@contextmanager
def settings_on(kind: str, folder: Path) -> Iterator[Settings]:
    if kind == "sqlite":
        yield settings_in(folder)
        return
    with postgresql_database() as (owner, app):
        yield settings_in(folder, owner, app)


@pytest.fixture(params=["sqlite", "postgresql"])
def ampere_before_opening(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Served]:
    """Ampère on Tuesday at a quarter to nine: the desk is closed, its till is not counted."""
    clock = Clock(EARLY)
    with settings_on(request.param, tmp_path) as settings:
        fill(settings, EARLY)
        with opened(settings, clock) as house, served(house, clock) as at:
            yield at


@pytest.fixture(scope="module")
def ampere_on_postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The same on PostgreSQL."""
    folder, clock = tmp_path_factory.mktemp("ampere"), Clock(TUESDAY)
    with settings_on("postgresql", folder) as settings:
        fill(settings)
        with opened(settings, clock) as house, served(house, clock) as at:
            yield at


@contextmanager
def _page_of(ampere: Served, browser: Browser, login: str) -> Iterator[Page]:
    ampere.said.clear()
    with ampere.window(browser) as context:
        ampere.let_in(context, login, OPENS_WITH)
        yield context.new_page()
    assert ampere.said == []


@pytest.fixture
def magda(ampere: Served, browser_window: Browser) -> Iterator[Page]:
    """Magda's window: she is a caretaker at Ampère and knows the brake test."""
    with _page_of(ampere, browser_window, "magda") as page:
        yield page


@pytest.fixture
def sonia(ampere: Served, browser_window: Browser) -> Iterator[Page]:
    """Sonia's window: she manages both neighbourhoods."""
    with _page_of(ampere, browser_window, "sonia") as page:
        yield page
