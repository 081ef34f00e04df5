"""What is shown of the people who work here."""

from typing import Annotated
from urllib.parse import urlencode

from palier.accounts.actions import (
    change_right,
    change_role,
    clear_code,
    close_device,
    end_work,
    note_skill,
    take_skill_back,
    work_again,
)
from palier.accounts.models import Staff, Terminal
from palier.accounts.rights import Right, packages_of, rights_of
from palier.accounts.team import learnt
from palier.acts import page
from palier.context import Context, Role
from palier.screens.catalogue import Paths
from palier.screens.declared import Page, Screen
from palier.screens.views import ActView, Block, Line, Link
from palier.signature import ask
from palier.text import _

staff = Screen(
    Staff,
    _("Staff"),
    columns=(Staff.name, Staff.role, Staff.valid_from, Staff.valid_to, Staff.person_code),
    filters=(Staff.role,),
    sections={
        _("Works here"): (
            Staff.name,
            Staff.role,
            Staff.next_role,
            Staff.next_role_from,
            Staff.valid_from,
            Staff.valid_to,
            Staff.person_code,
        )
    },
    acts=(change_role, note_skill, work_again, clear_code, take_skill_back, end_work),
    beside=learnt,
    facts=learnt,
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
    acts=(close_device,),
    least=Role.MANAGER,
    help=_(
        "A browser opened for the day, where four digits say who acts. Settings say when it locks."
    ),
    icon="lock",
    name="devices",
)


@page(_("Who may do what"), least=Role.MANAGER)
def rights(desk: Context, *, of: Annotated[str | None, ask(_("Which service"))] = None) -> Page:
    """Show act by act who may do it here; what this site changed says what is usual."""
    root = Paths(desk.site.slug).page(rights)
    known = packages_of(desk)
    chosen = of if of in known else next(iter(known))
    here = f"{root}?{urlencode({'of': chosen})}"
    chips = tuple(
        Link(label, f"{root}?{urlencode({'of': name})}", current=name == chosen)
        for name, label in known.items()
    )
    found = rights_of(desk, chosen)
    acts, pages = ([e for e in found if e.is_act is kind] for kind in (True, False))
    blocks = (
        Block(_("To do"), "check", tuple(_right(desk, e, here) for e in acts), _("Nothing.")),
        Block(_("To read"), "paper", tuple(_right(desk, e, here) for e in pages), _("Nothing.")),
    )
    return Page("accounts/rights.html", chips=chips, blocks=blocks)


def _right(desk: Context, right: Right, here: str) -> Line:
    query = urlencode({"permission": right.permission, "back": here})
    href = f"{Paths(desk.site.slug).root}/accounts/do/{change_right.name}?{query}"
    return Line(
        right.label,
        right.words,
        icon="check" if right.is_act else "paper",
        kind="soon" if right.changed else "",
        act=ActView(change_right.name, _("Change"), href),
    )
