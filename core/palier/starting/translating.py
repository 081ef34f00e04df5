"""What a package says, compared with its French catalogue; `update` writes what is missing."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po

from palier.starting.extracting import words_of

# Babel's own header has the day and the tool's version in it: each update would change the file.
HEADER = b"""\
msgid ""
msgstr ""
"Language: fr\\n"
"Plural-Forms: nplurals=2; plural=(n > 1);\\n"
"Content-Type: text/plain; charset=utf-8\\n"

"""
PLACEHOLDER = re.compile(r"%\([^)]*\).?")


@dataclass(frozen=True)
class Package:
    path: Path
    words: Catalog
    """What its code and templates say."""
    french: Catalog
    """What its catalogue holds."""

    @property
    def catalogue(self) -> Path:
        return catalogue_of(self.path)

    def says(self, said: Message) -> bool:
        """Whether the package says this sentence itself, so that others need no French for it."""
        return self.words.get(said.id) is not None or self.french.get(said.id) is not None


def catalogue_of(package: Path) -> Path:
    return package / "locale" / "fr" / "LC_MESSAGES" / f"{package.name}.po"


def read_french(package: Path) -> Catalog:
    catalogue = catalogue_of(package)
    if not catalogue.is_file():
        return Catalog(locale="fr", domain=package.name)
    with catalogue.open("rb") as opened:
        return read_po(opened, locale="fr", domain=package.name, abort_invalid=True)


def package_at(path: Path) -> Package:
    """Read a package's sentences and its French."""
    return Package(path, words_of(path), read_french(path))


def read_only(path: Path) -> Package:
    """Read a package's French alone: quick, and enough to know what it says."""
    return Package(path, Catalog(locale="fr", domain=path.name), read_french(path))


def forms(words: object) -> tuple[str, ...]:
    """Return one sentence as (sentence,), a counted one as (one, many)."""
    if isinstance(words, tuple | list):
        return tuple(str(word or "") for word in words)
    return (str(words or ""),)


def sentences(catalog: Catalog) -> Iterator[Message]:
    return (message for message in catalog if message.id)


def placeholders(sentence: str) -> set[str]:
    return set(PLACEHOLDER.findall(sentence))


def keeps_placeholders(said: tuple[str, ...], french: tuple[str, ...]) -> bool:
    """Only the form for one may leave a figure out: "A bike" beside "%(n)s bikes"."""
    known = set().union(*map(placeholders, said))
    if any(not placeholders(form) <= known for form in french):
        return False
    return placeholders(french[-1]) == placeholders(said[-1])


def fault(said: Message, french: Message | None) -> str | None:
    if french is None:
        return "is not in the catalogue"
    if bool(said.pluralizable) != bool(french.pluralizable):
        return "is counted here and not there"
    if not all(forms(french.string)):
        return "has no French"
    if french.fuzzy:
        return "is marked fuzzy"
    if not keeps_placeholders(forms(said.id), forms(french.string)):
        return "has other %(placeholders)s in French"
    return None


def faults(package: Package, core: Package) -> Iterator[str]:
    for said in sentences(package.words):
        french = package.french.get(said.id)
        by_core = package is not core and french is None and core.says(said)
        trouble = None if by_core else fault(said, french)
        if trouble:
            place, line = said.locations[0]
            yield f"{package.catalogue.name}: {forms(said.id)[0]!r} {trouble} ({place}:{line})"
    kept = [*sentences(package.french), *package.french.obsolete.values()]
    for french in kept:
        if package.words.get(french.id) is None or french in package.french.obsolete.values():
            yield f"{package.catalogue.name}: {forms(french.id)[0]!r} is said nowhere"


def clashes(packages: list[Package]) -> Iterator[str]:
    """Yield the sentences with two translations: all catalogues are merged into one."""
    first: dict[str, tuple[Package, tuple[str, ...]]] = {}
    for package in packages:
        for message in sentences(package.french):
            key, french = forms(message.id)[0], forms(message.string)
            owner, known = first.setdefault(key, (package, french))
            if known != french and all(french):
                names = f"{owner.path.name} says {known[-1]!r}, {package.path.name} {french[-1]!r}"
                yield f"{package.catalogue.name}: {key!r} has two translations: {names}"


def update(package: Package, core: Package) -> None:
    """Write what is missing with no French, drop what is said nowhere; the rest stays."""
    wanted = Catalog(locale="fr", domain=package.path.name)
    for said in sentences(package.words):
        own = package.french.get(said.id) is not None
        if package is core or own or not core.says(said):
            wanted.add(said.id, locations=said.locations)
    if not len(wanted) and not package.catalogue.exists():
        return
    package.french.update(wanted, no_fuzzy_matching=True)
    package.french.obsolete.clear()
    package.catalogue.parent.mkdir(parents=True, exist_ok=True)
    with package.catalogue.open("wb") as opened:
        opened.write(HEADER)
        write_po(
            opened,
            package.french,
            width=100,
            omit_header=True,
            sort_by_file=True,
            include_lineno=False,
        )
