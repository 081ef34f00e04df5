"""Accounts: who signs in and works at a site."""

from palier.accounts import screens
from palier.plugins import Manifest
from palier.text import _

manifest = Manifest(
    name="accounts",
    label=_("Staff"),
    summary=_("Who works here, with which role, since when."),
    icon="key",
    screens=(screens.staff,),
)
