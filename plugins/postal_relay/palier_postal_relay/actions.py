"""What a caretaker does with a driver's drop and with parcels: one function, one transaction."""

from typing import Annotated

from palier.api import Count, Desk, Resident, Role, Ticks, _, act, ask, select

from . import queries, receiving, rules
from .models import (
    REGISTERED_MAIL,
    SEEN,
    Carrier,
    Drop,
    Parcel,
    Place,
    Size,
    State,
    Taker,
)

PARCEL_IN = Count("parcel_in", _("Parcels received"))
PARCEL_OUT = Count("parcel_out", _("Parcels handed out"))

AS_IT_IS = _("Leave it empty to keep what it is.")
NAME_ALONE = _("A name without a resident: it belongs to nobody known here.")


@act(_("Open a drop"), then="run", quiet=True)
def open_drop(
    desk: Desk,
    *,
    carrier: Carrier,
    announced: int | None = None,
    listed: Annotated[
        str | None,
        ask(
            _("The driver's list"),
            max=20000,
            help=_("A number to a line, then the name on the label where the list has it."),
        ),
    ] = None,
) -> Drop:
    """Write down what a driver brings, as a number or a list, then scan it."""
    lines = rules.read_list(listed) if listed and listed.strip() else []
    drop = desk.add(
        Drop(
            carrier=carrier,
            opened_at=desk.now,
            opened_by=receiving.signed(desk),
            announced=len(lines) if lines else announced,
        )
    )
    receiving.expect(desk, drop, lines)
    return drop


@act(_("Scan"), when=rules.is_open, then="run", quiet=True)
def scan(
    desk: Desk,
    drop: Drop,
    *,
    code: Annotated[str, ask(_("Parcel, place on the shelf, or name on the label"), max=200)],
) -> Drop:
    """Take what was scanned or typed: a parcel, its place on the shelf, or the name on it."""
    _lock(desk, drop)
    place = queries.place_called(desk, code)
    label = rules.read_label(code) if place is None else None
    if label is not None:
        receiving.take_in(desk, drop, label, may_registered=desk.may(check_registered))
        return drop
    last = queries.last_scanned(desk, drop)
    if last is None:
        raise rules.NothingToPlace
    if place is not None:
        rules.check_place(last, place)
        last.place = place
    elif not receiving.answer(desk, last, code):
        raise rules.WhoIsIt
    return drop


@act(_("It is for"), when=rules.is_open, then="run", quiet=True)
def assign(
    desk: Desk,
    drop: Drop,
    *,
    resident: Annotated[Resident, ask(_("Resident"))],
    parcel: Annotated[Parcel, ask(_("Item"), hidden=True)],
) -> Drop:
    """Say for whom a scanned item is."""
    receiving.of_run(drop, parcel).resident = resident
    return drop


@act(_("Keep the name as it is on the label"), when=rules.is_open, then="run", quiet=True)
def keep_name(
    desk: Desk,
    drop: Drop,
    *,
    addressee: Annotated[str, ask(_("Name on the label"), max=80)],
    parcel: Annotated[Parcel, ask(_("Item"), hidden=True)],
) -> Drop:
    """Keep a name that belongs to nobody known here: the carrier alone tells that person."""
    kept = receiving.of_run(drop, parcel)
    kept.addressee, kept.resident = addressee, None
    return drop


@act(_("Undo the last scan"), when=rules.is_open, then="run", quiet=True)
def undo_scan(desk: Desk, drop: Drop) -> Drop:
    """Take the item that was scanned last out of this run."""
    _lock(desk, drop)
    last = queries.last_scanned(desk, drop)
    if last is not None:
        receiving.take_out(desk, last)
    return drop


@act(_("The label can't be read"), when=rules.is_open, then="label", quiet=True)
def without_number(desk: Desk, drop: Drop) -> Parcel:
    """Take an item in under a number of ours, and print a label with it."""
    _lock(desk, drop)
    return receiving.give_own_number(desk, drop)


@act(_("Close the drop"), when=rules.is_open, counts=PARCEL_IN, then="run", quiet=True)
def close_drop(desk: Desk, drop: Drop) -> Drop:
    """Put everything on the shelf, tell whom it is for, and state the gap to what was announced."""
    _lock(desk, drop)
    items = queries.of_drop(desk, drop)
    for each in items:
        if each.state is State.RECEIVED:
            receiving.shelve(desk, each)
    came = [each for each in items if rules.has_come(each)]
    listed = [each for each in items if each.listed]
    of_list = sum(rules.has_come(each) for each in listed)
    gap = rules.gap_of(drop.announced, len(listed), of_list, len(came))
    drop.received, drop.missing, drop.extra = len(came), gap.missing, gap.extra
    drop.closed_at, drop.closed_by = desk.now, receiving.signed(desk)
    desk.counts(len(came))
    return drop


def _lock(desk: Desk, drop: Drop) -> None:
    """Let two telephones that scan one drop come one after the other."""
    desk.lock(select(Drop).where(Drop.id == drop.id))


def _lock_item(desk: Desk, parcel: Parcel) -> None:
    """Hold an item, fresh. Raises `TakenAlready` where another desk was faster."""
    desk.lock(select(Parcel).where(Parcel.id == parcel.id))
    if parcel.state not in rules.HERE:
        raise rules.TakenAlready(
            state=parcel.state.label, when=parcel.ended_at, who=parcel.ended_by or ""
        )


def _leave(desk: Desk, parcel: Parcel, taker: Taker, seen: Ticks | None) -> None:
    parcel.taken_by, parcel.seen = taker, seen
    if parcel.state is State.RECEIVED:
        receiving.move(desk, parcel, State.SHELVED)
    receiving.end(desk, parcel, State.COLLECTED)


def _check_papers(desk: Desk, parcel: Parcel, taker: Taker, seen: Ticks | None) -> None:
    rule = queries.rule_of(desk, parcel.carrier, desk.today)
    rules.check_papers(parcel.carrier, rule, taker, seen)


@act(_("Hand out"), when=rules.waits, least=Role.TRAINEE, counts=PARCEL_OUT, meets=True)
def hand_out(
    desk: Desk,
    parcel: Parcel,
    *,
    taker: Annotated[Taker, ask(_("Who is here"))] = Taker.ADDRESSEE,
    seen: Annotated[Ticks | None, ask(_("Seen"), items=SEEN)] = None,
) -> None:
    """Hand an item out once the papers that its carrier asks for were seen."""
    _lock_item(desk, parcel)
    _check_papers(desk, parcel, taker, seen)
    _leave(desk, parcel, taker, seen)


@act(_("Print the slip to sign"), when=rules.is_collected, then="slip", quiet=True, rare=True)
def print_slip(desk: Desk, parcel: Parcel) -> Parcel:
    """Print what was handed out, to be signed."""
    return parcel


@act(_("Print the notice"), when=rules.waits, then="notice", quiet=True, rare=True)
def print_notice(desk: Desk, parcel: Parcel) -> Parcel:
    """Print a notice with its code, in French and in the person's own language."""
    return parcel


@act(_("Print its label"), when=rules.has_number_of_ours, then="label", quiet=True, rare=True)
def print_label(desk: Desk, parcel: Parcel) -> Parcel:
    """Print the number of ours that stands in for an unreadable label."""
    return parcel


@act(_("Put right"), when=rules.is_here)
def put_right(
    desk: Desk,
    parcel: Parcel,
    *,
    resident: Annotated[Resident | None, ask(help=AS_IT_IS)] = None,
    addressee: Annotated[str | None, ask(help=NAME_ALONE)] = None,
    size: Annotated[Size | None, ask(help=AS_IT_IS)] = None,
    place: Annotated[Place | None, ask(help=AS_IT_IS)] = None,
) -> None:
    """Say again for whom an item is, how large, or where it lies; who is new is told."""
    if size is not None:
        parcel.size = size
    if place is not None:
        parcel.place = place
    elif size is not None:
        parcel.place = receiving.suggest(desk, parcel)
    receiving.rename(desk, parcel, resident, addressee)


@act(_("Refused"), when=rules.waits)
def refuse(desk: Desk, parcel: Parcel) -> None:
    """Note that the person does not want the item: it goes back with the next driver."""
    _lock_item(desk, parcel)
    receiving.refuse(desk, parcel)


@act(_("Send back"), when=rules.is_here, rare=True)
def send_back(desk: Desk, parcel: Parcel) -> None:
    """Give one item back to the carrier's driver."""
    _lock_item(desk, parcel)
    receiving.send_back(desk, parcel)


@act(_("Lost"), when=rules.may_be_lost, rare=True)
def lose(desk: Desk, parcel: Parcel) -> None:
    """Note that the item is not where it should be; scanned in a later drop, it is found again."""
    receiving.end(desk, parcel, State.LOST)


@act(_("Give to the driver"), when=rules.brings_parcels)
def hand_back(desk: Desk, carrier: Carrier) -> None:
    """Give the driver what goes back today: what was refused, and what waited for too long."""
    receiving.hand_back(desk, carrier, registered=False)


# Registered items: seen and done only by who has learnt it, and out in two steps.


@act(
    _("Check the papers"),
    when=rules.registered_waits,
    needs_skill=REGISTERED_MAIL,
    then="slip",
    quiet=True,
    meets=True,
)
def check_registered(
    desk: Desk,
    parcel: Parcel,
    *,
    taker: Annotated[Taker, ask(_("Who is here"))] = Taker.ADDRESSEE,
    seen: Annotated[Ticks | None, ask(_("Seen"), items=SEEN)] = None,
) -> Parcel:
    """See the papers of who takes a registered item, and print what they sign."""
    _lock_item(desk, parcel)
    _check_papers(desk, parcel, taker, seen)
    parcel.taken_by, parcel.seen, parcel.papers_at = taker, seen, desk.now
    return parcel


@act(
    _("Signed: hand over"),
    when=rules.registered_leaves,
    needs_skill=REGISTERED_MAIL,
    counts=PARCEL_OUT,
)
def hand_registered(desk: Desk, parcel: Parcel) -> None:
    """Hand a registered item over, once its slip is signed."""
    _lock_item(desk, parcel)
    _leave(desk, parcel, parcel.taken_by or Taker.ADDRESSEE, parcel.seen)


@act(_("Refused"), when=rules.registered_waits, needs_skill=REGISTERED_MAIL)
def refuse_registered(desk: Desk, parcel: Parcel) -> None:
    """Note that the person does not want the item: it goes back with the next driver."""
    _lock_item(desk, parcel)
    receiving.refuse(desk, parcel)


@act(
    _("Not signed: keep it"),
    when=rules.registered_leaves,
    needs_skill=REGISTERED_MAIL,
    rare=True,
)
def keep_registered(desk: Desk, parcel: Parcel) -> None:
    """Put a registered item back into the drawer: the slip was not signed."""
    parcel.taken_by = parcel.seen = parcel.papers_at = None


@act(
    _("Whose it is"),
    when=rules.registered_here,
    needs_skill=REGISTERED_MAIL,
    rare=True,
)
def name_registered(
    desk: Desk,
    parcel: Parcel,
    *,
    resident: Annotated[Resident | None, ask(help=AS_IT_IS)] = None,
    addressee: Annotated[str | None, ask(help=NAME_ALONE)] = None,
) -> None:
    """Say again for whom a registered item is; who is new is told."""
    receiving.rename(desk, parcel, resident, addressee)


@act(_("Give registered items to the driver"), needs_skill=REGISTERED_MAIL)
def hand_registered_back(desk: Desk, carrier: Carrier) -> None:
    """Give the driver the registered items that go back today."""
    receiving.hand_back(desk, carrier, registered=True)
