"""A caretaker for a plugin's tests: does acts, scans, reads cards, through the real application."""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from datetime import date, datetime, time
from types import ModuleType
from typing import Any, TypeVar

import pytest
from litestar.testing import TestClient
from sqlalchemy import func, select

from palier import hookspecs
from palier.accounts.models import StaffSkill
from palier.acts import Act
from palier.app import create_app
from palier.asking import Failure
from palier.db.records import SiteRecord
from palier.db.types import Choice, Skill
from palier.desk.counter import Desk
from palier.house import House
from palier.providers.models import Provider
from palier.receipts.actions import cancel_charge, open_fund, pay, put_in
from palier.receipts.models import Charge, ChargeState, Fund, Funder, Price, Priced, Receipt
from palier.receipts.models.owed import ONE
from palier.residents.models import Bracket, Colour, Household, Membership, Resident
from palier.screens.catalogue import Catalogue, Paths
from palier.screens.declared import Screen
from palier.sites.settling import to_settle
from palier.sites.switching import enable, plan_enable
from palier.testing.caretaker import PASSWORD, Browser, words_of
from palier.testing.clock import Clock
from palier.testing.plugin import MAGDA, NOW
from palier.text import Cents, Reader, read_by
from palier.trail import ActRow, perform

R = TypeVar("R", bound=SiteRecord)
SITE = "ampere"
SINCE = date(2026, 1, 1)


class Caretaker:
    """Magda at Ampère, where the plugin is on: what she does goes through the application."""

    def __init__(
        self, browser: Browser, house: House, clock: Clock, plugins: frozenset[str]
    ) -> None:
        self.browser = browser
        self.house = house
        self.clock = clock
        self.plugins = plugins

    def desk(self, *, write: bool = True) -> AbstractContextManager[Desk]:
        """Open the desk itself, in a transaction: for what no act does."""
        return self.house.at(SITE, "test", actor=MAGDA, write=write)

    def is_at(self, year: int, month: int, day: int, hour: int = 9, minute: int = 0) -> None:
        """Let it be that moment on the site's clock; whoever is signed in stays so."""
        with self.desk(write=False) as desk:
            zone = desk.site.zone
        self.clock.now = datetime(year, month, day, hour, minute, tzinfo=zone)
        self.browser.client.post("/sign-in", data={"login": "magda", "password": PASSWORD})

    # what is there before

    def makes(self, record: R) -> R:
        """Save a new record."""
        with self.desk() as desk:
            return desk.add(record)

    def knows(
        self, given: str, family: str, *, bracket: str = "", member: bool = False
    ) -> Resident:
        """Write a resident down with a household, which may have a bracket and a membership."""
        with self.desk() as desk:
            count = desk.session.scalar(select(func.count(Household.id))) or 0
            home = desk.add(Household(code=f"F-{count + 1}"))
            if bracket:
                home.bracket, home.bracket_seen_on = _bracket(desk, bracket), desk.today
            if member:
                ends = date(desk.today.year + 1, 12, 31)
                desk.add(Membership(household=home, starts_on=SINCE, ends_on=ends))
            return desk.add(
                Resident(
                    given_name=given, family_name=family, household=home, card_code=f"C-{count + 1}"
                )
            )

    def prices(
        self,
        thing: Priced,
        cents: int,
        reduced: Mapping[str, int] | None = None,
        *,
        tariff: str = ONE,
    ) -> None:
        """Set what one of it costs, in cents, and what it costs each bracket: a fund pays the rest.

        What has a seller has its price in the seller's name.
        """
        told = type(thing).tariffs[tariff]
        common: dict[str, Any] = {
            "item": thing.item_of(tariff), "label": str(thing), "unit": told.unit,
            "vat_class": told.vat, "valid_from": SINCE,
        }  # fmt: skip
        with self.desk() as desk:
            common["provider"] = desk.find(Provider, thing.seller.id) if thing.seller else None
            desk.add(Price(cents=Cents(cents), **common))
            for colour, less in (reduced or {}).items():
                fund = _fund(desk)
                bracket = _bracket(desk, colour)
                desk.add(Price(cents=Cents(less), bracket=bracket, fund_ledger=fund, **common))

    def learns(self, skill: Skill) -> None:
        """Let Magda have learnt a skill."""
        with self.desk() as desk:
            desk.session.add(StaffSkill(staff_id=MAGDA.staff_id, skill=skill.name))

    def decides(self, **settings: object) -> None:
        """Let the site decide settings of the plugin, from today on."""
        (name,) = self.plugins
        with self.desk() as desk:
            act, values = to_settle(desk, self.house.registry, name, {}, desk.today)
            perform(desk, act, None, {**values, **settings, "valid_from": desk.today, "source": ""})

    # what she does

    def does(self, act: Act[..., Any], record: SiteRecord | None = None, **values: object) -> int:
        """Do an act; return the number of the record it gave back, or 0."""
        body = {name: _plain(value) for name, value in values.items()}
        result = self.browser.posts(self._address(act, record), body)["result"]
        return int(result["id"]) if result else 0

    def is_refused(
        self, act: Act[..., Any], record: SiteRecord | None = None, **values: object
    ) -> dict[str, str]:
        """Try an act that is refused; return the sentence beside each field, "" for the whole."""
        body = {name: _plain(value) for name, value in values.items()}
        answer = self.browser.posts(self._address(act, record), body, status=422)
        fields = {name: " ".join(words) for name, words in answer["fields"].items()}
        return fields or {"": str(answer["refused"])}

    def is_paid(self, resident: Resident) -> int:
        """Take the money for a resident's basket; return the cents that they paid."""
        return int(self.finds(Receipt, self.does(pay, resident)).due_cents)

    def empties_basket(self, resident: Resident) -> None:
        """Take everything out of a resident's basket."""
        with self.desk(write=False) as desk:
            charges = desk.all(select(Charge).where(*_open(resident)))
        for each in charges:
            self.does(cancel_charge, each)

    def scans(self, code: str) -> str:
        """Scan a code; return the address that it opened, or "" where it only showed a list."""
        path = f"/{SITE}/desk/find"
        answer = self.browser.client.get(path, params={"q": code}, follow_redirects=False)
        return str(answer.headers.get("location", ""))

    # what she sees

    def finds(self, model: type[R], id: int) -> R:
        """Return a record as it is stored, with its links."""
        with self.desk(write=False) as desk:
            links = (getattr(model, each) for each in model.links)
            (found,) = desk.all(select(model).where(model.id == id), *links)
            return found

    def sees(self, model: type[SiteRecord], id: int = 0) -> dict[str, Any]:
        """Return what the record's page says, by column; without a number, of the newest."""
        with self.desk(write=False) as desk:
            newest = desk.session.scalar(select(func.max(model.id)))
            screen = self._catalogue.screen_of(desk, model)
        assert screen is not None, f"no screen shows a {model.__name__}"
        path = Paths(SITE, api=True).record(screen, id or newest or 0)
        found: dict[str, Any] = self.browser.asks(path)
        return found

    def card(self, resident: Resident) -> list[str]:
        """Return what the plugin's lines on a resident's desk card say."""
        return self._said(hookspecs.desk_cards, resident)

    def day(self) -> list[str]:
        """Return what the plugin's lines on the desk's page of the day say."""
        return self._said(hookspecs.today)

    def reads(self, page: str, **values: object) -> str:
        """Return the HTML of a page of the desk: `reads("bread_depot/sheet")`."""
        query = "&".join(f"{name}={_plain(value)}" for name, value in values.items())
        return self.browser.opens(f"/{SITE}/desk/{page}?{query}")

    def public(self) -> str:
        """Return what anyone reads on the site's public page, in words."""
        return words_of(self.browser.opens(f"/{SITE}/?lang=en"))

    def calendar(self) -> str:
        """Return the site's calendar as anyone's telephone fetches it."""
        return self.browser.opens(f"/{SITE}/calendar.ics?lang=en")

    def counted(self) -> dict[str, int]:
        """Return what reports count of the plugin: each of its counts, and how many.

        What another act took back counts for nothing.
        """
        manifests = [self.house.registry.plugins[each].manifest for each in self.plugins]
        names = {count.name for each in manifests for count in each.counts}
        undone = select(ActRow.cancels_id).where(ActRow.cancels_id.is_not(None))
        query = select(ActRow.counted, func.sum(ActRow.quantity)).group_by(ActRow.counted)
        query = query.where(ActRow.counted.in_(names), ActRow.id.not_in(undone))
        with self.desk(write=False) as desk:
            rows = desk.session.execute(query).all()
        return {str(name): int(count) for name, count in rows}

    def _said(self, hook: hookspecs.Hook[..., Any], *about: object) -> list[str]:
        with self.desk(write=False) as desk, read_by(Reader("en", desk.site.zone, desk.today.year)):
            said = []
            for plugin, lines in self.house.hooks.answers(hook, desk, *about):
                if plugin.name in self.plugins:
                    assert not isinstance(lines, Failure), f"{plugin.name} failed: see the log"
                    said += [str(each.text) for each in lines]
            return said

    @property
    def _catalogue(self) -> Catalogue:
        return self.house.drawing.catalogue

    def _address(self, act: Act[..., Any], record: SiteRecord | None) -> str:
        with self.desk(write=False) as desk:
            places = [e for e in self._catalogue.offered(desk) if e.act is act]
        fits = (e for e in places if record is None or not e.screen or _shows(e.screen, record))
        offered = next(fits, None)
        assert offered is not None, f"{act.permission} is on no screen that is on: list it in one"
        return Paths(SITE, api=True).act(offered, record.id if record is not None else None)


def _shows(screen: Screen[Any], record: SiteRecord) -> bool:
    return isinstance(record, screen.model)


def _plain(value: object) -> object:
    """Return a value as JSON carries it."""
    match value:
        case SiteRecord():
            return value.id
        case Choice():
            return value.value
        case datetime() | date() | time():
            return value.isoformat()
        case frozenset() | set() | tuple():
            return sorted(value)
    return value


def _open(resident: Resident) -> tuple[Any, ...]:
    return Charge.resident == resident, Charge.state == ChargeState.OPEN


def _bracket(desk: Desk, colour: str) -> Bracket:
    """Return the bracket of a colour, made where the site has none."""
    kind = next(each for each in Colour if each.value == colour)
    found = desk.session.scalars(select(Bracket).where(Bracket.colour == kind)).first()
    return found or desk.add(Bracket(code=colour, colour=kind, label=colour))


def _fund(desk: Desk) -> Fund:
    """Return the fund that pays reductions, made with a hundred euros in it."""
    if found := desk.session.scalars(select(Fund)).first():
        return found
    fund = open_fund(desk, label="Fund")
    put_in(desk, fund, cents=Cents(10000), funder=desk.add(Funder(name="Town")))
    return fund


def plugins_of(module: ModuleType, known: frozenset[str]) -> frozenset[str]:
    """Return the plugins whose code a test module imports."""
    names = set()
    for each in vars(module).values():
        origin = each.__name__ if isinstance(each, ModuleType) else getattr(each, "__module__", "")
        names.add(str(origin).partition(".")[0].removeprefix("palier_"))
    return known & names


@pytest.fixture
def caretaker(house: House, request: pytest.FixtureRequest) -> Iterator[Caretaker]:
    """Magda at Ampère, a Tuesday at 9:05, with the plugins switched on that the test imports."""
    clock = Clock(NOW)
    house.clock = clock
    plugins = plugins_of(request.module, frozenset(p.name for p in house.registry.services()))
    with house.at(SITE, "test", actor=MAGDA) as desk:
        for name in sorted(plugins):
            enable(desk, house.hooks, plan_enable(house.registry, desk.site.plugins, name))
    with TestClient(create_app(house)) as client:
        client.post("/sign-in", data={"login": "magda", "password": PASSWORD})
        yield Caretaker(Browser(client), house, clock, plugins)
