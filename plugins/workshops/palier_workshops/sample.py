"""Wishes on the wall, workshops of last week, of tomorrow and to come, to show how it goes."""

from datetime import date, datetime, time, timedelta

from palier.api import Desk, Resident, Text, _, func, in_site_words, select

from .actions import vote, wish_for
from .models import Band, Enrolment, HeadCount, Kind, Mark, Sex, State, Wish, Workshop

# Number 1 to 13 of the wall; the story keys dots for number 12.
WISHES: tuple[tuple[Text, Kind, int], ...] = (
    (_("A walk along the river"), Kind.WORKSHOP, 3),
    (_("Repair small appliances"), Kind.WORKSHOP, 4),
    (_("A letter box for parcels"), Kind.SERVICE, 6),
    (_("Bread without salt"), Kind.SERVICE, 2),
    (_("First steps on a computer"), Kind.WORKSHOP, 5),
    (_("Cooking for one"), Kind.WORKSHOP, 2),
    (_("An evening at the theatre"), Kind.WORKSHOP, 4),
    (_("Knitting"), Kind.WORKSHOP, 3),
    (_("Gentle gymnastics"), Kind.WORKSHOP, 5),
    (_("A car for the day"), Kind.SERVICE, 3),
    (_("Make soap"), Kind.WORKSHOP, 1),
    (_("Change a zip, sew a hem"), Kind.WORKSHOP, 2),
    (_("Sort and compost"), Kind.WORKSHOP, 1),
)
STORY = 12
# Who wishes for a sewing workshop, and who of them would lead it.
VOTERS = {"Odile Kern": False, "Aïcha Benali": True, "Théo Ritter": False, "Mehmet Yilmaz": True}
WHO_COMES = 8
LAST_WEEK, NEXT_WEEK = timedelta(days=7), timedelta(days=9)


def make_wishes(desk: Desk) -> None:
    """Fill the wall and show what took place; asked on a later day, enrol eight for the next one."""
    if desk.session.scalar(select(Wish.id).limit(1)) is None:
        _fill_wall(desk)
        _show_last_week(desk)
    elif _newest_day(desk) < desk.today - LAST_WEEK:
        _enrol_for_tomorrow(desk)
        _workshop(desk, desk.today + NEXT_WEEK, _("Put up a shelf"))


def _newest_day(desk: Desk) -> date:
    """Return the day of the last workshop there is."""
    newest = desk.session.scalar(select(func.max(Workshop.starts_at)))
    return desk.local(newest).date() if newest is not None else desk.today


def _fill_wall(desk: Desk) -> None:
    people = {str(each): each for each in _residents(desk)}
    for words, kind, dots in WISHES:
        wish = wish_for(desk, title=in_site_words(desk, words), kind=kind, households=dots)
        if wish.number == STORY:
            named = {name: people[name] for name in VOTERS if name in people}
            if not named and people:
                named = dict(list(people.items())[:1])
            for name, resident in named.items():
                vote(desk, wish, resident=resident, would_host=VOTERS.get(name, False))


def _show_last_week(desk: Desk) -> None:
    workshop = _workshop(desk, desk.today - LAST_WEEK, _("Coffee and crochet"))
    workshop.state = State.DONE
    for each in _residents(desk)[-2:]:
        _enrol(desk, workshop, each).mark = Mark.PRESENT
    desk.add(HeadCount(workshop=workshop, sex=Sex.WOMAN, band=Band.OLDER, people=2))


def _enrol_for_tomorrow(desk: Desk) -> None:
    workshop = _workshop(desk, desk.today + timedelta(days=1), _("Mend and darn"))
    others = [each for each in _residents(desk) if str(each) not in VOTERS]
    for each in others[-WHO_COMES:]:
        _enrol(desk, workshop, each)


def _workshop(desk: Desk, day: date, title: Text) -> Workshop:
    starts_at = datetime.combine(day, time(14), desk.site.zone)
    return desk.add(
        Workshop(
            title=in_site_words(desk, title), starts_at=starts_at,
            ends_at=starts_at + timedelta(hours=2), seats=10, place=desk.site.name,
        )
    )  # fmt: skip


def _enrol(desk: Desk, workshop: Workshop, resident: Resident) -> Enrolment:
    workshop.taken += 1
    day = desk.local(workshop.starts_at).date()
    at = min(desk.now, workshop.starts_at)
    return desk.add(Enrolment(workshop=workshop, resident=resident, held_on=day, enrolled_at=at))


def _residents(desk: Desk) -> list[Resident]:
    """Return who lives here, in the order in which they came."""
    return desk.all(select(Resident).where(Resident.in_use()).order_by(Resident.id))
