"""Forms drawn from what is asked: labels, help, choices, errors, everything typed kept."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from sqlalchemy import func, select

from palier.acts import Act
from palier.context import Context
from palier.db.fields import UNSET
from palier.db.records import SiteRecord
from palier.db.search import offered
from palier.picking import Linked, OneOf
from palier.reading import value_of
from palier.screens.catalogue import Paths
from palier.screens.columns import asked_of
from palier.screens.declared import Screen
from palier.screens.picks import code_of, picks_for
from palier.screens.views import FieldGroup, FieldView, FormView, Link, Option
from palier.signature import Asked
from palier.text import Secret, Text, _
from palier.values import CannotRead, Value

PICKED = 50  # beyond so many records, a link is chosen by search
GROUP = 5
SHOWN_AT_ONCE = 5  # a longer list is a menu, not buttons beside each other
FIXED = {"choice", "tick"}  # a default stands in them: they are never left empty


def asked_by_form(screen: Screen[Any]) -> tuple[Asked, ...]:
    """Return what *New* and *Edit* ask for."""
    return tuple(asked_of(screen.model, each.key) for each in screen.form)


def starting(asked: Sequence[Asked], desk: Context) -> dict[str, str]:
    """Return what a fresh form is filled with."""
    filled = {}
    for each in asked:
        value = value_of(each)
        if each.start is not None:
            filled[each.name] = value.to_form(each.start(desk))
        elif each.default is not UNSET and each.default is not None:
            filled[each.name] = value.to_form(each.default)
        elif each.first and each.offers is not None:
            filled[each.name] = next(iter(each.offers(desk)), "")
    return filled


def of_record(asked: Sequence[Asked], record: SiteRecord) -> dict[str, str]:
    """Return what a form to change a record is filled with."""
    return {each.name: value_of(each).to_form(getattr(record, each.name)) for each in asked}


def fields_of(
    desk: Context,
    asked: Sequence[Asked],
    typed: Mapping[str, str],
    errors: Mapping[str, Sequence[Text]],
    record: SiteRecord | None = None,
) -> tuple[FieldView, ...]:
    """Return every field with what was typed and what is wrong with it.

    `record` is what the act is done to: a field may offer only what belongs to it.
    """
    return tuple(_field(desk, e, typed, tuple(errors.get(e.name, ())), record) for e in asked)


def grouped(fields: Sequence[FieldView]) -> tuple[FieldGroup, ...]:
    """Cut a form into groups of at most five fields."""
    starts = range(0, len(fields), GROUP)
    return tuple(FieldGroup(tuple(fields[at : at + GROUP])) for at in starts)


def _field(
    desk: Context,
    asked: Asked,
    typed: Mapping[str, str],
    errors: tuple[Text, ...],
    record: SiteRecord | None,
) -> FieldView:
    value = value_of(asked)
    text = typed.get(asked.name, "")
    which = asked.among(record) if asked.among is not None and record is not None else None
    options, search, shown = (
        _options(desk, value, asked, text, typed.get(f"{asked.name}__q"))
        if which is None
        else (_among(desk, asked, which, text), None, "")
    )
    return FieldView(
        name=asked.name,
        label=asked.label,
        widget=value.widget,
        value=text,
        shown=shown,
        help=asked.help or "",
        errors=errors,
        options=options,
        optional=asked.optional or (asked.default is not UNSET and value.widget not in FIXED),
        longest=asked.max if asked.kind in {str, Secret} else None,
        search_href=search,
        autocomplete="current-password" if asked.name == "password" else "off",
        scan_href=_scan_href(desk, asked) if isinstance(value, Linked) else None,
    )


def _options(
    desk: Context, value: Value, asked: Asked, text: str, searched: str | None
) -> tuple[tuple[Option, ...], str | None, Text | str]:
    if isinstance(value, OneOf):
        offered_here = value.offered(desk).items()
        return tuple(Option(word, label, word == text) for word, label in offered_here), None, ""
    if value.widget == "ticks":
        ticked = set(text.split(","))
        return tuple(Option(t.name, t.label, t.name in ticked) for t in asked.items), None, ""
    if isinstance(value, Linked):
        return _records(desk, value, text, searched)
    return (), None, ""


def _among(desk: Context, asked: Asked, which: Any, text: str) -> tuple[Option, ...]:
    """Offer the few records that belong to what the act is done to."""
    model: type[SiteRecord] = asked.kind
    query = select(model).where(which, *offered(model)).order_by(model.id)
    return tuple(Option(str(e.id), describe(e), str(e.id) == text) for e in desk.all(query))


def _records(
    desk: Context, value: Value, text: str, searched: str | None
) -> tuple[tuple[Option, ...], str | None, Text | str]:
    """Offer few records as a list, many by search."""
    model: type[SiteRecord] = value.asked.kind
    chosen: SiteRecord | None = None
    with suppress(CannotRead):
        chosen = value.from_form(text, desk) if text else None  # type: ignore[assignment]  # a record
    href = _pick_href(desk, model)
    if searched is not None and (chosen is None or str(chosen) != searched):
        picks = picks_for(desk, model, searched)
        options = tuple(
            Option(str(each.id), describe(each), picks.sure and each is picks.records[0])
            for each in picks.records
        )
        return options, href, searched
    here = offered(model)
    few = select(model.id).where(*here).limit(PICKED + 1).subquery()
    count = desk.session.scalar(select(func.count()).select_from(few)) or 0
    if count > PICKED and hasattr(model, "norm"):
        return (), href, str(chosen) if chosen else ""
    everyone = desk.all(select(model).where(*here).order_by(model.id).limit(PICKED * 4))
    return tuple(Option(str(e.id), describe(e), str(e.id) == text) for e in everyone), None, ""


def _scan_href(desk: Context, asked: Asked) -> str | None:
    return _pick_href(desk, asked.kind) if code_of(asked.kind) is not None else None


def _pick_href(desk: Context, model: type[SiteRecord]) -> str:
    return f"{Paths(desk.site.slug).root}/pick/{model.package}/{model.__tablename__}"


def describe(record: SiteRecord) -> str:
    """Say a record so that two of one name differ."""
    more = getattr(record, "detail", None)
    return f"{record}, {more}" if more else str(record)


def _with_keys(fields: Sequence[FieldView]) -> Iterator[FieldView]:
    """Give each line to tick a digit, and each of a short list a letter of its label."""
    digits, taken = iter("123456789"), set[str]()
    for each in fields:
        options = each.options
        if each.widget == "ticks":
            options = tuple(replace(o, key=next(digits, "")) for o in options)
        elif each.widget == "choice" and len(options) <= SHOWN_AT_ONCE:
            options = tuple(replace(o, key=_letter(o.label, taken)) for o in options)
        yield replace(each, options=options)


def _letter(label: Text | str, taken: set[str]) -> str:
    letters = (each for each in str(label).lower() if each.isascii() and each.isalpha())
    key = next((each for each in letters if each not in taken), "")
    taken.add(key)
    return key


def act_form(
    desk: Context,
    act: Act[..., Any],
    action: str,
    *,
    back: str,
    asked: Sequence[Asked],
    record: SiteRecord | None = None,
    typed: Mapping[str, str] | None = None,
    errors: Mapping[str, Sequence[Text]] | None = None,
    hidden: Mapping[str, str] | None = None,
    refused: bool = False,
) -> FormView:
    """Return an act's dialog: title, help, the fields `asked` for, and the verb on its button."""
    filled = starting(asked, desk) if typed is None else typed
    seen = tuple(a for a in asked if not a.hidden)
    fields = fields_of(desk, seen, filled, errors or {}, record)
    # What another page showed counts for the first sending only: a refusal says it anew.
    carried = {a.name: filled[a.name] for a in asked if a.hidden and filled.get(a.name)}
    title = _("%(act)s: %(what)s").fill(act=act.label, what=str(record)) if record else act.label
    return FormView(
        title=title,
        action=action,
        submit=act.label,
        cancel_href=back,
        groups=(FieldGroup(tuple(_with_keys(fields))),) if fields else (),
        hidden={**(hidden or {}), **({} if refused else carried)},
        help=act.help or "",
        dialog=True,
    )


def record_form(
    desk: Context,
    screen: Screen[Any],
    action: str,
    *,
    record: SiteRecord | None = None,
    typed: Mapping[str, str] | None = None,
    errors: Mapping[str, Sequence[Text]] | None = None,
    hidden: Mapping[str, str] | None = None,
) -> FormView:
    """Return the form that makes or changes a record of a screen."""
    asked = asked_by_form(screen)
    paths = Paths(desk.site.slug)
    start = of_record(asked, record) if record is not None else starting(asked, desk)
    fields = fields_of(desk, asked, start if typed is None else typed, errors or {})
    back = paths.screen(screen) if record is None else paths.record(screen, record.id)
    title = _("Change: %(what)s").fill(what=str(record)) if record is not None else _("New")
    return FormView(
        title=title,
        action=action,
        submit=_("Save"),
        cancel_href=back,
        groups=grouped(fields),
        hidden=hidden or {},
        trail=(Link(screen.title, paths.screen(screen)),),
    )
