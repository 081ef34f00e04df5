"""What is shown of visits: the keypad, who came at which hour, the list, the reasons."""

from datetime import date
from typing import Annotated

from sqlalchemy import select

from palier.acts import page
from palier.context import Context
from palier.screens.catalogue import Paths
from palier.screens.declared import Page, Screen
from palier.signature import ask
from palier.text import _
from palier.visits import actions
from palier.visits.figures import figures
from palier.visits.hours import read_hours
from palier.visits.keypad import spots_of
from palier.visits.models import Visit, VisitReason

visits = Screen(
    Visit,
    _("Visits"),
    columns=(Visit.at, Visit.reason, Visit.resident, Visit.age_band, Visit.sex, Visit.state),
    filters=(Visit.on, Visit.reason, Visit.age_band, Visit.sex, Visit.state),
    newest_first=Visit.at,
    acts=(actions.close, actions.describe, actions.take_back, actions.take_back_later),
    icon="people",
    help=_("A visit that was counted by mistake is undone, never deleted."),
)

reasons = Screen(
    VisitReason,
    _("Why people come"),
    columns=(
        VisitReason.label,
        VisitReason.key,
        VisitReason.icon,
        VisitReason.apart,
        VisitReason.active,
    ),
    filters=(VisitReason.active,),
    sort=VisitReason.key,
    form=(VisitReason.key, VisitReason.label, VisitReason.icon, VisitReason.apart),
    acts=(actions.switch_off, actions.switch_on),
    icon="grid",
    help=_("The keys of the keypad, nine at most. What was used is switched off, never deleted."),
)


@page(_("Keypad"))
def keypad(desk: Context, *, counted: Annotated[int | None, ask(_("Visit"))] = None) -> Page:
    """Count who comes in, one press each: on the desk, or on a telephone at the door."""
    asked = figures(desk)
    row = desk.session.execute(select(*asked.values())).one()
    here = f"{Paths(desk.site.slug).root}/visits/keypad"
    spots = spots_of(desk, dict(zip(asked, row, strict=True)), here, counted)
    return Page("visits/keypad.html", title=_("Footfall"), spots=spots)


@page(_("By hour"))
def hours(
    desk: Context,
    *,
    day: Annotated[date | None, ask(_("Day"))] = None,
    week: Annotated[bool, ask(_("The whole week"))] = False,
) -> Page:
    """Say how many came at each hour of a day or a week, and why."""
    return Page("visits/hours.html", hours=read_hours(desk, day or desk.today, week=week))
