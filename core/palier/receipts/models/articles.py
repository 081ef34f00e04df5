"""Small things sold at the desk without a service of their own: a photocopy, a stamp."""

from datetime import datetime

from sqlalchemy.orm import Mapped, validates

from palier.db.fields import belongs_to, field
from palier.db.records import SiteRecord
from palier.errors import Refused
from palier.receipts.models.owed import Priced
from palier.text import _


class NotAKey(Refused):
    text = _("A key is one letter from a to z.")
    field = "key"


class Article(Priced, title="name", unique=("key",), copied=True):
    """A thing with a price and a key; what it costs is in the price list."""

    name: Mapped[str] = field(_("What"), max=80, index=True)
    key: Mapped[str] = field(_("Key"), max=1, help=_("One letter, for quick selling"))
    active: Mapped[bool] = field(_("Sold now"), default=True)

    @validates("key")
    def _letter(self, _name: str, given: str) -> str:
        key = given.strip().lower()
        if len(key) != 1 or not key.isascii() or not key.isalpha():
            raise NotAKey
        return key


class DeskSale(SiteRecord, title="quantity"):
    """An article that went over the counter: what its charge is for."""

    article: Mapped[Article] = belongs_to(Article, _("Article"))
    quantity: Mapped[int] = field(_("Quantity"), min=1)
    at: Mapped[datetime] = field(_("At"))
