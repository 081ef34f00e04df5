"""From views to answers: the shell around a page, the notes above it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from palier.acts import Act
from palier.context import Context
from palier.db.fields import UNSET
from palier.errors import Refused
from palier.screens.catalogue import Catalogue, Offered, Paths
from palier.screens.views import Link, MenuItem, Note, Shell
from palier.text import _, direction
from palier.web.asked import Answer, Request
from palier.web.render import Renderer

LANGUAGES = (("fr", "Français"), ("en", "English"))
DOCKED = 4
LONGEST_PATH = 1000  # a scan of 4 KB is no way back, and would stand in every form of the page


@dataclass(frozen=True)
class Drawing:
    """Draws pages of one site: menu, bar, notes, theme."""

    catalogue: Catalogue
    renderer: Renderer
    own_menu: Callable[[Context], Iterable[MenuItem]]

    def page(
        self,
        desk: Context,
        request: Request,
        template: str,
        values: Mapping[str, Any],
        *,
        status: int = 200,
        notes: Iterable[Note] = (),
    ) -> Answer:
        """Return a page of the back office."""
        told = [*notes, *self._done(desk, request)]
        shell = self.shell(desk, request)
        if template.startswith("desk/"):  # these need their room, wherever they stand
            shell = replace(shell, tabs=())
        around = {"shell": shell, "notes": told, "theme": desk.site.theme, "desk": desk}
        html = self.renderer.draw(template, desk.site.theme, {**around, **values})
        return Answer(html, status)

    def _done(self, desk: Context, request: Request) -> Iterable[Note]:
        """Say what was just done, named in the address by the redirect after it."""
        name = request.query.get("done", "")
        for each in self.catalogue.offered(desk):
            if each.act.permission == name:
                if each.act.quiet:
                    return
                yield Note("ok", _("Done: %(act)s.").fill(act=each.act.label))
                return
        if name == "saved":
            yield Note("ok", _("Saved."))

    def shell(self, desk: Context, request: Request) -> Shell:
        """Return what stands around the page."""
        return Shell(
            site_name=desk.site.name,
            site_slug=desk.site.slug,
            theme=desk.site.theme if desk.site.theme in self.renderer.themes else "plain",
            locale=desk.locale,
            direction=direction(desk.locale),
            menu=tuple(self.menu(desk, request)),
            me=desk.actor.name,
            csrf=desk.csrf,
            path=_here(request),
            tabs=tuple(self.tabs(desk, request)),
            languages=tuple(
                Link(
                    name,
                    f"/language/{code}?next={request.path}",
                    lang=code,
                    current=code == desk.locale,
                )
                for code, name in LANGUAGES
            ),
            training=desk.site.kind == "training",
            scheme=request.cookies.get("palier_scheme", ""),
            contrast=request.cookies.get("palier_contrast", ""),
            size=request.cookies.get("palier_size", ""),
            keys=request.cookies.get("palier_keys", ""),
            device=desk.seat.on_device,
            locks_after=desk.seat.locks_after,
            open_device_href=self._open_device(desk, request),
            my_code_href=self._lone(desk, request, "set_my_code"),
            live_href=f"/{desk.site.slug}/desk/live" if desk.seat.sign_in_id else "",
            live_at=int(desk.now.timestamp() * 1000),
            zone=desk.site.zone.key,
            till_open=desk.site.till_open,
            till_href=self._page(desk, "receipts", "till"),
            scanner_href=self._page(desk, "desk", "scanner"),
            public_href="" if desk.site.kind == "training" else f"/{desk.site.slug}/",
        )

    def _page(self, desk: Context, package: str, name: str) -> str:
        """Return where a page is; "" for who may not open it."""
        found = self.catalogue.page(desk, package, name)
        return Paths(desk.site.slug).page(found) if found is not None and desk.may(found) else ""

    def _open_device(self, desk: Context, request: Request) -> str:
        seat = desk.seat
        if seat.sign_in_id is None or seat.on_device or desk.site.kind == "training":
            return ""
        name = request.cookies.get("palier_device_name") or str(_("Front desk"))
        return self._lone(desk, request, "open_device", name=name)

    def _lone(self, desk: Context, request: Request, act_name: str, **filled: str) -> str:
        """Return where an act of a person's own menu starts; "" for who may not do it."""
        act = self.catalogue.lone_act(desk, "accounts", act_name)
        if act is None or not desk.may(act):
            return ""
        path = Paths(desk.site.slug).act(Offered(act, None))
        return f"{path}?{urlencode({**filled, 'back': _here(request)})}"

    def tabs(self, desk: Context, request: Request) -> Iterable[MenuItem]:
        """Return the screens and pages of the package the reader is in, the menu's own first."""
        first = {item.href for item in self.own_menu(desk)}
        return sorted(self._tabs(desk, request), key=lambda tab: tab.href not in first)

    def _tabs(self, desk: Context, request: Request) -> Iterable[MenuItem]:
        name = request.path.removeprefix(f"/{desk.site.slug}/desk").strip("/").split("/")[0]
        plugin = self.catalogue.package(desk, name)
        if plugin is None or name == "desk":
            return
        paths = Paths(desk.site.slug)
        for page in plugin.manifest.pages:
            if desk.may(page) and _opens_alone(page) and not page.rare:
                href = paths.page(page)
                yield MenuItem(page.label, plugin.manifest.icon, href, request.path == href)
        for screen in plugin.manifest.screens:
            if screen.menu and screen.may_open(desk):
                href = paths.screen(screen)
                here = request.path == href or request.path.startswith(f"{href}/")
                yield MenuItem(screen.title, screen.icon or plugin.manifest.icon, href, here)

    def menu(self, desk: Context, request: Request) -> Iterable[MenuItem]:
        """Yield the rack of keys: the core's own, then the services that are on here."""
        paths = Paths(desk.site.slug)
        items = list(self.own_menu(desk))
        for plugin in self.catalogue.registry.on(desk.site.plugins):
            if plugin.is_core:
                continue
            for screen in plugin.manifest.screens:
                if screen.menu and screen.may_open(desk):
                    icon = screen.icon or plugin.manifest.icon
                    items.append(MenuItem(plugin.label, icon, paths.screen(screen), service=True))
                    break
        for at, item in enumerate(items):
            yield MenuItem(
                item.label,
                item.icon,
                item.href,
                current=is_here(request.path, item.href, paths.root),
                docked=at < DOCKED,
                service=item.service,
            )

    def refusal(self, desk: Context, request: Request, refusal: Refused) -> Answer:
        """Return a page that says why, for a refusal with no form to come back to."""
        values = {
            "title": _("This was not done"),
            "text": refusal.words,
            "detail": _("Nothing was changed."),
            "act": Link(_("Back to the desk"), f"/{desk.site.slug}/desk"),
        }
        return self.page(desk, request, "palier/error.html", values, status=409)


def _here(request: Request) -> str:
    """Return this address, to come back to; without its query where that is no address of ours."""
    path = request.with_query(done=None)
    return path if len(path) <= LONGEST_PATH else request.path


def _opens_alone(page: Act[..., Any]) -> bool:
    """Whether a page can be opened with nothing in its address."""
    values = page.signature.values
    return all(each.optional or each.default is not UNSET for each in values)


def is_here(path: str, href: str, root: str) -> bool:
    """Whether a menu entry leads to where the reader is."""
    if href == root:
        return path == root
    package = "/".join(href.split("/")[:4])
    return path == href or path.startswith((f"{href}/", f"{package}/"))


def note_of(refusal: Refused) -> Note:
    """Return the note above a form that was refused as a whole."""
    return Note("stop", refusal.words, _("Nothing was changed."))
