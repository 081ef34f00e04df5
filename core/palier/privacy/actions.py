"""What a manager does with someone's data: give them, erase them, look the register through."""

from typing import Annotated

from palier.acts import act, ask
from palier.context import Context, Role
from palier.privacy import erasure, sweeping
from palier.privacy.models import Sweep
from palier.privacy.rules import Settings
from palier.residents.models import Resident
from palier.residents.rules import is_whole
from palier.site_settings import decide
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


def contact_now(desk: Context) -> str:
    return desk.settings(Settings).contact


@act(_("Say who answers"), least=Role.MANAGER)
def name_contact(
    desk: Context,
    *,
    contact: Annotated[
        str,
        ask(
            _("Who answers questions about personal data"),
            max=160,
            help=_("A name, a telephone number, an e-mail address: it stands in the register."),
            start=contact_now,
        ),
    ],
) -> None:
    """Write down whom people ask about their data; papers and the register name them."""
    decide(desk.session, "privacy", {"contact": contact}, desk.today, desk.actor.account_id)


@act(_("Looked through"), least=Role.MANAGER)
def review(desk: Context) -> None:
    """Note that someone read the register today and found it right."""
