"""What a scanned code or a typed name stands for."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlalchemy import select

from palier import hookspecs
from palier.context import Context
from palier.db.normal import normal
from palier.db.search import nearest, words_of
from palier.desk.offering import Offers
from palier.receipts.models import Receipt
from palier.residents.models import Address, Household, Resident, ResidentState
from palier.screens.views import Line
from palier.text import Text, _

LONGEST = 200  # no code is longer; what is beyond was never meant for this field
MOST = 8
HERE = Resident.state == ResidentState.ACTIVE


@dataclass
class Found:
    """What fits. `sure` is where the reader goes without being asked."""

    lines: list[Line] = field(default_factory=list)
    sure: str = ""
    close: bool = False
    more: bool = False


def searched(given: str) -> str:
    """Return what was typed without the signs that scanners and pasting leave around it."""
    return "".join(each for each in given if each.isprintable()).strip()


def find(desk: Context, offers: Offers, words: str) -> Found:
    """Find a code first, then a name, then names close to it."""
    if len(words) <= LONGEST:
        by_code = list(_by_code(desk, offers, words))
        if by_code:
            # What has something to say first ("already back since Tuesday") is shown, not opened.
            only = by_code[0].href if len(by_code) == 1 and not by_code[0].kind else None
            return Found(by_code, sure=only or "")
    return _by_name(desk, offers, words)


def _by_code(desk: Context, offers: Offers, code: str) -> Iterator[Line]:
    upper = code.upper()
    owner = desk.session.scalars(select(Resident).where(Resident.card_code == upper, HERE)).first()
    if owner is not None:
        yield Line(str(owner), _("Card"), icon="user", href=card_href(offers, owner))
    household = desk.session.scalars(select(Household).where(Household.code == upper)).first()
    if household is not None:
        yield from _at_home(desk, offers, household)
    receipt = desk.session.scalars(select(Receipt).where(Receipt.number == upper)).first()
    if receipt is not None:
        href = f"{offers.paths.root}/desk/receipt?receipt={receipt.id}"
        yield Line(receipt.number, _("Receipt"), icon="paper", href=href)
    if desk.hooks is not None:
        for plugin, step in desk.hooks.answer(hookspecs.resolve_scan, desk, code):
            if href := offers.step(step):
                text = _("%(act)s: %(what)s").fill(act=step.act.label, what=str(step.record))
                icon, kind = plugin.manifest.icon, "soon" if step.words else ""
                yield Line(text, step.words or plugin.label, icon=icon, kind=kind, href=href)


def _at_home(desk: Context, offers: Offers, household: Household) -> Iterator[Line]:
    people = desk.all(
        select(Resident).where(Resident.household == household, HERE).order_by(Resident.id)
    )
    for each in people:
        yield Line(str(each), household.code, icon="user", href=card_href(offers, each))
    if not people:
        yield Line(household.code, _("Household"), icon="door", href=offers.record(household))


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
    longest = sorted(wanted, key=len, reverse=True)[:2]
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
    if door is None:
        lives: Text | None = None
    elif door.stairwell:
        words = _("%(number)s %(street)s, stairwell %(stairwell)s")
        lives = words.fill(number=door.number, street=door.street, stairwell=door.stairwell)
    else:
        lives = _("%(number)s %(street)s").fill(number=door.number, street=door.street)
    if resident.birth_year is None:
        return lives
    born = _("born in %(year)s").fill(year=str(resident.birth_year))
    return _("%(home)s, %(born)s").fill(home=lives, born=born) if lives else born


def card_href(offers: Offers, resident: Resident) -> str:
    """Return the address of a resident's card."""
    return f"{offers.paths.root}/desk/card?resident={resident.id}"
