"""What anyone may read of a site where the plugin is on: it opens, is small, and names nobody."""

import re
from collections.abc import Iterator

from litestar.testing import TestClient
from sqlalchemy import select

from palier.app import create_app
from palier.residents.models import Resident
from palier.testing.contract.outcome import unless
from palier.testing.contract.stage import ON, Filled, Stage

OPENS = 200
LARGEST = 30_000  # bytes of the page, so that with its style sheets it is read on any telephone


def check_public(stage: Stage) -> None:
    """Anyone may read the site's page and calendar: they open, are small, and name no resident."""
    with stage.filled() as filled:
        told = list(_told(filled))
        names = list(_names(filled))
    unless(
        [each for path, status, said in told for each in _amiss(path, status, said, names)],
        "In public_blocks and public_events say how many, what and when, never who; few lines.",
    )


def _amiss(path: str, status: int, said: str, names: list[str]) -> Iterator[str]:
    if status != OPENS:
        yield f"{path} answers {status}"
    yield from (
        f"{path} says {name}" for name in names if re.search(rf"\b{re.escape(name)}\b", said)
    )
    if ".ics" not in path and (size := len(said.encode())) > LARGEST:
        yield f"{path}: {size} bytes, {LARGEST} at most"


def _told(filled: Filled) -> Iterator[tuple[str, int, str]]:
    with TestClient(create_app(filled.house), raise_server_exceptions=False) as client:
        for path in (f"/{ON}/", f"/{ON}/calendar.ics"):
            for language in ("fr", "en"):
                answer = client.get(f"{path}?lang={language}")
                yield path, answer.status_code, answer.text


def _names(filled: Filled) -> Iterator[str]:
    """Yield what leads to a resident: family names and the codes of cards."""
    with filled.desk() as desk:
        for each in desk.all(select(Resident)):
            yield from filter(None, (each.family_name, each.card_code))
