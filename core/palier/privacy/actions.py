"""What a manager does with someone's data: give them, erase them, look the register through."""

from palier.acts import act
from palier.context import Context, Role
from palier.privacy import erasure, sweeping
from palier.privacy.models import Sweep
from palier.residents.models import Resident
from palier.residents.rules import is_whole
from palier.text import _


@act(_("Give the person their data"), least=Role.MANAGER, when=is_whole, rare=True)
def give_data(desk: Context, resident: Resident) -> None:
    """Hand over everything that is kept about this person; that it was done is noted."""
    desk.noted.append((resident.path, resident.id))


@act(_("Erase the person's data"), least=Role.MANAGER, when=is_whole, rare=True)
def forget(desk: Context, resident: Resident) -> None:
    """Nothing will say who this person is; what was done and paid stays. It can't be undone."""
    desk.noted.append((resident.path, resident.id))
    erasure.erase(desk, resident)


@act(_("Erase what was kept long enough"), least=Role.MANAGER)
def erase_due(desk: Context) -> Sweep:
    """Everyone not seen for two years is erased, other old records name nobody. It can't be undone."""
    return sweeping.begin(desk)


@act(_("Looked through"), least=Role.MANAGER)
def review(desk: Context) -> None:
    """Note that someone read the register today and found it right."""
