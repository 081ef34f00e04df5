"""Who came these last days, as the keypad counted them."""

import random
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from functools import partial

from sqlalchemy import select

from palier.demo.history import Event
from palier.demo.roster import serving
from palier.demo.scene import Scene
from palier.demo.times import Times
from palier.visits.actions import count_visit, describe
from palier.visits.models import AgeBand, Sex, VisitReason

DAYS = 12  # open days, the last ones
A_DAY = (14, 30)
WEIGHTS = {1: 8, 2: 5, 3: 6, 4: 3, 5: 2, 6: 1, 7: 1}  # how often each key is pressed
TOLD = 0.3  # of the visits: a detail was added


def footfall(luck: random.Random, times: Times, days: Sequence[date]) -> Iterator[Event]:
    """Yield the presses of the last open days."""
    for day in days[-DAYS:]:
        for at in times.moments(luck, day, luck.randint(*A_DAY)):
            key = luck.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
            told = None
            if luck.random() < TOLD:
                told = luck.choice(list(AgeBand)), luck.choice((Sex.WOMAN, Sex.MAN, Sex.NOT_SAID))
            yield Event(at, partial(_press, key=key, told=told))


def _press(scene: Scene, at: datetime, *, key: int, told: tuple[AgeBand, Sex] | None) -> None:
    who = serving(at)
    query = select(VisitReason).where(VisitReason.key == key, VisitReason.active)
    reason = scene.desk.session.scalars(query).one()
    visit = scene.does(who, count_visit, None, at, reason=reason)
    if told is not None:
        age_band, sex = told
        scene.does(who, describe, visit, at, reason=None, age_band=age_band, sex=sex)
