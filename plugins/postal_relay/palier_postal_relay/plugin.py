"""Post and parcel relay: what the plugin adds to a neighbourhood."""

from collections.abc import Iterable, Iterator

from palier.api import Card, Desk, Manifest, Panel, Resident, Step, Text, _, hooks, plural

from . import actions, counter, fleet, models, queries, receiving, rules, running, screens, words
from .models import Parcel, Stage, State

manifest = Manifest(
    name="postal_relay",
    label=_("Parcels"),
    summary=_("Parcels and letters: received in one run, shelved, handed out, sent back."),
    icon="parcel",
    requires_core=">=0.1",
    settings=rules.Settings,
    counts=(actions.PARCEL_IN, actions.PARCEL_OUT),
    skills=(models.REGISTERED_MAIL,),
    screens=(
        screens.drops,
        screens.parcels,
        screens.registered,
        screens.stages,
        screens.places,
        screens.carriers,
        screens.own_rules,
    ),
    pages=(
        screens.run,
        screens.receipt,
        screens.label,
        screens.slip,
        screens.notice,
        screens.check_shelf,
    ),
    panels=(
        Panel(screens.parcels, Parcel.resident),
        Panel(screens.stages, Stage.parcel),
    ),
    forms={
        actions.scan: running.scan_again,
        actions.hand_out: counter.at_the_counter,
        actions.check_registered: counter.at_the_counter,
    },
)


@hooks.desk_cards
def parcels_of(desk: Desk, resident: Resident) -> Iterable[Card]:
    sees = desk.may(actions.check_registered)
    for each in queries.waiting_for(desk, resident, registered=sees):
        detail = words.until_words(each, desk.today)
        kind = words.is_late(each, desk.today)
        yield Card(words.waits_words(each), _next_step(each), detail, kind=kind)


def _next_step(parcel: Parcel) -> Step:
    if not parcel.registered:
        return actions.hand_out.on(parcel)
    if parcel.papers_at is not None:
        return actions.hand_registered.on(parcel)
    return actions.check_registered.on(parcel)


@hooks.today
def parcels_today(desk: Desk) -> Iterable[Card]:
    for drop, carrier, came in queries.open_drops(desk):
        text = _("%(carrier)s: the drop is open, %(came)s scanned.").fill(came=came)
        if not came and drop.announced is not None:
            text = plural(
                "%(carrier)s brings %(n)s parcel.",
                "%(carrier)s brings %(n)s parcels.",
                drop.announced,
            )
        yield Card(text.fill(carrier=carrier.name), actions.scan.on(drop), kind="soon")
    for each in queries.returns_by_carrier(desk, registered=desk.may(actions.check_registered)):
        yield from _going_back(each)


def _going_back(of: queries.Returns) -> Iterator[Card]:
    act = actions.hand_registered_back if of.registered else actions.hand_back
    if of.today:
        words_ = plural(
            "Goes back today: %(n)s item of %(carrier)s.",
            "Go back today: %(n)s items of %(carrier)s.",
            of.today,
        )
        yield Card(words_.fill(carrier=of.carrier.name), act.on(of.carrier), kind="late")
    if of.tomorrow:
        words_ = plural(
            "Goes back tomorrow: %(n)s item of %(carrier)s.",
            "Go back tomorrow: %(n)s items of %(carrier)s.",
            of.tomorrow,
        )
        yield Card(words_.fill(carrier=of.carrier.name), kind="soon")
    if of.last_chance:
        words_ = plural(
            "Last open day for %(n)s item of %(carrier)s.",
            "Last open day for %(n)s items of %(carrier)s.",
            of.last_chance,
        )
        yield Card(words_.fill(carrier=of.carrier.name), kind="soon")


@hooks.resolve_scan
def scanned(desk: Desk, code: str) -> Step | None:
    parcel = desk.from_slip(Parcel, code)
    label = rules.read_label(code) if parcel is None else None
    if label is not None:
        parcel = queries.newest(desk, label.number)
    if parcel is None or (parcel.registered and not desk.may(actions.check_registered)):
        return None
    if parcel.state in rules.WAITING:
        return _next_step(parcel)
    if parcel.state is State.EXPECTED:
        return Step(actions.scan, parcel.drop)
    return Step(
        actions.hand_out if not parcel.registered else actions.check_registered,
        parcel,
        _gone(parcel),
    )


def _gone(parcel: Parcel) -> Text:
    if parcel.state is State.REFUSED:
        return _("It was refused: it goes back with the next driver.")
    return words.ended_words(parcel)


@hooks.daily
def reminders(desk: Desk) -> None:
    for each in queries.to_remind(desk):
        receiving.remind(desk, each)
    receiving.lose_what_never_came(desk)


@hooks.on_enabled
def first_carriers(desk: Desk) -> None:
    fleet.make_carriers(desk)


@hooks.demo
def sample_parcels(desk: Desk) -> None:
    fleet.make_drops(desk)
