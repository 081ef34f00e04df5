"""Visits: who comes to the desk, and what is done for them there."""

from palier.plugins import Manifest
from palier.text import _

manifest = Manifest(
    name="visits",
    label=_("Visits"),
    summary=_("Who comes to the desk, and what is done for them there."),
    icon="people",
)
