"""What a caretaker sees of residents."""

from palier.context import Role
from palier.residents.actions import (
    add_household,
    add_resident,
    drop_bracket,
    has_left,
    is_back,
    move,
    note_bracket,
)
from palier.residents.models import Bracket, Household, Membership, Resident
from palier.screens.declared import Panel, Screen
from palier.text import _

residents = Screen(
    Resident,
    _("Residents"),
    columns=(
        Resident.given_name,
        Resident.family_name,
        Resident.household,
        Resident.phone,
        Resident.channel,
        Resident.state,
    ),
    filters=(Resident.state, Resident.channel),
    sort=Resident.family_name,
    sections={
        _("Person"): (
            Resident.given_name,
            Resident.family_name,
            Resident.birth_year,
            Resident.household,
            Resident.card_code,
            Resident.state,
        ),
        _("How to reach the person"): (
            Resident.phone,
            Resident.email,
            Resident.language,
            Resident.channel,
            Resident.channel_2,
            Resident.channel_3,
            Resident.contact_via,
            Resident.large_type,
            Resident.no_mail_since,
            Resident.unseen,
            Resident.last_contact_on,
        ),
    },
    form=(
        Resident.given_name,
        Resident.family_name,
        Resident.birth_year,
        Resident.household,
        Resident.phone,
        Resident.email,
        Resident.language,
        Resident.channel,
        Resident.channel_2,
        Resident.channel_3,
        Resident.contact_via,
        Resident.large_type,
    ),
    form_least=Role.CARETAKER,
    makes=False,
    acts=(has_left, is_back),
    help=_("To add someone, open the household, or add it first."),
    icon="people",
)

households = Screen(
    Household,
    _("Households"),
    columns=(Household.code, Household.address),
    sort=Household.code,
    acts=(add_household, add_resident, move, note_bracket, drop_bracket),
    icon="door",
)

memberships = Screen(
    Membership,
    _("Memberships"),
    columns=(
        Membership.household,
        Membership.starts_on,
        Membership.ends_on,
        Membership.cancelled_on,
    ),
    filters=(Membership.ends_on,),
    newest_first=Membership.starts_on,
    menu=False,
)

brackets = Screen(
    Bracket,
    _("Brackets"),
    columns=(Bracket.colour, Bracket.code, Bracket.label, Bracket.position),
    sort=Bracket.position,
    form=(Bracket.code, Bracket.colour, Bracket.label, Bracket.position),
    least=Role.MANAGER,
    icon="coins",
    help=_("At the desk a bracket is a colour and nothing else; no paper ever names it."),
)

panels = (Panel(residents, Resident.household), Panel(memberships, Membership.household))
