"""Sites: a neighbourhood's hours, and what it has switched on."""

from palier.plugins import Manifest
from palier.sites import screens
from palier.text import _

manifest = Manifest(
    name="sites",
    label=_("Settings"),
    summary=_("When the site is open, and which services are on."),
    icon="tool",
    screens=(screens.openings,),
    pages=(screens.services,),
)
