"""What was printed of a receipt, and how often."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy.orm import Mapped, mapped_column

from palier.db.fields import belongs_to, field
from palier.db.records import SiteRecord
from palier.db.types import Choice
from palier.receipts.models.sold import Receipt
from palier.residents.languages import Language
from palier.text import _


class PaperShape(Choice):
    """How a receipt is handed over."""

    TICKET = "ticket", _("On paper")
    LARGE = "large", _("On paper, in large letters")
    PDF = "pdf", _("As a PDF")
    LARGE_PDF = "large_pdf", _("As a PDF, in large letters")

    @property
    def is_large(self) -> bool:
        """Whether it is set in large letters."""
        return self in {PaperShape.LARGE, PaperShape.LARGE_PDF}

    @property
    def is_file(self) -> bool:
        """Whether it is a file, not a page that the browser prints."""
        return self in {PaperShape.PDF, PaperShape.LARGE_PDF}


class ReceiptPrint(SiteRecord, title="copy_no", unique=("receipt", "copy_no"), issued=True):
    """One paper of a receipt: the first is unmarked, each later one says DUPLICATA 1, 2 …

    A look at the screen is none. `language` is the second language on the paper, if any.
    """

    receipt: Mapped[Receipt] = belongs_to(Receipt, _("Receipt"))
    copy_no: Mapped[int] = field(_("Paper"), min=1)
    at: Mapped[datetime] = field(_("At"))
    shape: Mapped[PaperShape] = field(_("How"), default=PaperShape.TICKET)
    language: Mapped[Language | None] = field(_("Second language"), default=None)
    person_code: Mapped[str] = field(_("Printed by"), max=8)
    if TYPE_CHECKING:  # made by the link above
        receipt_id: Mapped[int] = mapped_column()
