"""Providers: the directory of those who work for the residents through the desk."""

from palier.plugins import Manifest
from palier.providers import screens
from palier.text import _

manifest = Manifest(
    name="providers",
    label=_("Providers"),
    summary=_("Those who do the work that residents leave at the desk or ask for at home."),
    icon="wrench",
    screens=(screens.providers,),
)
