"""What is always true of providers: no session, no web, no clock."""

import re

from sqlalchemy import event
from stdnum import iban as iban_numbers
from stdnum.exceptions import ValidationError
from stdnum.fr import siren as siren_numbers
from stdnum.fr import siret as siret_numbers

from palier.errors import Refused
from palier.providers.models import Provider, ProviderState
from palier.residents.contact import read_email, read_phone
from palier.text import _

_RNA = re.compile(r"W[0-9]{9}")
_SPACES = re.compile(r"[\s.\-]+")
# Letters of a French account number count as digits; its key is that of article 17 of the RIB norm.
_LETTERS = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "12345678912345678923456789")


class NotASiren(Refused):
    text = _("This is not a SIREN: nine digits whose last one proves the others.")
    field = "siren"


class NotASiret(Refused):
    text = _("This is not a SIRET. Check the 14 digits on an invoice.")
    field = "siret"


class NotAnRna(Refused):
    text = _("This is not an RNA number: W and nine digits. Leave it empty if there is none.")
    field = "rna"


class NotAnIban(Refused):
    text = _("This is not an IBAN. Check it on the bank's paper.")
    field = "iban"


def read_siren(words: str) -> str:
    """Return nine digits without spaces. Raises `NotASiren`.

    The last digit is Luhn's; nine zeros pass it and are nobody.
    """
    digits = _SPACES.sub("", words)
    if not siren_numbers.is_valid(digits) or not digits.strip("0"):
        raise NotASiren
    return digits


def read_siret(words: str) -> str:
    """Return 14 digits without spaces. Raises `NotASiret`.

    La Poste's places add up to a multiple of five instead of passing Luhn's check.
    """
    digits = _SPACES.sub("", words)
    if not siret_numbers.is_valid(digits) or not digits[:9].strip("0"):
        raise NotASiret
    return digits


def vat_number(siren: str) -> str:
    """Return the French VAT number of a SIREN: its key is (12 + 3 × (SIREN mod 97)) mod 97."""
    return f"FR{(12 + 3 * (int(siren) % 97)) % 97:02d}{siren}"


def read_rna(words: str) -> str:
    """Return W and nine digits, as the national register of associations writes it.

    Raises `NotAnRna`. Departments 57, 67 and 68 have no such register: nothing is asked there.
    """
    number = _SPACES.sub("", words).upper()
    if not _RNA.fullmatch(number):
        raise NotAnRna
    return number


def read_iban(words: str) -> str:
    """Return the number without spaces. Raises `NotAnIban`, for a wrong French key too."""
    try:
        number = str(iban_numbers.validate(words))
    except ValidationError:
        raise NotAnIban from None
    if number.startswith("FR") and not _has_french_key(number[4:]):
        raise NotAnIban
    return number


def _has_french_key(account: str) -> bool:
    digits = account.translate(_LETTERS)
    bank, branch, number, key = digits[:5], digits[5:10], digits[10:21], digits[21:]
    return int(key) == 97 - (89 * int(bank) + 15 * int(branch) + 3 * int(number)) % 97


def is_listed(provider: Provider) -> bool:
    """Whether work may be given to them."""
    return provider.state is ProviderState.LISTED


def is_not_struck_off(provider: Provider) -> bool:
    """Whether they are listed, or only paused."""
    return provider.state is not ProviderState.STRUCK_OFF


def is_not_listed(provider: Provider) -> bool:
    """Whether they are paused or struck off."""
    return provider.state is not ProviderState.LISTED


# A form, the API and an import write the same columns: each has one spelling wherever it is set.


@event.listens_for(Provider.siret, "set", retval=True)
def _one_spelling_of_sirets(_to: Provider, value: str | None, *_more: object) -> str | None:
    return read_siret(value) if value else None


@event.listens_for(Provider.rna, "set", retval=True)
def _one_spelling_of_rnas(_to: Provider, value: str | None, *_more: object) -> str | None:
    return read_rna(value) if value else None


@event.listens_for(Provider.iban, "set", retval=True)
def _one_spelling_of_ibans(_to: Provider, value: str | None, *_more: object) -> str | None:
    return read_iban(value) if value else None


@event.listens_for(Provider.phone, "set", retval=True)
def _one_spelling_of_phones(_to: Provider, value: str | None, *_more: object) -> str | None:
    return read_phone(value) if value else None


@event.listens_for(Provider.email, "set", retval=True)
def _one_spelling_of_emails(_to: Provider, value: str | None, *_more: object) -> str | None:
    return read_email(value) if value else None
