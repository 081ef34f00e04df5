"""A parcel on its way to the shelf: taken in, placed, its person told. Called by the acts."""

from collections.abc import Sequence
from datetime import date, timedelta

from palier.api import (
    Desk,
    Resident,
    Text,
    _,
    find_people,
    open_days,
    slip_code,
    with_homes,
    withdraw,
)

from . import queries, rules
from .models import Carrier, Drop, Parcel, Place, Size, Stage, State
from .rules import AnyRule, Label

FEW = 8  # names on a screen that the whole queue can see


def signed(desk: Desk) -> str:
    """Return the name that stands beside a step."""
    return desk.actor.name[:80]


def move(desk: Desk, parcel: Parcel, to: State) -> None:
    """Let an item go one step on, with who and when. Raises `CannotGoThere`."""
    rules.check_move(parcel, to)
    parcel.state = to
    desk.session.add(Stage(parcel=parcel, state=to, at=desk.now, by=signed(desk)))


def end(desk: Desk, parcel: Parcel, to: State) -> None:
    """Let an item leave the shelf for good; nothing more is told of it."""
    move(desk, parcel, to)
    parcel.ended_at, parcel.ended_by = desk.now, signed(desk)
    withdraw(desk, parcel)


def expect(desk: Desk, drop: Drop, listed: Sequence[rules.Listed]) -> None:
    """Write down what a driver's list announces. Nobody is told before it is scanned here."""
    known = queries.carriers(desk)
    for each in listed:
        parcel = _new(drop, each.label, rules.carrier_of(each.label, drop.carrier, known))
        parcel.listed = True
        name_it(desk, parcel, each.name)
        desk.session.add(parcel)
        desk.session.add(Stage(parcel=parcel, state=State.EXPECTED, at=desk.now, by=signed(desk)))
    desk.session.flush()


def _new(drop: Drop, label: Label, carrier: Carrier) -> Parcel:
    registered = carrier.registered or label.registered
    return Parcel(
        carrier=carrier,
        drop=drop,
        number=label.number,
        proven=label.proven,
        registered=registered,
        size=Size.LETTER if registered else Size.MEDIUM,
    )


def take_in(desk: Desk, drop: Drop, label: Label, *, may_registered: bool) -> Parcel:
    """Take a scanned item in, at a place with room. Raises what is said of one that is here."""
    known = queries.newest(desk, label.number)
    parcel = known if known is not None and known.state in _COMES else None
    if known is not None and parcel is None:
        _check_new(desk, drop, known)
    if parcel is None:
        carrier = rules.carrier_of(label, drop.carrier, queries.carriers(desk))
        parcel = _new(drop, label, carrier)
    if parcel.registered and not may_registered:
        raise rules.NeedsTheRight
    return arrive(desk, drop, parcel)


_COMES = frozenset({State.EXPECTED, State.LOST})


def _check_new(desk: Desk, drop: Drop, known: Parcel) -> None:
    if known.state in rules.WAITING and known.drop is drop:
        raise rules.AlreadyInRun(number=known.number)
    if known.state in rules.HERE:
        where = known.place.code if known.place is not None else _("the desk")
        raise rules.AlreadyHere(number=known.number, since=known.arrived_on, place=where)
    if known.arrived_on == desk.today:
        raise rules.AlreadyGone(number=known.number)


def arrive(desk: Desk, drop: Drop, parcel: Parcel) -> Parcel:
    """Let an item be here from now on; one that an earlier drop lacked is no line of this list."""
    desk.session.add(parcel)
    parcel.listed = parcel.listed and parcel.drop is drop
    parcel.drop, parcel.received_at, parcel.arrived_on = drop, desk.now, desk.today
    parcel.ended_at = parcel.ended_by = None
    move(desk, parcel, State.RECEIVED)
    parcel.place = suggest(desk, parcel)
    count_days(desk, parcel, desk.today)
    desk.session.flush()
    return parcel


def suggest(desk: Desk, parcel: Parcel) -> Place | None:
    """Return the first place of an item's size with room, else one of another size."""
    free = queries.free_places(desk, locked=parcel.registered)
    fits = [each for each in free if each.size is parcel.size]
    return next(iter(fits or free), None)


def count_days(desk: Desk, parcel: Parcel, event: date) -> None:
    """Set an item's last day, and the open day that people are told."""
    count_by(desk, parcel, event, queries.rule_of(desk, parcel.carrier, event))


def count_by(desk: Desk, parcel: Parcel, event: date, rule: AnyRule | None) -> None:
    if rule is None:
        parcel.last_day = parcel.until = None
        return
    parcel.last_day = rules.last_day(event, rule.days)
    here = open_days(desk, event, parcel.last_day)
    parcel.until = rules.told_day(parcel.last_day, here)


def name_it(desk: Desk, parcel: Parcel, name: str) -> bool:
    """Give an item the name on its label, and the person where only one is meant by it."""
    if not name:
        return False
    parcel.addressee = name[:80]
    same = [each for each in people_called(desk, name) if rules.is_named(name, str(each))]
    parcel.resident = same[0] if len(same) == 1 else None
    return parcel.resident is not None


def people_called(desk: Desk, name: str) -> Sequence[Resident]:
    """Return the few who may be meant by a name on a label, with their stairwells in reach."""
    return with_homes(desk, find_people(desk, name, FEW))


def shelve(desk: Desk, parcel: Parcel) -> bool:
    """Put a received item on the shelf and tell its person; return whether somebody was told."""
    move(desk, parcel, State.SHELVED)
    return tell_arrival(desk, parcel)


def tell_arrival(desk: Desk, parcel: Parcel) -> bool:
    """Tell whom an item on the shelf is for, if the site knows them."""
    if parcel.resident is None or parcel.state is not State.SHELVED:
        return False
    rule = queries.rule_of(desk, parcel.carrier, desk.today)
    if rule is not None and rules.counts_from_notice(rule):
        count_by(desk, parcel, desk.today, rule)
    move(desk, parcel, State.NOTIFIED)
    words = _("%(what)s of %(carrier)s waits for you at the desk, until %(day)s.")
    if parcel.until is None:
        words = _("%(what)s of %(carrier)s waits for you at the desk.")
    told = words.fill(what=kind_of(parcel), carrier=parcel.carrier.name, day=parcel.until)
    desk.tell(parcel.resident, told, kind="arrived", about=parcel)
    return True


def kind_of(parcel: Parcel) -> Text:
    """Say what an item is, as people are told."""
    return _("A registered item") if parcel.registered else _("A parcel")


def remind(desk: Desk, parcel: Parcel) -> None:
    """Remind of an item at half-time and on the day before its last one; each is told once."""
    settings = desk.settings(rules.Settings)
    if parcel.resident is None or parcel.until is None or parcel.arrived_on is None:
        return
    words = _("%(what)s of %(carrier)s still waits for you at the desk, until %(day)s.")
    told = words.fill(what=kind_of(parcel), carrier=parcel.carrier.name, day=parcel.until)
    if settings.day_before and rules.is_day_before(parcel.until, desk.today):
        desk.tell(parcel.resident, told, kind="reminder", about=parcel, once="before")
    elif settings.half_time and rules.is_half_time(parcel.arrived_on, parcel.until, desk.today):
        desk.tell(parcel.resident, told, kind="reminder", about=parcel, once="half")


def take_out(desk: Desk, parcel: Parcel) -> None:
    """Undo the scan of an item: it is expected or lost, as before; a new one was never here."""
    stages = queries.stages_of(desk, parcel)
    was = stages[-2].state if len(stages) > 1 else None
    if was is None:
        desk.session.delete(stages[0])
        desk.session.flush()
        desk.session.delete(parcel)
        return
    if was is State.LOST:
        end(desk, parcel, State.LOST)
    else:
        move(desk, parcel, was)
    parcel.received_at = parcel.arrived_on = parcel.place = None
    parcel.last_day = parcel.until = None


def give_own_number(desk: Desk, drop: Drop) -> Parcel:
    """Take in an item whose label nobody can read, under a number of ours that is printed."""
    parcel = _new(drop, Label("", proven=True), drop.carrier)
    parcel.number, parcel.own_number = None, True
    arrive(desk, drop, parcel)
    parcel.number = slip_code(parcel)
    return parcel


def missing_since(desk: Desk) -> date:
    """Return the day before which what was announced and never came is lost."""
    return desk.today - timedelta(days=desk.settings(rules.Settings).expected_days)


def lose_what_never_came(desk: Desk) -> None:
    for each in queries.never_came(desk, missing_since(desk)):
        end(desk, each, State.LOST)


def answer(desk: Desk, parcel: Parcel, typed: str) -> bool:
    """Take what was typed as the name on an item, or as the number beside a name that was offered."""
    if typed.strip().isdigit():
        offered = people_called(desk, parcel.addressee or "")
        at = int(typed) - 1
        if not 0 <= at < len(offered):
            raise rules.NoSuchPlace(code=typed.strip())
        parcel.resident = offered[at]
        return True
    if any(each.isdigit() for each in typed):
        raise rules.NoSuchPlace(code=typed.strip()[:20])
    return name_it(desk, parcel, typed.strip())


def of_run(drop: Drop, parcel: Parcel) -> Parcel:
    """Return an item of this run. Raises `NothingToPlace` for one of another."""
    if parcel.drop is not drop or parcel.state is not State.RECEIVED:
        raise rules.NothingToPlace
    return parcel


def rename(desk: Desk, parcel: Parcel, resident: Resident | None, name: str | None) -> None:
    """Say again for whom an item is: a resident, or a name that is nobody's here; told if new."""
    whose = resident if resident is not None or name else parcel.resident
    if whose is not parcel.resident:
        _forget_notice(desk, parcel)
    parcel.resident, parcel.addressee = whose, name or parcel.addressee
    tell_arrival(desk, parcel)


def _forget_notice(desk: Desk, parcel: Parcel) -> None:
    """Take back what was told to the wrong person: the item is on the shelf, nobody told."""
    withdraw(desk, parcel)
    if parcel.state is State.NOTIFIED:
        move(desk, parcel, State.SHELVED)


def refuse(desk: Desk, parcel: Parcel) -> None:
    if parcel.state is State.RECEIVED:
        move(desk, parcel, State.SHELVED)
    move(desk, parcel, State.REFUSED)
    withdraw(desk, parcel)


def hand_back(desk: Desk, carrier: Carrier, *, registered: bool) -> None:
    """Send back what of a carrier goes today. Raises `NothingGoesBack`."""
    items = queries.to_send_back(desk, carrier, registered=registered)
    if not items:
        raise rules.NothingGoesBack(carrier=carrier.name)
    for each in items:
        send_back(desk, each)


def send_back(desk: Desk, parcel: Parcel) -> None:
    if parcel.state is State.RECEIVED:
        move(desk, parcel, State.SHELVED)
    end(desk, parcel, State.RETURNED)
