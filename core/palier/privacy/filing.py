"""One person's data, and the register, as files: the same for the browser and the commands."""

from collections.abc import Iterator

import msgspec

from palier.context import Context
from palier.errors import NotThere
from palier.plugins import Registry
from palier.privacy import export, register
from palier.privacy.paper import pdf_of
from palier.residents.models import Resident


def dossier_parts(desk: Context, resident: Resident, kind: str) -> Iterator[bytes]:
    """Yield everything that is kept about a person, as `json` or `pdf`, bit by bit.

    Raises `NobodyLeft`.
    """
    if kind == "json":
        yield from export.as_json(export.dossier_of(desk, resident))
        return
    if desk.fonts is None:
        raise NotThere
    dossier = export.dossier_of(desk, resident, export.PRINTED)
    yield pdf_of(export.sheet_of(dossier), desk.fonts)


def register_bytes(desk: Context, registry: Registry, kind: str) -> bytes:
    """Return the site's register of processing, as `json` or `pdf`."""
    found = register.register_of(desk, registry)
    if kind == "json":
        rows = msgspec.json.encode(register.rows_of(found), enc_hook=str)
        return msgspec.json.format(rows, indent=1)
    if desk.fonts is None:
        raise NotThere
    return pdf_of(register.sheet_of(found), desk.fonts)
