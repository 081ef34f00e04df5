"""One person's data, and the register, as files: the same for the browser and the commands."""

import msgspec

from palier.context import Context
from palier.errors import NotThere
from palier.plugins import Registry
from palier.privacy import export, register
from palier.privacy.paper import pdf_of
from palier.residents.models import Resident


def dossier_bytes(desk: Context, resident: Resident, kind: str) -> bytes:
    """Return everything that is kept about a person, as `json` or `pdf`. Raises `NobodyLeft`."""
    dossier = export.dossier_of(desk, resident)
    if kind == "json":
        return export.as_json(dossier)
    if desk.fonts is None:
        raise NotThere
    return pdf_of(export.sheet_of(dossier), desk.fonts)


def register_bytes(desk: Context, registry: Registry, kind: str) -> bytes:
    """Return the site's register of processing, as `json` or `pdf`."""
    found = register.register_of(desk, registry)
    if kind == "json":
        rows = msgspec.json.encode(register.rows_of(found), enc_hook=str)
        return msgspec.json.format(rows, indent=1)
    if desk.fonts is None:
        raise NotThere
    return pdf_of(register.sheet_of(found), desk.fonts)
