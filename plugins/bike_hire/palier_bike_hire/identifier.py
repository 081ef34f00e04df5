"""The identifier that cycles carry on the frame since 2021."""

import re

from palier.api import Refused, _

_SEPARATORS = re.compile(r"[\s.\-]")
_FORM = re.compile(r"[A-Z0-9]{10}")


class NotAnIdentifier(Refused):
    text = _("The sign on the frame has 10 letters and digits: %(given)s is none.")
    field = "identifier"


def read_identifier(given: str) -> str:
    """Return the identifier in capitals, without separators.

    Raises `NotAnIdentifier` for another form (order of 29 December 2020, TRET2031915A).
    """
    plain = _SEPARATORS.sub("", given).upper()
    if not _FORM.fullmatch(plain):
        raise NotAnIdentifier(given=given)
    return plain
