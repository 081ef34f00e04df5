"""A signed-in browser without pictures: pages and forms through the real application."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient
from sqlalchemy import update

from palier.accounts.models import Account
from palier.accounts.passwords import hash_password
from palier.app import create_app
from palier.db.engine import Database
from palier.house import House
from palier.plugins import discover
from palier.settings import Settings
from palier.testing.plugin import NOW, SECRET
from palier.web.render import Renderer

PASSWORD = "magda-demo-1"


@pytest.fixture(scope="session")
def _password_hash() -> str:
    """Magda's password as it is stored: hashing is slow on purpose, once is enough."""
    return hash_password(PASSWORD)


@pytest.fixture(scope="session")
def _renderer() -> Renderer:
    """The templates of every installed package, compiled once for a worker's tests."""
    return Renderer([each.folder for each in discover().working() if each.folder])


@pytest.fixture
def house(database: Database, tmp_path: Path, _password_hash: str, _renderer: Renderer) -> House:
    """An installation on the test database; its clock stands at `NOW`."""
    url = database.url.render_as_string(hide_password=False)
    settings = Settings(
        tmp_path, url, url, SECRET, tmp_path / "closings", tmp_path / "access.jsonl"
    )
    with database.write() as session:
        session.execute(update(Account).values(password_hash=_password_hash, locale="en"))
    made = House(settings, database, discover(), clock=lambda: NOW)
    made.renderer = _renderer
    return made


class Browser:
    """Reads pages and sends forms as a browser does, hidden fields included."""

    def __init__(self, client: TestClient[Any]) -> None:
        self.client = client

    def opens(self, path: str, *, status: int = 200) -> str:
        """Return a page's HTML; fails when the answer has another status."""
        answer = self.client.get(path, follow_redirects=True)
        assert answer.status_code == status, (
            path,
            answer.status_code,
            words_of(answer.text)[:2000],
        )
        return str(answer.text)

    def sends(self, path: str, *, status: int = 200, **values: str) -> str:
        """Open a form, fill it in, send it, and return the page after it."""
        page = self.opens(path)
        answer = self.client.post(
            path.split("?", maxsplit=1)[0], data={**hidden_of(page), **values}
        )
        assert answer.status_code == status, (
            path,
            answer.status_code,
            words_of(answer.text)[:2000],
        )
        return str(answer.text)

    def asks(self, path: str, *, status: int = 200) -> Any:
        """Return what the API answers."""
        answer = self.client.get(path)
        assert answer.status_code == status, answer.text
        return answer.json()

    def posts(self, path: str, body: object, *, status: int = 201, key: str = "") -> Any:
        """Send JSON to the API and return its answer."""
        slug = path.split("/")[3]
        token = self.client.get(f"/api/v1/{slug}/me").json()["csrf"]
        headers = {"X-CSRF-Token": token, **({"Idempotency-Key": key} if key else {})}
        answer = self.client.post(path, json=body, headers=headers)
        assert answer.status_code == status, answer.text
        return answer.json()


def hidden_of(page: str) -> dict[str, str]:
    """Return the hidden fields of a page's last form with a key."""
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page)
    return {name: unescape(value) for name, value in found}


def words_of(page: str) -> str:
    """Return what a page says, tags left out, one space between."""
    body = re.sub(r"<(script|style|svg).*?</\1>", " ", page, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


@pytest.fixture
def client(house: House) -> Iterator[TestClient[Any]]:
    """A browser that nobody has signed in."""
    with TestClient(create_app(house)) as made:
        yield made


@pytest.fixture
def browser(client: TestClient[Any]) -> Browser:
    """Magda's browser, signed in at both sites."""
    answer = client.post("/sign-in", data={"login": "magda", "password": PASSWORD})
    assert answer.status_code == 200, answer.text
    return Browser(client)
