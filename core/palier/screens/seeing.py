"""Who may see a record of people, and why: said on the record itself, and in the register."""

from collections.abc import Mapping
from typing import Any

from palier.context import Role
from palier.db.fields import Keep
from palier.screens.declared import Screen
from palier.text import Text, _, show

ROLES = {
    Role.TRAINEE: _("Trainees, caretakers and managers of the site"),
    Role.CARETAKER: _("Caretakers and managers of the site"),
    Role.MANAGER: _("Managers of the site"),
}


def least_to_see(
    screen: Screen[Any], changed: Mapping[tuple[int, str], bool] | None = None
) -> Role:
    """Return the least role that opens a screen: it opens for whoever may do one of its acts.

    `changed` is what the site decided of its roles.
    """
    opens = [(screen.permission, screen.least)]
    opens += [(each.permission, each.least) for each in screen.acts]
    here = changed or {}
    found = [
        role
        for role in Role
        if any(here.get((int(role), name), role >= least) for name, least in opens)
    ]
    return min(found, default=Role.MANAGER)


def who_sees(
    screen: Screen[Any], changed: Mapping[tuple[int, str], bool] | None = None
) -> Text | None:
    """Say who may see a record and why it is kept; None for what is about nobody.

    `changed` is what the site decided of its roles.
    """
    columns = screen.model.__table__.c
    keeps = [
        each.info["personal"] for each in columns if isinstance(each.info.get("personal"), Keep)
    ]
    if not keeps:
        return None
    reasons = dict.fromkeys(show(each.purpose) for each in keeps)
    words = _("%(who)s may see this, to: %(why)s.")
    return words.fill(who=ROLES[least_to_see(screen, changed)], why="; ".join(reasons))
