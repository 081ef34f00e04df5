"""A record's page: sections, panels of other packages, history, acts."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import structlog
from sqlalchemy import ColumnElement, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import joinedload

from palier.acts import Act
from palier.context import Context
from palier.db.records import SiteRecord, label_of
from palier.db.types import chosen
from palier.picking import OneOf
from palier.reading import value_of
from palier.screens.beside import broken, with_beside
from palier.screens.catalogue import Catalogue, Offered, Paths
from palier.screens.columns import asked_of, cell, is_computed, parts, shown_column
from palier.screens.declared import Panel, Screen
from palier.screens.listing import Wanted, find_rows
from palier.screens.seeing import who_sees
from palier.screens.views import (
    ActView,
    Cell,
    Heading,
    Link,
    ListView,
    PanelView,
    RecordView,
    Row,
    Section,
    Trace,
)
from palier.text import Text, _, show
from palier.trail import ActRow
from palier.values import Value, Whole, Words

log = structlog.get_logger("palier.screens")
IN_PANEL = 6
IN_HISTORY = 12
IN_WORDS = 3


def find_record(
    desk: Context, model: type[SiteRecord], id: int, *holds: ColumnElement[bool]
) -> SiteRecord | None:
    """Return the record with its links loaded, if all this holds; in one statement."""
    links = [joinedload(getattr(model, each)) for each in model.links]
    query = select(model).where(model.id == id, *holds).options(*links)
    return desk.session.scalars(query).unique().first()


def record_view(
    desk: Context, catalogue: Catalogue, screen: Screen[Any], record: SiteRecord
) -> RecordView:
    """Return everything the page shows; read here, drawn after."""
    paths = Paths(desk.site.slug)
    may_edit = bool(screen.form) and desk.actor.may(screen.form_permission, screen.form_least)
    return RecordView(
        title=str(record),
        trail=(Link(screen.title, paths.screen(screen)),),
        sections=tuple(_sections(desk, catalogue, screen, record)),
        tags=tuple(_tags(screen.model, record)),
        acts=tuple(_acts(desk, catalogue, screen, record)),
        panels=tuple(_panels(desk, catalogue, screen, record)),
        history=tuple(history(desk, catalogue, record)),
        edit=ActView("edit", _("Change"), f"{paths.record(screen, record.id)}/edit", key="e")
        if may_edit
        else None,
        seen_by=who_sees(screen, desk.actor.overrides),
    )


def _tags(model: type[SiteRecord], record: SiteRecord) -> Iterator[Cell]:
    if "state" in model.fields:
        yield cell(shown_column(model, "state"), (getattr(record, "state"),))  # noqa: B009 - by name


def _sections(
    desk: Context, catalogue: Catalogue, screen: Screen[Any], record: SiteRecord
) -> Iterator[Section]:
    given = screen.sections or {screen.title: screen.columns}
    told = screen.facts(desk, [record.id]) if screen.facts is not None else {}
    made = tuple((label, Cell(show(values.get(record.id, "")))) for label, values in told.items())
    for title, columns in given.items():
        facts = (_fact(desk, catalogue, screen.model, record, each.key or "") for each in columns)
        yield Section(title, (*facts, *made))
        made = ()


def _fact(
    desk: Context, catalogue: Catalogue, model: type[SiteRecord], record: SiteRecord, key: str
) -> tuple[Text, Cell]:
    label = label_of(model, key)
    assert label is not None  # noqa: S101 - Screen.check found it at start
    stored = getattr(record, key)
    if key in model.links:
        there = catalogue.screen_of(desk, model.links[key].target)
        href = Paths(desk.site.slug).record(there, stored.id) if there and stored else None
        return label, Cell("" if stored is None else str(stored), href)
    if is_computed(model, key):
        return label, Cell(show(stored), kind="number")
    return label, cell(shown_column(model, key), (stored,))


def _acts(
    desk: Context, catalogue: Catalogue, screen: Screen[Any], record: SiteRecord
) -> Iterator[ActView]:
    """Yield what can be done with this record now: `when` says yes and the actor may."""
    first = True
    for each in sorted(catalogue.acts_of(desk, screen), key=lambda act: act.rare):
        if each.signature.record is None or not desk.may(each):
            continue
        if each.when is None or each.when(record):
            primary = first and not each.rare
            yield act_view(desk, Offered(each, screen), record.id, primary=primary)
            first = False


def act_view(
    desk: Context, offered: Offered, id: int | None = None, *, primary: bool = False, back: str = ""
) -> ActView:
    """Return a button for an act."""
    act: Act[..., Any] = offered.act
    href = Paths(desk.site.slug).act(offered, id)
    if back:
        href = f"{href}?back={back}"
    return ActView(act.name, act.label, href, act.help or "", primary=primary)


def _panels(
    desk: Context, catalogue: Catalogue, screen: Screen[Any], record: SiteRecord
) -> Iterator[PanelView]:
    for plugin, panel in catalogue.panels(desk, screen):
        if not panel.screen.may_open(desk):
            continue
        icon = panel.screen.icon or plugin.manifest.icon
        title = panel.title or panel.screen.title
        try:
            shown = _panel_list(desk, panel, record)
            if shown.rows or not panel.rare:
                yield PanelView(title, icon, shown)
        except (SQLAlchemyError, ArithmeticError, LookupError, TypeError, ValueError):
            log.exception("panel failed", plugin=plugin.name)
            desk.session.rollback()
            desk.session.enter(desk.site.id)
            yield PanelView(title, icon, warning=broken(plugin))


def _panel_list(desk: Context, panel: Panel, record: SiteRecord) -> ListView:
    screen, link = panel.screen, panel.link.key
    paths = Paths(desk.site.slug)
    found = find_rows(desk, screen, Wanted(size=IN_PANEL), panel.of(record))
    shown = [each for each in found.columns if each.key != link]
    rows = []
    for row in found.rows:
        by_key = dict(zip((c.key for c in found.columns), parts(row, found.columns), strict=True))
        href = paths.record(screen, row[0])
        cells = tuple(cell(c, by_key[c.key], href if c is shown[0] else None) for c in shown)
        rows.append(Row(row[0], href, cells))
    value = record.id if panel.same is None else getattr(record, link)
    more = f"{paths.screen(screen)}?{urlencode({link: value})}" if found.next else None
    headings, wider = with_beside(
        desk, screen, [Heading(each.label, each.value.shown_as) for each in shown], rows
    )
    return ListView(screen.title, headings, wider, total=found.total, more_href=more)


def history(desk: Context, catalogue: Catalogue, record: SiteRecord) -> Iterator[Trace]:
    """Yield what was done to this record, the newest first."""
    query = (
        select(ActRow)
        .where(ActRow.subject_type == record.path, ActRow.subject_id == record.id)
        .order_by(ActRow.id.desc())
        .limit(IN_HISTORY)
    )
    names = names_of_acts(catalogue)
    for row in desk.session.scalars(query):
        label = names.get(row.name, Text(row.name))
        columns = _changed_words(record, row)
        text = _("%(act)s: %(what)s").fill(act=label, what=columns) if columns else label
        who = _("%(who)s, %(when)s").fill(who=row.who, when=row.at)
        yield Trace(text, who)


def names_of_acts(catalogue: Catalogue) -> dict[str, Text]:
    """Return how people read each act, by the name that its row carries."""
    names: dict[str, Text] = {}
    for plugin in catalogue.registry.working():
        manifest = plugin.manifest
        acts = [*manifest.acts, *(act for screen in manifest.screens for act in screen.acts)]
        acts += [act for extend in manifest.extends for act in extend.acts]
        names |= {each.permission: each.label for each in acts}
        for screen in manifest.screens:
            names[screen.form_permission] = _("Changed")
            names[f"{screen.form_permission}.new"] = _("Made")
    return names


def _changed_words(record: SiteRecord, row: ActRow) -> str:
    """Say what changed, old and new where that is short and not personal; three at most."""
    model, told = type(record), []
    for change in row.changes or ():
        if (change.get("in"), change.get("id")) != (record.path, record.id):
            continue
        for key, values in change.get("set", {}).items():
            link = key.removesuffix("_id")
            name = link if link in model.links else key
            if (label := label_of(model, name)) is not None:
                told.append(_one_change(model, name, label, values))
    return ", ".join([*told[:IN_WORDS], "…"] if len(told) > IN_WORDS else told)


def _one_change(model: type[SiteRecord], key: str, label: Text, values: Any) -> str:
    value = value_of(asked_of(model, key))
    if values is None or not isinstance(value, OneOf | Words | Whole):
        return str(label)
    old, new = (_said(value, each) for each in values)
    return str(_("%(what)s, %(old)s → %(new)s").fill(what=label, old=old, new=new))


def _said(value: Value, stored: Any) -> str:
    if stored is None:
        return "–"
    return str(
        value.shown(chosen(value.asked.kind, stored) if isinstance(value, OneOf) else stored)
    )
