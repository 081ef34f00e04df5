"""What is shown of rosters: the week, and the lists behind it."""

from datetime import date
from typing import Annotated

from palier.acts import page
from palier.context import Context
from palier.rosters import actions
from palier.rosters.duty import read_week
from palier.rosters.models import Absence, Shift
from palier.rosters.week import draw_week
from palier.screens.declared import Page, Screen
from palier.signature import ask
from palier.text import _

shifts = Screen(
    Shift,
    _("Shifts"),
    columns=(Shift.starts_at, Shift.ends_at, Shift.staff, Shift.post, Shift.state),
    filters=(Shift.staff, Shift.post, Shift.starts_at),
    newest_first=Shift.starts_at,
    acts=(actions.assign, actions.remove, actions.cover, actions.plan),
    icon="roster",
    name="shifts",
)

absences = Screen(
    Absence,
    _("Absences"),
    columns=(Absence.from_at, Absence.to_at, Absence.staff, Absence.kind),
    filters=(Absence.staff, Absence.kind, Absence.from_at),
    newest_first=Absence.from_at,
    acts=(actions.add_absence, actions.remove_absence),
    help=_("Who is away, never why."),
    icon="roster",
    name="absences",
)


@page(_("Roster"))
def week(desk: Context, *, day: Annotated[date | None, ask(_("Day"))] = None) -> Page:
    """Who is on duty this week, and which open hours nobody covers."""
    found = read_week(desk, day or desk.today)
    drawn = draw_week(desk, found, may_change=desk.may(actions.cover))
    return Page("rosters/week.html", week=drawn)
