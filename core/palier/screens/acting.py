"""What answers an act's address: the form, the doing, the way on; and the forms of records."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from palier.acts import Act, Step
from palier.context import Context
from palier.db.records import SiteRecord
from palier.db.unique import refusal_of
from palier.errors import Invalid, NotAllowed, NotNow, NotThere, Refused, SomeoneChangedThis
from palier.reading import asked_now, read_values
from palier.screens.catalogue import Offered, Paths
from palier.screens.declared import Screen
from palier.screens.drawing import Drawing, note_of
from palier.screens.forms import act_form, asked_by_form, record_form, starting
from palier.screens.handlers import open_record, open_screen
from palier.screens.meanwhile import conflict_page, who_was_faster
from palier.screens.showing import shown_price
from palier.screens.views import FormView, Link, Note
from palier.signature import Asked
from palier.text import Text
from palier.trail import ActRow, Changes, FormKey, claim_key, fingerprint, perform, trace
from palier.values import is_id
from palier.web.asked import Answer, Request, local_path, new_key, redirect, unkept
from palier.web.wrapper import Handler

MADE = "{made}"
WHOSE = "{resident}"  # in the address an act leads back to: the resident that the act was about
VISITS = ("visit_of", "in_visit")  # whose visit an act is part of: a resident's id, or a visit's
UNKEPT = {"csrf", "key", "shown"}  # of one sending only


def find_act(
    drawing: Drawing, desk: Context, package: str, word: str | None, name: str, id: int | None
) -> tuple[Offered, SiteRecord | None]:
    """Return an act where it is offered, and its record. Raises `NotThere`, `NotAllowed`."""
    if word is None:
        found = drawing.catalogue.lone_act(desk, package, name)
        offered = Offered(found, None) if found else None
    else:
        screen = drawing.catalogue.screen(desk, package, word)
        found = drawing.catalogue.act(desk, screen, name) if screen else None
        offered = Offered(found, screen) if found else None
    if offered is None:
        raise NotThere
    wanted = offered.act.signature.record
    if (wanted is None) != (id is None):
        raise NotThere
    if not desk.may(offered.act):
        raise NotAllowed
    if id is None or wanted is None:
        return offered, None
    return offered, _done_to(desk, offered, wanted, id)


def _done_to(desk: Context, offered: Offered, wanted: type[SiteRecord], id: int) -> SiteRecord:
    """Return the record that an act is done to, where its screen has it. Raises `NotThere`."""
    screen = offered.screen
    if screen is not None and screen.apart:
        return open_record(desk, screen, id)
    record = desk.find(screen.model if screen else wanted, id)
    if record is None:
        raise NotThere
    return record


def act_handler(
    drawing: Drawing, package: str, word: str | None, name: str, id: int | None = None
) -> Handler:
    """Answer an act's address: GET draws its form, POST does it."""

    def show_form(desk: Context, request: Request, refusal: Refused | None) -> Answer:
        offered, record = find_act(drawing, desk, package, word, name, id)
        return _act_page(drawing, desk, request, offered, record, refusal)

    def do_act(desk: Context, request: Request) -> Answer:
        offered, record = find_act(drawing, desk, package, word, name, id)
        return redirect(_do(drawing, desk, request, offered, record))

    return Handler(show_form, do_act)


def _act_page(
    drawing: Drawing,
    desk: Context,
    request: Request,
    offered: Offered,
    record: SiteRecord | None,
    refusal: Refused | None,
) -> Answer:
    act, signature = offered.act, offered.act.signature
    values = tuple(each.of(record) for each in signature.values)
    typed = _typed(desk, request, values)
    given = starting(values, desk) if typed is None else typed
    asked = asked_now(signature, record, given, desk, json=False)
    if refusal is None and record is not None and act.when and not act.when(record):
        refusal = NotNow()
    form = act_form(
        desk,
        act,
        request.path,
        back=_back(drawing, desk, request, offered, record),
        record=record,
        asked=asked,
        typed=given,
        errors=errors_of(refusal, asked),
        hidden={**_hidden(desk, request), **unkept(signature.secrets)},
        refused=refusal is not None,
    )
    said = general_note(refusal, asked, who_was_faster(desk, drawing.catalogue, refusal, record))
    notes = with_way_out(drawing, desk, request, refusal, said, {*UNKEPT, *signature.secrets})
    price = shown_price(desk, act, record, given)
    form = replace(form, notes=notes, price=price)  # inside, where a dialog shows them
    template, shown = "palier/form.html", dict[str, object](form=form)
    if own := drawing.catalogue.form_of(desk, act):
        made = own(desk, record, typed or {})
        template, shown = made.template, {**made.values, **shown}
    return drawing.page(desk, request, template, shown, status=422 if refusal else 200)


def with_way_out(
    drawing: Drawing,
    desk: Context,
    request: Request,
    refusal: Refused | None,
    notes: Sequence[Note],
    never: Set[str],
) -> tuple[Note, ...]:
    """Return the notes with the act that clears the way; it leads back to the form as it is."""
    step = refusal.step if refusal is not None else None
    if step is None:
        return tuple(notes)
    act, record = (step, None) if isinstance(step, Act) else (step.act, step.record)
    offered = drawing.catalogue.where(desk, act)
    if offered is None or not desk.may(offered.act):
        return tuple(notes)
    typed = {name: value for name, value in request.form.items() if name not in never and value}
    here = urlencode({"back": f"{request.path}?{urlencode(typed)}"})
    path = Paths(desk.site.slug).act(offered, record.id if record is not None else None)
    way = Link(offered.act.label, f"{path}?{here}")
    return tuple(replace(each, act=way) for each in notes)


def _do(
    drawing: Drawing, desk: Context, request: Request, offered: Offered, record: SiteRecord | None
) -> str:
    """Perform the act of a form, once for its key, and return where it leads."""
    act, given = offered.act, request.form
    if given.keys() & {"__find", "__price"}:
        raise Looking
    asked = asked_now(act.signature, record, given, desk, json=False)
    values = read_values(asked, given, desk, json=False)
    key = given.get("key", "")
    if key:
        names = (each.name for each in act.signature.values)
        plain = {each: given.get(each, "") for each in names if each not in act.signature.secrets}
        subject = record.id if record is not None else 0
        claim_key(desk, key, act.permission, fingerprint(act.name, subject, plain))
    arrive(desk, given)
    done = perform(desk, act, record, values, key=key or None)
    back = "" if isinstance(act.then, str) and act.then else local_path(given.get("back"), "")
    path = back or way_on(drawing, desk, offered, record, done.result)
    if callable(act.then):
        step = act.then(desk, record, done.result)
        path = next_act(drawing, desk, step, given, path) or path
    path = with_done(with_made(path, done.result, done.row), act.permission)
    remember(desk, key, path)
    return path


class Looking(Refused):
    """Only a search inside a form: it is drawn again with what was found, nothing is done."""


def _back(
    drawing: Drawing, desk: Context, request: Request, offered: Offered, record: SiteRecord | None
) -> str:
    """Return where *Cancel* leads: what was not made has no page to go back to."""
    given = request.form.get("back") or request.query.get("back") or ""
    otherwise = way_on(drawing, desk, offered, record, None)
    return otherwise if MADE in given else local_path(given, otherwise).replace(WHOSE, "")


def next_act(
    drawing: Drawing, desk: Context, step: Step | None, given: Mapping[str, str], back: str
) -> str:
    """Return the form of the act that follows, which leads back to where this one does.

    It is part of the same visit. Empty for none, and for one that is not offered to this person.
    """
    offered = drawing.catalogue.where(desk, step.act) if step is not None else None
    if step is None or offered is None or not desk.may(step.act):
        return ""
    visit = {name: given[name] for name in VISITS if is_id(given.get(name, ""))}
    query = urlencode({**step.filled, **visit, "back": back})
    return f"{Paths(desk.site.slug).act(offered, step.record.id)}?{query}"


def way_on(
    drawing: Drawing, desk: Context, offered: Offered, record: SiteRecord | None, result: object
) -> str:
    """Return where an act leads: what it made, else what it was done to, else the list."""
    paths = Paths(desk.site.slug)
    if isinstance(offered.act.then, str) and offered.act.then and isinstance(result, SiteRecord):
        return f"{paths.root}/{offered.act.package}/{offered.act.then}?made={result.id}"
    for each in (result, record):
        if isinstance(each, SiteRecord):
            own = offered.screen if each is record else None
            apart = own is not None and own.apart
            screen = own if apart else drawing.catalogue.screen_of(desk, type(each))
            if screen is not None and screen.may_open(desk):
                return paths.record(screen, each.id)
    return paths.screen(offered.screen) if offered.screen else paths.root


def with_done(path: str, permission: str) -> str:
    """Add what was done, so that the next page can say it."""
    return f"{path}{'&' if '?' in path else '?'}done={permission}"


def arrive(desk: Context, given: Mapping[str, str]) -> None:
    """Let an act be part of the visit that its page names: a resident's, or one without a name."""
    resident, visit = given.get("visit_of", ""), given.get("in_visit", "")
    if is_id(resident):
        desk.begin_visit(int(resident))
    elif is_id(visit):
        desk.enter_visit(int(visit))


def with_made(path: str, result: object, row: ActRow) -> str:
    """Put what the page to go back to asks for into its address.

    `?visit={made}` is the id of what was made, `?resident={resident}` whom the act was about.
    """
    path = path.replace(WHOSE, str(row.resident_id or ""))
    return path.replace(MADE, str(result.id)) if isinstance(result, SiteRecord) else path


def remember(desk: Context, key: str, path: str) -> None:
    if key:
        row = desk.session.get_one(FormKey, (desk.site.id, key))
        row.result_path = path
        desk.session.flush()


def _typed(desk: Context, request: Request, asked: tuple[Asked, ...]) -> Mapping[str, str] | None:
    """Return what was typed; for a fresh form, what its address fills in."""
    if request.writes:
        return request.form
    names = {each.name for each in asked} & request.query.keys()
    if not names:
        return None
    return {**starting(asked, desk), **{name: request.query[name] for name in names}}


def _hidden(desk: Context, request: Request) -> dict[str, str]:
    given = {**request.query, **request.form}
    key = request.form.get("key") or new_key()
    kept = {"csrf": desk.csrf, "key": key, "back": local_path(given.get("back"), "")}
    kept |= {name: given.get(name, "") for name in VISITS if is_id(given.get(name, ""))}
    return {name: value for name, value in kept.items() if value}


def errors_of(refusal: Refused | None, asked: tuple[Asked, ...]) -> dict[str, list[Text]]:
    """Return a refusal's sentences by field."""
    if isinstance(refusal, Invalid):
        return refusal.errors
    if refusal is not None and refusal.field in {each.name for each in asked}:
        return {str(refusal.field): [refusal.words]}
    return {}


def general_note(
    refusal: Refused | None, asked: tuple[Asked, ...], faster: Text | None = None
) -> list[Note]:
    """Return the note above the form for a refusal that is about no field of it."""
    if refusal is None or isinstance(refusal, Looking) or errors_of(refusal, asked):
        return []
    note = note_of(refusal)
    return [note if faster is None else replace(note, detail=faster)]


def form_handler(drawing: Drawing, package: str, word: str, id: int | None = None) -> Handler:
    """Answer *New* and *Edit*."""

    def show_form(desk: Context, request: Request, refusal: Refused | None) -> Answer:
        screen = open_form(drawing, desk, package, word, id)
        record = open_record(desk, screen, id) if id is not None else None
        asked = asked_by_form(screen)
        if isinstance(refusal, SomeoneChangedThis) and record is not None:
            kept = _hidden(desk, request)
            return conflict_page(drawing, desk, request, screen, record, kept)
        form = _record_form(desk, request, screen, record, refusal)
        notes = general_note(refusal, asked)
        status = 422 if refusal else 200
        values = {"form": form}
        return drawing.page(desk, request, "palier/form.html", values, status=status, notes=notes)

    def save(desk: Context, request: Request) -> Answer:
        screen = open_form(drawing, desk, package, word, id)
        if "__find" in request.form:
            raise Looking
        values = read_values(asked_by_form(screen), request.form, desk, json=False)
        key = request.form.get("key", "")
        if key:
            plain = {name: request.form.get(name, "") for name in values}
            claim_key(desk, key, screen.form_permission, fingerprint(word, id or 0, plain))
        record = save_record(desk, screen, id, values, request.form.get("version", ""))
        path = f"{Paths(desk.site.slug).record(screen, record.id)}?done=saved"
        remember(desk, key, path)
        return redirect(path)

    return Handler(show_form, save)


def open_form(
    drawing: Drawing, desk: Context, package: str, word: str, id: int | None
) -> Screen[Any]:
    """Return a screen whose form makes or changes records. Raises `NotThere`, `NotAllowed`."""
    screen = open_screen(drawing, desk, package, word)
    if not screen.form or (id is None and not screen.makes):
        raise NotThere
    if not desk.actor.may(screen.form_permission, screen.form_least):
        raise NotAllowed
    return screen


def _record_form(
    desk: Context,
    request: Request,
    screen: Screen[Any],
    record: SiteRecord | None,
    refusal: Refused | None,
) -> FormView:
    asked = asked_by_form(screen)
    hidden = _hidden(desk, request)
    if record is not None:
        hidden["version"] = request.form.get("version") or str(record.version)
    return record_form(
        desk,
        screen,
        request.path,
        record=record,
        typed=_typed(desk, request, asked),
        errors=errors_of(refusal, asked),
        hidden=hidden,
    )


def save_record(
    desk: Context, screen: Screen[Any], id: int | None, values: Mapping[str, Any], version: str
) -> SiteRecord:
    """Make or change a record, and leave the trace.

    Raises `SomeoneChangedThis`, `NotThere`, and `AlreadyTaken` for a value that must be unique.
    """
    changes = Changes(desk.session)
    act = form_act(screen, "" if id is not None else ".new")
    try:
        with changes:
            if id is None:
                record: SiteRecord = desk.add(screen.model(**values))
            else:
                record = _changed(desk, screen, id, values, version)
    except IntegrityError as error:
        raise refusal_of(error, screen.model) or error from error
    desk.session.add(trace(desk, act, record, record, values, changes.found))
    desk.session.flush()
    return record


def _changed(
    desk: Context, screen: Screen[Any], id: int, values: Mapping[str, Any], version: str
) -> SiteRecord:
    record = open_record(desk, screen, id)
    if version and str(record.version) != version:
        raise SomeoneChangedThis
    for name, value in values.items():
        setattr(record, name, value)
    try:
        desk.session.flush()
    except StaleDataError as error:
        raise SomeoneChangedThis from error
    return record


def form_act(screen: Screen[Any], ending: str) -> Act[..., Any]:
    """Return the act that saving a screen's form stands for in the trail."""
    made: Act[..., Any] = Act(_no_function, screen.title, least=screen.form_least)
    made.package, made.name = screen.package, f"edit_{screen.word}{ending}"
    return made


def _no_function() -> None:
    """Saving a form is done by `save_record`."""
