"""Rosters: who is on duty when, and the open hours that nobody covers."""

from collections.abc import Iterable

from palier import hookspecs as hooks
from palier.context import Context
from palier.hookspecs import Card
from palier.plugins import Manifest
from palier.rosters import actions, screens
from palier.rosters.duty import uncovered_today
from palier.text import _, show_time

manifest = Manifest(
    name="rosters",
    label=_("Roster"),
    summary=_("Who is on duty, who is away, and the hours to cover."),
    icon="roster",
    screens=(screens.shifts, screens.absences),
    pages=(screens.week,),
    acts=(actions.cover_today,),
)


@hooks.today
def nobody_on_duty(desk: Context) -> Iterable[Card]:
    """Name the open hours of today that nobody covers."""
    words = _("Nobody on duty, %(start)s – %(end)s.")
    for opening, gap in uncovered_today(desk):
        hours = {"start": show_time(desk.local(gap.starts_at).time())}
        hours["end"] = show_time(desk.local(gap.ends_at).time())
        yield Card(words.fill(**hours), actions.cover_today.on(opening), kind="late", order=5)
