"""Every address that exists because a plugin is on, walked from its manifest."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from litestar.testing import TestClient

from palier.acts import Act
from palier.db.fields import UNSET
from palier.db.records import SiteRecord
from palier.plugins import Manifest
from palier.screens.declared import Screen
from palier.signature import Asked

Ids = Mapping[Any, int]  # by class, and by a screen that has only some of it
# What of a manifest has addresses; the rest has none, or is walked with the hooks and the jobs.
WALKED = {"screens", "pages", "panels", "extends", "acts"}
PLAIN = {
    "name", "label", "summary", "icon", "counts", "skills", "settings", "settings_follow", "needs",
    "requires_core", "jobs", "membership_required", "in_demo",
    "forms",  # of acts, which are walked
}  # fmt: skip


def addresses(manifest: Manifest, slug: str, ids: Ids) -> Iterator[str]:
    """Yield every address that is there because this service is on at a site.

    `ids` are numbers of records that are there.
    """
    desk, api = f"/{slug}/desk", f"/api/v1/{slug}"
    screens = [*manifest.screens, *(each.screen for each in manifest.panels)]
    for screen in {f"{each.package}/{each.word}": each for each in screens}.values():
        yield from of_screen(desk, screen, ids)
        yield from of_screen(api, screen, ids)
        yield from _beside(desk, screen, ids)
    yield from (f"{desk}/{manifest.name}/{each.name}" for each in manifest.pages)
    for each in manifest.acts:
        record = each.signature.record
        if record is not None and record not in ids:
            continue
        one = "" if record is None else f"/{ids[record]}"
        yield f"{desk}/{manifest.name}/do/{each.name}{one}"
        yield f"{api}/{manifest.name}/do/{each.name}"
    for extend in manifest.extends:
        for each in extend.acts if isinstance(extend.screen, str) else ():
            if each.signature.record is None or each.signature.record in ids:
                yield _on_act(f"{desk}/{extend.screen}", each, ids)
                yield _on_act(f"{api}/{extend.screen}", each, ids)


def of_screen(root: str, screen: Screen[Any], ids: Ids) -> Iterator[str]:
    """Yield the addresses of a list, a record and its acts under a root."""
    base = f"{root}/{screen.package}/{screen.word}"
    yield base
    here = _here(screen, ids)
    if screen.model in here:
        yield f"{base}/{here[screen.model]}"
    for each in screen.acts:
        if each.signature.record is None or each.signature.record in here:
            yield _on_act(base, each, here)


def _here(screen: Screen[Any], ids: Ids) -> Ids:
    """Return the numbers with one of this screen's own, where it has only some of its class."""
    return {**ids, screen.model: ids[screen]} if screen in ids else ids


def _beside(root: str, screen: Screen[Any], ids: Ids) -> Iterator[str]:
    base = f"{root}/{screen.package}/{screen.word}"
    yield from (f"{base}/export.csv", f"{base}/export.xlsx")
    if screen.form:
        here = _here(screen, ids)
        if screen.model in here:
            yield f"{base}/{here[screen.model]}/edit"
        if screen.makes:
            yield f"{base}/new"
    if hasattr(screen.model, "norm"):
        yield f"{root}/pick/{screen.package}/{screen.model.__tablename__}?q=a"


def _on_act(base: str, each: Act[..., Any], ids: Ids) -> str:
    record = each.signature.record
    return f"{base}/{each.name}" if record is None else f"{base}/{ids[record]}/{each.name}"


def page_address(root: str, page: Act[..., Any], ids: Ids) -> str:
    """Return the address of a page of its own, with what it can't do without."""
    asked = [
        f"{each.name}={_some(each, ids)}" for each in page.signature.values if _is_needed(each)
    ]
    query = f"?{'&'.join(asked)}" if asked else ""
    return f"{root}/{page.package}/{page.name}{query}"


def _is_needed(asked: Asked) -> bool:
    return asked.default is UNSET and not asked.optional


def _some(asked: Asked, ids: Ids) -> object:
    if isinstance(asked.kind, type) and issubclass(asked.kind, SiteRecord):
        return ids.get(asked.kind, 1)
    return date(2026, 10, 6).isoformat() if asked.kind is date else 1


def leaks(client: TestClient[Any], slug: str, paths: Iterable[str]) -> list[str]:
    """Return the addresses that answer anything but 404 at a site, read or written to."""
    token = client.get(f"/api/v1/{slug}/me").json()["csrf"]
    headers = {"x-csrf-token": token}
    found = []
    for path in paths:
        answers = [client.get(path), client.post(path, headers=headers, content=b"{}")]
        if {each.status_code for each in answers} != {404}:
            found.append(path)
    return found
