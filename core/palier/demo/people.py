"""Residents who don't exist: the same ones for the same seed."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from palier.codes.own import SIGNS
from palier.db.normal import normal
from palier.residents.languages import Language

if TYPE_CHECKING:
    from faker import Faker

SEED = 67100
STREET = "rue de Wattwiller"
NUMBERS = tuple(str(each) for each in range(30, 60, 2))
STAIRWELLS = tuple("123456")
FLOORS = ("rez-de-chaussée", "1er étage", *(f"{each}e étage" for each in range(2, 6)))
LARGEST = 7
LANGUAGES = {
    Language.FRENCH: 74,
    Language.ARABIC: 7,
    Language.TURKISH: 6,
    Language.ALSATIAN: 4,
    Language.GERMAN: 3,
    Language.PORTUGUESE: 2,
    Language.ALBANIAN: 2,
    Language.RUSSIAN: 1,
    Language.ENGLISH: 1,
}


@dataclass(frozen=True)
class Person:
    """A resident to be."""

    given_name: str
    family_name: str
    birth_year: int
    phone: str | None = None
    email: str | None = None
    language: Language = Language.FRENCH
    card_code: str = ""


@dataclass(frozen=True)
class Home:
    """A household to be, its first person an adult."""

    number: str
    stairwell: str
    floor: str
    people: tuple[Person, ...]
    code: str = ""


# Numbers that ring nowhere: 03 53 01 is kept for fiction, 06 00 00 0 for examples.
KERN, RITTER, BENALI, YILMAZ, NGUYEN, HADDAD, MULLER = range(7)


def named_homes(year: int) -> list[Home]:
    """Return the households that the stories are told of, in the order of their names above."""
    ground, first, second, third, _fourth, fifth = FLOORS
    odile = Person("Odile", "Kern", year - 71, phone="0353010104")
    theo = Person("Théo", "Ritter", year - 19, phone="0600000002")
    benali = (
        Person("Aïcha", "Benali", year - 38, phone="0600000003"),
        Person("Karim", "Benali", year - 41),
        Person("Inès", "Benali", year - 11),
        Person("Adam", "Benali", year - 7),
    )
    yilmaz = Person(
        "Mehmet", "Yilmaz", year - 54, email="mehmet.yilmaz@example.org", language=Language.TURKISH
    )
    lan = Person("Thi Lan", "Nguyen", year - 47, phone="0600000005", language=Language.VIETNAMESE)
    haddad = (
        Person("Samir", "Haddad", year - 29, phone="0600000006"),
        Person("Lina", "Haddad", year - 28, phone="0600000007"),
        Person("Nour", "Haddad", year - 2),
    )
    return [
        Home("40", "4", ground, (odile,)),
        Home("40", "2", third, (theo,)),
        Home("42", "5", second, benali),
        Home("38", "3", first, (yilmaz,)),
        Home("36", "1", second, (lan, Person("Minh", "Nguyen", year - 49))),
        Home("40", "4", fifth, haddad),
        Home("44", "6", first, (Person("Yves", "Muller", year - 62, phone="0353010108"),)),
        Home("36", "6", third, (Person("Hoa", "Nguyen", year - 70, phone="0353010109"),)),
    ]


def named_people(year: int, seed: int = SEED) -> list[Home]:
    """Return the named households alone, with their codes: nobody else is invented."""
    return list(_with_codes(random.Random(seed), named_homes(year)))


def invent(households: int, residents: int, year: int, seed: int = SEED) -> list[Home]:
    """Return so many households with so many people in all, the named ones first."""
    from faker import Faker  # late: nothing but the demonstration needs it

    luck = random.Random(seed)
    names = Faker("fr_FR")
    names.seed_instance(seed)
    homes = named_homes(year)
    left = residents - sum(len(each.people) for each in homes)
    inventing = _Inventing(luck, names, year)
    homes += [inventing.home(size) for size in _sizes(luck, households - len(homes), left)]
    return list(_with_codes(luck, homes))


def _sizes(luck: random.Random, households: int, residents: int) -> list[int]:
    """Share people out: one each, then one more here and there."""
    sizes = [1] * households
    for _each in range(residents - households):
        smaller = [at for at, size in enumerate(sizes) if size < LARGEST]
        sizes[luck.choice(smaller)] += 1
    return sizes


def _with_codes(luck: random.Random, homes: list[Home]) -> Iterator[Home]:
    taken: set[str] = set()

    def code(letter: str, signs: int) -> str:
        while (made := f"{letter}-{''.join(luck.choices(SIGNS, k=signs))}") in taken:
            pass
        taken.add(made)
        return made

    for home in homes:
        people = tuple(replace(each, card_code=code("H", 8)) for each in home.people)
        yield replace(home, people=people, code=code("F", 6))


class _Inventing:
    def __init__(self, luck: random.Random, names: "Faker", year: int) -> None:
        self.luck, self.names, self.year = luck, names, year
        self.mobiles = iter(range(100, 10_000))
        self.fixed = iter(range(200, 10_000))
        self.addresses: dict[str, int] = {}

    def home(self, size: int) -> Home:
        luck = self.luck
        family: str = self.names.last_name()
        language = luck.choices(list(LANGUAGES), weights=list(LANGUAGES.values()))[0]
        first = self._adult(family, language)
        people = [first]
        while len(people) < size:
            other = self._other(first, len(people))
            if other.given_name not in {each.given_name for each in people}:
                people.append(other)
        place = luck.choice(NUMBERS), luck.choice(STAIRWELLS), luck.choice(FLOORS)
        return Home(*place, tuple(people))

    def _adult(self, family: str, language: Language) -> Person:
        age = self.luck.randint(20, 88)
        given: str = self.names.first_name()
        by = self.luck.random()
        fixed = age > 65 and by < 0.6
        phone = f"035301{next(self.fixed):04d}" if fixed else f"060000{next(self.mobiles):04d}"
        phone_or_none = None if by > 0.92 else phone
        email = self._email(given, family) if 0.3 < by < 0.5 or 0.92 < by < 0.97 else None
        return Person(given, family, self.year - age, phone_or_none, email, language)

    def _other(self, first: Person, at: int) -> Person:
        age = self.year - first.birth_year
        if at == 1 and self.luck.random() < 0.7:
            family = first.family_name if self.luck.random() < 0.75 else self.names.last_name()
            partner = self._adult(family, first.language)
            near = max(18, age + self.luck.randint(-6, 6))
            return replace(partner, birth_year=self.year - near)
        # At least one: in January the history begins in the year before.
        child = self.luck.randint(1, max(1, min(24, age - 18)))
        return Person(
            self.names.first_name(), first.family_name, self.year - child, language=first.language
        )

    def _email(self, given: str, family: str) -> str:
        name = f"{normal(given)}.{normal(family)}".replace(" ", "")
        count = self.addresses[name] = self.addresses.get(name, 0) + 1
        return f"{name}{count if count > 1 else ''}@example.org"
