"""What is shown of the people who work here."""

from palier.accounts.models import Staff
from palier.context import Role
from palier.screens.declared import Screen
from palier.text import _

staff = Screen(
    Staff,
    _("Staff"),
    columns=(Staff.name, Staff.role, Staff.valid_from, Staff.valid_to, Staff.person_code),
    filters=(Staff.role,),
    least=Role.MANAGER,
    help=_("Accounts are made on the computer that runs Palier: palier user add."),
    icon="key",
)
