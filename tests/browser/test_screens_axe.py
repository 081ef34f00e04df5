"""Every page of every package: for everyone, wide, narrow and from the right, and no key on it twice.

The pages come from the registry: a new screen, form or act is looked at as soon as it is declared.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from sqlalchemy import select

from palier.acts import Act
from palier.bookings.models import BookingLine, ResourceKind
from palier.db.records import SiteRecord
from palier.demo.arranging import OPENS_WITH
from palier.desk.counter import Desk
from palier.desk.handover import add_by_hand
from palier.messages.models import Message
from palier.plugins import discover
from palier.privacy.models import Result, Sweep, Swept
from palier.receipts.drawer import move
from palier.receipts.models import Receipt, ReceiptPrint
from palier.receipts.models.archived import ArchiveState, YearArchive
from palier.receipts.models.counts import WhyAmiss
from palier.receipts.models.tills import MoveReason, TillSession
from palier.receipts.till_acts import count_box
from palier.residents.actions import agree, merge
from palier.residents.cards import print_home_card, replace_card
from palier.residents.models import CardRun, Household, Purpose, Resident
from palier.screens.declared import Screen
from palier.testing.windows import DESK, PHONE, Served, keys_twice, overflow
from palier.text import Cents
from palier.visits.models import Visit

pytestmark = pytest.mark.browser

DRAWN = {"resultTypes": ["violations"]}
# Two only lead on, the others are files.
NO_PAGE = {
    "desk/after",
    "desk/paid",
    "receipts/pdf",
    "receipts/note_file",
    "receipts/archive_file",
    "receipts/day_sheet_file",
    "privacy/register_file",
    "privacy/dossier_file",
    "messages/papers",
    "residents/cards_file",
}
ASKED: dict[str, type[SiteRecord]] = {
    "visit": Visit,
    "resident": Resident,
    "receipt": Receipt,
    "made": ReceiptPrint,
    "message": Message,
}
OF_PAGE: dict[str, type[SiteRecord]] = {"residents/cards": CardRun, "bookings/slip": BookingLine}
NOWHERE = ("/nowhere/desk",)
BEFORE = (
    "/",
    "/ampere/",
    "/cathedrale/",
    "/sign-in",
    "/ampere/desk/find?q=kenr",
    "/ampere/desk/find?q=zzz",
    "/ampere/desk/desk/newcomer?family_name=Benali",
    *NOWHERE,
    "/ampere/desk/residents/resident/1/merge?other=2",
)


@dataclass(frozen=True)
class Address:
    """A page to look at; `{id}` stands for a record of `model` on which `act` can be done."""

    path: str
    model: type[SiteRecord] | None = None
    act: Act[..., Any] | None = None
    screen: Screen[Any] | None = None  # where it has only some records of its model

    def __str__(self) -> str:
        return self.path.removeprefix("/ampere/desk/")


def addresses() -> Iterator[Address]:
    yield from (Address(each) for each in BEFORE)
    plugins = discover().working()
    more = [each for plugin in plugins for each in plugin.manifest.extends]
    for plugin in plugins:
        for screen in plugin.manifest.screens:
            extra = [act for each in more if each.stands_on(screen) for act in each.acts]
            yield from of_screen(screen, [*screen.acts, *extra])
        for page in plugin.manifest.pages:
            if f"{plugin.name}/{page.name}" not in NO_PAGE:
                yield of_page(plugin.name, page)
        for act in plugin.manifest.acts:
            yield of_act(f"/ampere/desk/{plugin.name}/do/{act.name}", act, None)


def of_screen(screen: Screen[Any], acts: list[Act[..., Any]]) -> Iterator[Address]:
    root = f"/ampere/desk/{screen.package}/{screen.word}"
    yield Address(root)
    apart = screen if screen.apart else None
    yield Address(f"{root}/{{id}}", screen.model, screen=apart)
    if screen.form:
        yield Address(f"{root}/{{id}}/edit", screen.model)
        if screen.makes:
            yield Address(f"{root}/new")
    for act in acts:
        on_record = f"{root}/{{id}}/{act.name}"
        has_record = act.signature.record is not None
        if has_record:
            yield Address(on_record, screen.model, act, apart)
        else:
            yield Address(f"{root}/{act.name}")


def of_act(path: str, act: Act[..., Any], model: type[SiteRecord] | None) -> Address:
    record = model or act.signature.record
    if record is None or "{id}" in path:
        return Address(path, record, act)
    return Address(f"{path}/{{id}}", record, act)


def of_page(package: str, page: Act[..., Any]) -> Address:
    asked = next((each for each in page.signature.values if each.name in ASKED), None)
    path = f"/ampere/desk/{package}/{page.name}"
    if asked is None:
        return Address(path)
    is_record = isinstance(asked.kind, type) and issubclass(asked.kind, SiteRecord)
    model = asked.kind if is_record else OF_PAGE.get(f"{package}/{page.name}", ASKED[asked.name])
    return Address(f"{path}?{asked.name}={{id}}", model)


def filled(desk: Desk, address: Address) -> str:
    """Return the path with a record on which the act can be done; else with any there is."""
    if address.model is None:
        return address.path
    only = address.screen.holds(desk) if address.screen else ()
    query = select(address.model).where(*only).order_by(address.model.id)
    records = desk.session.scalars(query).all()
    assert records, f"the small Ampère has no {address.model.__name__}: let the demo make one"
    when = address.act.when if address.act else None
    fit = next((each for each in records if when is None or when(each)), records[0])
    return address.path.format(id=fit.id)


@pytest.fixture(scope="module")
def window(ampere: Served, browser_window: Browser) -> Iterator[Page]:
    """Sonia's window: she may open everything; the demo alone has no kinds without a service."""
    ampere.put_all_on("ampere")
    with ampere.house.at("ampere", "test") as desk:
        desk.add(ResourceKind(code="tools", name="Outils"))
        add_by_hand(desk, "Le livreur passe à 9 h")
        till = desk.session.scalars(
            select(TillSession).where(TillSession.closed_at.is_(None))
        ).one()
        move(desk, till, next(iter(MoveReason)), Cents(500), "B-1")
        count_box(desk, reason=WhyAmiss.UNKNOWN)
        done = YearArchive(year=2025, asked_at=desk.now, asked_by="SM")
        desk.add(done).state = ArchiveState.DONE
        kept, gone = (
            desk.add(Resident(given_name="Anne", family_name="Double", card_code=f"C-{n}"))
            for n in (1, 2)
        )
        agree(desk, kept, purpose=Purpose.PICTURES)
        merge(desk, kept, other=gone)
        anne = Resident(given_name="Anne", family_name="Double", card_code="C-3")
        run = desk.add(Sweep(started_at=desk.now, due=1))
        desk.add(Swept(sweep=run, table_name="resident", resident=desk.add(anne), result=Result.OPEN,
                       at=desk.now))  # fmt: skip
        replace_card(desk, kept)
        print_home_card(desk, desk.session.scalars(select(Household).limit(1)).one())
    with ampere.window(browser_window) as context:
        ampere.let_in(context, "sonia", OPENS_WITH)
        yield context.new_page()


@pytest.mark.parametrize("address", list(addresses()), ids=str)
def test_a_page_is_for_everyone(window: Page, ampere: Served, address: Address) -> None:
    with ampere.house.at("ampere", "test", write=False) as desk:
        path = filled(desk, address)
    ampere.said.clear()
    window.set_viewport_size(DESK)

    answer = window.goto(path)

    assert answer is not None
    assert (answer.status == 404) is (address.path in NOWHERE)
    found = looked_at(window, "wide") + keys_twice(window)
    window.set_viewport_size(PHONE)
    found += looked_at(window, "narrow")
    window.evaluate("document.documentElement.dir = 'rtl'")
    found += too_wide(window, "from the right")
    assert found == []
    assert window.evaluate("document.documentElement.lang") == "fr"
    assert ampere.said == []


def looked_at(page: Page, how: str) -> list[str]:
    results = Axe().run(page, options=DRAWN).response["violations"]
    found = [
        f"{how}: {each['id']}, {node['html'][:160]}" for each in results for node in each["nodes"]
    ]
    return found + too_wide(page, how)


def too_wide(page: Page, how: str) -> list[str]:
    by = overflow(page)
    return [f"{how}: {by} pixels too wide"] if by > 0 else []


def test_no_page_is_left_out() -> None:
    paths = {each.path for each in addresses()}

    assert "/ampere/desk/bike_hire/loan/{id}/take_back" in paths
    assert "/ampere/desk/bookings/lines/{id}/hand_over" in paths
    assert len(paths) > 70
    assert BookingLine in {each.model for each in addresses()}
