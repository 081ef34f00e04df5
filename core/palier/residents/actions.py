"""What a caretaker does with residents: one function, one transaction."""

from datetime import date
from typing import Annotated

from palier.acts import act
from palier.codes.own import new_card_code, new_household_code
from palier.context import Context
from palier.residents import consents, contact, merging, rules
from palier.residents.languages import Language
from palier.residents.models import (
    Bracket,
    Channel,
    Consent,
    Household,
    How,
    Merge,
    Purpose,
    Resident,
    ResidentState,
    ToldApart,
    Unseen,
)
from palier.residents.people import address_of, in_words, maybe_the_same
from palier.residents.rules import Whose
from palier.residents.seen import ask_no_longer
from palier.signature import ask
from palier.text import _

_SHOWN = 5


@act(_("Add a household"))
def add_household(
    desk: Context,
    *,
    street: Annotated[str, ask(_("Street"), max=80)],
    number: Annotated[str, ask(_("Number"), max=10)],
    stairwell: Annotated[str | None, ask(_("Stairwell"), max=10)] = None,
    floor: Annotated[str | None, ask(_("Storey"), max=20)] = None,
) -> Household:
    """Write down where people live together; their membership will be for all of them."""
    address = address_of(desk, street, number, stairwell, floor)
    return desk.add(Household(code=new_household_code(), address=address))


@act(_("Change the address"))
def move(
    desk: Context,
    household: Household,
    *,
    street: Annotated[str, ask(_("Street"), max=80)],
    number: Annotated[str, ask(_("Number"), max=10)],
    stairwell: Annotated[str | None, ask(_("Stairwell"), max=10)] = None,
    floor: Annotated[str | None, ask(_("Storey"), max=20)] = None,
) -> None:
    """Write down where the whole household lives now."""
    household.address = address_of(desk, street, number, stairwell, floor)


@act(_("Add a resident"))
def add_resident(
    desk: Context,
    household: Household,
    *,
    given_name: str,
    family_name: str,
    birth_year: int | None = None,
    phone: str | None = None,
    email: str | None = None,
    language: Language = Language.FRENCH,
    channel: Annotated[
        Channel | None, ask(help=_("Left empty: what fits the number or the address given."))
    ] = None,
    sure: Annotated[bool, ask(_("These are two different people"))] = False,
) -> Resident:
    """Write down someone who lives in this household."""
    rules.check_birth_year(birth_year, desk.today)
    resident = Resident(
        household=household,
        given_name=given_name,
        family_name=family_name,
        birth_year=birth_year,
        phone=phone,
        email=email,
        language=language,
        card_code=new_card_code(),
        last_contact_on=desk.today,
    )
    resident.channel = channel or contact.best_channel(resident.phone, resident.email)
    contact.check_channel(resident.channel, resident.phone, resident.email)
    if not sure:
        check_nobody_like(desk, resident)
    return desk.add(resident)


def check_nobody_like(desk: Context, resident: Resident) -> None:
    """Raise `MaybeTheSame`, which names who it may be, before the person is saved twice."""
    if near := maybe_the_same(desk, resident):
        people = "; ".join(str(in_words(each)) for each in near[:_SHOWN])
        raise rules.MaybeTheSame(people=people, ids=tuple(each.id for each in near))


@act(_("Note the bracket"))
def note_bracket(
    desk: Context, household: Household, *, bracket: Bracket, bracket_until: date
) -> None:
    """A paper was seen: say which colour it gives and until when. Nothing of it is copied."""
    rules.check_paper_holds(bracket_until, desk.today)
    household.bracket, household.bracket_until = bracket, bracket_until
    household.bracket_seen_on = desk.today
    desk.session.flush()


@act(_("Back to the full price"), when=rules.has_bracket, rare=True)
def drop_bracket(desk: Context, household: Household) -> None:
    """From today this household pays the full price; nothing is kept of what it paid before."""
    household.bracket = household.bracket_until = None
    household.bracket_seen_on = desk.today
    desk.session.flush()


@act(_("Has left"), when=rules.is_active, rare=True)
def has_left(desk: Context, resident: Resident) -> None:
    """The person moved away; what was done stays, the card no longer opens anything."""
    resident.state = ResidentState.LEFT


@act(_("Is back"), when=rules.has_left)
def is_back(desk: Context, resident: Resident) -> None:
    """The person lives here again."""
    resident.state = ResidentState.ACTIVE
    resident.last_contact_on = desk.today


CHOSEN = ("given_name", "family_name", "birth_year", "household", "phone", "email", "language",
          "channel")  # fmt: skip


@act(_("Merge"), when=rules.is_whole, rare=True)
def merge(
    desk: Context,
    resident: Resident,
    *,
    other: Annotated[Resident, ask(_("The same person"))],
    given_name: Whose | None = None,
    family_name: Whose | None = None,
    birth_year: Whose | None = None,
    household: Whose | None = None,
    phone: Whose | None = None,
    email: Whose | None = None,
    language: Whose | None = None,
    channel: Whose | None = None,
    home: Annotated[bool, ask(_("The two households are one as well"))] = False,
) -> Merge:
    """Two records of one person become one: everything moves here. It can be undone."""
    asked = (given_name, family_name, birth_year, household, phone, email, language, channel)
    chosen = dict(zip(CHOSEN, asked, strict=True))
    return merging.merge_records(desk, resident, other, chosen, home=home)


@act(_("Undo the merge"), when=rules.is_in_force)
def undo_merge(desk: Context, merge: Merge) -> None:
    """They are two people: what was moved goes back, what is new stays with the kept record."""
    merging.undo_merge(desk, merge)


@act(_("These are two people"), when=rules.is_whole, rare=True)
def tell_apart(
    desk: Context, resident: Resident, *, other: Annotated[Resident, ask(_("The other person"))]
) -> ToldApart:
    """They look alike and are two people: they are never offered again."""
    if resident.id == other.id:
        raise rules.SameRecord
    one, two = sorted((resident, other), key=lambda each: each.id)
    return desk.one(ToldApart(one=one, other=two))


@act(_("Note a consent"), when=rules.is_active, rare=True)
def agree(
    desk: Context,
    resident: Resident,
    *,
    purpose: Purpose,
    how: How = How.SIGNED,
    ends_on: date | None = None,
    by_parent: bool = False,
) -> Consent:
    """Note what the person agrees to; it can be withdrawn on any day."""
    consents.check_agrees(resident, desk.today, by_parent=by_parent, ends_on=ends_on)
    return desk.add(
        Consent(
            resident=resident,
            purpose=purpose,
            given_on=desk.today,
            how=how,
            ends_on=ends_on,
            by_parent=by_parent,
        )
    )


@act(_("Paper to sign"), when=rules.is_not_withdrawn, then="consent_paper")
def print_consent(desk: Context, consent: Consent) -> Consent:
    """Give the paper that the person signs, in the site's language and in their own."""
    return consent


@act(_("The paper is signed"), when=rules.waits_for_paper)
def file_consent(desk: Context, consent: Consent) -> None:
    """It was said at the desk first; from today on the signed paper lies in the file."""
    consent.how = How.SIGNED
    desk.session.flush()


@act(_("Take back a consent"), when=rules.is_active, rare=True)
def take_back(
    desk: Context, resident: Resident, *, purpose: Annotated[Purpose, ask(_("For"))]
) -> None:
    """The person no longer agrees; it is as easy as agreeing was."""
    given = consents.in_force(desk, resident, purpose)
    if not given:
        raise consents.NotAgreed(who=str(resident), what=purpose.label)
    for each in given:
        withdraw(desk, each)


@act(_("Withdraw"), when=rules.is_not_withdrawn)
def withdraw(desk: Context, consent: Consent) -> None:
    """The person no longer agrees; from today on, what needs it is refused."""
    consent.withdrawn_on = desk.today
    if consent.purpose is Purpose.CALL_IF_NOT_SEEN:
        ask_no_longer(desk, consent.resident)


@act(_("Call when not seen"), when=rules.is_active, rare=True)
def call_if_not_seen(
    desk: Context,
    resident: Resident,
    *,
    unseen: Unseen = Unseen.FOURTEEN,
    agreed: Annotated[bool, ask(_("The person asked for it"))] = False,
    by_parent: Annotated[bool, ask(_("A parent agrees too"))] = False,
) -> None:
    """After so many days without a sign the person is on the call list, if they asked for it.

    That they asked is kept as a consent; "Never" takes it back.
    """
    purpose = Purpose.CALL_IF_NOT_SEEN
    if unseen is Unseen.NEVER:
        for each in consents.in_force(desk, resident, purpose):
            each.withdrawn_on = desk.today
        ask_no_longer(desk, resident)
        return
    if not consents.has_agreed(desk, resident, purpose):
        if not agreed:
            raise consents.NotAskedFor
        agree(desk, resident, purpose=purpose, how=How.SAID, by_parent=by_parent)
    resident.unseen = unseen
