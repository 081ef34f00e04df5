"""Mobility: what the plugin adds to a neighbourhood."""

from collections.abc import Iterable
from datetime import timedelta

from palier.api import (
    BookingLine,
    Card,
    Charge,
    ChargeState,
    Desk,
    Manifest,
    Panel,
    Refused,
    Resident,
    Step,
    Text,
    _,
    hooks,
)

from . import actions, people, queries, rules, sample, screens, vouchers
from .models import Trip, Turn, Vehicle, Voucher

manifest = Manifest(
    name="mobility",
    label=_("Mobility"),
    summary=_("Accompanied trips and vouchers, paid by a fund where a household needs it."),
    icon="car",
    requires_core=">=0.1",
    settings=rules.Settings,
    in_demo=False,
    counts=(actions.TRIP, vouchers.VOUCHER),
    screens=(
        screens.trips,
        screens.vouchers,
        screens.companions,
        screens.vehicles,
        screens.stops,
        screens.fares,
        screens.kinds,
        screens.booklets,
        screens.turns,
    ),
    panels=(
        Panel(screens.trips, Trip.resident),
        Panel(screens.trips, Trip.companion),
        Panel(screens.trips, Trip.vehicle, rare=True),
        Panel(screens.turns, Turn.trip),
        Panel(screens.turns, Turn.companion, rare=True),
        Panel(screens.vouchers, Voucher.resident, rare=True),
        Panel(screens.vouchers, Voucher.booklet),
    ),
)


@hooks.desk_cards
def trips_of(desk: Desk, resident: Resident) -> Iterable[Card]:
    for trip in queries.trips_of(desk, resident):
        if trip.resident.id == resident.id:
            yield _own(desk, trip)
        else:
            words = _("Goes along with %(who)s, %(start)s.")
            yield Card(words.fill(who=trip.resident, start=trip.starts_at))
    if given := queries.vouchers_this_month(desk, resident):
        most = desk.settings(rules.Settings).vouchers_a_month
        words = _("Vouchers this month: %(given)s of %(most)s.")
        yield Card(words.fill(given=given, most=most), order=70)


def _own(desk: Desk, trip: Trip) -> Card:
    if rules.is_looking(trip):
        words = _("Trip to %(target)s, %(start)s: nobody goes along yet.")
        return Card(_filled(words, trip), actions.ask_companion.on(trip), kind="soon")
    words = _("Trip to %(target)s, %(start)s, with %(who)s.")
    if trip.starts_at <= desk.now:
        return Card(_filled(words, trip), actions.done.on(trip), kind="soon")
    return Card(_filled(words, trip), actions.call_off.on(trip))


def _filled(words: Text, trip: Trip) -> Text:
    return words.fill(
        who=trip.companion, target=trip.target, start=trip.starts_at, resident=trip.resident
    )


@hooks.today
def trips_today(desk: Desk) -> Iterable[Card]:
    tonight = queries.midnight(desk, desk.today + timedelta(days=1))
    for trip in queries.trips_until(desk, tonight):
        yield _of_today(desk, trip)


def _of_today(desk: Desk, trip: Trip) -> Card:
    when = _filled(_("%(start)s, to: %(target)s"), trip)
    begun, over = trip.starts_at <= desk.now, trip.ends_at <= desk.now
    if rules.is_looking(trip):
        text = _filled(_("%(resident)s: nobody goes along yet."), trip)
        step = actions.call_off.on(trip) if begun else actions.ask_companion.on(trip)
        return Card(text, step, when, "late" if begun else "soon")
    if rules.lost_vehicle(trip):
        text = _filled(_("%(resident)s with %(who)s: the vehicle was given up."), trip)
        return Card(text, actions.call_off.on(trip), when, "late")
    if over:
        text = _filled(_("%(resident)s with %(who)s: did the trip take place?"), trip)
        return Card(text, actions.done.on(trip), when, "late")
    text = _filled(_("%(resident)s goes out with %(who)s."), trip)
    step = actions.done.on(trip) if begun else actions.call_off.on(trip)
    return Card(text, step, when, "soon" if begun else "")


@hooks.resolve_scan
def scanned(desk: Desk, code: str) -> Step | None:
    voucher = queries.voucher_numbered(desk, code)
    if voucher is None:
        return None
    gone = rules.why_gone(voucher)
    return Step(vouchers.give, voucher, gone.words if gone is not None else None)


@hooks.check_booking
def against(desk: Desk, line: BookingLine) -> Iterable[Refused]:
    if isinstance(line.resource, Vehicle) and not queries.may_drive(desk, line):
        yield rules.NoDriverFree()


@hooks.charge_ended
def unpaid(desk: Desk, charge: Charge) -> None:
    if charge.state is not ChargeState.CANCELLED:
        return
    if (trip := charge.source(desk, Trip)) is not None:
        actions.take_back_done(trip)
    if (voucher := charge.source(desk, Voucher)) is not None:
        vouchers.back_in_booklet(voucher)


@hooks.daily
def the_day_before(desk: Desk) -> None:
    people.names_follow(desk)
    for trip in queries.agreed_on(desk, desk.today + timedelta(days=1)):
        actions.remind(desk, trip)


@hooks.on_enabled
def first_places(desk: Desk) -> None:
    sample.make_places(desk)


@hooks.demo
def sample_trips(desk: Desk) -> None:
    sample.make_trips(desk)
