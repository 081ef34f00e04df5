"""What is shown of the people who work here."""

from palier.accounts.actions import clear_code, close_device, lock_after
from palier.accounts.models import Staff, Terminal
from palier.context import Role
from palier.screens.declared import Screen
from palier.text import _

staff = Screen(
    Staff,
    _("Staff"),
    columns=(Staff.name, Staff.role, Staff.valid_from, Staff.valid_to, Staff.person_code),
    filters=(Staff.role,),
    acts=(clear_code,),
    least=Role.MANAGER,
    help=_("Accounts are made on the computer that runs Palier: palier user add."),
    icon="key",
)

devices = Screen(
    Terminal,
    _("Devices"),
    columns=(
        Terminal.name,
        Terminal.opened_on,
        Terminal.opened_by,
        Terminal.open_until,
        Terminal.wrong,
    ),
    form=(Terminal.name,),
    makes=False,
    acts=(close_device, lock_after),
    least=Role.MANAGER,
    help=_("A browser opened for the day, where four digits say who acts."),
    icon="lock",
    name="devices",
)
