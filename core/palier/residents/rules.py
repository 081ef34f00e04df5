"""What is always true of residents: no session, no web, no clock."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from sqlalchemy import event

from palier.db.normal import normal, one_typo
from palier.db.types import Choice
from palier.errors import Refused
from palier.residents.contact import (
    NotToThemselves,
    check_ways,
    read_email,
    read_residents_phone,
)
from palier.residents.models import (
    Address,
    Consent,
    Household,
    How,
    Membership,
    Merge,
    Resident,
    ResidentState,
    Unseen,
)
from palier.text import _


class MaybeTheSame(Refused):
    """Someone very like this is here. `ids` are the residents it may be."""

    text = _("Already here: %(people)s. If this is someone else, say so below.")
    field = "family_name"


# Small words that begin a family name of several.
_PARTICLES = {"al", "ben", "da", "de", "del", "della", "der", "des", "di", "du", "el", "la", "le",
              "van", "von"}  # fmt: skip
_LONGEST_NAME = 60


LONGEST_NAME = 120  # given and family name together, as the table holds them


def names_in(typed: str) -> tuple[str, str]:
    """Return the given and the family name that typed words are; nothing where they are a code.

    What stands in capitals among other words is the family name, wherever it stands; a particle
    begins it; else it is the last word. A word alone is a family name. What is longer than a name
    can be is none.
    """
    if len(typed) > LONGEST_NAME:
        return "", ""
    words = typed.split()
    if not words or not all(each.isprintable() for each in typed) or re.search(r"[\d<>_/@]", typed):
        return "", ""
    loud = [each for each in words if each.isupper() and len(each) > 1]
    if loud and len(loud) < len(words):
        given = [each for each in words if each not in loud]
    else:
        first = next((n for n, each in enumerate(words) if n and each.lower() in _PARTICLES), None)
        given, loud = words[: first or -1], words[first or -1 :]
    plain = typed.isupper() or typed.islower()
    return _written(given, plain), _written(loud, plain or any(each.isupper() for each in loud))


def _written(words: Sequence[str], plain: bool) -> str:
    """Give names their capitals where they were typed without, or with nothing else."""
    if plain:
        words = [each.lower() if each.lower() in _PARTICLES else each.title() for each in words]
    return " ".join(words)[:_LONGEST_NAME].strip()


class NotBornYet(Refused):
    text = _("This year is still to come.")
    field = "birth_year"


class PaperOver(Refused):
    text = _("This paper ended on %(day)s: ask for the one that holds now.")
    field = "bracket_until"


class SameRecord(Refused):
    text = _("This is one record: choose the other one.")
    field = "other"


class ErasedRecord(Refused):
    text = _("The data of this person were erased: there is nothing left to merge.")
    field = "other"


class MergedBefore(Refused):
    text = _("%(who)s was merged before. Open the record it was merged into.")
    field = "other"


class BothMembers(Refused):
    text = _(
        "Both households are members at the same time. Leave the households apart, "
        "or give one membership back first."
    )
    field = "home"


class UndoneBefore(Refused):
    text = _("This merge was undone before.")


class MergedOn(Refused):
    text = _("%(who)s was merged on since. Undo the later merge first.")


class ErasedSince(Refused):
    text = _("The person's data were erased since: nothing can be moved back.")


class AlreadyMember(Refused):
    text = _("This household is already a member from %(start)s to %(last)s.")
    field = "starts_on"


def year_from(day: date) -> date:
    """Return the first day after a year that begins on `day`; 29 February lasts to the end of it."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return date(day.year + 1, 3, 1)


def holds_on(membership: Membership, day: date) -> bool:
    """Whether a membership makes its household a member on that day."""
    within = membership.starts_on <= day < membership.ends_on
    return within and membership.cancelled_on is None


def check_no_overlap(starts_on: date, ends_on: date, others: Iterable[Membership]) -> None:
    """Raise `AlreadyMember` when one of the household's other memberships holds meanwhile."""
    for each in others:
        meets = each.starts_on < ends_on and starts_on < each.ends_on
        if meets and each.cancelled_on is None:
            raise AlreadyMember(start=each.starts_on, last=last_day(each))


def last_day(membership: Membership) -> date:
    """Return the last day on which the household is a member."""
    return membership.ends_on - timedelta(days=1)


def check_birth_year(year: int | None, today: date) -> None:
    """Raise `NotBornYet` for a year to come."""
    if year is not None and year > today.year:
        raise NotBornYet


def check_paper_holds(until: date, today: date) -> None:
    """Raise `PaperOver` for a paper that no longer holds."""
    if until < today:
        raise PaperOver(day=until)


def has_bracket(household: Household) -> bool:
    """Whether a paper was noted for a household, be it over or not."""
    return household.bracket_until is not None


def may_be_same(known: Resident, new: Resident) -> bool:
    """Whether two residents may be one person, written down twice.

    Names alike, and born in one year or behind one door. Where a year was never asked, the names
    have to be the same to the letter.
    """
    if not names_alike(known, new):
        return False
    if live_together(known.household, new.household):
        return True
    if known.birth_year and new.birth_year:
        return known.birth_year == new.birth_year
    return sorted(_names(known)) == sorted(_names(new))


def names_alike(one: Resident, other: Resident) -> bool:
    """Whether given and family name differ by one letter each at most, in either order."""
    (given, family), there = _names(one), _names(other)
    return any(one_typo(given, a) and one_typo(family, b) for a, b in (there, there[::-1]))


def _names(resident: Resident) -> tuple[str, str]:
    spellings = normal(resident.given_name), normal(resident.family_name)
    return spellings[0].replace(" ", ""), spellings[1].replace(" ", "")


def live_together(one: Household | None, other: Household | None) -> bool:
    """Whether two households are one, or share street, number and stairwell."""
    if one is None or other is None:
        return False
    return one is other or _same_door(one.address, other.address)


def _same_door(one: Address | None, other: Address | None) -> bool:
    return one is not None and other is not None and door(one) == door(other)


def door(address: Address) -> tuple[str, str]:
    """Return street and number, and the stairwell, as they are compared."""
    return normal(f"{address.street} {address.number}"), normal(address.stairwell or "")


def is_active(resident: Resident) -> bool:
    """Whether someone lives here and comes to the desk."""
    return resident.state is ResidentState.ACTIVE


def has_left(resident: Resident) -> bool:
    """Whether someone has left the neighbourhood and is still known."""
    return resident.state is ResidentState.LEFT


# A form, the API and an import write the same columns: each has one spelling wherever it is set.


@event.listens_for(Resident.phone, "set", retval=True)
def _one_spelling_of_phones(_to: Resident, value: str | None, *_more: object) -> str | None:
    return read_residents_phone(value) if value else None


@event.listens_for(Resident.email, "set", retval=True)
def _one_spelling_of_emails(to: Resident, value: str | None, *_more: object) -> str | None:
    read = read_email(value) if value else None
    if read != to.email:
        to.no_mail_since = None  # a new address may well be reached
    return read


@event.listens_for(Resident.contact_via, "set")
def _to_someone_else(to: Resident, value: Resident | None, *_more: object) -> None:
    if value is to:
        raise NotToThemselves


@event.listens_for(Resident, "before_insert")
@event.listens_for(Resident, "before_update")
def _a_way_that_can_be_used(_mapper: object, _connection: object, saved: Resident) -> None:
    check_ways(saved)


@event.listens_for(Household, "before_insert")
@event.listens_for(Household, "before_update")
def _found_by_its_address(_mapper: object, _connection: object, saved: Household) -> None:
    if saved.address is not None:
        words = normal(f"{saved.code} {saved.address}")
        saved.norm = words  # type: ignore[attr-defined]  # the column that search=True makes


# Merging. A record is a person's; two that turn out to be one person's become one.


def check_can_merge(kept: Resident, gone: Resident) -> None:
    """Raise `SameRecord`, `ErasedRecord` or `MergedBefore` when two records can't become one."""
    if kept.id == gone.id:
        raise SameRecord
    for each in (kept, gone):
        if each.state is ResidentState.ERASED:
            raise ErasedRecord
        if each.merged_into_id is not None:
            raise MergedBefore(who=str(each))


def check_can_undo(merge: Merge) -> None:
    """Raise `UndoneBefore`, `ErasedSince` or `MergedOn` when a merge can't be undone."""
    if merge.undone_at is not None:
        raise UndoneBefore
    if ResidentState.ERASED in {merge.kept.state, merge.gone.state}:
        raise ErasedSince
    if merge.kept.merged_into_id is not None:
        raise MergedOn(who=str(merge.kept))
    stays = merge.kept_household
    if stays is not None and stays.merged_into_id is not None:
        raise MergedOn(who=str(stays))


def is_in_force(merge: Merge) -> bool:
    """Whether a merge was not undone."""
    return merge.undone_at is None


def is_whole(resident: Resident) -> bool:
    """Whether this is a person's record still: neither merged into another nor erased."""
    return resident.state in {ResidentState.ACTIVE, ResidentState.LEFT}


def check_one_membership(one: Sequence[Membership], other: Sequence[Membership]) -> None:
    """Raise `BothMembers` when two households that become one were members at the same time."""
    for a in one:
        for b in other:
            if a.starts_on < b.ends_on and b.starts_on < a.ends_on:
                raise BothMembers


class Whose(Choice):
    """Which of two records a value is taken from."""

    KEPT = "kept", _("The record that stays")
    GONE = "gone", _("The record that goes")


# What somebody may choose, with what goes along with it.
_TOGETHER = {"email": ("no_mail_since",), "channel": ("channel_2", "channel_3")}
_CONTACT = {"household", "phone", "email", "language", "channel", "contact_via", "unseen"}
_UNSAID = {None, Unseen.NEVER}


def sensible(name: str, kept: Resident, gone: Resident) -> Whose:
    """Return whose value wins unless someone chooses: the newer one's, where it has one.

    Names and the year of birth are the kept record's, where it has them.
    """
    days = [each.last_contact_on or date.min for each in (kept, gone)]
    newer = Whose.GONE if name in _CONTACT and days[1] > days[0] else Whose.KEPT
    first, other = (gone, kept) if newer is Whose.GONE else (kept, gone)
    if getattr(first, name) in _UNSAID and getattr(other, name) not in _UNSAID:
        return Whose.KEPT if other is kept else Whose.GONE
    return newer


def joined_values(
    kept: Resident, gone: Resident, chosen: Mapping[str, Whose | None]
) -> dict[str, object]:
    """Return what the kept record says from now on, by column."""
    values: dict[str, object] = {}
    for name in (*chosen, "contact_via", "unseen"):
        whose = chosen.get(name) or sensible(name, kept, gone)
        source = kept if whose is Whose.KEPT else gone
        for each in (name, *_TOGETHER.get(name, ())):
            values[each] = getattr(source, each)
    if values["contact_via"] in {kept, gone}:
        values["contact_via"] = None  # nobody is reached through themselves
    values["large_type"] = kept.large_type or gone.large_type
    if ResidentState.ACTIVE in {kept.state, gone.state}:
        values["state"] = ResidentState.ACTIVE
    days = [each.last_contact_on for each in (kept, gone) if each.last_contact_on]
    values["last_contact_on"] = max(days, default=None)
    return values


def is_not_withdrawn(consent: Consent) -> bool:
    """Whether someone may still take back what they agreed to."""
    return consent.withdrawn_on is None


def waits_for_paper(consent: Consent) -> bool:
    """Whether someone agreed by word, and holds to it: the paper may still be signed."""
    return is_not_withdrawn(consent) and consent.how is How.SAID
