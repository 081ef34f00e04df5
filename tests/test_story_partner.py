"""A partner writes a plugin: begun, mended where the check says so, on, off, gone; a story of commands."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from palier.house import House
from palier.receipts.models import Charge, ChargeState, VatClass
from palier.residents.models import Resident
from palier.settings import load
from palier.testing.building import install_beside
from palier.testing.caretaker import PASSWORD, Browser, words_of
from palier.testing.contract.checks import CHECKS
from palier.testing.contract.migrated import schema
from palier.testing.plugin import NOW
from palier.testing.servers import installation, server
from palier.testing.terminal import Terminal
from palier.text import Cents

SERVICE = "repair_cafe"
PACKAGE = f"palier_{SERVICE}"
ROSE, CARD = "/ampere/desk/residents/resident/1", "/ampere/desk/desk/card?resident=1"
OFFERS = f"/ampere/desk/{SERVICE}/offer"
ENDED = 'ended_on: Mapped[date | None] = field(_("Ended on"), default=None)\n'
BROKEN = '    what: Mapped[str] = field(_("What is broken"), default="", max=80{keep})\n'
# What needs no window; tests/test_plugin_check.py looks through one as well.
EVERY = [each.name for each in CHECKS if not each.in_browser]


class Partner(Terminal):
    """A partner at a terminal, in the folder where they work."""

    @property
    def folder(self) -> Path:
        """The plugin's own."""
        return self.place / SERVICE

    def checked(self, *names: str) -> dict[str, dict[str, Any]]:
        """Hold the plugin to these lines of the contract."""
        words = [word for each in names for word in ("--only", each)]
        answer = self.palier("plugin", "check", f"./{SERVICE}", "--json", *words)
        return {each["name"]: each for each in json.loads(answer.stdout)}

    def writes(self, file: str, before: str, after: str) -> None:
        """Change something in a file of the plugin."""
        path = self.folder / PACKAGE / file
        text = path.read_text("utf-8")
        assert before in text, file
        path.write_text(text.replace(before, after, 1), "utf-8")

    def installs(self) -> None:
        """Let this installation know the plugin."""
        self.environment = {
            **self.environment, "PYTHONPATH": install_beside(self.folder, self.place / "beside")["PYTHONPATH"]
        }  # fmt: skip


@pytest.fixture
def partner(tmp_path: Path) -> Iterator[Partner]:
    """A partner at an installation where Rose Kern is known at Ampère."""
    with installation("sqlite", tmp_path / "home") as environment:
        place = tmp_path / "work"
        place.mkdir()
        partner = Partner(environment, place)
        with opened(partner) as house, house.at("ampere", "test") as desk:
            desk.add(Resident(given_name="Rose", family_name="Kern", card_code="C-1"))
        yield partner


@contextmanager
def opened(partner: Partner) -> Iterator[House]:
    """Look into the installation from beside, as the tests may."""
    house = House.open(load(dict(partner.environment)))
    house.clock = lambda: NOW
    try:
        yield house
    finally:
        house.database.close()


def owes_a_repair(partner: Partner, *, state: ChargeState) -> None:
    """Let Rose owe five euros for a repair, or let that come to its end."""
    with opened(partner) as house, house.at("ampere", "test") as desk:
        rose = desk.session.get_one(Resident, 1)
        made = desk.one(
            Charge(
                resident=rose, service=SERVICE, what="repair", item=f"{SERVICE}.repair", label="Repair",
                quantity=1, unit_cents=Cents(500), total_cents=Cents(500), full_cents=Cents(500),
                vat_class=VatClass.STANDARD, charged_on=desk.today, charged_at=desk.now,
            )
        )  # fmt: skip
        made.state = state


def blocks_of(page: str) -> list[str]:
    """Return the headings of a page's blocks."""
    return [words_of(each) for each in re.findall(r"<h2[^>]*>.*?</h2>", page, re.DOTALL)]


def begins_and_mends(partner: Partner) -> None:
    """A new plugin asks what is broken: a note about a person needs a keeping time, French, a table."""
    partner.done("plugin", "new", SERVICE, "--title", "Repair café")
    partner.writes("models.py", ENDED, ENDED + BROKEN.format(keep=""))

    (line,) = partner.checked("personal data").values()
    assert (line["state"], "Say why and how long" in line["words"]) == ("failed", True)
    assert "Request.what is text beside a person" in line["found"][0]

    partner.writes("models.py", BROKEN.format(keep=""), BROKEN.format(keep=", keep=WHO"))
    partner.done("plugin", "migration", f"./{SERVICE}", "What is broken")
    assert "'What is broken' has no French" in partner.done("plugin", "words", f"./{SERVICE}")
    po = f"locale/fr/LC_MESSAGES/{PACKAGE}.po"
    partner.writes(
        po, 'msgid "What is broken"\nmsgstr ""', 'msgid "What is broken"\nmsgstr "En panne"'
    )


@pytest.mark.slow
def test_a_partner_writes_a_plugin(partner: Partner) -> None:
    begins_and_mends(partner)

    held = partner.checked(*EVERY)
    assert {each["name"]: each for each in held.values() if each["state"] != "ok"} == {}

    url = load(dict(partner.environment)).owner_url
    before = schema(url)
    partner.installs()
    partner.done("upgrade")
    assert before < schema(url)

    is_on_and_off_again(partner)
    goes_for_good(partner)
    assert schema(url) == before


def is_on_and_off_again(partner: Partner) -> None:
    """Magda sees one block more on Rose's page and a line on her card; off, she sees neither."""
    partner.writes(
        "plugin.py", "    panels=(", '    extends=(Extend("residents/renamed"),),\n    panels=('
    )
    partner.writes("plugin.py", "manifest = ", "from palier.api import Extend\n\nmanifest = ")
    with server(dict(partner.environment)) as client:
        client.timeout = 60
        client.post("/sign-in", data={"login": "magda", "password": PASSWORD})
        browser = Browser(client)  # type: ignore[arg-type]  # it asks as the tests' own client does
        plain = browser.opens(ROSE)
        partner.done("plugin", "enable", SERVICE, "--site", "ampere")

        browser.posts(f"/api/v1/ampere/{SERVICE}/offer", {"name": "Lamp"})
        wanted = {"resident": 1, "wanted_on": "2099-10-06"}
        browser.posts(f"/api/v1/ampere/{SERVICE}/offer/1/note", wanted)
        blocks = blocks_of(browser.opens(ROSE))
        blocks.remove("Demandes")
        assert blocks == blocks_of(plain)
        assert "Lamp" in words_of(browser.opens(CARD))
        assert words_of(browser.opens(OFFERS)).count("residents/renamed") == 1

        partner.done("plugin", "disable", SERVICE, "--site", "ampere")
        assert blocks_of(browser.opens(ROSE)) == blocks_of(plain)
        assert "Lamp" not in words_of(browser.opens(CARD))
        browser.opens(OFFERS, status=404)


def goes_for_good(partner: Partner) -> None:
    """While Rose owes a repair nothing goes; then everything is saved first, and goes."""
    owes_a_repair(partner, state=ChargeState.OPEN)
    refused = partner.refused("plugin", "purge", SERVICE, "--json")
    assert "Nothing was done. At Ampère, charges of it still to be paid: 1." in refused
    owes_a_repair(partner, state=ChargeState.CANCELLED)

    said = partner.done("plugin", "purge", SERVICE)

    assert re.search(rf"ampere +{SERVICE}_request +1 *\n", said)
    assert "Its tables are gone. Next: pip uninstall palier-repair-cafe" in said
    assert [each.name for each in partner.place.glob("before-purge-*.zip")] != []
