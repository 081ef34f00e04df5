"""What is always true of an operator's numbers and a site: no session, no web, no clock."""

import re
from dataclasses import dataclass, replace
from typing import Annotated

from stdnum.exceptions import ValidationError
from stdnum.fr import tva

from palier.errors import Refused
from palier.residents.contact import NotAnEmail, read_email, read_phone
from palier.signature import ask
from palier.text import _

ALSACE_MOSELLE = frozenset({"57", "67", "68"})
_DEPARTMENT = re.compile(r"(0[1-9]|[1-8][0-9]|9[0-5]|2[AB]|97[1-8])")
_PRIORITY_AREA = re.compile(r"QN[0-9A-Z]{6,7}")


@dataclass(frozen=True)
class Settings:
    """What each neighbourhood tells everyone of itself, on its public page."""

    closed_on_holidays: Annotated[bool, ask(_("Closed on public holidays"))] = True
    phone: Annotated[str, ask(_("Telephone that anyone may call"), max=30)] = ""
    email: Annotated[str, ask(_("E-mail that anyone may write to"), max=120)] = ""
    directions: Annotated[
        str,
        ask(_("How to reach us"), max=200, help=_("Tram, bus, the door: in one or two sentences.")),
    ] = ""

    def checked(self) -> "Settings":
        """Return them with number and address proved. Raises `WrongPublicEmail`, `NotAPhoneNumber`."""
        phone = read_phone(self.phone) if self.phone else ""
        try:
            return replace(self, phone=phone, email=read_email(self.email) if self.email else "")
        except NotAnEmail:
            raise WrongPublicEmail from None


class WrongPublicEmail(NotAnEmail):
    field = "email"


class NotAVatNumber(Refused):
    text = _("This is not a French VAT number: FR, two signs, then the nine digits of the SIREN.")
    field = "vat_number"


class OfAnotherSiren(Refused):
    text = _("This VAT number is not that of the SIRET: its last nine digits are its first nine.")
    field = "vat_number"


class NotADepartment(Refused):
    text = _("This is not a department: two digits, for instance 67, or 2A.")
    field = "department"


class NotAPriorityArea(Refused):
    text = _("This is not the code of a priority area: QN and its digits, for instance QN06707M.")
    field = "qpv_code"


def read_vat_number(words: str, siret: str | None) -> str:
    """Return a French VAT number without spaces; its SIREN is the SIRET's.

    Raises `NotAVatNumber`, `OfAnotherSiren`.
    """
    try:
        number = f"FR{tva.validate(words)}"
    except ValidationError:
        raise NotAVatNumber from None
    if siret is not None and number[-9:] != siret[:9]:
        raise OfAnotherSiren
    return number


def read_department(words: str) -> str:
    """Return a department's number. Raises `NotADepartment`."""
    number = words.strip().upper()
    if not _DEPARTMENT.fullmatch(number):
        raise NotADepartment
    return number


def read_priority_area(words: str) -> str:
    """Return the code of a priority area as the decree of 2023-12-28 writes it.

    Raises `NotAPriorityArea`.
    """
    code = "".join(words.split()).upper()
    if not _PRIORITY_AREA.fullmatch(code):
        raise NotAPriorityArea
    return code
