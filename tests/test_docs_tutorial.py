"""The tutorial is done as it stands, and its last screen opens."""

from pathlib import Path

import httpx
import pytest

from palier.testing.pages import Reader, blocks_of
from palier.testing.servers import process

PAGE = Path(__file__).parent.parent / "docs" / "tutorial.md"
SERVES = "palier serve --port 8000\n"


@pytest.mark.slow
@pytest.mark.browser
def test_each_block_does_what_the_page_says(tmp_path: Path) -> None:
    reader = Reader(tmp_path, knows=(tmp_path / "bread_counter",))
    *steps, last = blocks_of(PAGE)

    for each in steps:
        reader.does(each)

    assert last.text == SERVES
    with process(reader.environment) as (_running, client):
        client.post("/sign-in", data={"login": "magda", "password": "a-long-password"})
        orders = client.get("/gare/desk/bread_counter/order")
        sheet = client.get("/gare/desk/bread_counter/sheet")
    assert (orders.status_code, sheet.status_code) == (httpx.codes.OK, httpx.codes.OK)
    assert "Pain réservé" in orders.text
    assert "À cuire" in sheet.text
