"""Residents: what the core knows of the people of a neighbourhood."""

from palier.plugins import Manifest
from palier.residents import card_pages, screens
from palier.residents.actions import merge
from palier.residents.seen import note_contacts
from palier.text import _

manifest = Manifest(
    name="residents",
    label=_("Residents"),
    summary=_("The people of the neighbourhood, their households and their memberships."),
    icon="people",
    screens=(
        screens.residents,
        screens.households,
        screens.memberships,
        screens.brackets,
        screens.merges,
        screens.consents,
        card_pages.card_runs,
        card_pages.replaced_cards,
    ),
    pages=(
        screens.duplicates,
        screens.consent_paper,
        card_pages.cards,
        card_pages.cards_file,
    ),
    panels=screens.panels,
    forms={merge: screens.compare},
)

note_contacts()
