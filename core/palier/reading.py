"""Reading a whole form or a JSON body: every sentence at once, nothing typed lost."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import date, datetime, time
from typing import Any

from palier.context import Context
from palier.db.fields import UNSET
from palier.db.records import SiteRecord
from palier.db.types import Choice, Ticks
from palier.errors import Invalid
from palier.picking import Checklist, Linked, Offered, OneOf
from palier.signature import Asked, Signature
from palier.text import Cents, Grams, Minutes, Secret, Text, _
from palier.values import (
    CannotRead,
    Day,
    Euros,
    Hour,
    Lasting,
    Moment,
    Tickbox,
    Unseen,
    Value,
    Weight,
    Whole,
    Words,
)

_KINDS: dict[Any, type[Value]] = {
    str: Words,
    int: Whole,
    Cents: Euros,
    Grams: Weight,
    Minutes: Lasting,
    Secret: Unseen,
    bool: Tickbox,
    date: Day,
    datetime: Moment,
    time: Hour,
}


def value_of(asked: Asked) -> Value:
    """Return the kind of a value. Raises `CannotRead` never: unknown kinds are found at start."""
    kind = asked.kind
    if asked.offers is not None:
        return Offered(asked)
    if kind in _KINDS:
        return _KINDS[kind](asked)
    if isinstance(kind, type):
        for base, value in ((Choice, OneOf), (Ticks, Checklist), (SiteRecord, Linked)):
            if issubclass(kind, base):
                return value(asked)
    msg = f"{asked.name}: no form asks for a {kind!r}"
    raise TypeError(msg)


def asked_now(
    signature: Signature,
    record: SiteRecord | None,
    given: Mapping[str, object],
    desk: Context,
    *,
    json: bool,
) -> tuple[Asked, ...]:
    """Return the values that are asked for: by the act's record, or by the one chosen among them."""
    decider = signature.decider
    if record is None and decider is not None:
        with suppress(CannotRead):
            chosen = _read(value_of(decider), given.get(decider.name), desk, json=json)
            record = chosen if isinstance(chosen, SiteRecord) else None
    return signature.values_for(record)


def read_values(
    asked: tuple[Asked, ...], given: Mapping[str, object], desk: Context, *, json: bool
) -> dict[str, Any]:
    """Read every value of a form or a JSON body. Raises `Invalid` with all sentences at once."""
    found: dict[str, Any] = {}
    errors: dict[str, list[Text]] = {}
    for each in asked:
        try:
            found[each.name] = _read(value_of(each), given.get(each.name), desk, json=json)
        except CannotRead as error:
            errors[each.name] = [error.words]
    if json and (unknown := given.keys() - {each.name for each in asked}):
        errors |= {name: [_("This value is not asked for.")] for name in unknown}
    if errors:
        raise Invalid(errors)
    return found


def _read(value: Value, given: object, desk: Context, *, json: bool) -> object:
    asked = value.asked
    # PostgreSQL keeps no NUL, and nobody types one.
    typed = given.replace("\0", "") if isinstance(given, str) else given
    if isinstance(typed, str) and not isinstance(value, Unseen):
        typed = typed.strip()
    if typed is None or (typed == "" and not isinstance(value, Tickbox)):
        if isinstance(value, Checklist) and not asked.optional:
            return value.checked(value.from_json([], desk))
        if asked.default is not UNSET:
            return asked.default
        if asked.optional:
            return None
        raise CannotRead(missing(value))
    stored = value.from_json(typed, desk) if json else value.from_form(str(typed), desk)
    return value.checked(stored)


def missing(value: Value) -> Text:
    """Say what to fill in, by the kind of field."""
    label = value.asked.label
    if value.widget in {"choice", "record"}:
        return _("Choose: %(what)s.").fill(what=label)
    return _("Fill in: %(what)s.").fill(what=label)


def schema_of(asked: Asked) -> dict[str, Any]:
    """Return the JSON schema of one value, for the API's description."""
    value = value_of(asked)
    schema: dict[str, Any] = dict(value.json_type)
    if isinstance(value, OneOf) and value.choices:
        schema["enum"] = [each.value for each in value.choices]
    if isinstance(value, Words) and asked.max:
        schema["maxLength"] = asked.max
    if isinstance(value, Whole):
        schema |= {"minimum": asked.min} if asked.min is not None else {}
        schema |= {"maximum": asked.max} if asked.max is not None else {}
    if asked.optional:
        schema["type"] = [schema["type"], "null"]
    return schema | {"description": str(asked.label)}
