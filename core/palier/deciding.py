"""What a site decides of a service: one act for each, made from the service's typed settings.

The act's form is the settings class; a change is a new dated row, and what held before is kept.
"""

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, NamedTuple, get_args, get_origin

from sqlalchemy import select

from palier.acts import Act
from palier.context import Context, Role
from palier.db.fields import UNSET, mapped_kind
from palier.errors import DayIsOver, Refused, WrongDeclaration
from palier.signature import Ask, Asked, Signature, is_asked_for
from palier.site_settings import SiteSetting, decide, from_stored
from palier.text import Text, _

FROM, SOURCE = "valid_from", "source"
NAME = "change_settings"
LONGEST_SOURCE = 120


class NothingNew(Refused):
    text = _("Nothing differs from what holds on that day.")


@dataclass(frozen=True)
class Said:
    """One setting at a site: what holds today, since when, what held before, what is to come."""

    asked: Asked
    now: object
    since: date | None
    before: object
    coming: tuple[tuple[date, object], ...]
    source: str = ""


class Row(NamedTuple):
    """One stored decision."""

    key: str
    value: Any
    valid_from: date
    source: str


class SettingsAct(Act[..., Any]):
    """The act that changes one package's settings; its values are the fields of their class."""

    def __init__(
        self,
        package: str,
        of: Text,
        kind: type,
        follow: Callable[[Any], None] | None,
    ) -> None:
        super().__init__(self._change, _("Change the settings"), least=Role.MANAGER)
        self.package, self.name = package, NAME
        self.of, self.kind, self.follow = of, kind, follow
        self.fields = tuple(_fields(package, kind))
        self.__dict__["signature"] = Signature(None, (*self.fields, *_when()), None)

    @property
    def help(self) -> Text:
        """Which service it is about, and what a change does."""
        words = _("%(service)s. What held before is kept; only what you change begins on that day.")
        return words.fill(service=self.of)

    def _change(self, desk: Context, **values: Any) -> None:
        day, source = values.pop(FROM), values.pop(SOURCE) or ""
        DayIsOver.check(day, desk.today)
        plain = {each.name: _whole(each, values[each.name]) for each in self.fields}
        made = self.kind(**plain)
        made = made.checked() if hasattr(made, "checked") else made
        held: Any = desk.settings_on(self.kind, day)
        new = {
            each.name: getattr(made, each.name)
            for each in self.fields
            if getattr(made, each.name) != getattr(held, each.name)
        }
        if not new:
            raise NothingNew
        decide(desk.session, self.package, new, day, desk.actor.account_id, source)
        desk.session.flush()
        if self.follow is not None and day == desk.today:
            self.follow(desk)


def _whole(asked: Asked, value: object) -> object:
    return "" if value is None and asked.kind is str else value


def _fields(package: str, kind: type) -> Iterator[Asked]:
    """Yield what a settings class asks. Raises `WrongDeclaration` that names the field."""
    for each in dataclasses.fields(kind):
        hint, said = each.type, Ask()
        if get_origin(hint) is Annotated:
            hint, *notes = get_args(hint)
            said = next((note for note in notes if isinstance(note, Ask)), said)
        of, optional = mapped_kind(hint)
        if said.label is None or not is_asked_for(of) or each.name in {FROM, SOURCE}:
            msg = f"{package}: the setting {each.name} needs words, and a type that a form asks for"
            raise WrongDeclaration(msg)
        yield Asked(
            each.name,
            said.label,
            of,
            optional=optional or (of is str and each.default == ""),
            default=False if of is bool else UNSET,
            min=said.min,
            max=said.max,
            help=None if callable(said.help) else said.help,  # settings have no record
            start=_held(kind, each.name),
        )


def _held(kind: type, name: str) -> Callable[[Any], object]:
    return lambda desk: getattr(desk.settings(kind), name)


def _when() -> Iterator[Asked]:
    yield Asked(FROM, _("From"), date, start=lambda desk: desk.today)
    yield Asked(
        SOURCE,
        _("Decided by"),
        str,
        optional=True,
        max=LONGEST_SOURCE,
        help=_("The meeting or letter behind it."),
    )


def settings_of(desk: Context, act: SettingsAct, rows: Mapping[str, list[Row]]) -> list[Said]:
    """Return each setting of a package in words and days; `rows` are `decided(desk)`."""
    return [_said(desk, act, each, rows) for each in act.fields]


def _said(desk: Context, act: SettingsAct, asked: Asked, rows: Mapping[str, list[Row]]) -> Said:
    usual = getattr(act.kind(), asked.name)
    mine = [each for each in rows.get(act.package, ()) if each.key == asked.name]
    begun = [each for each in mine if each.valid_from <= desk.today]

    def read(row: Row) -> object:
        return from_stored(act.kind, row.key, row.value)

    return Said(
        asked,
        read(begun[-1]) if begun else usual,
        begun[-1].valid_from if begun else None,
        read(begun[-2]) if len(begun) > 1 else usual,
        tuple((each.valid_from, read(each)) for each in mine[len(begun) :]),
        begun[-1].source if begun else "",
    )


def decided(desk: Context) -> dict[str, list[Row]]:
    """Return what the site decided, by package, the earliest first: one statement."""
    query = select(
        SiteSetting.package,
        SiteSetting.key,
        SiteSetting.value,
        SiteSetting.valid_from,
        SiteSetting.source,
    ).order_by(SiteSetting.valid_from, SiteSetting.id)
    found: dict[str, list[Row]] = {}
    for package, *rest in desk.session.execute(query):
        found.setdefault(package, []).append(Row(*rest))
    return found
