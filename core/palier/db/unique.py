"""Reading which value was already taken out of a database's own words."""

from sqlalchemy.exc import IntegrityError

from palier.db.records import SiteRecord
from palier.errors import Refused
from palier.text import _


class AlreadyTaken(Refused):
    """Another record of the site has this value, and it must be the only one."""

    text = _("This is already taken. Choose another.")


def refusal_of(error: IntegrityError, model: type[SiteRecord]) -> AlreadyTaken | None:
    """Return the refusal for a value that must be unique; None for any other broken rule."""
    words = str(error.orig)
    detail = getattr(getattr(error.orig, "diag", None), "constraint_name", None) or ""
    if "UNIQUE constraint" not in words and getattr(error.orig, "sqlstate", "") != "23505":
        return None
    names = [*model.fields, *model.links]
    found = [each for each in names if each in detail or f".{each}" in words]
    return AlreadyTaken().beside(max(found, key=len, default=None))
