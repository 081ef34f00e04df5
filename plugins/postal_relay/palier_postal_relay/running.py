"""A driver's drop on the page where it is scanned: rows, the last item, who may be meant."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from palier.api import Desk, Page, Text, _, own_form, person_in_words, plural

from . import actions, queries, receiving, rules
from .models import Drop, Parcel, State
from .words import until_words, where


@dataclass(frozen=True)
class Row:
    """One item of a run, as the page shows it."""

    parcel: Parcel
    number: str
    who: Text | str
    place: Text | str
    until: Text | None
    warning: Text | None


@dataclass(frozen=True)
class Someone:
    """Who may be meant by the name on a label."""

    id: int
    words: Text


@dataclass(frozen=True)
class Run:
    """Everything the page of a drop shows."""

    drop: Drop
    rows: tuple[Row, ...]
    missing: tuple[Row, ...]
    last: Row | None
    people: tuple[Someone, ...]
    name: str
    counted: Text
    told: Text | None
    gap: tuple[Text, ...]
    root: str
    form: Mapping[str, str]

    @property
    def extra(self) -> tuple[Row, ...]:
        """What came and was not on the driver's list, where there was one."""
        listed = any(each.parcel.listed for each in (*self.rows, *self.missing))
        return tuple(each for each in self.rows if listed and not each.parcel.listed)

    @property
    def address(self) -> str:
        return f"{self.root}/drop/{self.drop.id}"

    @property
    def here(self) -> str:
        return f"{self.root}/run?made={self.drop.id}"


def read_run(desk: Desk, drop: Drop, typed: str = "") -> Run:
    """Return a drop's page; `typed` is a name that was typed and fits more than one person."""
    items = queries.of_drop(desk, drop)
    sees = desk.may(actions.check_registered)
    shown = [each for each in items if sees or not each.registered]
    came = [each for each in shown if rules.has_come(each)]
    last = next((each for each in came if each.state is State.RECEIVED), None)
    name = _name_of(last, typed) if rules.is_open(drop) else ""
    return Run(
        drop,
        tuple(_row(desk, each) for each in came),
        tuple(_row(desk, each) for each in shown if each.listed and not rules.has_come(each)),
        _row(desk, last) if last is not None and rules.is_open(drop) else None,
        tuple(_people(desk, name)),
        name,
        _counted(drop, sum(map(rules.has_come, items))),
        None if rules.is_open(drop) else _told(items),
        tuple(_gap(drop)),
        f"/{desk.site.slug}/desk/postal_relay",
        own_form(desk),
    )


def scan_again(desk: Desk, drop: Drop, typed: Mapping[str, str]) -> Page:
    """Return the page of a run after a scan that was not taken as it is."""
    run = read_run(desk, drop, typed.get("code", ""))
    return Page("postal_relay/run.html", run=run)


def _name_of(last: Parcel | None, typed: str) -> str:
    """Return the name that is asked about: the one just typed, else the last label's."""
    if last is None:
        return ""
    is_name = bool(typed.strip()) and not any(each.isdigit() for each in typed)
    if is_name:
        return typed.strip()[:80]
    return (last.addressee or "") if last.resident is None else ""


def _people(desk: Desk, name: str) -> Iterator[Someone]:
    for each in receiving.people_called(desk, name) if name else ():
        yield Someone(each.id, person_in_words(each))


def _row(desk: Desk, parcel: Parcel) -> Row:
    return Row(
        parcel,
        parcel.number or "",
        str(parcel.resident) if parcel.resident is not None else parcel.addressee or "",
        where(parcel),
        until_words(parcel, desk.today),
        _warning(parcel),
    )


def _warning(parcel: Parcel) -> Text | None:
    if parcel.own_number:
        return _("Label of our own")
    if not parcel.proven:
        return _("Check digit not right: look at the label")
    if parcel.carrier.network != parcel.drop.carrier.network:
        return _("Label of another carrier")
    return None


def _counted(drop: Drop, came: int) -> Text:
    if drop.announced is None:
        return plural("%(n)s scanned", "%(n)s scanned", came)
    words = plural("%(n)s scanned of %(all)s", "%(n)s scanned of %(all)s", came)
    return words.fill(all=drop.announced)


def _told(items: Sequence[Parcel]) -> Text:
    told = len({each.resident for each in items if each.state is State.NOTIFIED})
    return plural("%(n)s person was told.", "%(n)s people were told.", told)


def _gap(drop: Drop) -> Iterator[Text]:
    if rules.is_open(drop):
        return
    if drop.missing:
        yield plural(
            "%(n)s missing of what was announced.",
            "%(n)s missing of what was announced.",
            drop.missing,
        )
    if drop.extra:
        yield plural("%(n)s more than announced.", "%(n)s more than announced.", drop.extra)
    if not (drop.missing or drop.extra or drop.announced is None):
        yield _("All that was announced is here.")
