"""What is always true of parcels at a relay: no session, no web, no clock."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, NamedTuple
from unicodedata import combining, normalize

from palier.api import CodeKind, Refused, Text, Ticks, _, ask, normalise_scan

from .models import SEEN, Carrier, Drop, Event, Parcel, Place, Rule, State, Taker
from .shipped import ShippedRule

LONGEST_NUMBER = 40
_FEWEST_DIGITS = 4  # a text with fewer is a name or a place on the shelf
_NUMBER = re.compile(r"[A-Z0-9]+")
_BETWEEN = re.compile(r"[\s-]+")
_SSCC = re.compile(r"00([0-9]{18})")
POSTAL = frozenset({CodeKind.POSTAL, CodeKind.DOMESTIC, CodeKind.UNIT, CodeKind.ELEMENTS})
LA_POSTE = "laposte"
_SIGNED_FOR = "RV"  # UPU S10: registered and insured letters

WAITING = frozenset({State.RECEIVED, State.SHELVED, State.NOTIFIED})
HERE = WAITING | {State.REFUSED}
# Whom the site does not know is told by the carrier alone: that item goes from the shelf straight on.
NEXT: dict[State, frozenset[State]] = {
    State.EXPECTED: frozenset({State.RECEIVED, State.LOST}),
    State.RECEIVED: frozenset({State.SHELVED, State.EXPECTED, State.LOST}),
    State.SHELVED: frozenset(
        {State.NOTIFIED, State.COLLECTED, State.REFUSED, State.RETURNED, State.LOST}
    ),
    # Back to the shelf: the wrong person was told.
    State.NOTIFIED: frozenset(
        {State.SHELVED, State.COLLECTED, State.REFUSED, State.RETURNED, State.LOST}
    ),
    State.REFUSED: frozenset({State.RETURNED, State.LOST}),
    State.COLLECTED: frozenset(),
    State.RETURNED: frozenset(),
    State.LOST: frozenset({State.RECEIVED}),  # found again
}


@dataclass(frozen=True)
class Settings:
    """What each neighbourhood decides for itself."""

    half_time: Annotated[bool, ask(_("Remind at half-time"))] = True
    day_before: Annotated[bool, ask(_("Remind on the day before the last"))] = True
    expected_days: Annotated[
        int, ask(_("Days after which what was announced and never came is lost"), min=1, max=60)
    ] = 14


class CannotGoThere(Refused):
    text = _("This item is %(state)s now: it can't become %(wanted)s.")


class AlreadyInRun(Refused):
    text = _("%(number)s is scanned already, in this run. It is counted once: scan the next one.")
    field = "code"


class AlreadyHere(Refused):
    text = _("%(number)s is here already, since %(since)s, at %(place)s.")
    field = "code"


class AlreadyGone(Refused):
    text = _("%(number)s came today and has left already. Look at its label again.")
    field = "code"


class NothingToPlace(Refused):
    text = _("Scan a parcel first, then its place or the name on it.")
    field = "code"


class NoSuchPlace(Refused):
    text = _("There is no place %(code)s on the shelf. Scan the place's label, or add the place.")
    field = "code"


class WhoIsIt(Refused):
    text = _("Choose who it is for, or keep the name as it is on the label.")
    field = "code"


class NotUnlocked(Refused):
    text = _("Registered items lie in a locked place. Scan the label of one.")
    field = "code"


class NothingGoesBack(Refused):
    text = _("Nothing of %(carrier)s goes back today. Refuse an item first, or send it back.")


class NeedsTheRight(Refused):
    text = _("This is a registered item. Ask a colleague who takes registered mail to scan it.")
    field = "code"


class TakenAlready(Refused):
    text = _("This item is no longer waiting: %(state)s, %(when)s, by %(who)s.")


class PapersMissing(Refused):
    text = _(
        "%(carrier)s asks for: %(papers)s. Say: “I can hand it over as soon as I have seen this.”"
    )
    field = "seen"


class NoProxy(Refused):
    text = _(
        "%(carrier)s takes no proxy. Say: “The carrier does not let me take a proxy. "
        "I need %(papers)s.”"
    )
    field = "seen"


class OnlyThemselves(Refused):
    text = _("%(carrier)s hands over to the person themselves only. Say: “Please come yourself.”")
    field = "taker"


class NotListed(Refused):
    text = _("No line of this list has a number. Give one number to a line, then the name.")
    field = "listed"


@dataclass(frozen=True)
class Label:
    """What a scanned label says: whether its check digit is right, and whose numbers look so."""

    number: str
    proven: bool = False
    network: str = ""
    registered: bool = False


def read_label(typed: str) -> Label | None:
    """Return the number of a parcel, however it was written; None for a name or a place.

    UPU S10, the French post's own numbers and SSCC are proven by their check digit. What has four
    digits or more is a number too: a parcel on the counter is there, whatever its label says.
    """
    readings = normalise_scan(typed)
    for each in readings:
        if each.kind in POSTAL and (found := _proven(each.code, each.kind)) is not None:
            return found
    plain = _BETWEEN.sub("", readings[0].code).upper()
    if sum(each.isdigit() for each in plain) < _FEWEST_DIGITS or len(plain) > LONGEST_NUMBER:
        return None
    return Label(plain) if _NUMBER.fullmatch(plain) else None


def _proven(code: str, kind: CodeKind | None) -> Label | None:
    if kind is CodeKind.POSTAL:
        network = LA_POSTE if code.endswith("FR") else ""
        return Label(code, True, network, code[0] in _SIGNED_FOR)
    if kind is CodeKind.DOMESTIC:
        return Label(code, True, LA_POSTE)
    unit = _SSCC.match(code)
    if unit is not None:
        return Label(unit[1], True)
    return Label(code, True) if kind is CodeKind.UNIT else None


def carrier_of(label: Label, brought_by: Carrier, carriers: Collection[Carrier]) -> Carrier:
    """Return whose a parcel is: the label says it where it can, else the driver's carrier."""
    network = label.network or brought_by.network
    if network == brought_by.network and label.registered == brought_by.registered:
        return brought_by
    fits = [each for each in carriers if each.network == network]
    same = [each for each in fits if each.registered == label.registered]
    return same[0] if same else brought_by


class Listed(NamedTuple):
    """One line of a driver's list."""

    label: Label
    name: str


def read_list(text: str) -> list[Listed]:
    """Return the lines of a driver's list, each number once. Raises `NotListed` for none.

    A line is a number, then the name on the label where the list has it: `8L20524752032 Kern Odile`.
    """
    found: dict[str, Listed] = {}
    for line in text.splitlines():
        words = re.split(r"[\s;,\t]+", line.strip(), maxsplit=1)
        label = read_label(words[0])
        if label is not None:
            name = words[1].strip(" ;,\t")[:80] if len(words) > 1 else ""
            found.setdefault(label.number, Listed(label, name))
    if not found:
        raise NotListed
    return list(found.values())


def is_named(label: str, person: str) -> bool:
    """Whether the words on a label are a person's whole name, in any order and writing."""
    return bool(label.strip()) and _words(label) == _words(person)


def _words(name: str) -> list[str]:
    plain = normalize("NFKD", name).casefold()
    return sorted(re.findall(r"[^\W\d_]+", "".join(c for c in plain if not combining(c))))


class Gap(NamedTuple):
    """How a drop differs from what was announced."""

    missing: int
    extra: int


def gap_of(announced: int | None, listed: int, came_of_list: int, received: int) -> Gap:
    """Return what is missing of a drop, and what came beyond; a list says more than a number."""
    if listed:
        return Gap(listed - came_of_list, received - came_of_list)
    if announced is None:
        return Gap(0, 0)
    return Gap(max(0, announced - received), max(0, received - announced))


def check_place(parcel: Parcel, place: Place) -> None:
    """Raise `NotUnlocked` for a registered item on a shelf that everyone reaches."""
    if parcel.registered and not place.locked:
        raise NotUnlocked


def check_move(parcel: Parcel, to: State) -> None:
    """Raise `CannotGoThere` where a step would jump over another."""
    if to not in NEXT[parcel.state]:
        raise CannotGoThere(state=parcel.state.label, wanted=to.label)


def last_day(event: date, days: int) -> date:
    """Return the last day for the hand-out, that day included."""
    return event + timedelta(days=days)


def told_day(last: date, open_days: Sequence[date]) -> date:
    """Return the last open day that is not after the carrier's; that day where none is open."""
    return max((each for each in open_days if each <= last), default=last)


def is_half_time(arrived: date, until: date, today: date) -> bool:
    """Whether half of the time is over and the day before the last has not come."""
    half = arrived + timedelta(days=(until - arrived).days // 2)
    return arrived < half <= today < until - timedelta(days=1)


def is_day_before(until: date, today: date) -> bool:
    return today == until - timedelta(days=1)


def goes_back(parcel: Parcel, today: date) -> bool:
    """Whether an item is to be given to the next driver."""
    over = parcel.last_day is not None and parcel.last_day < today
    return parcel.state is State.REFUSED or (parcel.state in WAITING and over)


def has_come(parcel: Parcel) -> bool:
    """Whether an item was scanned, wherever it is by now: handed out already, or lost."""
    return parcel.received_at is not None


def is_open(drop: Drop) -> bool:
    return drop.closed_at is None


def waits(parcel: Parcel) -> bool:
    return parcel.state in WAITING and not parcel.registered


def is_here(parcel: Parcel) -> bool:
    return parcel.state in HERE and not parcel.registered


def may_be_lost(parcel: Parcel) -> bool:
    return State.LOST in NEXT[parcel.state] and not parcel.registered


def is_collected(parcel: Parcel) -> bool:
    return parcel.state is State.COLLECTED


def has_number_of_ours(parcel: Parcel) -> bool:
    return parcel.own_number and parcel.state in HERE


def registered_waits(parcel: Parcel) -> bool:
    """Whether a registered item waits for the papers of who takes it."""
    return parcel.registered and parcel.state in WAITING and parcel.papers_at is None


def registered_leaves(parcel: Parcel) -> bool:
    """Whether the papers of who takes a registered item were seen: it leaves once that is signed."""
    return parcel.registered and parcel.state in WAITING and parcel.papers_at is not None


def registered_here(parcel: Parcel) -> bool:
    return parcel.registered and parcel.state in HERE


def brings_parcels(carrier: Carrier) -> bool:
    return not carrier.registered


AnyRule = Rule | ShippedRule


def holds_on(rule: Rule, day: date) -> bool:
    return rule.valid_from <= day and (rule.valid_to is None or day < rule.valid_to)


def rule_on(own: Sequence[Rule], shipped: ShippedRule | None, day: date) -> AnyRule | None:
    """Return what a carrier asks on a day: the site's newest own row, else as it came."""
    mine = sorted((each for each in own if holds_on(each, day)), key=lambda row: row.valid_from)
    return mine[-1] if mine else shipped


def counts_from_notice(rule: AnyRule) -> bool:
    return rule.counted_from is Event.NOTICE


def ways_to_prove(rule: AnyRule | None, taker: Taker) -> tuple[frozenset[str], ...]:
    """Return the sets of papers of which one whole set must be seen; none where nobody else may.

    A carrier without a known rule asks for the identity documents of all who are meant.
    """
    notice = {"notice"} if rule is not None and rule.notice else set()
    if taker is Taker.ADDRESSEE:
        code = [frozenset({"code"})] if rule is not None and rule.code else []
        return (frozenset({"document", *notice}), *code)
    both = frozenset({"document", "addressee_document", *notice})
    if rule is None:
        return (both,)
    proxy = frozenset({"document", "proxy", *notice})
    return tuple(
        each for each, may in ((both, rule.other_document), (proxy, rule.other_proxy)) if may
    )


def check_papers(carrier: Carrier, rule: AnyRule | None, taker: Taker, seen: Ticks | None) -> None:
    """Raise what the caretaker says when a carrier's papers were not all seen."""
    shown = frozenset(seen or ())
    ways = ways_to_prove(rule, taker)
    if not ways:
        raise OnlyThemselves(carrier=carrier.name)
    if any(way <= shown for way in ways):
        return
    nearest = min(ways, key=lambda way: len(way - shown))
    takes_proxies = any("proxy" in way for way in ways)
    if "proxy" in shown and not takes_proxies:
        raise NoProxy(carrier=carrier.name, papers=words_for(nearest - shown or nearest))
    raise PapersMissing(carrier=carrier.name, papers=words_for(nearest - shown))


def words_for(papers: Collection[str]) -> Text:
    """Return papers in words, in the order in which they are asked for."""
    labels = list(_labels(papers))
    words = labels[0]
    for each in labels[1:]:
        words = _("%(first)s, %(next)s").fill(first=words, next=each)
    return words


def _labels(papers: Collection[str]) -> Iterator[Text]:
    for each in SEEN:
        if each.name in papers:
            yield each.label
