"""What this person may start from a page of the desk, and the address where it starts."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from string import ascii_lowercase
from typing import Any, TypeVar
from urllib.parse import urlencode

from palier.acts import Act, Step
from palier.asking import Failure
from palier.context import Context
from palier.db.records import SiteRecord
from palier.desk.saying import booking_of
from palier.hookspecs import Card, Hook
from palier.plugins import Plugin, Registry
from palier.residents.models import Resident
from palier.screens.beside import broken
from palier.screens.catalogue import Catalogue, Offered, Paths
from palier.screens.views import ActView, Block, Line

T = TypeVar("T")
URGENCY = {"late": 0, "soon": 1}
TAKEN = {"n", "e", "g", "d", "t", "x"}  # letters that mean the same on every page


@dataclass(frozen=True)
class Said:
    """A card of a service, ready to be drawn; `about` is the booking it speaks of."""

    line: Line
    order: int
    about: int | None = None


class Offers:
    """The acts of the site's packages, as buttons that lead back to the page they stand on."""

    def __init__(self, desk: Context, back: str, *, visit_of: int | None = None) -> None:
        """Take the page to lead back to; `visit_of` is the resident whose visit the acts are of."""
        self.desk = desk
        self.back = back
        self.more = {} if visit_of is None else {"visit_of": str(visit_of)}
        self.paths = Paths(desk.site.slug)
        self.catalogue = Catalogue(desk.hooks.registry if desk.hooks else Registry())

    def href(self, act: Act[..., Any], record: SiteRecord | None = None, **filled: object) -> str:
        """Return the address of an act's form; "" where it is not offered to this person now."""
        found = self.catalogue.where(self.desk, act)
        if found is None or not self.desk.may(act):
            return ""
        if record is not None and act.when is not None and not act.when(record):
            return ""
        return self._form(found, record, **filled)

    def _form(self, offered: Offered, record: SiteRecord | None = None, **filled: object) -> str:
        path = self.paths.act(offered, record.id if record is not None else None)
        return f"{path}?{urlencode({**filled, **self.more, 'back': self.back})}"

    def record(self, record: SiteRecord) -> str | None:
        """Return the address of a record's page, where its package is on and shows it."""
        screen = self.catalogue.screen_of(self.desk, type(record))
        return self.paths.record(screen, record.id) if screen else None

    def button(
        self, act: Act[..., Any], record: SiteRecord | None = None, **filled: object
    ) -> ActView | None:
        """Return an act as a button; None where it is not offered to this person now."""
        href = self.href(act, record, **filled)
        return ActView(act.name, act.label, href, act.help or "") if href else None

    def step(self, step: Step) -> str:
        """Return where a next act starts: its form, else the record; "" for neither."""
        return self.href(step.act, step.record, **step.filled) or self.record(step.record) or ""

    def said(
        self, hook: "Hook[..., Iterable[Card]]", *about: object
    ) -> tuple[list[Said], list[Block]]:
        """Ask the site's services, sorted; one warning for each that failed."""
        if self.desk.hooks is None:
            return [], []
        told: list[Said] = []
        failed: list[Block] = []
        for plugin, answer in self.desk.hooks.answers(hook, self.desk, *about):
            if isinstance(answer, Failure):
                icon = plugin.manifest.icon
                failed.append(Block(plugin.label, icon, warning=broken(plugin)))
            else:
                told += [self._card(plugin, each) for each in answer]
        return sorted(told, key=_place), failed

    def _card(self, plugin: Plugin, card: Card) -> Said:
        step = card.step
        act = self.button(step.act, step.record, **step.filled) if step else None
        line = Line(
            card.text,
            card.detail,
            icon=plugin.manifest.icon,
            kind=card.kind,
            href=self.record(step.record) if step and not act else None,
            act=act,
        )
        return Said(line, card.order, booking_of(step.record) if step else None)

    def adding(self, resident: Resident) -> list[ActView]:
        """Return what can be done for a resident from nothing: acts and pages that ask for one."""
        found = []
        for offered in self.catalogue.offered(self.desk):
            act = offered.act
            if act.signature.record is None and _asks_resident(act) and self.desk.may(act):
                href = self._form(offered, resident=resident.id)
                found.append((act, href, self._icon(act)))
        for page in self._pages():
            query = urlencode({"resident": resident.id})
            found.append((page, f"{self.paths.page(page)}?{query}", self._icon(page)))
        return [ActView(act.name, act.label, href, icon=icon) for act, href, icon in found]

    def _pages(self) -> Iterator[Act[..., Any]]:
        for plugin in self.catalogue.registry.on(self.desk.site.plugins):
            if not plugin.is_core:
                for page in plugin.manifest.pages:
                    if _asks_resident(page) and self.desk.may(page):
                        yield page

    def _icon(self, act: Act[..., Any]) -> str:
        plugin = self.catalogue.package(self.desk, act.package)
        return plugin.manifest.icon if plugin else ""

    def icon_of(self, package: str) -> str:
        """Return a service's drawing; a calendar for what no service keeps."""
        plugin = self.catalogue.package(self.desk, package)
        return plugin.manifest.icon if plugin and not plugin.is_core else "calendar"


def _place(said: Said) -> tuple[int, int, str]:
    """Where a line stands: what is late is never behind what can wait."""
    return said.order, URGENCY.get(said.line.kind, len(URGENCY)), str(said.line.text)


def _asks_resident(act: Act[..., Any]) -> bool:
    return any(each.name == "resident" and each.kind is Resident for each in act.signature.values)


def with_line_keys(lines: Iterable[Line], keys: Iterable[ActView]) -> tuple[Line, ...]:
    """Give the act of each line a letter that the keys of its page leave free."""
    lines = tuple(lines)
    acts = iter(with_keys((each.act for each in lines if each.act), (each.key for each in keys)))
    return tuple(replace(each, act=next(acts)) if each.act else each for each in lines)


def with_keys(keys: Iterable[ActView], used: Iterable[str] = ()) -> list[ActView]:
    """Give each the first letter of its label that none before it has, nor any of those `used`.

    Where all its letters are gone it is the first of the alphabet that is left.
    """
    taken = {*TAKEN, *used}
    lettered = []
    for each in keys:
        letters = f"{each.label}{ascii_lowercase}".lower()
        key = next((c for c in letters if c.isascii() and c.isalpha() and c not in taken), "")
        taken.add(key)
        lettered.append(
            ActView(each.name, each.label, each.href, each.help, key=key, icon=each.icon)
        )
    return lettered
