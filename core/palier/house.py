"""Every room put together, for the server, the commands and the tests alike."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property

from palier.accounts.identity import place_of
from palier.asking import Hooks
from palier.context import SYSTEM, Actor, Place
from palier.db.engine import Database
from palier.db.scope import SiteSession
from palier.desk.counter import Desk
from palier.desk.menu import own_menu
from palier.errors import Refused
from palier.plugins import Registry, discover
from palier.screens.catalogue import Catalogue
from palier.screens.drawing import Drawing
from palier.settings import Settings
from palier.text import _
from palier.web.render import Renderer


class NoSuchSite(Refused):
    """A command named a site that is not here."""

    text = _("There is no site called %(slug)s. `palier site list` shows them.")


def now_utc() -> datetime:
    """Return this instant; the only clock of the server and the commands."""
    return datetime.now(UTC)


@dataclass
class House:
    """One installation, opened once per process."""

    settings: Settings
    database: Database
    registry: Registry
    clock: Callable[[], datetime] = now_utc

    @classmethod
    def open(cls, settings: Settings, registry: Registry | None = None) -> "House":
        """Find the plugins and open the database."""
        return cls(settings, Database(settings.database_url), registry or discover())

    @cached_property
    def hooks(self) -> Hooks:
        """The hooks of every working package."""
        return Hooks(self.registry)

    @cached_property
    def renderer(self) -> Renderer:
        """Templates: theme, then package, then core."""
        folders = [each.folder for each in self.registry.working() if each.folder]
        return Renderer(folders, self.settings.home / "cache" / "templates")

    @cached_property
    def drawing(self) -> Drawing:
        """Pages of the back office."""
        return Drawing(Catalogue(self.registry), self.renderer, own_menu)

    def desk(
        self, session: SiteSession, place: Place, actor: Actor, now: datetime, origin: str = ""
    ) -> Desk:
        """Return the desk that acts and hooks are given."""
        desk = Desk(
            session, place, actor, now, hooks=self.hooks, secret=self.settings.secret, origin=origin
        )
        desk.closings = self.settings.closings / place.slug
        desk.archives = self.settings.archives
        desk.fonts = self.renderer.fonts(place.theme)
        ways = {"sms": self.settings.sms, "mail": self.settings.mail}
        desk.ways_out = frozenset(name for name, way in ways.items() if way is not None)
        return desk

    @contextmanager
    def at(
        self,
        slug: str,
        origin: str,
        *,
        actor: Actor = SYSTEM,
        now: datetime | None = None,
        write: bool = True,
    ) -> Iterator[Desk]:
        """Open a desk for a command or a job: one transaction. Raises `NoSuchSite`."""
        begin = self.database.write if write else self.database.read
        with begin() as session:
            place = place_of(session, slug)
            if place is None:
                raise NoSuchSite(slug=slug)
            yield self.desk(session, place, actor, now or self.clock(), origin)
