"""What answers a screen's addresses: list, record, export, and the search behind a picker."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select

from palier.acts import Act
from palier.context import Context
from palier.db.records import Base, SiteRecord
from palier.errors import Invalid, NotAllowed, NotThere, Refused
from palier.picking import OneOf
from palier.reading import read_values, value_of
from palier.screens.beside import with_added, with_beside
from palier.screens.catalogue import Offered, Paths
from palier.screens.columns import Shown, asked_of, cell, parts
from palier.screens.declared import Page, Screen
from palier.screens.drawing import Drawing
from palier.screens.exports import MEDIA, as_csv, as_xlsx
from palier.screens.forms import describe
from palier.screens.listing import Found, Wanted, find_rows, searched, wanted_from
from palier.screens.picks import picks_for, with_code
from palier.screens.record import act_view, find_record, record_view
from palier.screens.views import (
    ActView,
    Cell,
    FilterView,
    Heading,
    Link,
    ListView,
    Note,
    Option,
    Row,
)
from palier.text import _
from palier.web.asked import Answer, Request, as_json
from palier.web.wrapper import Handler

FILES = {"csv": as_csv, "xlsx": as_xlsx}


def open_screen(drawing: Drawing, desk: Context, package: str, word: str) -> Screen[Any]:
    """Return the screen. Raises `NotThere` where it is off, `NotAllowed` without the permission."""
    screen = drawing.catalogue.screen(desk, package, word)
    if screen is None:
        raise NotThere
    if not screen.may_open(desk):
        raise NotAllowed
    return screen


def open_record(desk: Context, screen: Screen[Any], id: int) -> SiteRecord:
    """Return the record. Raises `NotThere` for none, and for another site's."""
    found = find_record(desk, screen.model, id, *screen.holds(desk))
    if found is None:
        raise NotThere
    return found


def list_handler(drawing: Drawing, package: str, word: str) -> Handler:
    """Answer a list's address."""

    def show_list(desk: Context, request: Request, _refusal: Refused | None) -> Answer:
        screen = open_screen(drawing, desk, package, word)
        wanted = wanted_from(screen, dict(request.query))
        notes = []
        try:
            found = find_rows(desk, screen, wanted)
        except Invalid as refusal:
            words = ", ".join(str(w) for each in refusal.errors.values() for w in each)
            notes.append(_filter_note(words))
            wanted = Wanted(wanted.search, sort=wanted.sort)
            found = find_rows(desk, screen, wanted)
        view = list_view(drawing, desk, request, screen, wanted, found)
        return drawing.page(
            desk, request, "palier/list.html", {"list": view}, notes=[*notes, *view.warnings]
        )

    return Handler(show_list)


def _filter_note(words: str) -> Note:
    return Note("wait", _("A filter could not be read, so it was left out."), words)


def list_view(
    drawing: Drawing,
    desk: Context,
    request: Request,
    screen: Screen[Any],
    wanted: Wanted,
    found: Found,
) -> ListView:
    """Return a list as its template shows it."""
    paths = Paths(desk.site.slug)
    here = paths.screen(screen)
    may_make = screen.makes and bool(screen.form) and _may_fill_in(desk, screen)
    narrowed = bool(wanted.filters or wanted.search)
    words = [_heading(request, each, found) for each in found.columns]
    lines = [_row(screen, paths, found, row) for row in found.rows]
    headings, rows = with_beside(desk, screen, words, lines)
    headings, rows, warnings = with_added(desk, drawing.catalogue, screen, headings, rows)
    return ListView(
        title=screen.title,
        headings=headings,
        rows=rows,
        href=here,
        help=screen.help or "",
        search=wanted.search,
        searchable=searched(screen),
        filters=tuple(_filters(desk, request, screen)),
        query={"sort": request.query["sort"]} if request.query.get("sort") else {},
        total=found.total,
        total_is_more=found.total_is_more,
        sums=_sums(screen, found, len(headings)),
        next_href=_turned(request, after=found.next),
        previous_href=_turned(request, before=found.previous),
        clear_href=here if narrowed else None,
        new=ActView("new", _("New"), f"{here}/new", key="n") if may_make else None,
        acts=tuple(_list_acts(drawing, desk, screen)),
        bulk=tuple(_list_acts(drawing, desk, screen, bulk=True)) if rows else (),
        exports=tuple(_exports(desk, request, screen, here)),
        warnings=warnings,
    )


def _may_fill_in(desk: Context, screen: Screen[Any]) -> bool:
    return desk.actor.may(screen.form_permission, screen.form_least)


def _turned(request: Request, *, after: str | None = None, before: str | None = None) -> str | None:
    """Return the address of the next or the previous page, where there is one."""
    if not (after or before):
        return None
    return request.with_query(after=after, before=before, done=None)


def _exports(desk: Context, request: Request, screen: Screen[Any], here: str) -> list[Link]:
    query = request.with_query(after=None, before=None, done=None).partition("?")[2]
    more = f"?{query}" if query else ""
    files = [
        Link(_("For any spreadsheet (CSV)"), f"{here}/export.csv{more}"),
        Link(_("Workbook (XLSX)"), f"{here}/export.xlsx{more}"),
    ]
    if screen.calendar and desk.site.kind != "training":  # where one trains, nothing is public
        files.append(Link(_("Calendar (.ics)"), f"/{desk.site.slug}/calendar.ics"))
    return files


def _heading(request: Request, column: Shown, found: Found) -> Heading:
    if not column.sortable:
        return Heading(column.label, column.value.shown_as)
    sorted_ = ""
    wanted = column.key
    if column.key == found.sorted_by.key:
        sorted_ = "descending" if found.descending else "ascending"
        wanted = column.key if found.descending else f"-{column.key}"
    href = request.with_query(sort=wanted, after=None, before=None, done=None)
    return Heading(column.label, column.value.shown_as, href, sorted_)


def _row(screen: Screen[Any], paths: Paths, found: Found, row: Any) -> Row:
    href = paths.record(screen, row[0])
    values = zip(found.columns, parts(row, found.columns), strict=True)
    cells = tuple(
        cell(column, each, href if at == 0 else None) for at, (column, each) in enumerate(values)
    )
    titles = screen.model.title_columns
    name = [
        str(c.text) for column, c in zip(found.columns, cells, strict=True) if column.key in titles
    ]
    return Row(row[0], href, cells, " ".join(name) or str(cells[0].text))


def _sums(screen: Screen[Any], found: Found, wide: int) -> tuple[Cell | None, ...]:
    if not screen.totals:
        return ()
    by_key = dict(zip((each.key for each in screen.totals), found.sums, strict=True))
    sums = [
        Cell(each.value.shown(by_key[each.key]), kind=each.value.shown_as)
        if each.key in by_key
        else None
        for each in found.columns
    ]
    return (*sums, *[None] * (wide - len(sums)))


def _filters(desk: Context, request: Request, screen: Screen[Any]) -> Any:
    for each in screen.filters:
        asked = asked_of(screen.model, each.key)
        value = value_of(asked)
        chosen = request.query.get(each.key, "")
        until = request.query.get(f"{each.key}__until", "")
        clear = request.with_query(**{each.key: None, f"{each.key}__until": None, "after": None})
        clear_href = clear if chosen or until else None
        if isinstance(value, OneOf):
            options = tuple(Option(c.value, c.label, c.value == chosen) for c in value.choices)
            yield FilterView(
                each.key, asked.label, "choice", options, chosen, clear_href=clear_href
            )
        elif value.widget in {"date", "datetime"}:
            yield FilterView(each.key, asked.label, "date", (), chosen, until, clear_href)
        elif value.widget == "tick":
            yield FilterView(each.key, asked.label, "tick", (), chosen, clear_href=clear_href)
        elif value.widget == "record":
            options = tuple(_few(desk, asked.kind, chosen))
            yield FilterView(
                each.key, asked.label, "record", options, chosen, clear_href=clear_href
            )


def _few(desk: Context, model: type[SiteRecord], chosen: str) -> Any:
    for each in desk.all(select(model).order_by(model.id).limit(100)):
        yield Option(str(each.id), str(each), str(each.id) == chosen)


def _list_acts(drawing: Drawing, desk: Context, screen: Screen[Any], *, bulk: bool = False) -> Any:
    for each in drawing.catalogue.acts_of(desk, screen):
        if each.signature.record is None and each.is_bulk is bulk and desk.may(each):
            yield act_view(desk, Offered(each, screen))


def record_handler(drawing: Drawing, package: str, word: str, id: int) -> Handler:
    """Answer a record's address."""

    def show_record(desk: Context, request: Request, _refusal: Refused | None) -> Answer:
        screen = open_screen(drawing, desk, package, word)
        record = open_record(desk, screen, id)
        desk.noted += [(record.path, record.id), *_people_of(record)]
        view = record_view(desk, drawing.catalogue, screen, record)
        return drawing.page(desk, request, "palier/record.html", {"record": view})

    return Handler(show_record)


def export_handler(drawing: Drawing, package: str, word: str, ending: str) -> Handler:
    """Answer with the whole list as a file, filters and sort as shown."""

    def send(desk: Context, request: Request, _refusal: Refused | None) -> Answer:
        screen = open_screen(drawing, desk, package, word)
        body = FILES[ending](desk, screen, wanted_from(screen, dict(request.query)))
        name = f"{desk.site.slug}-{screen.word}-{desk.today.isoformat()}.{ending}"
        if any("personal" in each.info for each in screen.model.__table__.columns):
            desk.noted.append((f"{package}/{screen.word}.{ending}", 0))
        return Answer.file(body, name, media_type=MEDIA[ending], attached=True)

    return Handler(send)


def _people_of(record: SiteRecord) -> Iterator[tuple[str, int]]:
    """Yield the people a record is about: whoever opens it has seen something of them."""
    for name, link in type(record).links.items():
        id: int | None = getattr(record, f"{name}_id")
        if id is not None and link.keep is not None:
            yield link.target.__tablename__, id


def pick_handler(drawing: Drawing, package: str, table: str) -> Handler:
    """Answer a picker: the few records nearest to what was typed, as JSON."""

    def pick(desk: Context, request: Request, _refusal: Refused | None) -> Answer:
        if drawing.catalogue.package(desk, package) is None:
            raise NotThere
        model, code = _model(table), request.query.get("code", "")
        if model is None or model.package != package or not (code or hasattr(model, "norm")):
            raise NotThere
        screen = drawing.catalogue.screen_of(desk, model)
        if screen is not None and not screen.may_open(desk):
            raise NotAllowed
        words = request.query.get("q", "")[:400]
        picks = with_code(desk, model, code) if code else picks_for(desk, model, words)
        rows = [{"value": str(each.id), "label": describe(each)} for each in picks.records]
        return as_json([{**row, "sure": picks.sure and row is rows[0]} for row in rows])

    return Handler(pick)


def _model(table: str) -> type[SiteRecord] | None:
    for mapper in Base.registry.mappers:
        kind = mapper.class_
        if issubclass(kind, SiteRecord) and kind.__tablename__ == table:
            return kind
    return None


def page_handler(drawing: Drawing, package: str, name: str) -> Handler:
    """Answer a package's page of its own; its values come from the address."""

    def show_page(desk: Context, request: Request, _refusal: Refused | None) -> Answer:
        page: Act[..., Any] | None = drawing.catalogue.page(desk, package, name)
        if page is None:
            raise NotThere
        if not desk.may(page):
            raise NotAllowed
        values = read_values(page.signature.values, dict(request.query), desk, json=False)
        made = page.function(desk, **values)
        if isinstance(made, Answer):
            return made
        assert isinstance(made, Page)  # noqa: S101 - a page returns a Page
        return drawing.page(desk, request, made.template, made.values)

    return Handler(show_page)
