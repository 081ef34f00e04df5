"""The shelf compared with what was scanned on it, and what carriers ask today."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from palier.api import Desk, Text, _, select, slip_code

from . import queries, rules
from .models import Carrier, Parcel, Place, Rule
from .shipped import shipped_rule


@dataclass(frozen=True)
class Check:
    """What was scanned on the shelf against what should lie there."""

    place: Place | None
    codes: str
    scanned: int
    right: int
    missing: tuple[Parcel, ...]
    extra: tuple[str, ...]

    @property
    def is_right(self) -> bool:
        return not (self.missing or self.extra)


def compare(desk: Desk, place: Place | None, codes: str) -> Check:
    """Compare scanned codes, one to a line, with what should lie there. Two statements."""
    wanted = queries.on_the_shelf(desk, place)
    known = {code: each for each in wanted for code in (each.number, slip_code(each)) if code}
    scanned = list(dict.fromkeys(filter(None, map(_code, codes.splitlines()))))
    found = {known[each].id for each in scanned if each in known}
    return Check(
        place,
        codes,
        len(scanned),
        len(found),
        tuple(each for each in wanted if each.id not in found) if scanned else (),
        tuple(each for each in scanned if each not in known),
    )


def _code(line: str) -> str:
    label = rules.read_label(line)
    return label.number if label is not None else line.strip().upper()[: rules.LONGEST_NUMBER]


def rules_today(desk: Any, ids: Sequence[int]) -> Mapping[Text, Mapping[int, object]]:
    """Say what carriers ask today, and where that is known from. Two statements."""
    rows = desk.all(select(Carrier).where(Carrier.id.in_(ids)))
    own = desk.all(select(Rule).join(Rule.carrier).where(Carrier.id.in_(ids)), Rule.carrier)
    found = {
        each.id: rules.rule_on(
            [row for row in own if row.carrier is each],
            shipped_rule(each.word, desk.today),
            desk.today,
        )
        for each in rows
    }
    told = {id: rule for id, rule in found.items() if rule is not None}
    return {
        _("Days kept"): {id: rule.days for id, rule in told.items()},
        _("Counted from"): {id: rule.counted_from.label for id, rule in told.items()},
        _("Rule since"): {id: rule.valid_from for id, rule in told.items()},
        _("Known from"): {id: rule.source for id, rule in told.items()},
    }
