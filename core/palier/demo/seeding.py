"""Making the demonstration: the places, the people, then one day after the other."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from itertools import groupby
from zoneinfo import ZoneInfo

from palier import hookspecs
from palier.demo.arranging import move_in, open_places, show_services
from palier.demo.footfall import footfall
from palier.demo.history import SERVICE, Event, closings, events_of
from palier.demo.people import NGUYEN, RITTER, SEED, Home, invent
from palier.demo.places import AMPERE
from palier.demo.planning import plan_all
from palier.demo.roster import plan_roster, planned_on
from palier.demo.scene import Scene, scene
from palier.demo.tariffs import pay_later, see_paper, set_tariffs
from palier.demo.telling import tell_some
from palier.demo.times import Times
from palier.house import House
from palier.text import Text, _

ZONE = ZoneInfo("Europe/Paris")
AT_ONCE = 100  # households of one transaction
Tell = Callable[[Text, int, int], None]


@dataclass(frozen=True)
class Size:
    """How much is made. `days` is at least 10: what today shows begins a week before."""

    households: int = 480
    residents: int = 1200
    days: int = 91


def tell_nobody(words: Text, done: int, of: int) -> None:
    """Say nothing of how far it is."""


def seed(house: House, size: Size, *, seed: int = SEED, tell: Tell = tell_nobody) -> None:
    """Fill an empty installation up to its clock's now. The same seed makes the same people."""
    now = house.clock().astimezone(ZONE)
    times = Times(AMPERE.hours, ZONE)
    first = times.open_from(now.date() - timedelta(days=size.days))
    since = datetime.combine(first, time(8), ZONE)
    tell(_("Opening Ampère and Cathédrale"), 0, size.days)
    open_places(house, since)
    homes = invent(size.households, size.residents, now.year, seed)
    days = times.open_days(first, now.date())
    plan = plan_all(random.Random(seed), times, homes, days, now)
    tell(_("Letting the residents move in"), 0, size.days)
    late = {person for _at, _home, person in plan.newcomers}
    for part in range(0, len(homes), AT_ONCE):
        move_in(house, AMPERE.slug, homes[part : part + AT_ONCE], late, since)
    show_services(house, since)
    past = [day for day in days if day < now.date()]
    events = [*events_of(plan, times, past, bikes=has_bikes(house)), *closings(times, days)]
    events += tariffs(times, homes, past) if has_bikes(house) else []
    events.append(Event(times.closes(past[-1]) - timedelta(minutes=5), tell_some))
    events.append(Event(times.closes(past[-1]) - timedelta(hours=2), let_services_prepare))
    events += footfall(random.Random(seed + 1), times, days)
    events.append(
        Event(planned_on(times, now.date()), partial(plan_roster, times=times, today=now.date()))
    )
    live_through(house, [each for each in events if each.at <= now], tell, first, now.date())


def tariffs(times: Times, homes: Sequence[Home], past: Sequence[date]) -> list[Event]:
    """Return who shows a paper on the first day, and who pays a part of it later on the last."""
    morning = times.spans(past[0])[0][0] - timedelta(minutes=20)
    evening = times.closes(past[-1]) - timedelta(minutes=25)
    return [
        Event(morning, set_tariffs),
        Event(morning + timedelta(minutes=30), partial(see_paper, home=homes[RITTER])),
        Event(evening, partial(pay_later, home=homes[NGUYEN])),
    ]


def let_services_prepare(moment: Scene, at: datetime) -> None:
    """Let each service make what today shows: the evening before, when residents have moved in."""
    desk = moment.desk
    desk.actor, desk.now = moment.staff["magda"], at
    if desk.hooks is not None:
        for service in moment.registry.services():
            desk.hooks.answer(hookspecs.demo, desk, only=service.name)


def has_bikes(house: House) -> bool:
    """Whether bicycles can be hired out at Ampère: the service is installed and works."""
    with scene(house, AMPERE.slug, house.clock()) as moment:
        return SERVICE in moment.desk.site.plugins


def live_through(
    house: House, events: Sequence[Event], tell: Tell, first: date, last: date
) -> None:
    """Do what is to be done, a transaction for each day."""
    whole = (last - first).days + 1
    for day, of_day in groupby(sorted(events), key=lambda each: each.at.date()):
        tell(_("The desk on %(day)s").fill(day=day), (day - first).days, whole)
        todo = list(of_day)
        with scene(house, AMPERE.slug, todo[0].at) as moment:
            for each in todo:
                each.do(moment, each.at)
    tell(_("Up to today"), whole, whole)
