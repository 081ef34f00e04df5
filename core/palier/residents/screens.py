"""What a caretaker sees of residents."""

from collections.abc import Mapping
from typing import Annotated

from palier.acts import page
from palier.context import Context, Role
from palier.residents import cards, comparing
from palier.residents.actions import (
    add_household,
    add_resident,
    agree,
    call_if_not_seen,
    drop_bracket,
    file_consent,
    has_left,
    is_back,
    merge,
    move,
    note_bracket,
    print_consent,
    take_back,
    tell_apart,
    undo_merge,
    withdraw,
)
from palier.residents.consent_paper import paper_of
from palier.residents.models import (
    Bracket,
    Consent,
    Household,
    Membership,
    Merge,
    Resident,
    ResidentState,
)
from palier.residents.signing import page_to_sign
from palier.screens.catalogue import Paths
from palier.screens.declared import Page, Panel, Screen
from palier.screens.views import Link
from palier.signature import ask
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
    usual=Resident.state.in_((ResidentState.ACTIVE, ResidentState.LEFT)),
    acts=(
        has_left,
        is_back,
        agree,
        take_back,
        call_if_not_seen,
        merge,
        tell_apart,
        cards.print_card,
        cards.replace_card,
        cards.print_chosen,
        cards.print_cards,
    ),
    help=_("To add someone, open the household, or add it first."),
    icon="people",
)

households = Screen(
    Household,
    _("Households"),
    columns=(Household.code, Household.address),
    sort=Household.code,
    usual=Household.merged_into_id.is_(None),
    acts=(
        add_household,
        add_resident,
        move,
        note_bracket,
        drop_bracket,
        cards.print_home_card,
        cards.replace_home_card,
    ),
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

merges = Screen(
    Merge,
    _("Merges"),
    columns=(Merge.at, Merge.gone, Merge.kept, Merge.moved, Merge.undone_at),
    newest_first=Merge.at,
    sections={
        _("Merge"): (Merge.kept, Merge.gone, Merge.at, Merge.moved, Merge.undone_at),
        _("Households that became one"): (Merge.kept_household, Merge.gone_household),
    },
    acts=(undo_merge,),
    menu=False,
    icon="people",
)

consents = Screen(
    Consent,
    _("Consents"),
    columns=(
        Consent.resident,
        Consent.purpose,
        Consent.given_on,
        Consent.ends_on,
        Consent.withdrawn_on,
    ),
    filters=(Consent.purpose, Consent.given_on),
    newest_first=Consent.given_on,
    sections={
        _("Consent"): (
            Consent.resident,
            Consent.purpose,
            Consent.given_on,
            Consent.how,
            Consent.by_parent,
            Consent.ends_on,
            Consent.withdrawn_on,
        ),
    },
    acts=(print_consent, file_consent, withdraw),
    menu=False,
    icon="check",
)

panels = (
    Panel(consents, Consent.resident),
    Panel(residents, Resident.household),
    Panel(memberships, Membership.household),
    Panel(merges, Merge.kept, title=_("Merged into this one"), rare=True),
    Panel(merges, Merge.gone, title=_("Merged into another"), rare=True),
)


@page(_("Consent to sign"), least=Role.CARETAKER, rare=True)
def consent_paper(desk: Context, *, made: Annotated[Consent, ask(_("Consent"))]) -> Page:
    """Print what is agreed to, to be signed: in the site's language, and in the person's own."""
    return page_to_sign(desk, paper_of(desk, made), made.resident)


@page(_("Perhaps the same person"), least=Role.CARETAKER)
def duplicates(desk: Context, *, after: Annotated[str, ask(_("After"), max=60)] = "") -> Page:
    """Show who may be written down twice, the surest first."""
    paths = Paths(desk.site.slug)
    here = f"{paths.root}/residents/duplicates"
    pairs = comparing.pairs_of(desk)
    shown = comparing.twins_after(desk, pairs, after)
    last = shown[-1] if shown else None
    ends = [
        each for each in pairs if last and (each.one, each.other) == (last.kept.id, last.gone.id)
    ]
    more = bool(ends) and ends[0] is not pairs[-1]
    return Page(
        "residents/duplicates.html",
        pairs=[_twins(paths, here, each) for each in shown],
        total=len(pairs),
        first=Link(_("From the beginning"), here) if after else None,
        next=Link(_("Next"), f"{here}?after={comparing.written(ends[0])}") if more else None,
        merges=Link(_("All merges"), paths.screen(merges)),
    )


def _twins(paths: Paths, here: str, pair: comparing.Twins) -> Mapping[str, object]:
    """Say a pair: both records, why, and the two acts."""
    root = paths.record(residents, pair.kept.id)
    query = f"other={pair.gone.id}&back={here}"
    return {
        "people": [
            Link(str(each), paths.record(residents, each.id), comparing.about(each))
            for each in (pair.kept, pair.gone)
        ],
        "why": [each.label for each in pair.why],
        "compare": Link(_("Compare"), f"{root}/merge?other={pair.gone.id}"),
        "apart": Link(tell_apart.label, f"{root}/tell_apart?{query}"),
    }


def compare(desk: Context, kept: Resident, typed: Mapping[str, str]) -> Page:
    """Ask who the same person is, then show both records side by side."""
    paths = Paths(desk.site.slug)
    other = typed.get("other", "")
    gone = desk.find(Resident, int(other)) if other.isascii() and other.isdigit() else None
    if gone is None or gone is kept:
        return Page("residents/merge.html", twin=None)
    lines = comparing.compared(kept, gone)
    homes = kept.household, gone.household
    return Page(
        "residents/merge.html",
        twin=gone,
        kept=Link(str(kept), paths.record(residents, kept.id), comparing.about(kept)),
        gone=Link(str(gone), paths.record(residents, gone.id), comparing.about(gone)),
        lines=lines,
        chosen={each.name: typed.get(each.name) or each.whose.value for each in lines},
        two_homes=all(homes) and homes[0] is not homes[1],
        home=bool(typed.get("home")),
        turned=f"{paths.record(residents, gone.id)}/merge?other={kept.id}",
    )
