"""All declared screens, pages and acts, looked up by their words in an address."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from palier.acts import Act
from palier.context import Context
from palier.db.records import SiteRecord
from palier.plugins import Plugin, Registry
from palier.screens.declared import Added, Page, Panel, Screen
from palier.text import Text


@dataclass(frozen=True)
class Offered:
    """An act where it is offered: on a screen, or by itself (`screen` is None)."""

    act: Act[..., Any]
    screen: Screen[Any] | None


class Catalogue:
    """What the packages of a site declare. `on` narrows it to the site's own."""

    def __init__(self, registry: Registry) -> None:
        self.registry = registry
        self._models: dict[type[SiteRecord], Screen[Any]] = {}
        for plugin in registry.working():
            for screen in plugin.manifest.screens:
                self._models.setdefault(screen.model, screen)

    def package(self, desk: Context, name: str) -> Plugin | None:
        """Return a package that is on at the desk's site."""
        return next((p for p in self.registry.on(desk.site.plugins) if p.name == name), None)

    def screen(self, desk: Context, package: str, word: str) -> Screen[Any] | None:
        """Return a screen of a package that is on."""
        plugin = self.package(desk, package)
        screens = plugin.manifest.screens if plugin else ()
        return next((each for each in screens if each.word == word), None)

    def page(self, desk: Context, package: str, name: str) -> Act[..., Any] | None:
        """Return a page of its own of a package that is on."""
        plugin = self.package(desk, package)
        pages = plugin.manifest.pages if plugin else ()
        return next((each for each in pages if each.name == name), None)

    def lone_act(self, desk: Context, package: str, name: str) -> Act[..., Any] | None:
        """Return an act that a package offers outside its screens."""
        plugin = self.package(desk, package)
        acts = plugin.manifest.acts if plugin else ()
        return next((each for each in acts if each.name == name), None)

    def form_of(
        self, desk: Context, act: Act[..., Any]
    ) -> Callable[[Any, Any, Mapping[str, str]], Page] | None:
        """Return the page of its own that asks for an act, where a package declares one."""
        forms = (each.manifest.forms for each in self.registry.on(desk.site.plugins))
        return next((each[act] for each in forms if act in each), None)

    def acts_of(self, desk: Context, screen: Screen[Any]) -> list[Act[..., Any]]:
        """Return a screen's acts, its own first, then those other packages add by name."""
        more = [
            act
            for plugin in self.registry.on(desk.site.plugins)
            for extend in plugin.manifest.extends
            if extend.stands_on(screen)
            for act in extend.acts
        ]
        return [*screen.acts, *more]

    def added_columns(self, desk: Context, screen: Screen[Any]) -> list[tuple[Plugin, Text, Added]]:
        """Return the columns that packages of the site add to a list, sorted by their words."""
        found = [
            (plugin, label, asked)
            for plugin in self.registry.on(desk.site.plugins)
            for extend in plugin.manifest.extends
            if extend.columns and extend.stands_on(screen)
            for label, asked in extend.columns.items()
        ]
        return sorted(found, key=lambda each: str(each[1]))

    def gone(self, plugin: Plugin) -> list[str]:
        """Return the screens that a package adds to by name, and that no working package has."""
        there = {
            f"{screen.package}/{screen.word}"
            for each in self.registry.working()
            for screen in each.manifest.screens
        }
        names = (each.screen for each in plugin.manifest.extends)
        return sorted(each for each in names if isinstance(each, str) and each not in there)

    def act(self, desk: Context, screen: Screen[Any], name: str) -> Act[..., Any] | None:
        """Return an act of a screen by its word in the address."""
        return next((each for each in self.acts_of(desk, screen) if each.name == name), None)

    def panels(self, desk: Context, screen: Screen[Any]) -> Iterator[tuple[Plugin, Panel]]:
        """Yield the panels that packages of the site put on a record of this screen."""
        for plugin in self.registry.on(desk.site.plugins):
            for panel in plugin.manifest.panels:
                if panel.stands_on(screen.model):
                    yield plugin, panel

    def screen_of(self, desk: Context, model: type[SiteRecord]) -> Screen[Any] | None:
        """Return the screen on which a record is shown, if its package is on here."""
        for kind in model.__mro__:
            found = self._models.get(kind)
            if found is not None and self.package(desk, found.package):
                return found
        return None

    def offered(self, desk: Context) -> Iterator[Offered]:
        """Yield every act of the site's packages, with the screen it stands on."""
        for plugin in self.registry.on(desk.site.plugins):
            yield from (Offered(each, None) for each in plugin.manifest.acts)
            for screen in plugin.manifest.screens:
                yield from (Offered(each, screen) for each in self.acts_of(desk, screen))

    def where(self, desk: Context, act: Act[..., Any]) -> Offered | None:
        """Return where an act is offered at this site; None where its package is off."""
        return next((each for each in self.offered(desk) if each.act is act), None)


class Paths:
    """Addresses of one site's back office, and of its API."""

    def __init__(self, slug: str, *, api: bool = False) -> None:
        self.root = f"/api/v1/{slug}" if api else f"/{slug}/desk"

    def screen(self, screen: Screen[Any]) -> str:
        """A list."""
        return f"{self.root}/{screen.package}/{screen.word}"

    def record(self, screen: Screen[Any], id: int) -> str:
        """A record's page."""
        return f"{self.screen(screen)}/{id}"

    def act(self, offered: Offered, id: int | None = None) -> str:
        """An act's form: on a record, on a list, or by itself."""
        name = offered.act.name
        if offered.screen is None:
            subject = f"/{id}" if id is not None else ""
            return f"{self.root}/{offered.act.package}/do/{name}{subject}"
        if id is None:
            return f"{self.screen(offered.screen)}/{name}"
        return f"{self.record(offered.screen, id)}/{name}"

    def page(self, page: Act[..., Any]) -> str:
        """A page of its own."""
        return f"{self.root}/{page.package}/{page.name}"
