"""The API's own description, from the same declarations."""

from collections.abc import Iterable
from importlib.metadata import version
from typing import Any

from palier.acts import Act
from palier.db.fields import UNSET
from palier.plugins import Plugin
from palier.reading import schema_of
from palier.screens.acting import VISITS
from palier.screens.columns import columns_of
from palier.screens.declared import Screen
from palier.screens.forms import asked_by_form
from palier.signature import Asked

REFUSED = {
    "type": "object",
    "properties": {"refused": {"type": "string"}, "fields": {"type": "object"}},
}
ANSWERS = {
    "403": {"description": "Not allowed"},
    "404": {"description": "Not here, or the service is off"},
    "422": {
        "description": "Refused in words",
        "content": {"application/json": {"schema": REFUSED}},
    },
}
# In the order of `VISITS`.
WHOSE_VISIT = ("A resident's id", "The id of a visit without a name")
SITE = {"name": "site", "in": "path", "required": True, "schema": {"type": "string"}}
ID = {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}


def describe_api(plugins: Iterable[Plugin]) -> dict[str, Any]:
    """Return the OpenAPI 3.1 document of these packages' screens and acts."""
    paths: dict[str, Any] = {}
    known = list(plugins)
    extends = [each for plugin in known for each in plugin.manifest.extends]
    for plugin in known:
        for screen in plugin.manifest.screens:
            paths |= _screen(screen)
            for each in extends:
                if each.stands_on(screen):
                    paths |= _acts(screen, each.acts)
        for act in plugin.manifest.acts:
            alone = {**_act(act), "operationId": act.permission}
            paths[f"/api/v1/{{site}}/{plugin.name}/do/{act.name}"] = {"post": alone}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Palier", "version": version("palier")},
        "paths": dict(sorted(paths.items())),
        "components": {
            "securitySchemes": {
                "session": {"type": "apiKey", "in": "cookie", "name": "palier_session"}
            }
        },
        "security": [{"session": []}],
    }


def _screen(screen: Screen[Any]) -> dict[str, Any]:
    base = _base(screen)
    names = ["q", "sort", "after", "before", "size", *(each.key for each in screen.filters)]
    query = [{"name": name, "in": "query", "schema": {"type": "string"}} for name in names]
    row = {c.key: {"description": str(c.label)} for c in columns_of(screen)}
    listed = {
        "type": "object",
        "properties": {
            "rows": {"type": "array", "items": {"type": "object", "properties": row}},
            "total": {"type": "integer"},
            "next": {"type": ["string", "null"]},
            "previous": {"type": ["string", "null"]},
        },
    }
    found: dict[str, Any] = {
        base: {"get": _operation(str(screen.title), [SITE, *query], listed)},
        f"{base}/{{id}}": {"get": _operation(str(screen.title), [SITE, ID], {"type": "object"})},
    }
    if screen.form:
        asked = asked_by_form(screen)
        if screen.makes:
            found[base]["post"] = _writing("New", [SITE], asked)
        found[f"{base}/{{id}}"]["post"] = _writing("Change", [SITE, ID], asked)
    return found | _acts(screen, screen.acts)


def _acts(screen: Screen[Any], acts: Iterable[Act[..., Any]]) -> dict[str, Any]:
    """Return the operations of acts on a screen; an act may stand on several, so each is named."""
    base, found = _base(screen), dict[str, Any]()
    for act in acts:
        on_record = act.signature.record is not None
        path = f"{base}/{{id}}/{act.name}" if on_record else f"{base}/{act.name}"
        name = f"{screen.package}.{screen.word}.{act.name}"
        found[path] = {"post": {**_act(act, on_record=on_record), "operationId": name}}
    return found


def _base(screen: Screen[Any]) -> str:
    return f"/api/v1/{{site}}/{screen.package}/{screen.word}"


def _act(act: Act[..., Any], *, on_record: bool = False) -> dict[str, Any]:
    made = _writing(str(act.label), [SITE, ID] if on_record else [SITE], act.signature.values)
    body = made["requestBody"]["content"]["application/json"]["schema"]["properties"]
    for name, words in zip(VISITS, WHOSE_VISIT, strict=True):
        body[name] = {"type": "integer", "description": words}
    return {**made, "description": str(act.help or "")}


def _operation(summary: str, parameters: list[Any], schema: dict[str, Any]) -> dict[str, Any]:
    body = {"application/json": {"schema": schema}}
    answers = {"200": {"description": "Found", "content": body}, **ANSWERS}
    return {"summary": summary, "parameters": parameters, "responses": answers}


def _writing(summary: str, parameters: list[Any], asked: tuple[Asked, ...]) -> dict[str, Any]:
    schema = {
        "type": "object",
        "properties": {each.name: schema_of(each) for each in asked},
        "required": [each.name for each in asked if not each.optional and each.default is UNSET],
        "additionalProperties": False,
    }
    key = {"name": "Idempotency-Key", "in": "header", "schema": {"type": "string"}}
    token = {"name": "X-CSRF-Token", "in": "header", "required": True, "schema": {"type": "string"}}
    return {
        "summary": summary,
        "parameters": [*parameters, key, token],
        "requestBody": {"content": {"application/json": {"schema": schema}}},
        "responses": {"201": {"description": "Done"}, **ANSWERS},
    }
