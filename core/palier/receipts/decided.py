"""What each neighbourhood decides of its till, and the figures of the law it may write itself."""

from dataclasses import dataclass, replace
from typing import Annotated

from palier.errors import Refused
from palier.receipts.coins import currencies
from palier.signature import ask
from palier.text import Cents, _

TAB_CAP = Cents(1000)
LAW = _("Empty: what the law says as Palier knows it.")


class NoSuchCurrency(Refused):
    text = _("The coins of this currency are not known. Known: %(known)s.")
    field = "currency"


@dataclass(frozen=True)
class Settings:
    """The till's settings; limits are whole euros. None of the law's figures: the packaged row."""

    tab_cap: Annotated[Cents, ask(_("Cap of a tab"), min=0)] = TAB_CAP
    currency: Annotated[str, ask(_("Currency of the coins that are counted"), max=3)] = "EUR"
    note_from: Annotated[Cents | None, ask(_("A service is noted from"), min=1, help=LAW)] = None
    note_months: Annotated[
        int | None, ask(_("Months that the name on a note is kept"), min=1, help=LAW)
    ] = None
    goods_limit: Annotated[
        int | None, ask(_("Without VAT, all that is sold: limit in euros"), min=1, help=LAW)
    ] = None
    goods_higher: Annotated[
        int | None, ask(_("Without VAT, all that is sold: higher limit in euros"), min=1, help=LAW)
    ] = None
    services_limit: Annotated[
        int | None, ask(_("Without VAT, services: limit in euros"), min=1, help=LAW)
    ] = None
    services_higher: Annotated[
        int | None, ask(_("Without VAT, services: higher limit in euros"), min=1, help=LAW)
    ] = None
    association_limit: Annotated[
        int | None, ask(_("Ceiling of an association, in euros"), min=1, help=LAW)
    ] = None

    def checked(self) -> "Settings":
        """Return them with the currency in capitals. Raises `NoSuchCurrency`."""
        code = self.currency.strip().upper()
        if code not in currencies():
            raise NoSuchCurrency(known=", ".join(sorted(currencies())))
        return replace(self, currency=code)
