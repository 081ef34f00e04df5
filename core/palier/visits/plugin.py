"""Visits: who comes to the desk, and what is done for them there."""

from palier.plugins import Manifest
from palier.screens.declared import Panel
from palier.text import _
from palier.visits import actions, screens
from palier.visits.models import Visit

manifest = Manifest(
    name="visits",
    label=_("Footfall"),
    summary=_("Who comes to the desk, and what is done for them there."),
    icon="people",
    screens=(screens.visits, screens.reasons),
    pages=(screens.keypad, screens.hours),
    panels=(Panel(screens.visits, Visit.resident),),
    acts=(
        actions.count_visit,
        actions.begin,
        actions.come_for,
        actions.one_more,
        actions.one_less,
        actions.key_visits,
    ),
    counts=(actions.VISIT,),
)
