"""What stands before the first day: sites, colleagues, directory, prices, services, residents."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, select

from palier import hookspecs
from palier.accounts.codes import keep_code
from palier.accounts.models import Staff, StaffRole, Terminal
from palier.accounts.people import begin_work, newcomer
from palier.context import Context
from palier.db.scope import SiteSession
from palier.demo.history import SERVICE
from palier.demo.people import STREET, Home, Person
from palier.demo.places import (
    DEPARTMENT,
    MEMBERSHIP_CENTS,
    OPERATOR,
    OPERATOR_FORM,
    OPERATOR_SINCE,
    PLACES,
    PROVIDERS,
    STAFF,
    Neighbourhood,
)
from palier.demo.scene import Scene, scene
from palier.desk.membership import PRICE
from palier.house import House
from palier.plugins import Plugin
from palier.providers.models import Provider
from palier.receipts.actions import add_price, sell_article, set_its_price
from palier.receipts.models import Article, PayMode, Unit, VatClass
from palier.residents.contact import best_channel
from palier.residents.models import Address, Household, Resident
from palier.site_settings import decide
from palier.sites.models import ClosingDay, Opening, Operator, OperatorVat, Site, SiteKind
from palier.sites.opening import NewSite, open_site
from palier.sites.switching import enable, plan_enable
from palier.text import Cents

SMALL_THINGS = (
    ("p", "Photocopie", 10),
    ("t", "Ticket de tram", 190),
    ("r", "Révision d’un vélo", 3000),
)
OPENS_WITH = "palier-demo"  # what everyone of the demonstration types to sign in


def open_places(house: House, since: datetime) -> None:
    """Open both sites with their hours, colleagues, directory, prices and services."""
    for place in PLACES:
        wanted = NewSite(
            slug=place.slug,
            name=place.name,
            address=place.address,
            operator=OPERATOR,
            theme=place.theme,
        )
        site_id = open_site(house.database, wanted, since)
        with house.database.write(site_id) as session:
            _complete(session, session.get_one(Site, site_id), place)
            _tell_everyone(session, place, since.date())
    _complete_operator(house)
    _let_in(house, since)
    for place in PLACES:
        with scene(house, place.slug, since) as moment:
            _open_once(moment.desk)
            _fill_directory(moment.desk)
            _set_prices(moment, since)
            _sell_small_things(moment, since)
            _switch_on(house, moment.desk, place)


def _complete(session: Any, site: Site, place: Neighbourhood) -> None:
    """Say what opening a site does not ask: it is a demonstration, and when it is open."""
    site.kind = SiteKind.DEMO
    site.department, site.local_law = DEPARTMENT, True
    session.execute(delete(Opening))
    for weekday, spans in place.hours.items():
        for opens, closes in spans:
            session.add(
                Opening(weekday=weekday, opens=opens, closes=closes, valid_from=place.since)
            )


def _tell_everyone(session: SiteSession, place: Neighbourhood, day: date) -> None:
    """Say how the site is reached, and when it does not open."""
    decide(session, "sites", {"phone": place.phone, "directions": place.directions}, day, None)
    session.add(
        ClosingDay(
            from_on=day.replace(month=12, day=24),
            to_on=day.replace(month=12, day=31),
            reason="Congés de fin d’année",
        )
    )


def _complete_operator(house: House) -> None:
    with house.database.write() as session:
        operator = session.scalars(select(Operator).where(Operator.legal_name == OPERATOR)).one()
        operator.form = OPERATOR_FORM
        vat = select(OperatorVat).where(OperatorVat.operator_id == operator.id)
        session.scalars(vat).one().valid_from = OPERATOR_SINCE


def _let_in(house: House, since: datetime) -> None:
    for each in STAFF:
        who = newcomer(each.login, each.name, OPENS_WITH)
        for place in each.sites:
            with scene(house, place.slug, since) as moment:
                role = StaffRole[each.role.upper()]
                staff = begin_work(moment.desk, who, role, skills=each.skills)
                keep_code(moment.desk, staff, each.code)


def _open_once(desk: Context) -> None:
    """Let the counter's browser have been open on the first day."""
    opener = desk.session.scalars(select(Staff).order_by(Staff.id)).first()
    assert opener is not None  # noqa: S101 - colleagues were let in before
    day, now = desk.today, desk.now
    desk.add(Terminal(name="Comptoir", opened_on=day, opened_by=opener, open_until=now))


def _fill_directory(desk: Context) -> None:
    for at, craft in enumerate(PROVIDERS):
        provider = Provider(name=craft.name, legal_form=craft.legal_form, sse=craft.sse)
        if at:  # the post has its own numbers, and we know none
            provider.phone = f"+33353010{at:03d}"
            provider.email = f"contact{at}@example.org"
        desk.add(provider)


def _set_prices(moment: Scene, at: datetime) -> None:
    first = moment.desk.today.replace(month=1, day=1)
    values = {"cents": Cents(MEMBERSHIP_CENTS), "unit": Unit.YEAR, "vat_class": VatClass.STANDARD}
    moment.does(
        "sonia",
        add_price,
        None,
        at,
        label="Adhésion d’un foyer, un an",
        item=PRICE,
        valid_from=first,
        **values,
    )


def _sell_small_things(moment: Scene, at: datetime) -> None:
    first = moment.desk.today.replace(month=1, day=1)
    for key, name, cents in SMALL_THINGS:
        article = moment.desk.add(Article(name=name, key=key))
        values = {"cents": Cents(cents), "valid_from": first}
        moment.does("sonia", set_its_price, article, at, **values)
    # A service of 30 euros has its note; by card, for no till is open yet.
    moment.does("sonia", sell_article, article, at, mode=PayMode.CARD)


def _switch_on(house: House, desk: Context, place: Neighbourhood) -> None:
    for service in house.registry.services():
        if service.works and _is_on(place, service):
            enable(desk, house.hooks, plan_enable(house.registry, desk.site.plugins, service.name))
            if service.name == SERVICE:  # while nobody lives here: its loans are the history's
                house.hooks.answer(hookspecs.demo, desk, only=service.name)


def _is_on(place: Neighbourhood, service: Plugin) -> bool:
    """Whether a site shows a service: those that it names, else all but what no demo asks for."""
    return service.manifest.in_demo if place.on is None else service.name in place.on


def show_services(house: House, at: datetime) -> None:
    """Let each service show what it does, with the residents who are there by now."""
    for place in PLACES:
        with scene(house, place.slug, at) as moment:
            for service in house.registry.services():
                if service.name in moment.desk.site.plugins - {SERVICE}:
                    house.hooks.answer(hookspecs.demo, moment.desk, only=service.name)


def move_in(
    house: House, slug: str, homes: Sequence[Home], late: set[Person], at: datetime
) -> None:
    """Write households down with their people, but for those who come later; one transaction.

    Rows, not acts: how people came to be known is no part of the history.
    """
    with scene(house, slug, at) as moment:
        desk = moment.desk
        doors: dict[tuple[str, str, str], Address] = {}
        for home in homes:
            household = _household(home, doors)
            desk.session.add(household)
            for each in home.people:
                if each not in late:
                    desk.session.add(_resident(desk, household, each))


def _household(home: Home, doors: dict[tuple[str, str, str], Address]) -> Household:
    door = home.number, home.stairwell, home.floor
    address = doors.get(door)
    if address is None:
        number, stairwell, floor = door
        address = Address(street=STREET, number=number, stairwell=stairwell, floor=floor)
        doors[door] = address
    return Household(code=home.code, address=address)


def _resident(desk: Context, household: Household, person: Person) -> Resident:
    resident = Resident(
        household=household,
        given_name=person.given_name,
        family_name=person.family_name,
        birth_year=person.birth_year,
        phone=person.phone,
        email=person.email,
        language=person.language,
        card_code=person.card_code,
        last_contact_on=desk.today,
    )
    resident.channel = best_channel(resident.phone, resident.email)
    return resident
