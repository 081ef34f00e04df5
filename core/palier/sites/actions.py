"""What a manager decides of the site: services on and off, who runs it, where it is."""

from collections.abc import Callable, Mapping
from typing import Annotated

from palier.acts import act
from palier.asking import Hooks
from palier.context import Context, Role
from palier.providers.rules import read_rna, read_siret
from palier.signature import ask
from palier.sites.letterhead import OF_OPERATOR, keep_operator, keep_site
from palier.sites.models import Operator, Site
from palier.sites.rules import (
    read_department,
    read_priority_area,
    read_vat_number,
)
from palier.sites.switching import disable, enable, grow, plan_disable, plan_enable
from palier.text import Text, _


def hooks_of(desk: Context) -> Hooks:
    """Return the hooks through which services prepare a site."""
    assert desk.hooks is not None  # noqa: S101 - whoever switches has opened the house
    return desk.hooks


def off_here(desk: Context, record: None = None) -> Mapping[str, Text]:
    """Return the services that can be switched on."""
    on = desk.site.plugins
    services = hooks_of(desk).registry.services()
    return {each.name: each.label for each in services if each.works and each.name not in on}


def on_here(desk: Context, record: None = None) -> Mapping[str, Text]:
    """Return the services that are on, those no longer installed too."""
    known = hooks_of(desk).registry.plugins
    return {
        name: known[name].label if name in known else Text(name)
        for name in sorted(desk.site.plugins)
    }


@act(_("Switch on"), least=Role.MANAGER)
def switch_on(
    desk: Context, *, service: Annotated[str, ask(_("Which service"), offers=off_here)]
) -> None:
    """What it needs is switched on first. Nobody at the desk is interrupted."""
    hooks = hooks_of(desk)
    enable(desk, hooks, plan_enable(hooks.registry, desk.site.plugins, service))


@act(_("Switch off"), least=Role.MANAGER)
def switch_off(
    desk: Context, *, service: Annotated[str, ask(_("Which service"), offers=on_here)]
) -> None:
    """Its data stay, and come back with it."""
    registry = hooks_of(desk).registry
    disable(desk, plan_disable(registry, desk.site.plugins, service))


def operator_of(desk: Context) -> Operator:
    """Return the legal body that runs the site."""
    return desk.session.get_one(Operator, desk.site.operator_id)


def site_of(desk: Context) -> Site:
    """Return the site's own row."""
    return desk.session.get_one(Site, desk.site.id)


def _now(of: Callable[[Context], object], name: str) -> Callable[[Context], object]:
    return lambda desk: getattr(of(desk), name)


LegalName = Annotated[str, ask(_("Legal name"), max=120, start=_now(operator_of, "legal_name"))]
LegalForm = Annotated[
    str | None,
    ask(
        _("Legal form"),
        max=60,
        start=_now(operator_of, "form"),
        help=_("For instance: association, cooperative."),
    ),
]
Seat = Annotated[str | None, ask(_("Address"), max=200, start=_now(operator_of, "address"))]
Siret = Annotated[
    str | None,
    ask(
        _("SIRET"),
        max=20,
        start=_now(operator_of, "siret"),
        help=_("14 digits: the number of the place."),
    ),
]
Rna = Annotated[
    str | None,
    ask(
        _("RNA"),
        max=20,
        start=_now(operator_of, "rna"),
        help=_("W and 9 digits. Associations in Alsace and Moselle have none."),
    ),
]
CourtRegister = Annotated[
    str | None,
    ask(
        _("Court register"),
        max=80,
        start=_now(operator_of, "register_ref"),
        help=_("In Alsace and Moselle: court, volume and folio, or the AMALIA number."),
    ),
]
VatNumber = Annotated[
    str | None, ask(_("VAT number"), max=20, start=_now(operator_of, "vat_number"))
]


@act(_("Change the operator"), least=Role.MANAGER)
def change_operator(
    desk: Context,
    *,
    legal_name: LegalName,
    form: LegalForm = None,
    address: Seat = None,
    siret: Siret = None,
    rna: Rna = None,
    register_ref: CourtRegister = None,
    vat_number: VatNumber = None,
) -> None:
    """It stands on every paper from now on; papers issued before keep what they say."""
    proved = read_siret(siret) if siret else None
    told = {
        "legal_name": legal_name,
        "form": form or "",
        "address": address or "",
        "siret": proved,
        "rna": read_rna(rna) if rna else None,
        "register_ref": register_ref,
        "vat_number": read_vat_number(vat_number, proved) if vat_number else None,
    }
    operator = operator_of(desk)
    if all(getattr(operator, name) == told[name] for name in OF_OPERATOR):
        return
    keep_operator(desk, operator)
    for name, value in told.items():
        setattr(operator, name, value)


@act(_("Change the site"), least=Role.MANAGER)
def change_site(
    desk: Context,
    *,
    name: Annotated[
        str,
        ask(_("Name"), max=80, start=_now(site_of, "name"), help=_("What people call it.")),
    ],
    address: Annotated[
        str | None,
        ask(_("Address"), max=200, start=_now(site_of, "address"), help=_("Where the desk is.")),
    ] = None,
    department: Annotated[
        str | None, ask(_("Department"), max=3, start=_now(site_of, "department"))
    ] = None,
    qpv_code: Annotated[
        str | None, ask(_("Priority area"), max=10, start=_now(site_of, "qpv_code"))
    ] = None,
    local_law: Annotated[
        bool, ask(_("The local law of Alsace and Moselle holds"), start=_now(site_of, "local_law"))
    ] = False,
) -> None:
    """Name and address stand on every paper from now on; papers issued before keep theirs."""
    site = site_of(desk)
    if (site.name, site.address) != (name, address or ""):
        keep_site(desk, site)
    site.name, site.address = name, address or ""
    site.department = read_department(department) if department else ""
    site.qpv_code = read_priority_area(qpv_code) if qpv_code else None
    site.local_law = local_law
    grow(desk)
