"""What a scanned code or a typed name stands for."""

from dataclasses import dataclass, field
from unicodedata import bidirectional

from sqlalchemy import select

from palier.codes.keyboard import Keyboard
from palier.codes.reading import Kind, Reading, likely, looks_misread
from palier.context import Context
from palier.db.normal import normal
from palier.db.search import nearest, words_of
from palier.desk.coded import HERE, by_code, card_href
from palier.desk.offering import Offers
from palier.residents.models import Address, Household, Resident
from palier.screens.views import Line, Link, Note
from palier.text import Text, _

MOST = 8

# What a code that nobody knows here is, as far as its form tells.
_FORMS: dict[Kind, Text] = {
    Kind.CARD: _("It has the form of a member card, but nobody here has this one."),
    Kind.HOUSEHOLD: _("It has the form of a household's code, but no household here has it."),
    Kind.BOOKING: _("It has the form of a booking's slip, but there is no such booking here."),
    Kind.RECEIPT: _("It has the form of a receipt's number, but there is no such receipt here."),
    Kind.POSTAL: _("It is the number of a letter or a parcel. No service here has noted it."),
    Kind.DOMESTIC: _("It is the number of a letter or a parcel. No service here has noted it."),
    Kind.UNIT: _("It is the number of a delivery. No service here has noted it."),
    Kind.PRODUCT: _("It is a product's barcode. No service here has this product."),
    Kind.ELEMENTS: _("It is a product's barcode. No service here has this product."),
    Kind.TAG: _("It has the form of a thing's tag, but nothing here has this one."),
    Kind.SLIP: _("It has the form of a slip, but nothing here has this one."),
}


_MAY_BE_A_NAME = {None, Kind.TAG, Kind.SLIP}


@dataclass
class Found:
    """What fits. `sure` is where the reader goes without being asked."""

    lines: list[Line] = field(default_factory=list)
    sure: str = ""
    close: bool = False
    more: bool = False
    form: Text | None = None  # what an unknown code looks like


def find(desk: Context, offers: Offers, readings: tuple[Reading, ...]) -> Found:
    """Find a code first, then a name, then names close to it. A name is read as typed only."""
    words = readings[0].code
    if codes := likely(readings):
        known = list(by_code(desk, offers, codes))
        if known:
            # What has something to say first ("already back since Tuesday") is shown, not opened.
            only = known[0].href if len(known) == 1 and not known[0].kind else None
            return Found(known, sure=only or "")
    kind = next((each.kind for each in readings if each.kind), None)
    # What is proven to be a code is nobody's name.
    found = _by_name(desk, offers, words) if kind in _MAY_BE_A_NAME else Found()
    found.form = _FORMS[kind] if kind else None
    return found


def misread(readings: tuple[Reading, ...], test: Link) -> Note | None:
    """Say that the scanner seems to type through other keys than this computer's.

    `test` leads to the page that says what to set in it.
    """
    other = next((each for each in readings if each.keyboard is not Keyboard.RIGHT), None)
    if other is not None:
        words = _(
            "The scanner types through other keys than this computer. It was read as %(code)s."
        )
        if other.keyboard is Keyboard.LOCKED:
            words = _("The capitals of this computer are locked. It was read as %(code)s.")
        return Note("info", words.fill(code=shown(other.code)), act=test)
    if looks_misread(readings[0].code):
        words = _("This looks like a code typed through the wrong keys.")
        return Note("wait", words, _("Scan it again, or type it."), test)
    return None


def shown(code: str, longest: int = 60) -> str:
    """Return a code as a page shows it: short, nothing invisible, its direction kept to itself."""
    visible = "".join(each if each.isprintable() else "\u241d" for each in code)
    short = visible if len(visible) <= longest else f"{visible[:longest]}…"
    from_the_right = any(bidirectional(each) in {"R", "AL"} for each in short)
    return f"\u2068{short}\u2069" if from_the_right else short


def _by_name(desk: Context, offers: Offers, words: str) -> Found:
    wanted = words_of(words)
    people = nearest(desk.session, Resident, words, MOST + 1, where=(HERE,))
    fits = [each for each in people if all(word in normal(str(each)) for word in wanted)]
    if fits:
        named = [each for each in fits if sorted(normal(str(each)).split()) == sorted(wanted)]
        one = fits if len(fits) == 1 else named
        sure = card_href(offers, one[0]) if len(one) == 1 else ""
        return Found(_lines(desk, offers, people[:MOST]), sure, more=len(people) > MOST)
    close = people or _by_each_word(desk, wanted)
    return Found(_lines(desk, offers, close[:MOST]), close=True)


def _by_each_word(desk: Context, wanted: list[str]) -> list[Resident]:
    """Return who has one of the names, where nobody has them all."""
    if len(wanted) < 2:
        return []
    longest = sorted((each for each in wanted if len(each) > 1), key=len, reverse=True)[:2]
    found: dict[int, Resident] = {}
    for word in longest:
        for each in nearest(desk.session, Resident, word, MOST // 2, where=(HERE,)):
            found.setdefault(each.id, each)
    return list(found.values())


def _lines(desk: Context, offers: Offers, people: list[Resident]) -> list[Line]:
    homes = [each.household.id for each in people if each.household]
    query = select(Household.id, Address).join(Household.address).where(Household.id.in_(homes))
    doors: dict[int, Address] = {row[0]: row[1] for row in desk.session.execute(query)}
    return [
        Line(
            str(each),
            _apart(each, doors.get(each.household.id) if each.household else None),
            icon="user",
            href=card_href(offers, each),
        )
        for each in people
    ]


def _apart(resident: Resident, door: Address | None) -> Text | None:
    """Say what tells two of one name apart: where they live, when they were born."""
    home = resident.household
    if door is not None and door.stairwell:
        words = _("%(number)s %(street)s, stairwell %(stairwell)s")
        lives = words.fill(number=door.number, street=door.street, stairwell=door.stairwell)
    elif door is not None:
        lives = _("%(number)s %(street)s").fill(number=door.number, street=door.street)
    else:
        lives = _("household %(code)s").fill(code=home.code) if home else _("without a household")
    if resident.birth_year is None:
        return lives
    born = _("born in %(year)s").fill(year=str(resident.birth_year))
    return _("%(home)s, %(born)s").fill(home=lives, born=born)
