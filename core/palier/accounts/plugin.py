"""Accounts: who signs in and works at a site."""

from datetime import time

from palier.accounts import screens
from palier.accounts.actions import change_right, open_device, set_my_code
from palier.accounts.devices import lock_all_after
from palier.accounts.rules import Settings
from palier.accounts.team import settle_roles
from palier.plugins import Manifest
from palier.rhythm import At, Job, Turn
from palier.text import _


def begin_roles(turn: Turn) -> None:
    """Let the roles hold whose day has come."""
    turn.does(settle_roles)


manifest = Manifest(
    name="accounts",
    label=_("Staff"),
    summary=_("Who works here, with which role, since when."),
    icon="key",
    screens=(screens.staff, screens.devices),
    pages=(screens.rights,),
    acts=(open_device, set_my_code, change_right),
    jobs=(Job("begin_roles", At(time(0, 10)), begin_roles),),
    settings=Settings,
    settings_follow=lock_all_after,
)
