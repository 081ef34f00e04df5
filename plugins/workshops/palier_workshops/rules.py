"""What is always true of wishes and workshops: no session, no web, no clock."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, NamedTuple

from palier.api import Choice, Minutes, Refused, _, ask

from .models import Band, Enrolment, Kind, Mark, Sex, State, Wish, WishState, Workshop

# Who holds a seat: one that nobody came to is not given away again.
SEATED = frozenset({Mark.ENROLLED, Mark.PRESENT, Mark.NO_SHOW})


class Weekday(Choice):
    """Values in the order of `date.weekday()`."""

    MONDAY = "0", _("Monday")
    TUESDAY = "1", _("Tuesday")
    WEDNESDAY = "2", _("Wednesday")
    THURSDAY = "3", _("Thursday")
    FRIDAY = "4", _("Friday")
    SATURDAY = "5", _("Saturday")
    SUNDAY = "6", _("Sunday")


@dataclass(frozen=True)
class Settings:
    """What each neighbourhood decides for itself."""

    members_only: Annotated[bool, ask(_("Enrol members only"))] = True
    enough: Annotated[int, ask(_("Households from which a wish becomes a workshop"), min=1)] = 10
    first_days: Annotated[
        int, ask(_("Days on which only who wished it may enrol"), min=0, max=60)
    ] = 7
    seats: Annotated[int, ask(_("Usual seats"), min=1, max=500)] = 10
    notice_days: Annotated[int, ask(_("Days from the wish to its workshop"), min=0, max=120)] = 14
    weekday: Annotated[Weekday, ask(_("Usual day of workshops"))] = Weekday.THURSDAY
    hour: Annotated[time, ask(_("Usual hour of workshops"))] = time(14)


class NotEnoughVotes(Refused):
    text = _("%(votes)s of %(enough)s households wish for it so far.")


class VotedAlready(Refused):
    text = _("%(who)s has voted for it already.")
    field = "resident"


class WishEnded(Refused):
    text = _("Wish %(number)s takes no more votes: %(state)s.")


class NoSuchWish(Refused):
    text = _("There is no wish %(number)s.")
    field = "number"


class FewerOnBoth(Refused):
    text = _("At most %(n)s households can have a dot on both sheets.")
    field = "on_both"


class SameWish(Refused):
    text = _("Choose another wish: this one can't be merged into itself.")
    field = "into"


class FewerThanNamed(Refused):
    text = _("Take away at most the %(n)s households on paper.")
    field = "households"


class BeginsBefore(Refused):
    text = _("That moment is over. Choose a later one.")
    field = "starts_at"


class WorkshopEnded(Refused):
    text = _("This workshop is over or cancelled.")


class Full(Refused):
    text = _("All %(seats)s seats are taken.")


class EnrolledAlready(Refused):
    text = _("%(who)s is on the list already.")
    field = "resident"


class VotersFirst(Refused):
    text = _("Until %(day)s the seats are for those who wished for it.")


class SeatsTaken(Refused):
    text = _("%(taken)s seats are taken: choose at least as many.")
    field = "seats"


class TooEarly(Refused):
    text = _("It takes place on %(day)s. Wait until then to note who came.")


class NotThatHour(Refused):
    text = _("That hour is still to come. Type when they came.")
    field = "hour"


class NotOnTheList(Refused):
    text = _("Nobody on this list has this card or slip. Enrol the person first.")
    field = "code"


class NotMarked(Refused):
    text = _("Names without a mark: %(n)s. Note first who came.")


class SomeoneCame(Refused):
    text = _(
        "Somebody is noted as having come: close the workshop, or take these marks back first."
    )


class StepTaken(Refused):
    text = _("Wish %(number)s was changed at another desk: %(state)s. Open it again.")


class NotHeads(Refused):
    text = _("“%(given)s” is not understood. Type F, H, A or X and the age: F40 H60.")
    field = "heads"


def is_open(wish: Wish) -> bool:
    return wish.state is WishState.OPEN


def is_going(wish: Wish) -> bool:
    """Whether something can still become of it."""
    return wish.state in {WishState.OPEN, WishState.PLANNED}


def may_become_workshop(wish: Wish) -> bool:
    return is_open(wish) and wish.kind is Kind.WORKSHOP


def may_be_planned(wish: Wish) -> bool:
    return is_open(wish) and wish.kind is Kind.SERVICE


def may_be_fulfilled(wish: Wish) -> bool:
    return wish.state is WishState.PLANNED and wish.kind is Kind.SERVICE


def is_declined(wish: Wish) -> bool:
    return wish.state is WishState.DECLINED


def has_paper(wish: Wish) -> bool:
    return is_open(wish) and wish.households > 0


def is_to_come(workshop: Workshop) -> bool:
    return workshop.state is State.OPEN


def is_marked(enrolment: Enrolment) -> bool:
    return enrolment.mark is not Mark.ENROLLED


def waits(enrolment: Enrolment) -> bool:
    return enrolment.mark is Mark.ENROLLED


def check_open(wish: Wish) -> None:
    """Raise `WishEnded` for a wish that takes no more votes."""
    if not is_open(wish):
        raise WishEnded(number=wish.number, state=wish.state.label)


def check_step(wish: Wish, allowed: Callable[[Wish], bool]) -> None:
    """Raise `StepTaken` for a wish that went another way meanwhile."""
    if not allowed(wish):
        raise StepTaken(number=wish.number, state=wish.state.label)


def check_on_both(households: int, *wishes: Wish) -> None:
    """Raise `FewerOnBoth` for more than have a dot on the shorter sheet."""
    most = min(each.households for each in wishes)
    if households > most:
        raise FewerOnBoth(n=most)


def check_enough(votes: int, enough: int) -> None:
    """Raise `NotEnoughVotes` below the site's number."""
    if votes < enough:
        raise NotEnoughVotes(votes=votes, enough=enough)


def check_seat(workshop: Workshop) -> None:
    """Raise `Full` where no seat is left, `WorkshopEnded` where it is over or cancelled."""
    if not is_to_come(workshop):
        raise WorkshopEnded
    if workshop.taken >= workshop.seats:
        raise Full(seats=workshop.seats)


def check_first(workshop: Workshop, today: date, *, wished: bool) -> None:
    """Raise `VotersFirst` while the seats are for those who wished for it."""
    until = workshop.first_until
    if until is not None and today <= until and not wished:
        raise VotersFirst(day=until)


def usual_start(today: date, settings: Settings) -> datetime:
    """Return the first usual day and hour after the notice; without a zone, the site's clock."""
    earliest = today + timedelta(days=settings.notice_days)
    ahead = (int(settings.weekday.value) - earliest.weekday()) % 7
    return datetime.combine(earliest + timedelta(days=ahead), settings.hour)


def end_of(starts_at: datetime, lasts: Minutes) -> datetime:
    """Return the instant so many minutes later, whatever the clocks do in between."""
    return starts_at.astimezone(UTC) + timedelta(minutes=lasts)


def first_until(today: date, starts_on: date, days: int) -> date | None:
    """Return until when only voters may enrol, the day before it at the latest; None for never."""
    if not days:
        return None
    last = min(today + timedelta(days=days), starts_on - timedelta(days=1))
    return last if last >= today else None


class Head(NamedTuple):
    sex: Sex
    band: Band


LETTERS = {
    "f": Sex.WOMAN, "w": Sex.WOMAN, "h": Sex.MAN, "m": Sex.MAN, "a": Sex.OTHER, "x": Sex.NOT_SAID,
}  # fmt: skip
_HEAD = re.compile(r"([fwhmax])\s*([0-9]{0,2})[\s,;]*", re.IGNORECASE)


def read_heads(given: str) -> Iterator[Head]:
    """Yield the people of "f40 h6 x": a letter, then the age or its first digits; none is not said.

    Raises `NotHeads` for anything else.
    """
    at, text = 0, given.strip()
    while at < len(text):
        found = _HEAD.match(text, at)
        band = _band(found[2]) if found else None
        if found is None or band is None:
            raise NotHeads(given=text[at:])
        yield Head(LETTERS[found[1].lower()], band)
        at = found.end()


def _band(digits: str) -> Band | None:
    """Return the band of an age, or of its decade: "6" is 60 to 69. One that fits several is none."""
    if not digits:
        return Band.NOT_SAID
    if len(digits) == 1 and digits not in "07":
        within = {_of_age(age) for age in range(int(digits) * 10, int(digits) * 10 + 10)}
        return within.pop() if len(within) == 1 else None
    return Band.OLD if digits == "7" else _of_age(int(digits))


def _of_age(age: int) -> Band:
    bands = [each for each in Band if each is not Band.NOT_SAID]
    return [each for each in bands if int(each.value) <= age][-1]


# A "v" alone before a number is the tag of a bike: it means a wish only with households after it.
_TYPED = re.compile(
    r"(?:w|wish|v(?:oe|œ)u|v(?=[^+]*\+))\s*0*([1-9][0-9]{0,5})\s*(?:\+\s*([1-9][0-9]{0,2}))?"
)


class Typed(NamedTuple):
    """A wish typed at the desk: its number, and how many households were counted on paper."""

    number: int
    households: int | None


def read_typed(code: str) -> Typed | None:
    """Return what "wish 12 +9", "v12+9" or "w12" means; None for another code."""
    found = _TYPED.fullmatch(code.strip().lower())
    if found is None:
        return None
    return Typed(int(found[1]), int(found[2]) if found[2] else None)
