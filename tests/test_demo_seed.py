"""The demonstration, small: what it makes, and that its books are whole."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from palier.accounts.models import Staff
from palier.bookings.models import Bookable, BookingLine, LineState, ThingState
from palier.cli import main
from palier.demo.keeping import MARK, NotADemo, is_of_today, make, settings_of
from palier.demo.people import invent
from palier.demo.places import AMPERE
from palier.demo.roster import open_hours
from palier.demo.scene import Scene, scene
from palier.demo.seeding import Size, seed, tell_nobody
from palier.demo.times import Times
from palier.house import House
from palier.installing import bring_up, examine
from palier.providers.models import Provider
from palier.receipts.checking import verify_site
from palier.receipts.models import (
    Deposit,
    DepositState,
    Fund,
    Journal,
    Ledger,
    LedgerKind,
    Receipt,
    Tab,
)
from palier.residents.memberships import is_member
from palier.residents.models import Household, Membership, Resident
from palier.residents.people import find_people
from palier.rosters.duty import read_week
from palier.settings import Settings
from palier.sites.models import Site, SiteKind
from palier.testing.databases import postgresql_database
from palier.trail import ActRow

SMALL = Size(households=30, residents=75, days=10)
ZONE = ZoneInfo("Europe/Paris")
TUESDAY = datetime(2026, 10, 6, 9, 5, tzinfo=ZONE)


def settings_in(folder: Path, url: str, owner: str) -> Settings:
    return Settings(
        folder, url, owner, b"only-for-tests", folder / "closings", folder / "access.jsonl"
    )


@contextmanager
def seeded(settings: Settings, now: datetime = TUESDAY) -> Iterator[House]:
    """Fill an empty database up to a moment."""
    bring_up(settings)
    house = replace(House.open(settings), clock=lambda: now)
    try:
        seed(house, SMALL)
        yield house
    finally:
        house.database.close()


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def demo_house(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("demo")
    with ExitStack() as stack:
        owner = app = f"sqlite:///{folder / 'palier.sqlite3'}"
        if request.param == "postgresql":
            owner, app = stack.enter_context(postgresql_database())
        yield stack.enter_context(seeded(settings_in(folder, app, owner)))


@pytest.fixture
def ampere(demo_house: House) -> Iterator[Scene]:
    with scene(demo_house, "ampere", TUESDAY) as moment:
        yield moment


def test_so_many_people_live_in_so_many_households(ampere: Scene) -> None:
    session = ampere.desk.session

    people, homes = (session.scalar(select(func.count(each.id))) for each in (Resident, Household))

    assert (people, homes) == (75, 30)


def test_the_same_seed_invents_the_same_people() -> None:
    first, again, other = (invent(30, 75, 2026, each) for each in (1, 1, 2))

    assert first == again
    assert first[:1] != other[:1]
    assert first[10:] != other[10:]


def test_a_caretaker_finds_mrs_kern_who_is_no_member_yet(ampere: Scene) -> None:
    found = find_people(ampere.desk, "kern")

    assert str(found[0]) == "Odile Kern"
    home = found[0].household
    assert home is not None
    assert not is_member(ampere.desk, home, ampere.desk.today)


def test_memberships_were_sold_and_paid_through_acts(ampere: Scene) -> None:
    session = ampere.desk.session

    sold = session.scalar(select(func.count(Membership.id))) or 0
    acts = select(func.count(ActRow.id)).where(ActRow.name == "desk.sell_membership")

    assert sold > 10
    assert session.scalar(acts) == sold


def test_every_receipt_is_proved_by_the_journal(demo_house: House, ampere: Scene) -> None:
    desk = ampere.desk

    (checked,) = verify_site(
        desk.session, desk.signing_key, demo_house.settings.closings / "ampere"
    )

    tickets = desk.session.scalar(select(func.count()).where(Journal.kind == "ticket"))
    assert checked.ok
    assert tickets == desk.session.scalar(select(func.count(Receipt.id)))


def test_days_are_closed_up_to_the_last_one(demo_house: House, ampere: Scene) -> None:
    kept = list((demo_house.settings.closings / "ampere").rglob("*.json*"))

    closings = ampere.desk.session.scalar(select(func.count()).where(Journal.kind == "closing"))

    assert closings == len(kept)
    assert len(kept) > 6


def test_the_boxes_hold_the_deposits_of_what_is_out(ampere: Scene) -> None:
    desk = ampere.desk

    held = desk.total(Deposit.cents, Deposit.state == DepositState.HELD)
    boxes = desk.total(Ledger.balance_cents, Ledger.kind == LedgerKind.DEPOSIT)

    assert held == boxes
    assert held > 0


def test_one_bike_is_late_one_comes_back_today_one_stays_out(ampere: Scene) -> None:
    query = select(BookingLine).where(BookingLine.state == LineState.OUT)

    days = [
        (each.resource.code, (ampere.desk.local(each.ends_at).date() - TUESDAY.date()).days)
        for each in ampere.desk.all(query.order_by(BookingLine.ends_at), BookingLine.resource)
    ]

    assert [code for code, _days in days] == ["V03", "C01", "V02"]
    assert days[0][1] < 0 == days[1][1] < days[2][1]


def test_a_bike_is_booked_for_today_and_others_after(ampere: Scene) -> None:
    query = select(BookingLine).where(BookingLine.state == LineState.BOOKED)

    lines = ampere.desk.all(query.order_by(BookingLine.starts_at), BookingLine.resource)

    first = lines[0]
    assert (first.resource.code, str(first.booking.resident)) == ("V07", "Théo Ritter")
    assert ampere.desk.local(first.starts_at).date() == TUESDAY.date()
    assert len(lines) == 5


def test_bikes_and_a_machine_stand_there_and_two_are_in_repair(ampere: Scene) -> None:
    things = ampere.desk.all(select(Bookable).order_by(Bookable.code))

    blocked = [each.code for each in things if each.state is ThingState.BLOCKED]

    assert len(things) == 12
    assert blocked == ["E02", "V09"]


def test_one_hour_of_this_week_is_covered_by_nobody(ampere: Scene) -> None:
    (gap,) = read_week(ampere.desk, TUESDAY.date()).gaps

    assert gap.ends_at - gap.starts_at == timedelta(hours=1)
    assert ampere.desk.local(gap.ends_at) == TUESDAY.replace(day=7, hour=18, minute=30)


@pytest.mark.parametrize("day", range(7))
def test_some_hour_is_open_in_every_week_whatever_the_day(day: int) -> None:
    today = date(2026, 10, 5) + timedelta(days=day)

    found = open_hours(Times(AMPERE.hours, ZONE), today)

    assert any(each.isocalendar().week == today.isocalendar().week for each in found)


def test_cathedrale_stands_beside_it_without_bikes(demo_house: House) -> None:
    with scene(demo_house, "cathedrale", TUESDAY) as moment:
        services, theme = moment.desk.site.plugins, moment.desk.site.theme
        things = moment.desk.all(select(Bookable))
        staff = [each.name for each in moment.desk.all(select(Staff))]
        listed = moment.desk.all(select(Provider))

    assert "bike_hire" not in services
    assert (theme, things) == ("plain", [])
    assert staff == ["Magda K.", "Sonia R."]
    assert listed


def test_every_service_is_on_at_ampere_but_what_no_demonstration_asks_for(ampere: Scene) -> None:
    asked_for = {each.name: each.manifest.in_demo for each in ampere.registry.services()}

    assert ampere.desk.site.plugins == {name for name, shown in asked_for.items() if shown}
    assert not asked_for["mobility"]


def test_both_sites_are_demonstrations_under_local_law(ampere: Scene) -> None:
    sites = ampere.desk.session.scalars(select(Site).order_by(Site.slug)).all()

    facts = [(each.slug, each.kind, each.department, each.local_law) for each in sites]

    assert facts == [
        ("ampere", SiteKind.DEMO, "67", True),
        ("cathedrale", SiteKind.DEMO, "67", True),
    ]


def test_the_doctor_finds_nothing(demo_house: House) -> None:
    unwell = [each for each in examine(demo_house) if not each.well and each.what != "disk"]

    assert unwell == []


@pytest.mark.parametrize(
    "now",
    [
        pytest.param(datetime(2026, 10, 4, 11, 0, tzinfo=ZONE), id="sunday"),
        pytest.param(datetime(2026, 10, 5, 8, 0, tzinfo=ZONE), id="monday-before-opening"),
        pytest.param(
            datetime(2026, 10, 31, 23, 50, tzinfo=ZONE), id="saturday-night-after-the-clocks"
        ),
        pytest.param(datetime(2027, 1, 2, 10, 0, tzinfo=ZONE), id="new-year"),
    ],
)
def test_it_can_be_made_on_any_day(tmp_path: Path, now: datetime) -> None:
    url = f"sqlite:///{tmp_path / 'palier.sqlite3'}"

    with (
        seeded(settings_in(tmp_path, url, url), now) as house,
        scene(house, "ampere", now) as moment,
    ):
        desk = moment.desk
        checked = verify_site(desk.session, desk.signing_key)
        out = desk.session.scalar(select(func.count()).where(BookingLine.state == LineState.OUT))
        newest = desk.session.scalar(select(func.max(ActRow.at)))

    assert [each.ok for each in checked] == [True]
    assert out == 3
    assert newest is not None
    assert newest <= now


def test_one_of_today_is_kept_and_one_of_another_day_made_anew(tmp_path: Path) -> None:
    settings = settings_of({"PALIER_HOME": str(tmp_path)})

    make(settings, SMALL, tell_nobody, TUESDAY)

    made = settings_of({"PALIER_HOME": str(tmp_path)})
    assert is_of_today(made, TUESDAY + timedelta(hours=3))
    assert not is_of_today(made, TUESDAY + timedelta(days=1))
    make(made, SMALL, tell_nobody, TUESDAY + timedelta(days=1))
    assert is_of_today(made, TUESDAY + timedelta(days=1))


def test_one_that_was_interrupted_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / MARK).write_text('{"made_on": "", "version": ""}', "utf-8")
    (tmp_path / "palier.sqlite3").write_bytes(b"")
    settings = settings_of({"PALIER_HOME": str(tmp_path)})

    whole = is_of_today(settings, TUESDAY)

    assert not whole
    make(settings, SMALL, tell_nobody, TUESDAY)
    assert is_of_today(settings_of({"PALIER_HOME": str(tmp_path)}), TUESDAY)


def test_a_real_installation_is_never_thrown_away(tmp_path: Path) -> None:
    database = tmp_path / "palier.sqlite3"
    database.write_bytes(b"somebody's")
    settings = settings_of({"PALIER_HOME": str(tmp_path)})

    with pytest.raises(NotADemo):
        make(settings, SMALL, tell_nobody, TUESDAY)

    assert database.read_bytes() == b"somebody's"


def test_the_command_reuses_todays_and_says_how_to_sign_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PALIER_HOME", str(tmp_path))
    make(settings_of({"PALIER_HOME": str(tmp_path)}), SMALL, tell_nobody)
    before = (tmp_path / "palier.sqlite3").stat().st_ino

    answer = CliRunner().invoke(main, ["demo", "--no-serve", "--port", "8123"])

    assert answer.exit_code == 0, answer.output
    assert "http://127.0.0.1:8123/ampere/desk" in answer.output
    assert "magda" in answer.output
    assert (tmp_path / "palier.sqlite3").stat().st_ino == before


def test_a_port_that_is_taken_is_refused_before_anything_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PALIER_HOME", str(tmp_path))
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        answer = CliRunner().invoke(main, ["demo", "--port", str(port)])

    assert answer.exit_code == 1
    assert f"Port {port} is taken" in answer.output
    assert list(tmp_path.iterdir()) == []


def test_a_fund_pays_for_one_household_and_another_has_a_tab(ampere: Scene) -> None:
    desk = ampere.desk
    fund = desk.session.scalars(select(Fund)).one()
    tab = desk.session.scalars(select(Tab)).one()

    green = desk.all(select(Household).where(Household.bracket_id.is_not(None)))

    assert fund.label == "Fonds de solidarité"
    assert 0 < fund.balance_cents <= 60000
    assert (len(green), tab.balance_cents) == (1, 335)
