"""Who may be one person written down twice: found for a whole site without comparing all with all."""

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import combinations

from palier.db.normal import one_typo
from palier.db.types import Choice
from palier.text import _

# Up to so many are compared with each other. A number that more people left is a social worker's or
# a hostel's: it says nothing of them.
FEW = 8


class Like(Choice):
    """What makes two records look like one person; the strongest first."""

    NAME = "name", _("Same name")
    SPELLING = "spelling", _("Names that differ by a letter")
    PHONE = "phone", _("Same telephone")
    EMAIL = "email", _("Same e-mail")
    HOUSEHOLD = "household", _("Same household")
    DOOR = "door", _("Same address")
    BIRTH_YEAR = "birth_year", _("Same year of birth")


@dataclass(frozen=True, slots=True)
class Known:
    """A resident as they are compared: names without accents or spaces, the door as one key."""

    id: int
    given: str
    family: str
    household: int | None = None
    door: Hashable = None
    birth_year: int | None = None
    phone: str | None = None
    email: str | None = None


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records that may be one person, the older first, and why."""

    one: int
    other: int
    why: tuple[Like, ...] = field(compare=False)

    @property
    def rank(self) -> tuple[int, int, int]:
        """The surest first: the same name before the same number, and more reasons before fewer."""
        named = 0 if Like.NAME in self.why else 1 if Like.SPELLING in self.why else 2
        return 10 * named - len(self.why), self.one, self.other


def likely_pairs(people: Iterable[Known], apart: Collection[frozenset[int]] = ()) -> list[Pair]:
    """Return the pairs that may be one person, the surest first; those told apart are left out.

    Names that are the same or differ by a letter each, and the same household, address, year of
    birth, telephone or e-mail. Where a year was never asked, names that are the same to the letter
    suffice. The same telephone or e-mail suffices too, but for two members of one household.
    """
    found: dict[frozenset[int], Pair] = {}
    for one, other in _candidates(people):
        key = frozenset((one.id, other.id))
        if key in found or key in apart:
            continue
        if why := reasons(one, other):
            found[key] = Pair(min(key), max(key), why)
    return sorted(found.values(), key=lambda pair: pair.rank)


def reasons(one: Known, other: Known) -> tuple[Like, ...]:
    """Return what speaks for one person; nothing where it is not enough."""
    named = _named(one, other)
    if named is None:
        family = _same(one.household, other.household)
        numbers = _same(one.phone, other.phone) or _same(one.email, other.email)
        return _shared(one, other) if numbers and not family else ()
    why = _shared(one, other)
    asked = one.birth_year is not None and other.birth_year is not None
    enough = why or (named is Like.NAME and not asked)
    return (named, *why) if enough else ()


def _shared(one: Known, other: Known) -> tuple[Like, ...]:
    same = {
        Like.PHONE: _same(one.phone, other.phone),
        Like.EMAIL: _same(one.email, other.email),
        Like.HOUSEHOLD: _same(one.household, other.household),
        Like.DOOR: _same(one.door, other.door),
        Like.BIRTH_YEAR: _same(one.birth_year, other.birth_year),
    }
    return tuple(each for each, holds in same.items() if holds)


def _named(one: Known, other: Known) -> Like | None:
    given, family, first, last = one.given, one.family, other.given, other.family
    if (given == first and family == last) or (given == last and family == first):
        return Like.NAME
    if one_typo(given, first) and one_typo(family, last):
        return Like.SPELLING
    turned = one_typo(given, last) and one_typo(family, first)
    return Like.SPELLING if turned else None


def _same(one: Hashable, other: Hashable) -> bool:
    return one is not None and one == other


def _candidates(people: Iterable[Known]) -> Iterator[tuple[Known, Known]]:
    """Yield who is worth comparing: the same names, and those of one home, year or number.

    Some may come twice.
    """
    blocks: dict[Hashable, list[Known]] = defaultdict(list)
    for each in people:
        blocks[tuple(sorted((each.given, each.family)))].append(each)
        shared = (each.household, each.door, each.birth_year, each.phone, each.email)
        for kind, value in enumerate(shared):
            if value is not None:
                blocks[kind, value].append(each)
    for block in blocks.values():
        yield from combinations(block, 2) if len(block) <= FEW else _nearly_spelt(block)


def _nearly_spelt(people: Iterable[Known]) -> Iterator[tuple[Known, Known]]:
    """Yield those of a large group who have a word in common, but for a letter.

    Two words that differ by one letter are the same once the right letter is left out of each.
    """
    blocks: dict[str, list[Known]] = defaultdict(list)
    for each in people:
        for spelling in {*_shortened(each.given), *_shortened(each.family)}:
            blocks[spelling].append(each)
    for block in blocks.values():
        if len(block) > 1:
            yield from combinations(block, 2)


def _shortened(word: str) -> Iterator[str]:
    yield word
    yield from (word[:at] + word[at + 1 :] for at in range(len(word)))
