"""From an address under `/{site}/desk/` to what answers it. The gate itself is in the handlers."""

from palier.errors import NotThere, Refused
from palier.screens.acting import act_handler, form_handler
from palier.screens.drawing import Drawing
from palier.screens.handlers import (
    FILES,
    export_handler,
    list_handler,
    page_handler,
    pick_handler,
    record_handler,
)
from palier.values import is_id
from palier.web.asked import Answer, Request
from palier.web.wrapper import Handler

HOME = {"": "home", "find": "find"}  # the desk's own pages have the shortest addresses


def resolve(drawing: Drawing, path: str) -> Handler:  # noqa: C901, PLR0911 - a table
    """Return what answers `path`, the part of an address behind `/{site}/desk/`."""
    match [each for each in path.split("/") if each]:
        case []:
            return page_handler(drawing, "desk", HOME[""])
        case ["find"]:
            return page_handler(drawing, "desk", HOME["find"])
        case ["pick", package, table]:
            return pick_handler(drawing, package, table)
        case [package, "do", name]:
            return act_handler(drawing, package, None, name)
        case [package, "do", name, id] if is_id(id):
            return act_handler(drawing, package, None, name, int(id))
        case [package, word]:
            return _list_or_page(drawing, package, word)
        case [package, word, third]:
            return _third(drawing, package, word, third)
        case [package, word, id, "edit"] if is_id(id):
            return form_handler(drawing, package, word, int(id))
        case [package, word, id, name] if is_id(id):
            return act_handler(drawing, package, word, name, int(id))
    return NOWHERE


def _third(drawing: Drawing, package: str, word: str, third: str) -> Handler:
    if is_id(third):
        return record_handler(drawing, package, word, int(third))
    if third == "new":
        return form_handler(drawing, package, word)
    name, _dot, ending = third.partition(".")
    if name == "export" and ending in FILES:
        return export_handler(drawing, package, word, ending)
    return act_handler(drawing, package, word, third)


def _list_or_page(drawing: Drawing, package: str, word: str) -> Handler:
    plugin = drawing.catalogue.registry.plugins.get(package)
    pages = plugin.manifest.pages if plugin and plugin.works else ()
    if any(each.name == word for each in pages):
        return page_handler(drawing, package, word)
    return list_handler(drawing, package, word)


def _nowhere(_desk: object, _request: Request, _refusal: Refused | None) -> Answer:
    raise NotThere


NOWHERE = Handler(_nowhere)
