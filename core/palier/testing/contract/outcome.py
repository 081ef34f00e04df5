"""What a check of the contract says: well, failed with what to do, or not checked and why."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from palier.testing.contract.stage import Stage

OK, FAILED, UNCHECKED = "ok", "failed", "not checked"
SHOWN = 12  # findings that are named; the rest is counted


class Failing(Exception):
    """A part of the contract is not kept: the sentence says what to do, `found` says where."""

    def __init__(self, do: str, found: Iterable[str] = ()) -> None:
        self.do = do
        self.found = tuple(found)
        super().__init__("\n".join((do, *(f"  {each}" for each in _shortened(self.found)))))


class NotChecked(Exception):
    """Something that the check needs is not here; the sentence says how to get it."""


@dataclass(frozen=True)
class Outcome:
    """One line of the table."""

    name: str
    state: str
    words: str = ""
    found: tuple[str, ...] = ()


@dataclass(frozen=True)
class Check:
    """A part of the contract. `in_browser` ones need Chromium, and take their time."""

    name: str
    function: "Callable[[Stage], None]"
    in_browser: bool = False

    def outcome(self, stage: "Stage") -> Outcome:
        """Run it and say what came of it; a check that breaks has failed, with what broke."""
        try:
            self.function(stage)
        except Failing as failing:
            return Outcome(self.name, FAILED, failing.do, _shortened(failing.found))
        except NotChecked as why:
            return Outcome(self.name, UNCHECKED, str(why))
        except Exception as error:  # noqa: BLE001 - whatever a plugin does, the other lines are said
            words = f"The check itself broke: {type(error).__name__}. What it met is written below."
            return Outcome(self.name, FAILED, words, tuple(str(error).splitlines()[:SHOWN]))
        return Outcome(self.name, OK)


def unless(found: Iterable[str], do: str) -> None:
    """Raise `Failing` with the sentence when there are findings."""
    if listed := tuple(found):
        raise Failing(do, listed)


def _shortened(found: tuple[str, ...]) -> tuple[str, ...]:
    if len(found) <= SHOWN:
        return found
    return (*found[:SHOWN], f"… and {len(found) - SHOWN} more")
