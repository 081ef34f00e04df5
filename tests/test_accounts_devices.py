"""A browser opened for the day: until when, how it locks and closes, who may open it."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from litestar.testing import TestClient
from sqlalchemy import func, select, update

from palier.accounts.devices import device_of
from palier.accounts.models import SignIn, Terminal
from palier.app import create_app
from palier.house import House
from palier.site_settings import SiteSetting
from palier.sites.models import Site
from palier.testing.caretaker import Browser, words_of
from palier.testing.clock import Clock
from palier.testing.device import (
    DESK,
    ILYES,
    MAGDAS,
    OPEN,
    SIGN_IN,
    add_colleague,
    locks,
    me,
    open_for_the_day,
    types,
)
from palier.testing.plugin import NOW, At
from palier.trail import ActRow


@pytest.fixture(autouse=True)
def clock(house: House) -> Clock:
    made = Clock(NOW)
    house.clock = made
    return made


@pytest.fixture(autouse=True)
def people(at: At) -> None:
    """Magda and Ilyes have codes."""
    add_colleague(at)


@pytest.fixture
def opened(browser: Browser) -> Browser:
    """Magda's browser, opened for the day at Ampère."""
    return open_for_the_day(browser)


@pytest.fixture
def other(house: House) -> Iterator[TestClient[Any]]:
    """Another browser that nobody has signed in."""
    with TestClient(create_app(house)) as made:
        made.headers["accept-language"] = "en"
        yield made


def token_of(client: TestClient[Any]) -> str:
    return client.cookies["palier_session"]


def test_opened_with_a_password_it_stays_open_until_midnight(opened: Browser, at: At) -> None:
    page = opened.opens(DESK)

    assert "Magda K.: change of person" in page
    assert "Open this browser for the day" not in page
    with at(write=False) as desk:
        device = desk.session.scalars(select(Terminal)).one()
        row = desk.session.scalars(select(ActRow).where(ActRow.name.like("accounts.%"))).one()
        session = desk.session.scalars(select(SignIn)).one()
        assert (device.name, device.opened_by.name) == ("Comptoir", "Magda K.")
        assert device.open_until == datetime(2026, 10, 6, 22, tzinfo=UTC)
        assert (row.name, row.who, row.subject_id) == ("accounts.open_device", "MK", device.id)
        assert (session.terminal_id, session.by_code, session.locks_after) == (device.id, False, 5)


@pytest.mark.parametrize(
    ("opened_at", "just_before", "midnight"),
    [
        ("2026-10-06T07:05", "2026-10-06T21:59:59", "2026-10-06T22:00"),
        ("2026-10-25T00:30", "2026-10-25T22:59:59", "2026-10-25T23:00"),  # a day of 25 hours
        ("2026-03-29T00:30", "2026-03-29T21:59:59", "2026-03-29T22:00"),  # and one of 23
    ],
)
def test_at_the_sites_midnight_it_is_over(
    clock: Clock, client: TestClient[Any], house: House,
    opened_at: str, just_before: str, midnight: str,
) -> None:  # fmt: skip
    clock.now = datetime.fromisoformat(opened_at).replace(tzinfo=UTC)
    client.headers["accept-language"] = "en"
    client.post("/sign-in", data=SIGN_IN)
    browser = Browser(client)
    browser.sends(OPEN, name="Comptoir")
    cookie = client.cookies["palier_device"]

    clock.now = datetime.fromisoformat(just_before).replace(tzinfo=UTC)
    still = types(browser, ILYES)
    token = token_of(client)
    clock.now = datetime.fromisoformat(midnight).replace(tzinfo=UTC)

    assert still.status_code == 200
    assert device_of(house.database, cookie, clock.now) is None
    assert client.get("/api/v1/ampere/me").status_code == 401
    answer = client.get("/desk-code?next=/ampere/desk", follow_redirects=False)
    assert answer.headers["location"] == "/sign-in?next=/ampere/desk"
    with house.database.read() as session:
        ended = session.scalars(select(SignIn).order_by(SignIn.id.desc())).first()
    assert ended is not None
    assert (ended.expires_at, bool(token)) == (clock.now, True)


def test_left_alone_it_locks_by_itself(opened: Browser, clock: Clock) -> None:
    clock.now = NOW + timedelta(minutes=5)
    still = opened.client.get(DESK)
    clock.now += timedelta(minutes=7)

    answer = opened.client.get(DESK)

    assert still.url.path == DESK
    assert answer.url.path == "/desk-code"
    assert "Magda" not in answer.text


def test_a_page_that_asks_by_itself_keeps_nobody_awake(opened: Browser, clock: Clock) -> None:
    for minutes in (3, 6):
        clock.now = NOW + timedelta(minutes=minutes)
        assert opened.client.get(DESK, headers={"palier-live": "1"}).url.path == DESK
    clock.now = NOW + timedelta(minutes=7)

    assert opened.client.get(DESK).url.path == "/desk-code"


def test_a_manager_says_after_how_many_minutes(opened: Browser, clock: Clock, at: At) -> None:
    opened.sends(f"{DESK}/accounts/do/change_settings", locks_after="0", valid_from="2026-10-06")
    opened.sends(f"{DESK}/accounts/do/change_settings", locks_after="60", valid_from="2026-10-06")
    clock.now = NOW + timedelta(minutes=59)
    still = opened.client.get(DESK)
    types(opened, ILYES)

    assert still.url.path == DESK
    assert 'data-lock-after="60"' in opened.opens(DESK)
    with at(write=False) as desk:
        row = desk.session.scalars(select(SiteSetting)).one()
        assert (row.key, row.value, row.valid_from) == ("locks_after", 60, date(2026, 10, 6))


def test_signing_out_closes_the_device(opened: Browser, at: At) -> None:
    cookie = opened.client.cookies["palier_device"]
    types(opened, ILYES)

    opened.client.post("/sign-out", data={"csrf": me(opened)["csrf"]})
    opened.client.cookies.set("palier_device", cookie)

    answer = opened.client.get("/desk-code", follow_redirects=False)
    assert answer.headers["location"] == "/sign-in"
    with at(write=False) as desk:
        device = desk.session.scalars(select(Terminal)).one()
        assert (device.token_hash, device.open_until) == (None, NOW)
        assert desk.session.scalar(select(func.count(SignIn.id))) == 0


def test_a_manager_closes_a_lost_laptop_from_elsewhere(
    opened: Browser, other: TestClient[Any]
) -> None:
    other.post("/sign-in", data=SIGN_IN)
    manager = Browser(other)
    types(opened, ILYES)

    listed = words_of(manager.opens(f"{DESK}/accounts/devices"))
    manager.sends(f"{DESK}/accounts/devices/1/close_device")

    assert "Comptoir" in listed
    assert (
        opened.client.get(DESK, follow_redirects=False).headers["location"].startswith("/sign-in")
    )
    assert 'name="password"' in types(opened, ILYES).text
    assert "close_device" not in manager.opens(f"{DESK}/accounts/devices/1")


def test_a_device_is_renamed(opened: Browser) -> None:
    opened.sends(f"{DESK}/accounts/devices/1/edit", name="Grand comptoir")
    locks(opened)

    assert "Device: Grand comptoir." in words_of(opened.client.get("/desk-code").text)


def test_a_name_that_is_open_elsewhere_is_refused(
    opened: Browser, other: TestClient[Any], clock: Clock
) -> None:
    other.post("/sign-in", data=SIGN_IN)
    browser = Browser(other)

    refused = browser.sends(OPEN, status=422, name="Comptoir")
    clock.now = NOW + timedelta(days=1)
    other.post("/sign-in", data=SIGN_IN)
    browser.sends(OPEN, name="Comptoir")

    said = "Comptoir is already open in another browser today. Choose another name."
    assert said in words_of(refused)
    assert me(browser)["name"] == "Magda K."
    assert opened.client.get("/desk-code", follow_redirects=False).status_code == 303


def test_a_code_opens_no_other_device(opened: Browser, house: House) -> None:
    types(opened, MAGDAS)

    answer = opened.client.get(OPEN)
    page = opened.opens(DESK)
    refused = opened.sends(OPEN, status=422, name="Bureau")

    assert answer.status_code == 200
    assert "open_device" not in page
    assert "Only someone who signed in with a password opens a device." in words_of(refused)
    with house.database.read(1) as session:
        assert session.scalar(select(func.count(Terminal.id))) == 1


def test_the_zone_is_the_sites_own(house: House, clock: Clock, browser: Browser) -> None:
    with house.database.write() as session:
        session.execute(update(Site).where(Site.id == 1).values(timezone="Indian/Reunion"))

    browser.sends(OPEN, name="Comptoir")

    with house.database.read(1) as session:
        until = session.scalars(select(Terminal.open_until)).one()
    assert until.astimezone(ZoneInfo("Indian/Reunion")).hour == 0
    assert until > clock.now
