"""Sites: a neighbourhood's hours, and what it has switched on."""

from datetime import time

from palier.plugins import Manifest
from palier.rhythm import At, Job
from palier.sites import screens
from palier.sites.actions import change_operator, change_site, switch_off, switch_on
from palier.sites.rules import Settings
from palier.sites.sweeping import sweep_form_keys
from palier.text import _

manifest = Manifest(
    name="sites",
    label=_("Settings"),
    summary=_("When the site is open, and which services are on."),
    icon="tool",
    settings=Settings,
    screens=(screens.openings, screens.closing_days),
    pages=(screens.services, screens.settings, screens.operator),
    acts=(switch_on, switch_off, change_operator, change_site),
    forms={switch_on: screens.plan_on, switch_off: screens.plan_off},
    jobs=(Job("sweep_form_keys", At(time(3, 30)), sweep_form_keys),),
)
