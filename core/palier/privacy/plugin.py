"""What is kept about people: given to them, erased, and shown in the register."""

from palier.plugins import Manifest
from palier.privacy import screens
from palier.privacy.actions import erase_due, forget, give_data, review
from palier.privacy.clearing import sweep
from palier.privacy.rules import Settings
from palier.rhythm import Every, Job
from palier.screens.declared import Extend
from palier.text import _

manifest = Manifest(
    name="privacy",
    label=_("Personal data"),
    summary=_("What is kept about people, why and how long; one person's data given or erased."),
    icon="lock",
    screens=(screens.sweeps, screens.swept),
    panels=screens.panels,
    jobs=(Job("sweep", Every(1), sweep),),
    pages=(
        screens.register,
        screens.due,
        screens.register_file,
        screens.dossier,
        screens.dossier_file,
    ),
    acts=(review, erase_due),
    settings=Settings,
    extends=(Extend("residents/resident", acts=(give_data, forget)),),
    forms={forget: screens.confirm, give_data: screens.give},
)
