"""Finding residents, addresses and those who may be the same person."""

import re
from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, select, union_all
from sqlalchemy.orm import aliased, joinedload

from palier.context import Context
from palier.db.search import alike, nearest, norm_of
from palier.residents import rules
from palier.residents.contact import NotAPhoneNumber, read_phone
from palier.residents.models import Address, Household, Resident, ResidentState
from palier.text import Text, _

_KNOWN = Resident.state.in_((ResidentState.ACTIVE, ResidentState.LEFT))
_MOST = 200
_NUMBER = re.compile(r"\+?[0-9][0-9 ./()-]{7,20}")


def find_people(desk: Context, words: str, limit: int = 8) -> list[Resident]:
    """Return the residents that fit what was typed or scanned; a card's code finds its owner."""
    query = select(Resident).where(owns_card(words.strip().upper()))
    if found := desk.session.scalars(query).first():
        return [found]
    here = (Resident.state == ResidentState.ACTIVE,)
    return nearest(desk.session, Resident, words, limit, where=here)


def with_homes(desk: Context, people: Sequence[Resident]) -> Sequence[Resident]:
    """Return these people with household and address in reach, to tell them apart. One statement."""
    homes = {each.household.id for each in people if each.household is not None}
    if homes:
        query = select(Household).where(Household.id.in_(homes))
        desk.all(query.options(joinedload(Household.address)))
    return people


def owns_card(*codes: str) -> ColumnElement[bool]:
    """Return the condition "one of these cards opens this resident", those of merged records too."""
    card, merged = aliased(Resident), aliased(Resident)
    own = select(card.id).where(card.card_code.in_(codes))
    kept = select(merged.merged_into_id).where(merged.card_code.in_(codes))
    # A union, each part by its index: an OR would read everybody.
    theirs = Resident.id.in_(union_all(own, kept.where(merged.merged_into_id.is_not(None))))
    return and_(Resident.state == ResidentState.ACTIVE, theirs)


def is_household(*codes: str) -> ColumnElement[bool]:
    """Return the condition "this code or card is this household's", one that joined it too."""
    home, joined = aliased(Household), aliased(Household)
    own = select(home.id).where(home.merged_into_id.is_(None))
    kept = select(joined.merged_into_id).where(joined.merged_into_id.is_not(None))
    return Household.id.in_(
        union_all(
            own.where(home.code.in_(codes)),
            own.where(home.card_code.in_(codes)),
            kept.where(joined.code.in_(codes)),
            kept.where(joined.card_code.in_(codes)),
        )
    )


def is_called(*typed: str) -> ColumnElement[bool] | None:
    """Return the condition "this is their telephone number", if one was typed, however written."""
    numbers = {number for each in typed if (number := _number_in(each))}
    return Resident.phone.in_(numbers) if numbers else None


def _number_in(typed: str) -> str:
    if not _NUMBER.fullmatch(typed):
        return ""
    try:
        return read_phone(typed)
    except NotAPhoneNumber:
        return ""


def maybe_the_same(desk: Context, new: Resident) -> list[Resident]:
    """Return the residents that a new one may be, known under another spelling; one statement."""
    home = joinedload(Resident.household).joinedload(Household.address)
    query = select(Resident).where(_KNOWN, alike(desk.session, Resident, str(new)))
    people = desk.session.scalars(query.options(home).order_by(Resident.id).limit(_MOST)).unique()
    return [each for each in people if rules.may_be_same(each, new)]


def in_words(resident: Resident) -> Text:
    """Name a resident with the household and the stairwell, to tell two of one name apart."""
    home = resident.household
    if home is None:
        return _("%(name)s, without a household").fill(name=str(resident))
    if home.address is None or not home.address.stairwell:
        return _("%(name)s, household %(code)s").fill(name=str(resident), code=home.code)
    words = _("%(name)s, household %(code)s, stairwell %(stairwell)s")
    return words.fill(name=str(resident), code=home.code, stairwell=home.address.stairwell)


def address_of(
    desk: Context, street: str, number: str, stairwell: str | None, floor: str | None
) -> Address:
    """Return the address, made when nobody lives there yet: a door is spelt in one way only."""
    made = Address(street=street, number=number, stairwell=stairwell, floor=floor)
    query = select(Address).where(norm_of(Address) == rules.door(made)[0], Address.floor == floor)
    there = desk.all(query.order_by(Address.id))
    same = next((each for each in there if rules.door(each) == rules.door(made)), None)
    return same or desk.add(made)
