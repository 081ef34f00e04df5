"""Member cards: printed, replaced when lost; the code on one is random and says nothing."""

from collections.abc import Sequence
from typing import Annotated

from sqlalchemy import Select, insert, select

from palier.acts import act
from palier.codes.own import new_card_code
from palier.context import Context
from palier.db.types import Choice
from palier.errors import Refused
from palier.residents.models import (
    Address,
    CardRun,
    Household,
    PrintedCard,
    ReplacedCard,
    Resident,
    ResidentState,
)
from palier.residents.rules import is_active
from palier.signature import ask
from palier.text import _
from palier.trail import note_each
from palier.values import is_id

SHEET = 10  # cards on an A4 page
PART = 100  # cards in one file: ten pages, less than a second
MOST = 1000  # cards of one run; the next run goes on with those who have none

Carried = Resident | Household


class NobodyWithoutCard(Refused):
    text = _("Everybody has a card already. Choose everybody to print them all again.")
    field = "who"


class NobodyChosen(Refused):
    text = _("Nobody is chosen. Tick people in the list first.")


class Who(Choice):
    WITHOUT = "without", _("Those who have none yet")
    ALL = "all", _("Everybody who lives here")


def has_card(household: Household) -> bool:
    """Whether a household's card was ever printed."""
    return household.card_code is not None


def has_more(run: CardRun) -> bool:
    """Whether some cards of a run have not come out of the printer."""
    return run.printed < run.cards


@act(_("Print the card"), when=is_active, then="cards", rare=True)
def print_card(desk: Context, resident: Resident) -> CardRun:
    """Print the person's card: its code opens their desk card, and says nothing else."""
    return _run_of(desk, [resident])


@act(_("Replace the card"), when=is_active, then="cards", rare=True)
def replace_card(desk: Context, resident: Resident) -> CardRun:
    """The card is lost: from now on it opens nobody, and a new one is printed."""
    _retire(desk, resident)
    resident.card_code = new_card_code()
    return _run_of(desk, [resident])


@act(_("Print the household's card"), then="cards", rare=True)
def print_home_card(desk: Context, household: Household) -> CardRun:
    """Print a card that opens the household, for whoever of it comes to the desk."""
    if household.card_code is None:
        household.card_code = new_card_code()
    return _run_of(desk, [household])


@act(_("Replace the household's card"), when=has_card, then="cards", rare=True)
def replace_home_card(desk: Context, household: Household) -> CardRun:
    """The card is lost: from now on it opens nobody, and a new one is printed."""
    _retire(desk, household)
    household.card_code = new_card_code()
    return _run_of(desk, [household])


@act(_("Print their cards"), then="cards")
def print_chosen(
    desk: Context, *, chosen: Annotated[str, ask(_("Chosen"), hidden=True)] = ""
) -> CardRun:
    """Print the cards of those who are ticked in the list, ten on a sheet."""
    ids = [int(each) for each in chosen.split(",") if is_id(each)]
    people = list(desk.session.scalars(_people().where(Resident.id.in_(ids[:MOST]))))
    if not people:
        raise NobodyChosen
    return _run_of(desk, people)


@act(_("Print cards"), then="cards", rare=True)
def print_cards(desk: Context, *, who: Annotated[Who, ask(_("For"))] = Who.WITHOUT) -> CardRun:
    """Print member cards, ten on a sheet, in the order of the doors; a thousand at most in one go."""
    query = _people()
    if who is Who.WITHOUT:
        person = PrintedCard.resident_id
        printed = select(person).where(person.is_not(None))
        query = query.where(Resident.id.not_in(printed))
    people = list(desk.session.scalars(query.limit(MOST)))
    if not people:
        raise NobodyWithoutCard
    return _run_of(desk, people)


@act(_("They are printed"), when=has_more, quiet=True)
def cards_printed(desk: Context, run: CardRun) -> None:
    """The sheets of this part have come out of the printer: go on with the next ones."""
    run.printed = min(run.cards, run.printed + PART)
    desk.session.flush()


@act(_("See whose card it was"))
def whose_card(desk: Context, card: ReplacedCard) -> None:
    """Open the person or the household that had this card; that it was opened stays in the acts."""


def _people() -> Select[Resident]:
    """Return who may have a card, in the order of the doors."""
    lives = select(Resident).outerjoin(Resident.household).outerjoin(Household.address)
    here = lives.where(Resident.state == ResidentState.ACTIVE)
    return here.order_by(
        Address.street, Address.number, Address.stairwell, Resident.family_name, Resident.id
    )


def _run_of(desk: Context, carried: Sequence[Carried]) -> CardRun:
    run = desk.add(
        CardRun(made_at=desk.now, cards=len(carried), person_code=desk.actor.person_code)
    )
    rows = [_row(desk, run, place, each) for place, each in enumerate(carried, 1)]
    desk.session.execute(insert(PrintedCard), rows)
    if len(carried) > 1:
        note_each(desk, print_card.permission, carried)
    return run


def _row(desk: Context, run: CardRun, place: int, whose: Carried) -> dict[str, object]:
    person = whose.id if isinstance(whose, Resident) else None
    home = whose.id if isinstance(whose, Household) else None
    return {
        "run_id": run.id,
        "place": place,
        "resident_id": person,
        "household_id": home,
        "printed_on": desk.today,
        "version": 1,
    }


def _retire(desk: Context, whose: Carried) -> None:
    """Keep a lost card's code, so that whoever scans it is told."""
    person = whose if isinstance(whose, Resident) else None
    home = whose if isinstance(whose, Household) else None
    desk.add(
        ReplacedCard(code=whose.card_code, resident=person, household=home, replaced_on=desk.today)
    )
