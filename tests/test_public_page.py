"""The page of a site that anyone may read: no account, no name, open now or when it opens next."""

import re
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from litestar.testing import TestClient
from sqlalchemy import select, update

from palier import hookspecs
from palier.app import create_app
from palier.db.engine import Database
from palier.demo.arranging import move_in
from palier.demo.people import named_people
from palier.house import House
from palier.plugins import GROUP, discover
from palier.residents.models import Resident
from palier.site_settings import decide
from palier.sites.models import ClosingDay, Opening, Site, SiteKind, SiteState
from palier.sites.switching import disable, enable, plan_disable, plan_enable
from palier.testing.caretaker import Browser, words_of
from palier.testing.clock import Clock
from palier.testing.plugin import NOW, At, counted_statements
from palier.text import Text, catalogue
from palier.web.render import HERE

PAGE = "/ampere/"
FRENCH, ENGLISH = {"accept-language": "fr-FR,fr;q=0.9"}, {"accept-language": "en-GB"}
LARGEST = 60_000  # bytes of the page with its style sheets, letters aside
CORE = 4  # statements: where, who runs it, its hours, its settings
SPEAKING = ("bread_depot", "bulk_food", "skills_exchange", "workshops")
ALL = ("bike_hire", "postal_relay", *SPEAKING)


def at_clock(day: int, hour: int, minute: int = 0, month: int = 10) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=ZoneInfo("Europe/Paris"))


def reads(house: House, now: datetime = NOW, language: str = "en", path: str = PAGE) -> str:
    """What the page says at a moment."""
    moved = replace(house, clock=Clock(now))
    moved.renderer = house.renderer
    with TestClient(create_app(moved)) as client:
        answer = client.get(path, headers={"accept-language": language})
    assert answer.status_code == 200, answer.text
    return words_of(answer.text)


def fill(house: House, slug: str = "ampere", names: tuple[str, ...] = ALL) -> None:
    """People live there, and these services are on and show what they do."""
    move_in(house, slug, named_people(NOW.year), set(), NOW)
    with house.at(slug, "test", now=NOW) as desk:
        for name in names:
            enable(desk, house.hooks, plan_enable(house.registry, desk.site.plugins, name))
        for name in names:
            house.hooks.answer(hookspecs.demo, desk, only=name)


# open or closed


@pytest.mark.parametrize(
    ("now", "said"),
    [
        (at_clock(6, 9, 5), "Open now, until 12:30 Then from 14:00 to 18:30."),
        (at_clock(6, 12, 30), "Closed. Opens at 14:00"),
        (at_clock(6, 18, 29), "Open now, until 18:30 "),
        (at_clock(6, 18, 30), "Closed. Opens tomorrow at 09:00"),
        (at_clock(10, 19), "Closed. Opens on Monday 12 October at 09:00"),
        (at_clock(24, 23), "Closed. Opens on Monday 26 October at 09:00"),  # clocks change between
        (at_clock(11, 10, month=11), "Closed. Opens tomorrow at 09:00 Armistice"),
    ],
)
def test_it_says_whether_it_is_open_and_when_it_opens_next(
    house: House, now: datetime, said: str
) -> None:
    assert said in reads(house, now)


def test_a_closed_day_says_why_and_when_it_opens_again(house: House, at: At) -> None:
    with at() as desk:
        desk.add(
            ClosingDay(from_on=desk.today, to_on=date(2026, 10, 8), reason="Inventaire & ménage")
        )

    page = reads(house)

    assert "Closed. Opens on Friday 9 October at 09:00 Inventaire & ménage" in page
    assert "We will be closed From October 6 to October 8 · Inventaire & ménage" in page


def test_public_holidays_are_told_in_the_readers_language(house: House) -> None:
    found = [reads(house, at_clock(20, 10), language) for language in ("en", "fr")]

    assert "Wednesday 11 November · Armistice" in found[0]
    assert "Mercredi 11 novembre · Armistice" in found[1].replace("mercredi", "Mercredi")
    assert "All Saints' Day" not in found[0]  # a Sunday: it is never open then


def test_the_name_of_a_holiday_is_set_as_french_is(house: House) -> None:
    page = reads(house, at_clock(15, 10, month=12), "fr")

    assert "1er janvier 2027 · Jour de l’an" in page


def test_a_site_that_opens_later_says_so_and_shows_no_services(house: House, at: At) -> None:
    fill(house, names=("workshops",))
    with at() as desk:
        desk.session.execute(update(Opening).values(valid_from=date(2026, 10, 19)))

    page = reads(house)

    assert "Not open yet. Opens on Monday 19 October at 09:00" in page
    assert "Workshops" not in page


@pytest.mark.parametrize(
    ("state", "said"),
    [(SiteState.DRAFT, "Not open yet"), (SiteState.CLOSED, "This service has closed")],
)
def test_a_site_that_serves_nobody_says_so(
    house: House, at: At, state: SiteState, said: str
) -> None:
    fill(house, names=("workshops",))
    with at() as desk:
        desk.session.get_one(Site, 1).state = state

    page = reads(house)

    assert said in page
    assert "Knitting" not in page
    assert "Workshops" not in page


def test_a_site_without_hours_is_closed_until_further_notice(house: House, at: At) -> None:
    with at() as desk:
        for each in desk.all(select(Opening)):
            desk.session.delete(each)

    page = reads(house)

    assert "Closed until further notice" in page
    assert "All opening hours" not in page


def test_the_hours_of_the_week_stand_there_today_marked(client: TestClient[Any]) -> None:
    html = client.get(PAGE, headers=ENGLISH).text

    page = words_of(html)
    assert "Tuesday 09:00 – 12:30 , 14:00 – 18:30" in page
    assert "Sunday closed" in page
    assert re.findall(r'class="today" aria-current="date"><th scope="row">(\w+)', html) == [
        "Tuesday"
    ]


# who may see it


@pytest.mark.parametrize("path", ["/ampere", "/ampere/", "/ampere/calendar.ics"])
def test_where_one_trains_nothing_is_public(client: TestClient[Any], at: At, path: str) -> None:
    with at() as desk:
        desk.session.get_one(Site, 1).kind = SiteKind.TRAINING

    answers = client.get(path), client.get("/nowhere/")

    assert [each.status_code for each in answers] == [404, 404]


def test_who_is_signed_in_sees_the_same(browser: Browser, client: TestClient[Any]) -> None:
    signed = browser.client.get(PAGE).text
    client.cookies.clear()

    assert client.get(PAGE).text == signed


def test_nothing_can_be_sent_to_it(browser: Browser) -> None:
    answer = browser.client.post(PAGE, data={"a": "b"})

    assert answer.status_code in {404, 405}


def test_no_cookie_is_set_and_no_script_runs(client: TestClient[Any]) -> None:
    answer = client.get(PAGE)

    assert "set-cookie" not in answer.headers
    assert "<script" not in answer.text
    assert " style=" not in answer.text


def test_the_back_office_and_the_list_of_sites_lead_to_it(browser: Browser) -> None:
    desk, sites = browser.opens("/ampere/desk"), browser.opens("/")

    assert '<a href="/ampere/">' in desk
    assert 'href="/cathedrale/"' in sites


# what it says


def test_contact_and_directions_come_from_the_settings(house: House, at: At) -> None:
    told = {"phone": "+33388600000", "email": "ici@example.org", "directions": "Tram C, <la> place"}
    with at() as desk:
        decide(desk.session, "sites", told, desk.today, None)

    with TestClient(create_app(house)) as client:
        html = client.get(PAGE, headers=ENGLISH).text

    assert 'href="tel:+33388600000"' in html
    assert "03 88 60 00 00" in html
    assert 'href="mailto:ici@example.org"' in html
    assert '<bdi lang="fr">Tram C, &lt;la&gt; place</bdi>' in html


def test_the_services_that_are_on_stand_there_and_no_other(house: House) -> None:
    fill(house)
    with house.at("ampere", "test") as desk:
        disable(desk, plan_disable(house.registry, desk.site.plugins, "workshops"))

    page = reads(house)

    assert f"Bike hire {house.registry.plugins['bike_hire'].manifest.summary}" in page
    assert "Workshops" not in page
    assert "What neighbours wish for" not in page


def test_services_say_what_there_is_now(house: House) -> None:
    fill(house)

    page = reads(house)

    assert "offers of help." in page
    assert "Pick-up of the common order: Wednesday 7 October." in page
    assert "What neighbours wish for Une boîte à colis 6 households wish for it." in page


def test_no_persons_name_is_shown_to_anyone(house: House, at: At) -> None:
    fill(house)
    with at(write=False) as desk:
        people = desk.all(select(Resident))

    shown = f"{reads(house)} {reads(house, language='fr')}"

    assert len(people) > 5
    assert [
        str(each)
        for each in people
        if re.search(rf"\b{re.escape(each.family_name)}\b", shown) or each.card_code in shown
    ] == []
    assert "Magda" not in shown


def test_the_language_is_the_browsers_or_the_one_of_the_address(client: TestClient[Any]) -> None:
    said = {
        name: re.search(r'<html lang="(\w+)"\s+dir="(\w+)"', client.get(path, headers=headers).text)
        for name, path, headers in (
            ("french browser", PAGE, FRENCH),
            ("english browser", PAGE, ENGLISH),
            ("of the address", f"{PAGE}?lang=en", FRENCH),
            ("unknown to us", PAGE, {"accept-language": "xx, *;q=0.1"}),
            ("nonsense", f"{PAGE}?lang=../etc", {"accept-language": ";q=,q,q=;;q=x"}),
        )
    }

    assert {name: found and found.groups() for name, found in said.items()} == {
        "french browser": ("fr", "ltr"),
        "english browser": ("en", "ltr"),
        "of the address": ("en", "ltr"),
        "unknown to us": ("fr", "ltr"),
        "nonsense": ("fr", "ltr"),
    }


# what it costs


def test_a_copy_may_be_kept_and_is_not_sent_twice(client: TestClient[Any]) -> None:
    first = client.get(PAGE, headers=FRENCH)

    again = client.get(PAGE, headers={**FRENCH, "if-none-match": first.headers["etag"]})
    other = client.get(PAGE, headers={**ENGLISH, "if-none-match": first.headers["etag"]})

    assert first.headers["cache-control"] == "public, max-age=60"
    assert first.headers["vary"] == "accept-language"
    assert (again.status_code, again.content) == (304, b"")
    assert other.status_code == 200


def test_a_copy_is_not_kept_beyond_the_closing(house: House) -> None:
    moved = replace(house, clock=Clock(at_clock(6, 12, 29) + timedelta(seconds=40)))
    moved.renderer = house.renderer
    with TestClient(create_app(moved)) as client:
        answer = client.get(PAGE)

    assert answer.headers["cache-control"] == "public, max-age=20"


def test_the_page_is_small_with_all_its_style_sheets(house: House) -> None:
    fill(house)
    with TestClient(create_app(house)) as client:
        html = client.get(PAGE).text
        sheets = re.findall(r'<link rel="stylesheet" href="([^"]+)"', html)
        sizes = [len(client.get(each).content) for each in sheets]

    assert len(sheets) == 7
    assert len(html.encode()) + sum(sizes) <= LARGEST


def test_it_costs_few_statements_however_much_there_is(house: House, database: Database) -> None:
    fill(house)
    with TestClient(create_app(house)) as client:
        client.get(PAGE)  # what the site switched is read once
        with counted_statements(database) as sent:
            client.get(PAGE)

    assert len(sent) <= CORE + 2 * len(SPEAKING)


# a service that fails


FAILS = """
from palier.api import Manifest, PublicBlock, PublicLine, _, hooks
manifest = Manifest(name="toy_fails", label=_("Toy"), summary=_("Fails in public."), icon="tool")

@hooks.public_blocks
def fails(desk):
    yield PublicBlock([PublicLine(_("Half a truth"))])
    raise RuntimeError("secret reason")
"""


@pytest.fixture
def failing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[EntryPoint]:
    monkeypatch.syspath_prepend(tmp_path)
    folder = tmp_path / "palier_toy_fails"
    folder.mkdir()
    (folder / "__init__.py").write_text('"""A toy."""\n')
    (folder / "plugin.py").write_text(FAILS)
    yield EntryPoint("toy_fails", "palier_toy_fails.plugin", GROUP)
    for each in [each for each in sys.modules if each.startswith("palier_toy_")]:
        del sys.modules[each]


def test_a_service_that_fails_is_left_out_and_the_page_stands(
    house: House, failing: EntryPoint
) -> None:
    registry = discover([failing])
    broken = House(house.settings, house.database, registry, house.clock)
    broken.renderer = house.renderer
    with broken.at("ampere", "test") as desk:
        enable(desk, broken.hooks, plan_enable(registry, desk.site.plugins, "toy_fails"))

    page = reads(broken)

    assert "Toy Fails in public." in page
    assert "Half a truth" not in page
    assert "secret" not in page


# other languages


SAID = re.compile(r'_\(\s*"([^"]+)"\s*\)')
WRITTEN_IN = ("templates/palier/public.html", "public/opening.py", "public/calendar.py")


@pytest.mark.parametrize("language", ["fr", "de", "tr", "ar"])
def test_all_that_the_page_says_by_itself_is_said_in_each_language(language: str) -> None:
    words = {w for each in WRITTEN_IN for w in SAID.findall((HERE / each).read_text("utf-8"))}

    assert len(words) > 20
    assert [each for each in sorted(words) if not catalogue(language).has(Text(each))] == []


def test_who_reads_arabic_reads_from_the_right_and_the_rest_in_french(house: House) -> None:
    fill(house, names=("workshops",))
    with TestClient(create_app(house)) as client:
        html = client.get(PAGE, headers={"accept-language": "ar-DZ"}).text

    assert '<html lang="ar" dir="rtl"' in html
    assert "مفتوح الآن حتى الساعة 12:30" in html
    assert '<bdi lang="fr">Ateliers</bdi>' in html
    assert 'hreflang="ar" aria-current="true">العربية</a>' in html
