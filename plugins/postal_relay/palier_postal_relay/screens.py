"""What a caretaker sees of the relay: carriers, the shelf, what lies on it."""

from typing import Annotated

from palier.api import Desk, Page, Role, Screen, _, ask, page, page_to_sign, squares

from . import actions, papers, queries, running, shelf
from .models import Carrier, Drop, Parcel, Place, Rule, Stage

drops = Screen(
    Drop,
    _("Drops"),
    columns=(
        Drop.opened_at,
        Drop.carrier,
        Drop.announced,
        Drop.received,
        Drop.missing,
        Drop.extra,
        Drop.closed_at,
    ),
    filters=(Drop.carrier, Drop.opened_at),
    newest_first=Drop.opened_at,
    acts=(
        actions.scan,
        actions.close_drop,
        actions.undo_scan,
        actions.without_number,
        actions.assign,
        actions.keep_name,
        actions.open_drop,
    ),
    help=_("What a driver brings is scanned in one run, against what was announced."),
)

PARCEL = (Parcel.number, Parcel.carrier, Parcel.state, Parcel.until)
SECTIONS = {
    _("Item"): (Parcel.carrier, Parcel.number, Parcel.proven, Parcel.size, Parcel.place),
    _("For whom"): (Parcel.resident, Parcel.addressee),
    _("Time"): (Parcel.drop, Parcel.arrived_on, Parcel.until, Parcel.last_day),
    _("Hand-out"): (Parcel.taken_by, Parcel.seen, Parcel.ended_at, Parcel.ended_by),
}

parcels = Screen(
    Parcel,
    _("Parcels"),
    # No names: a list is seen by the whole queue. A card or a number leads to whose it is.
    columns=(Parcel.number, Parcel.carrier, Parcel.place, Parcel.state, Parcel.until),
    sections=SECTIONS,
    filters=(Parcel.state, Parcel.carrier, Parcel.place, Parcel.until),
    usual=queries.still_to_end(),
    newest_first=Parcel.arrived_on,
    only=queries.ordinary,
    apart=True,
    acts=(
        actions.hand_out,
        actions.refuse,
        actions.put_right,
        actions.send_back,
        actions.lose,
        actions.print_notice,
        actions.print_label,
        actions.print_slip,
    ),
    icon="parcel",
    help=_("Names are on the residents' cards and on each item's page."),
)

registered = Screen(
    Parcel,
    _("Registered items"),
    columns=(Parcel.number, Parcel.carrier, Parcel.place, Parcel.state, Parcel.until),
    sections=SECTIONS,
    filters=(Parcel.state, Parcel.until),
    usual=queries.still_to_end(),
    newest_first=Parcel.arrived_on,
    only=queries.registered_only,
    apart=True,
    name="registered",
    least=Role.MANAGER,
    acts=(
        actions.check_registered,
        actions.hand_registered,
        actions.refuse_registered,
        actions.keep_registered,
        actions.name_registered,
    ),
    icon="lock",
    help=_("They lie in the locked place. Only who has learnt registered mail sees them."),
)

stages = Screen(
    Stage,
    _("Steps"),
    columns=(Stage.at, Stage.state, Stage.by),
    newest_first=Stage.at,
    menu=False,
)

places = Screen(
    Place,
    _("Places on the shelf"),
    columns=(Place.code, Place.size, Place.room, Place.locked),
    sort=Place.code,
    form=(Place.code, Place.size, Place.room, Place.locked),
    help=_("Print each code and stick it on: a parcel is put there by scanning both."),
)

carriers = Screen(
    Carrier,
    _("Carriers"),
    # The words that rules and labels are matched by are for who adds a carrier, in its form.
    columns=(Carrier.name, Carrier.registered),
    sort=Carrier.name,
    form=(Carrier.name, Carrier.network, Carrier.registered, Carrier.word),
    acts=(actions.hand_back, actions.hand_registered_back),
    facts=shelf.rules_today,
)

own_rules = Screen(
    Rule,
    _("Carriers' rules of our own"),
    columns=(Rule.source, Rule.carrier, Rule.days, Rule.valid_from, Rule.valid_to),
    filters=(Rule.carrier,),
    newest_first=Rule.valid_from,
    form=(
        Rule.carrier,
        Rule.days,
        Rule.counted_from,
        Rule.notice,
        Rule.code,
        Rule.other_document,
        Rule.other_proxy,
        Rule.valid_from,
        Rule.valid_to,
        Rule.source,
    ),
    least=Role.MANAGER,
    help=_("The usual rules come with the service. A line here wins over them while it holds."),
)


@page(_("Scan a drop"), rare=True)
def run(desk: Desk, *, made: Annotated[Drop, ask(_("Drop"))]) -> Page:
    """Scan what a driver brought, one after the other; each stands there at once."""
    return Page("postal_relay/run.html", run=running.read_run(desk, made))


@page(_("Drop receipt"), rare=True)
def receipt(desk: Desk, *, made: Annotated[Drop, ask(_("Drop"))]) -> Page:
    """Print what a driver brought and what is missing, to be signed."""
    return Page("postal_relay/receipt.html", run=running.read_run(desk, made))


@page(_("Label of our own"), rare=True)
def label(desk: Desk, *, made: Annotated[Parcel, ask(_("Item"))]) -> Page:
    """Print a number of ours for an item whose label can't be read."""
    papers.check_seen(desk, made)
    back = f"/{desk.site.slug}/desk/postal_relay/run?made={made.drop.id}"
    drawn = squares(made.number or "")
    return Page("postal_relay/label.html", parcel=made, drawn=drawn, back=back)


@page(_("Slip to sign"), rare=True)
def slip(desk: Desk, *, made: Annotated[Parcel, ask(_("Item"))]) -> Page:
    """Print what is handed out, in French and in the person's language."""
    papers.check_seen(desk, made)
    return page_to_sign(desk, papers.slip_of(made), made.resident)


@page(_("Notice"), rare=True)
def notice(desk: Desk, *, made: Annotated[Parcel, ask(_("Item"))]) -> Page:
    """Print a notice with its code, in French and in the person's language."""
    papers.check_seen(desk, made)
    return page_to_sign(desk, papers.notice_of(made), made.resident)


@page(_("Check the shelf"))
def check_shelf(
    desk: Desk,
    *,
    place: Annotated[Place | None, ask(_("Place"))] = None,
    codes: Annotated[str, ask(_("Scanned"), max=20000)] = "",
) -> Page:
    """Scan what lies on the shelf; what is missing and what should not be there is listed."""
    found = shelf.compare(desk, place, codes)
    return Page("postal_relay/shelf.html", check=found, places=queries.places(desk))
