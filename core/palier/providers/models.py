"""Providers: who works for the residents through the desk."""

from sqlalchemy.orm import Mapped

from palier.db.fields import Keep, field
from palier.db.records import SiteRecord
from palier.db.types import Choice
from palier.text import _

# Those who work under their own name are persons: the civil limitation of five years, then gone.
REACH = Keep(_("Reach the provider"), months=60)


class LegalForm(Choice):
    ASSOCIATION = "association", _("Association")
    COOPERATIVE = "cooperative", _("Cooperative")
    COMPANY = "company", _("Company")
    SOLE_TRADER = "sole_trader", _("Sole trader")
    PUBLIC_BODY = "public_body", _("Public body")


class VatRegime(Choice):
    NONE = "none", _("Outside VAT")
    FRANCHISE = "franchise", _("Exempt below the threshold")
    TAXABLE = "taxable", _("Charges VAT")


class Solidarity(Choice):
    """What the provider is in the social and solidarity economy (law 2014-856)."""

    NONE = "none", _("Not part of it")
    ESUS = "esus", _("Approved as socially useful (ESUS)")
    SIAE = "siae", _("Work integration (SIAE)")
    ASSOCIATION = "association", _("Association")
    COOP = "coop", _("Cooperative")


class ProviderState(Choice):
    LISTED = "listed", _("Listed")
    PAUSED = "paused", _("Paused")
    STRUCK_OFF = "struck_off", _("Struck off")


class Provider(SiteRecord, title="name", copied=True):
    """A craftsman, an association, a shop: who does the work that is left at the desk."""

    name: Mapped[str] = field(_("Name"), max=120, search=True, index=True)
    legal_form: Mapped[LegalForm] = field(_("Legal form"), default=LegalForm.ASSOCIATION)
    siret: Mapped[str | None] = field(
        _("SIRET"), default=None, max=20, help=_("14 digits: the number of the place.")
    )
    rna: Mapped[str | None] = field(
        _("RNA"),
        default=None,
        max=20,
        help=_("W and 9 digits. Associations in Alsace and Moselle have none."),
    )
    register_ref: Mapped[str | None] = field(
        _("Court register"),
        default=None,
        max=80,
        help=_("In Alsace and Moselle: court, volume and folio, or the AMALIA number."),
    )
    address: Mapped[str | None] = field(
        _("Address"), default=None, max=200, help=_("It stands on receipts and notes.")
    )
    vat_regime: Mapped[VatRegime] = field(_("VAT"), default=VatRegime.NONE)
    sse: Mapped[Solidarity] = field(_("Solidarity economy"), default=Solidarity.NONE)
    iban: Mapped[str | None] = field(_("IBAN"), default=None, max=42, keep=REACH)
    phone: Mapped[str | None] = field(_("Telephone"), default=None, max=20, keep=REACH)
    email: Mapped[str | None] = field(_("E-mail"), default=None, max=120, keep=REACH)
    state: Mapped[ProviderState] = field(_("State"), default=ProviderState.LISTED, index=True)
