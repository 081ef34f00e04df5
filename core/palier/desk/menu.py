"""The core's own keys in the rack."""

from collections.abc import Iterable

from palier.context import Context, Role
from palier.screens.catalogue import Paths
from palier.screens.views import MenuItem
from palier.text import _


def own_menu(desk: Context) -> Iterable[MenuItem]:
    """Yield the core's entries, those that this person may open."""
    root = Paths(desk.site.slug).root
    yield MenuItem(_("Desk"), "home", root)
    yield MenuItem(_("Residents"), "people", f"{root}/residents/resident")
    yield MenuItem(_("Till"), "till", f"{root}/receipts/till")
    yield MenuItem(_("Call list"), "phone", f"{root}/messages/call_list")
    yield MenuItem(_("Roster"), "roster", f"{root}/rosters/week")
    yield MenuItem(_("Footfall"), "chart", f"{root}/visits/hours")
    yield MenuItem(_("Bookings"), "calendar", f"{root}/bookings/timeline")
    yield MenuItem(_("Providers"), "wrench", f"{root}/providers/provider")
    if desk.actor.role is not None and desk.actor.role >= Role.MANAGER:
        yield MenuItem(_("Services"), "plug", f"{root}/sites/services")
        yield MenuItem(_("Team"), "user", f"{root}/accounts/staff")
        yield MenuItem(_("Personal data"), "lock", f"{root}/privacy/register")
