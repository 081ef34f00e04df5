"""Accounts: who signs in and works at a site."""

from palier.accounts import screens
from palier.accounts.actions import open_device, set_my_code
from palier.accounts.rules import Settings
from palier.plugins import Manifest
from palier.text import _

manifest = Manifest(
    name="accounts",
    label=_("Staff"),
    summary=_("Who works here, with which role, since when."),
    icon="key",
    screens=(screens.staff, screens.devices),
    acts=(open_device, set_my_code),
    settings=Settings,
)
