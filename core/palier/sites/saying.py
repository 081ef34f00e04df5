"""Who runs a site and where it is, by command: the same acts as on the screen."""

from collections.abc import Mapping
from typing import Any

from palier.context import Context
from palier.reading import read_values
from palier.sites.actions import change_operator, change_site, operator_of, site_of
from palier.trail import perform

OF_SITE = ("name", "address", "department", "qpv_code", "local_law")
OF_OPERATOR = {
    "legal_name": "legal_name",
    "form": "form",
    "operator_address": "address",
    "siret": "siret",
    "rna": "rna",
    "register_ref": "register_ref",
    "vat_number": "vat_number",
}


def say(desk: Context, given: Mapping[str, Any]) -> None:
    """Do the acts that the given values need. Raises `Invalid`, and what the acts refuse."""
    site, operator = site_of(desk), operator_of(desk)
    own = {name: given[name] for name in OF_SITE if name in given}
    theirs = {column: given[name] for name, column in OF_OPERATOR.items() if name in given}
    for act, record, values in ((change_site, site, own), (change_operator, operator, theirs)):
        if not values:
            continue
        asked = act.signature.values
        held = {each.name: getattr(record, each.name) for each in asked}
        typed = {name: str(value) for name, value in values.items() if not isinstance(value, bool)}
        read = read_values(tuple(e for e in asked if e.name in typed), typed, desk, json=False)
        flags = {name: value for name, value in values.items() if isinstance(value, bool)}
        perform(desk, act, None, {**held, **read, **flags})


def said(desk: Context, wanted: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return what is said of site and operator; `wanted` is what would be."""
    site, operator = site_of(desk), operator_of(desk)
    facts = {name: getattr(site, name) for name in OF_SITE}
    facts |= {name: getattr(operator, column) for name, column in OF_OPERATOR.items()}
    rows = []
    for name, value in facts.items():
        row = {"what": name, "value": "" if value is None else str(value)}
        rows.append({**row, "would be": str(wanted.get(name, ""))} if wanted else row)
    return rows
