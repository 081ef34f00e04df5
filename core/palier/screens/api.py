"""The same screens and acts for programs: JSON under `/api/v1`, one parser, one perform."""

from collections.abc import Mapping
from typing import Any

from palier.context import Context
from palier.db.records import SiteRecord
from palier.errors import Invalid, NotThere, Refused, SomeoneChangedThis
from palier.reading import asked_now, read_values
from palier.screens.acting import VISITS, arrive, find_act, open_form, remember, save_record
from palier.screens.catalogue import Paths
from palier.screens.columns import columns_of, parts, shown_column
from palier.screens.declared import Screen
from palier.screens.drawing import Drawing
from palier.screens.forms import asked_by_form
from palier.screens.handlers import open_record, open_screen
from palier.screens.listing import find_rows, wanted_from
from palier.text import _
from palier.trail import claim_key, fingerprint, perform
from palier.values import is_id
from palier.web.asked import Answer, Request, as_json
from palier.web.wrapper import Handler

MOST = 200


def resolve_api(drawing: Drawing, path: str) -> Handler:  # noqa: PLR0911 - a table
    """Return what answers `path`, the part of an address behind `/api/v1/{site}/`."""
    match [each for each in path.split("/") if each]:
        case ["me"]:
            return Handler(_me)
        case [package, word]:
            return _records(drawing, package, word)
        case [package, "do", name]:
            return _act(drawing, package, None, name, None)
        case [package, word, id] if is_id(id):
            return _record(drawing, package, word, int(id))
        case [package, word, name]:
            return _act(drawing, package, word, name, None)
        case [package, word, id, name] if is_id(id):
            return _act(drawing, package, word, name, int(id))
    return Handler(_nowhere)


def _nowhere(_desk: Context, _request: Request, _refusal: Refused | None) -> Answer:
    raise NotThere


def _me(desk: Context, _request: Request, _refusal: Refused | None) -> Answer:
    role = desk.actor.role.name.lower() if desk.actor.role else None
    return as_json({"name": desk.actor.name, "role": role, "csrf": desk.csrf})


def _records(drawing: Drawing, package: str, word: str) -> Handler:
    def show(desk: Context, request: Request, refusal: Refused | None) -> Answer:
        if refusal is not None:
            return refused(refusal)
        screen = open_screen(drawing, desk, package, word)
        typed = request.query.get("size", "50")
        size = max(1, min(MOST, int(typed))) if is_id(typed) else 50
        found = find_rows(desk, screen, wanted_from(screen, dict(request.query), size))
        rows = [
            {"id": row[0]}
            | {
                c.key: c.json(v)
                for c, v in zip(found.columns, parts(row, found.columns), strict=True)
            }
            for row in found.rows
        ]
        return as_json(
            {"rows": rows, "total": found.total, "next": found.next, "previous": found.previous}
        )

    def make(desk: Context, request: Request) -> Answer:
        screen = open_form(drawing, desk, package, word, None)
        values = read_values(asked_by_form(screen), request.json, desk, json=True)
        _claim(desk, request, screen.form_permission, 0)
        record = save_record(desk, screen, None, values, "")
        _keep(desk, request, screen, record)
        return as_json(record_json(screen, record), 201)

    return Handler(show, make)


def _record(drawing: Drawing, package: str, word: str, id: int) -> Handler:
    def show(desk: Context, _request: Request, refusal: Refused | None) -> Answer:
        if refusal is not None:
            return refused(refusal)
        screen = open_screen(drawing, desk, package, word)
        record = open_record(desk, screen, id)
        desk.noted.append((record.path, record.id))
        return as_json(record_json(screen, record))

    def change(desk: Context, request: Request) -> Answer:
        screen = open_form(drawing, desk, package, word, id)
        body = dict(request.json)
        version = str(body.pop("version", ""))
        known = {each.name: each for each in asked_by_form(screen)}
        asked = tuple(each for name, each in known.items() if name in body)
        extra = {name: [_("This value is not asked for.")] for name in body.keys() - known.keys()}
        if extra:
            raise Invalid(extra)
        values = read_values(asked, body, desk, json=True)
        _claim(desk, request, screen.form_permission, id)
        record = save_record(desk, screen, id, values, version)
        _keep(desk, request, screen, record)
        return as_json(record_json(screen, record))

    return Handler(show, change)


def _act(drawing: Drawing, package: str, word: str | None, name: str, id: int | None) -> Handler:
    def show(desk: Context, _request: Request, refusal: Refused | None) -> Answer:
        find_act(drawing, desk, package, word, name, id)
        return refused(refusal) if refusal is not None else as_json({"post": name}, 405)

    def do(desk: Context, request: Request) -> Answer:
        offered, record = find_act(drawing, desk, package, word, name, id)
        body = dict(request.json)
        visit = _visit(body)
        asked = asked_now(offered.act.signature, record, body, desk, json=True)
        values = read_values(asked, body, desk, json=True)
        _claim(desk, request, offered.act.permission, id or 0, offered.act.signature.secrets)
        arrive(desk, visit)
        done = perform(desk, offered.act, record, values)
        if isinstance(done.result, SiteRecord):
            shown = drawing.catalogue.screen_of(desk, type(done.result))
            if shown is not None:
                _keep(desk, request, shown, done.result)
        return as_json({"act": done.row.id, "result": _result(drawing, desk, done.result)}, 201)

    return Handler(show, do)


def _visit(body: dict[str, Any]) -> dict[str, str]:
    """Take whose visit an act is part of out of what was sent, as its form would say it."""
    given = {name: body.pop(name) for name in VISITS if name in body}
    whole = {name: str(id) for name, id in given.items() if type(id) is int and id > 0}
    if wrong := given.keys() - whole.keys():
        raise Invalid({name: [_("Send a whole number here.")] for name in wrong})
    return whole


def _claim(
    desk: Context,
    request: Request,
    permission: str,
    id: int,
    secrets: frozenset[str] = frozenset(),
) -> None:
    key = request.headers.get("idempotency-key", "")
    if key:
        plain = {name: value for name, value in request.json.items() if name not in secrets}
        claim_key(desk, key[:64], permission, fingerprint(permission, id, plain))


def _keep(desk: Context, request: Request, screen: Screen[Any], record: SiteRecord) -> None:
    """Keep where the record is, for the same request sent again."""
    path = Paths(desk.site.slug, api=True).record(screen, record.id)
    remember(desk, request.headers.get("idempotency-key", "")[:64], path)


def _result(drawing: Drawing, desk: Context, result: object) -> object:
    if not isinstance(result, SiteRecord):
        return None
    screen = drawing.catalogue.screen_of(desk, type(result))
    if screen is None:
        return {"id": result.id}
    return {"screen": f"{screen.package}/{screen.word}", **record_json(screen, result)}


def record_json(screen: Screen[Any], record: SiteRecord) -> dict[str, Any]:
    """Return a record as programs read it: its columns and its form's, links as id and title."""
    keys = {c.key: c for c in columns_of(screen)}
    for each in (*screen.form, *(c for s in (screen.sections or {}).values() for c in s)):
        keys.setdefault(each.key or "", shown_column(screen.model, each.key or ""))
    found: dict[str, Any] = {"id": record.id}
    for key, column in keys.items():
        stored = getattr(record, key)
        if column.target is not None:
            found[key] = None if stored is None else {"id": stored.id, "title": str(stored)}
        else:
            found[key] = column.value.to_json(stored)
    version: int | None = getattr(record, "version", None)
    return found | ({"version": version} if version is not None else {})


def refused(refusal: Refused) -> Answer:
    """Return a refusal for a program: the sentence, and the sentences by value."""
    fields: Mapping[str, Any] = {}
    if isinstance(refusal, Invalid):
        fields = {name: [str(each) for each in words] for name, words in refusal.errors.items()}
    elif refusal.field:
        fields = {refusal.field: [str(refusal.words)]}
    status = 409 if isinstance(refusal, SomeoneChangedThis) else 422
    return as_json({"refused": str(refusal.words), "fields": fields}, status)
