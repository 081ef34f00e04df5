"""What happened at Ampère, decided before anything is written: no session, no clock."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from palier.demo.people import (
    BENALI,
    HADDAD,
    KERN,
    MULLER,
    NGUYEN,
    RITTER,
    YILMAZ,
    Home,
    Person,
)
from palier.demo.times import Times
from palier.receipts.models import DepositForm, PayMode
from palier.text import Cents

FLEET = ("V01", "V02", "V03", "V07", "C01", "C02", "E02", "A01")
DAYS_OUT = (1, 1, 2, 3, 7, 7, 14)
MEMBERS_AT_END = 0.6  # of all households
LENT_A_DAY = 0.3  # chance that a bike which is here leaves on an open day
NOTHING, DAMAGE = Cents(0), Cents(2500)
ALL_BUT_KERN = (RITTER, BENALI, YILMAZ, NGUYEN, HADDAD, MULLER)


@dataclass(eq=False)
class Hire:
    """A bike with someone. `back` is None while it is out; `booked` was asked for the same day."""

    bike: str
    out: datetime
    due: datetime
    back: datetime | None = None
    form: DepositForm = DepositForm.CHEQUE
    cheque: str | None = None
    booked: bool = False
    damage: Cents = NOTHING
    line_id: int = 0
    loan_id: int = 0


@dataclass(eq=False)
class Visit:
    """Someone at the desk: joins, takes a bike, pays for both on one receipt."""

    at: datetime
    who: Person
    joins: bool = False
    hire: Hire | None = None
    mode: PayMode = PayMode.CASH
    cheque: str | None = None
    refunded: bool = False


@dataclass(frozen=True)
class Wish:
    """A bike booked by someone, and when they asked."""

    asked: datetime
    bike: str
    who: Person
    starts: datetime
    ends: datetime


@dataclass
class Plan:
    """Everything, in no order."""

    visits: list[Visit] = field(default_factory=list)
    wishes: list[Wish] = field(default_factory=list)
    newcomers: list[tuple[datetime, Home, Person]] = field(default_factory=list)


def plan_all(
    luck: random.Random, times: Times, homes: Sequence[Home], days: Sequence[date], now: datetime
) -> Plan:
    """Return what happens on these open days, the last of them today's or before."""
    planning = _Planning(luck, times, homes, days, now)
    planning.everyday()
    planning.one_refund()
    planning.today()
    planning.newcomers()
    return planning.plan


class _Planning:
    def __init__(
        self,
        luck: random.Random,
        times: Times,
        homes: Sequence[Home],
        days: Sequence[date],
        now: datetime,
    ) -> None:
        self.luck, self.times, self.homes, self.now = luck, times, homes, now
        self.past = [day for day in days if day < now.date()]
        self.plan = Plan()
        self.members = [homes[each] for each in ALL_BUT_KERN]
        others = [each for at, each in enumerate(homes) if at > KERN and each not in self.members]
        luck.shuffle(others)
        self.others = others[: max(0, int(len(homes) * MEMBERS_AT_END) - len(self.members))]
        self.free_from = dict.fromkeys(FLEET, self.past[0])

    def everyday(self) -> None:
        """Sales and hires of every past day, and of today what came before now."""
        for home in self.members:
            (at,) = self.times.moments(self.luck, self.past[0], 1)
            self.plan.visits.append(self._visit(at, home, joins=True))
        left = len(self.past)
        for day in [*self.past[1:], self.now.date()]:
            if not self.times.is_open(day):
                continue
            joining = min(len(self.others), round(len(self.others) / max(1, left) + 0.3))
            left -= 1
            self._day(day, joining)

    def _day(self, day: date, joining: int) -> None:
        here = [each for each in FLEET if self.free_from[each] <= day]
        leaving = [each for each in here if self.luck.random() < LENT_A_DAY]
        moments = self.times.moments(self.luck, day, joining + len(leaving))
        self.luck.shuffle(moments)
        known = list(self.members)
        for at in moments[:joining]:
            self.plan.visits.append(self._visit(at, self._join(), joins=True))
        for bike, at in zip(leaving, moments[joining:], strict=True):
            hire = self._hire(bike, at)
            if hire is None:
                continue
            # Whoever is no member yet can't have booked before.
            joins = bool(self.others) and not hire.booked and self.luck.random() < 0.25
            home = self._join() if joins else self.luck.choice(known)
            self.plan.visits.append(self._visit(at, home, joins=joins, hire=hire))

    def _join(self) -> Home:
        home = self.others.pop()
        self.members.append(home)
        return home

    def _visit(
        self, at: datetime, home: Home, *, joins: bool = False, hire: Hire | None = None
    ) -> Visit:
        mode = self.luck.choices([PayMode.CASH, PayMode.CARD, PayMode.CHEQUE], weights=[70, 22, 8])[
            0
        ]
        cheque = self._cheque() if mode is PayMode.CHEQUE else None
        return Visit(at, home.people[0], joins, hire, mode, cheque)

    def _cheque(self) -> str:
        return f"{self.luck.randrange(10**6):07d}"

    def _hire(self, bike: str, at: datetime) -> Hire | None:
        """Return a hire that is over in time for what today shows, or None."""
        times, last = self.times, self._last_day(bike)
        due_on = times.open_from(at.date() + timedelta(days=self.luck.choice(DAYS_OUT)))
        late = self.luck.random() < 0.08
        back_on = times.open_from(due_on + timedelta(days=1)) if late else due_on
        if back_on > last:
            return None
        due = times.closes(due_on) - timedelta(minutes=30)
        (back,) = times.moments(self.luck, back_on, 1)
        self.free_from[bike] = times.open_from(back_on + timedelta(days=1))
        form = self.luck.choices([DepositForm.CHEQUE, DepositForm.CASH], weights=[80, 20])[0]
        return Hire(
            bike,
            at,
            due,
            back,
            form,
            cheque=self._cheque() if form is DepositForm.CHEQUE else None,
            booked=self.luck.random() < 0.25,
            damage=DAMAGE if self.luck.random() < 0.03 else NOTHING,
        )

    def one_refund(self) -> None:
        """Let one hire be given back on the spot: it rained."""
        alone = [each for each in self.plan.visits if each.hire is not None and not each.joins]
        for each in alone[2:3]:
            each.refunded = True

    def _last_day(self, bike: str) -> date:
        """Return the day by which a bike's ordinary hires are over."""
        return self.past[-6] if bike in {"V03", "V02", "C01"} else self.past[-3]

    def today(self) -> None:
        """What the desk shows now: one late, one due, one out, bookings today and after."""
        times, past = self.times, self.past
        before = times.closes(past[-1]) - timedelta(minutes=30)
        self._out("V03", HADDAD, past[-5], before)
        self._out("C01", NGUYEN, past[-3], self._tonight())
        later = times.open_from(self.now.date() + timedelta(days=5))
        self._out("V02", YILMAZ, past[-2], times.closes(later) - timedelta(minutes=30))
        self._wish("V07", RITTER, 0, 7)
        self._wish("V03", BENALI, 2, 3)
        self._wish("A01", MULLER, 1, 3)
        self._wish("C02", BENALI, 4, 2)
        self._wish("V01", MULLER, 9, 3)

    def _tonight(self) -> datetime:
        """Return when the desk closes today; late in the evening, an hour that is still to come."""
        closes = self.times.closes(self.now.date())
        soon = (self.now + timedelta(hours=1)).replace(minute=0, second=0, microsecond=0)
        latest = self.times.at(self.now.date(), time(23, 45))
        return closes if closes > self.now else min(max(soon, closes), latest)

    def _out(self, bike: str, home: int, day: date, due: datetime) -> None:
        (at,) = self.times.moments(self.luck, day, 1)
        hire = Hire(bike, at, due, cheque=self._cheque())
        self.plan.visits.append(self._visit(at, self.homes[home], hire=hire))

    def _wish(self, bike: str, home: int, days: int, length: int) -> None:
        asked = self.times.closes(self.past[-1]) - timedelta(minutes=20 + days)
        first = self.times.open_from(self.now.date() + timedelta(days=days))
        starts = self.times.spans(first)[-1][0] + timedelta(minutes=30)
        last = self.times.open_from(first + timedelta(days=length))
        ends = self.times.closes(last) - timedelta(minutes=30)
        self.plan.wishes.append(Wish(asked, bike, self.homes[home].people[0], starts, ends))

    def newcomers(self) -> None:
        """Let someone more of a household be written down every few days."""
        homes = [each for each in self.homes[len(ALL_BUT_KERN) + 2 :] if len(each.people) > 1]
        for day, home in zip(self.past[1::5], self.luck.sample(homes, len(homes)), strict=False):
            (at,) = self.times.moments(self.luck, day, 1)
            self.plan.newcomers.append((at, home, home.people[-1]))
