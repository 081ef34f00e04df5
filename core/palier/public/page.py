"""The page of a site: open now, what is on here, how to reach it. Everything is read here."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from babel.dates import format_date
from sqlalchemy import select

from palier.asking import Failure
from palier.context import Context
from palier.db.records import SiteRecord
from palier.hookspecs import PublicBlock, PublicLine, public_blocks, public_events
from palier.plugins import Plugin
from palier.public.opening import Closed, Row, Status, closed_soon, is_to_come, status_of, week_of
from palier.public.speaking import LANGUAGE, Spoken, languages, name_of, speak
from palier.residents.contact import show_phone
from palier.screens.views import Link
from palier.sites.hours import read_hours
from palier.sites.models import Operator, Site, SiteState
from palier.sites.rules import Settings
from palier.text import babel_locale, reader

A_DAY = 86_400  # seconds
MOST = 8  # lines of a part: a page that is read on a telephone
MOST_DOTS = 40


@dataclass(frozen=True)
class Leaf:
    """A day as a leaf of a calendar: the month's short name and the day's number."""

    month: str
    day: int


@dataclass(frozen=True)
class Line:
    """A line that anyone may read; `dots` are drawn full or empty."""

    text: Spoken
    detail: Spoken | None = None
    leaf: Leaf | None = None
    dots: tuple[bool, ...] = ()
    calendar_href: str = ""


@dataclass(frozen=True)
class Part:
    """Lines of a service under a title of their own."""

    title: Spoken
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Service:
    """A service that is on here: its name, what it gives, and what there is of it now."""

    icon: str
    name: Spoken
    words: Spoken
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True)
class Contact:
    """How the site is reached. `phone` is as it is dialled, `phone_words` as it is read."""

    address: str
    directions: str
    phone: str
    phone_words: str
    email: str

    def __bool__(self) -> bool:
        """Whether there is anything to say."""
        return bool(self.address or self.directions or self.phone or self.email)


@dataclass(frozen=True)
class PublicPage:
    """All that the page shows."""

    name: str
    site_locale: str
    operator: str
    status: Status
    week: tuple[Row, ...]
    closed: tuple[Closed, ...]
    services: tuple[Service, ...]
    parts: tuple[Part, ...]
    contact: Contact
    languages: tuple[Link, ...]
    desk_href: str
    calendar_href: str


def read_page(desk: Context) -> PublicPage:
    """Return the page for who reads now. Three statements, besides what services answer."""
    site, operator = cast(
        "tuple[Site, str]",
        desk.session.execute(
            select(Site, Operator.legal_name)
            .join(Operator, Operator.id == Site.operator_id)
            .where(Site.id == desk.site.id)
        ).one(),
    )
    hours = read_hours(desk)
    status = status_of(hours, site.state, desk.now, site.locale)
    serves = site.state is SiteState.OPEN and not is_to_come(hours, desk.now)
    told = _told(desk) if serves else []
    return PublicPage(
        name=site.name,
        site_locale=site.locale if site.locale != reader().locale else "",
        operator=operator,
        status=status,
        week=week_of(hours, desk.today) if hours.openings else (),
        closed=closed_soon(hours, desk.today, site.locale),
        services=_services(desk, told) if serves else (),
        parts=_parts(desk, told),
        contact=_contact(desk, site),
        languages=_languages(desk),
        desk_href=f"/{desk.site.slug}/desk",
        calendar_href=_calendar_href(desk) if serves and _has_events(desk) else "",
    )


def _told(desk: Context) -> list[tuple[Plugin, PublicBlock]]:
    """Return what the services tell everyone. What failed is left out: the log has it."""
    answers = desk.hooks.answers(public_blocks, desk) if desk.hooks else []
    told = [(plugin, said) for plugin, said in answers if not isinstance(said, Failure)]
    return [(plugin, block) for plugin, said in told for block in said if block.lines]


def _has_events(desk: Context) -> bool:
    """Whether a service that is on here has a calendar at all; not asked for its events."""
    answering = desk.hooks.answering(public_events) if desk.hooks else frozenset()
    return bool(answering & desk.site.plugins)


def _parts(desk: Context, told: Iterable[tuple[Plugin, PublicBlock]]) -> tuple[Part, ...]:
    found = [
        (block.order, Part(speak(block.title, desk.site.locale), _lines(desk, block)))
        for _plugin, block in told
        if block.title is not None
    ]
    return tuple(p for _order, p in sorted(found, key=lambda each: (each[0], each[1].title.words)))


def _lines(desk: Context, block: PublicBlock) -> tuple[Line, ...]:
    return tuple(_line(desk, each) for each in block.lines[:MOST])


def _line(desk: Context, line: PublicLine) -> Line:
    full, of = line.dots or (0, 0)
    dots = tuple(at < full for at in range(of)) if of <= MOST_DOTS else ()
    where = desk.site.locale
    detail = speak(line.detail, where) if line.detail is not None else None
    href = _event_href(desk, line.event) if line.event is not None else ""
    return Line(speak(line.text, where), detail, _leaf(line.day), dots, href)


def _event_href(desk: Context, record: SiteRecord) -> str:
    return f"{_calendar_href(desk)}&event={record.path}-{record.id}"


def _calendar_href(desk: Context) -> str:
    return f"/{desk.site.slug}/calendar.ics?{LANGUAGE}={reader().locale}"


def _leaf(day: date | None) -> Leaf | None:
    if day is None:
        return None
    return Leaf(format_date(day, "LLL", locale=babel_locale(reader().locale)), day.day)


def _services(desk: Context, told: Iterable[tuple[Plugin, PublicBlock]]) -> tuple[Service, ...]:
    lines: dict[str, tuple[Line, ...]] = {}
    for plugin, block in told:
        if block.title is None:
            lines[plugin.name] = (*lines.get(plugin.name, ()), *_lines(desk, block))
    registry = desk.hooks.registry if desk.hooks else None
    on = registry.on(desk.site.plugins) if registry else ()
    found = [
        Service(
            each.manifest.icon,
            speak(each.label, desk.site.locale),
            speak(each.manifest.summary, desk.site.locale),
            lines.get(each.name, ()),
        )
        for each in on
        if not each.is_core
    ]
    return tuple(sorted(found, key=lambda each: each.name.words))


def _contact(desk: Context, site: Site) -> Contact:
    told = desk.settings(Settings)
    words = show_phone(told.phone) if told.phone else ""
    return Contact(site.address, told.directions, told.phone, words, told.email)


def _languages(desk: Context) -> tuple[Link, ...]:
    here = reader().locale
    return tuple(
        Link(
            name_of(each), f"/{desk.site.slug}/?{LANGUAGE}={each}", lang=each, current=each == here
        )
        for each in languages()
    )


def changes_in(page: PublicPage, now: datetime) -> int:
    """Return in how many seconds the page says something else by itself; a day at most."""
    at = page.status.changes_at
    return A_DAY if at is None else min(A_DAY, max(0, int((at - now).total_seconds())))
