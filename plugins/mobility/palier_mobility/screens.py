"""What a caretaker sees of trips and vouchers."""

from palier.api import Role, Screen, _

from .actions import ask_another, ask_companion, ask_trip, call_off, done, not_made
from .models import (
    WAITS,
    Booklet,
    Companion,
    Fare,
    Stop,
    Trip,
    Turn,
    Vehicle,
    Voucher,
    VoucherKind,
)
from .people import add_provider, add_volunteer, block, come_back, put_back, stop
from .vouchers import add_booklet, give, give_voucher, spoil

trips = Screen(
    Trip,
    _("Trips"),
    columns=(
        Trip.starts_at,
        Trip.resident,
        Trip.target,
        Trip.companion,
        Trip.vehicle,
        Trip.state,
    ),
    sections={
        _("Trip"): (Trip.resident, Trip.starts_at, Trip.ends_at, Trip.origin, Trip.target),
        _("How"): (Trip.what, Trip.people, Trip.vehicle, Trip.companion),
        _("What became of it"): (Trip.state, Trip.why, Trip.ended_at),
    },
    filters=(Trip.state, Trip.starts_at, Trip.companion, Trip.vehicle),
    usual=Trip.state.in_(WAITS),
    newest_first=Trip.starts_at,
    acts=(ask_trip, ask_companion, done, not_made, ask_another, call_off),
)

vouchers = Screen(
    Voucher,
    _("Travel vouchers"),
    columns=(
        Voucher.number,
        Voucher.kind,
        Voucher.state,
        Voucher.resident,
        Voucher.given_at,
        Voucher.person_code,
    ),
    filters=(Voucher.state, Voucher.kind, Voucher.given_at),
    sort=Voucher.number,
    acts=(give_voucher, give, spoil),
    help=_("Each is given once. Scan one at the desk, or type its number on someone's card."),
)

companions = Screen(
    Companion,
    _("Who goes along"),
    columns=(
        Companion.name,
        Companion.days,
        Companion.drives,
        Companion.away_until,
        Companion.ended_on,
    ),
    sections={
        _("Who"): (Companion.name, Companion.resident, Companion.provider),
        _("When"): (
            Companion.days,
            Companion.drives,
            Companion.away_until,
            Companion.ended_on,
        ),
    },
    filters=(Companion.drives,),
    sort=Companion.name,
    form=(Companion.days, Companion.drives, Companion.away_until),
    form_least=Role.CARETAKER,
    makes=False,
    acts=(add_volunteer, add_provider, stop, come_back),
    help=_("Each is asked in turn: whoever was asked longest ago comes first."),
)

turns = Screen(
    Turn,
    _("Whose turn it was"),
    columns=(Turn.at, Turn.companion, Turn.trip, Turn.heard),
    filters=(Turn.companion, Turn.heard),
    newest_first=Turn.at,
    menu=False,
)

vehicles = Screen(
    Vehicle,
    _("Vehicles"),
    columns=(Vehicle.code, Vehicle.name, Vehicle.seats, Vehicle.state, Vehicle.blocked_reason),
    filters=(Vehicle.state,),
    sort=Vehicle.code,
    form=(Vehicle.code, Vehicle.name, Vehicle.seats),
    acts=(block, put_back),
)

stops = Screen(
    Stop,
    _("Places of trips"),
    columns=(Stop.name, Stop.fare, Stop.active),
    filters=(Stop.active,),
    sort=Stop.name,
    form=(Stop.name, Stop.fare, Stop.active),
    help=_(
        "Where trips lead. No address of a person, no surgery: a place that says nothing of anybody."
    ),
)

fares = Screen(
    Fare,
    _("Fares"),
    columns=(Fare.name,),
    form=(Fare.name,),
    help=_(
        "How far a place is. A manager sets what a trip there costs, with and without a vehicle."
    ),
)

kinds = Screen(
    VoucherKind,
    _("Kinds of voucher"),
    columns=(VoucherKind.name, VoucherKind.provider),
    sort=VoucherKind.name,
    form=(VoucherKind.name, VoucherKind.provider),
)

booklets = Screen(
    Booklet,
    _("Booklets"),
    columns=(Booklet.first, Booklet.kind, Booklet.vouchers, Booklet.came_on),
    filters=(Booklet.kind,),
    newest_first=Booklet.came_on,
    acts=(add_booklet,),
)
