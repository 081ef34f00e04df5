"""Some neighbours who help each other, to show how it goes."""

from palier.api import Desk, Minutes, Resident, Text, _, in_site_words, select

from .actions import add_listing, make_vouchers
from .ledger import Help, book
from .models import Agreed, Category, Kind, Member, Side
from .proposing import refresh
from .rules import Settings

# Théo, Mehmet, Odile and Aïcha of the stories: who offers or asks for what, and stands in print.
LISTINGS: tuple[tuple[str, Side, Category, Text, bool], ...] = (
    ("Théo Ritter", Side.OFFER, Category.DIGITAL, _("Help with the telephone"), True),
    ("Théo Ritter", Side.WANT, Category.SEWING, _("A zip to be changed"), True),
    ("Mehmet Yilmaz", Side.OFFER, Category.COOKING, _("Turkish cooking"), True),
    ("Mehmet Yilmaz", Side.WANT, Category.DIGITAL, _("A telephone to be set up"), True),
    ("Odile Kern", Side.OFFER, Category.SEWING, _("Hems and zips"), True),
    ("Odile Kern", Side.WANT, Category.COOKING, _("A dish for Sunday"), False),
    ("Aïcha Benali", Side.OFFER, Category.LANGUAGES, _("Reading in Arabic"), True),
)
FIRST_PRINTED = 224  # so that the story's own voucher is 00231


def make_exchange(desk: Desk) -> None:
    """Let the residents of the stories take part, where they live here and nobody does yet."""
    people = _people(desk)
    if not people or desk.session.scalar(select(Member.id).limit(1)):
        return
    for name, side, category, what, printed in LISTINGS:
        if name in people:
            words = in_site_words(desk, what)
            add_listing(
                desk, resident=people[name], side=side, category=category, what=words,
                printed=printed,
            )  # fmt: skip
    _help(desk, people)
    _make_vouchers(desk, people)
    refresh(desk)


def _help(desk: Desk, people: dict[str, Resident]) -> None:
    """Aïcha and Odile have helped each other before, in each of the site's ways."""
    aicha, odile = people.get("Aïcha Benali"), people.get("Odile Kern")
    if aicha is None or odile is None:
        return
    for kind in desk.settings(Settings).mode.kinds:
        agreed = Agreed.SAID if kind is Kind.HOURS else Agreed.NOT_ASKED
        done = (aicha, odile, Category.LETTERS)
        if kind is Kind.HOURS:
            done = (odile, aicha, Category.SEWING)
        book(desk, Help(*done, Minutes(60), kind, agreed))


def _people(desk: Desk) -> dict[str, Resident]:
    names = {each[0] for each in LISTINGS}
    families = {each.split(" ", 1)[1] for each in names}
    query = select(Resident).where(Resident.family_name.in_(sorted(families)))
    found = desk.all(query.order_by(Resident.id.desc()))
    return {str(each): each for each in found if str(each) in names}


def _make_vouchers(desk: Desk, people: dict[str, Resident]) -> None:
    """Seven blank ones, and 00231 made out: Mehmet cooks for Odile."""
    mehmet, odile = people.get("Mehmet Yilmaz"), people.get("Odile Kern")
    if mehmet is None or odile is None:
        return
    make_vouchers(desk, [None] * 7, after=FIRST_PRINTED - 1)
    make_vouchers(desk, [(mehmet, odile, Category.COOKING)])
