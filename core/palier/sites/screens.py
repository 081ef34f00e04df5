"""What a manager sets for the site."""

from collections.abc import Iterator

from palier.acts import page
from palier.context import Context, Role
from palier.screens.declared import Page, Screen
from palier.screens.views import Block, Line, Note
from palier.sites.models import Opening
from palier.sites.switching import states
from palier.text import _

openings = Screen(
    Opening,
    _("Opening hours"),
    columns=(
        Opening.weekday,
        Opening.opens,
        Opening.closes,
        Opening.valid_from,
        Opening.valid_to,
    ),
    filters=(Opening.weekday,),
    sort=Opening.weekday,
    form=(
        Opening.weekday,
        Opening.opens,
        Opening.closes,
        Opening.valid_from,
        Opening.valid_to,
    ),
    least=Role.MANAGER,
    icon="clock",
)


@page(_("Services"), least=Role.MANAGER)
def services(desk: Context) -> Page:
    """Show which services are on here, since when, and which have a problem."""
    block = Block(
        _("Services of this site"), "plug", tuple(_lines(desk)), _("No service is installed.")
    )
    how = Note(
        "info",
        _("Services are switched on by command."),
        _("palier plugin enable NAME --site %(site)s").fill(site=desk.site.slug),
    )
    return Page("sites/services.html", block=block, how=how)


def _lines(desk: Context) -> Iterator[Line]:
    known = states(desk)
    installed = desk.hooks.registry.services() if desk.hooks else []
    for plugin in installed:
        state, since = known.pop(plugin.name, ("", None))
        if plugin.trouble is not None:
            words = _("Has a problem: %(why)s").fill(why=plugin.trouble)
            yield Line(plugin.label, words, "warn", "late")
            continue
        on = _("On since %(day)s").fill(day=since) if state == "on" else _("Off")
        words = _("%(state)s. %(what)s").fill(state=on, what=plugin.manifest.summary)
        yield Line(plugin.label, words, plugin.manifest.icon)
    for name in sorted(known):
        yield Line(name, _("No longer installed. Its data stay."), "warn", "soon")
