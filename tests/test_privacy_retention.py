"""When something has been kept for long enough, and who is due at a site."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import structlog
from click.testing import CliRunner
from sqlalchemy import select

from palier.cli import main
from palier.cli.telling import opened
from palier.messages.models import Message
from palier.messages.telling import tell
from palier.privacy.rules import answer_due, months_after
from palier.residents.actions import add_household, add_resident
from palier.testing.caretaker import Browser, words_of
from palier.testing.plugin import At
from palier.text import Text

VECTORS = json.loads((Path(__file__).parent / "vectors" / "gdpr_retention.json").read_text("utf-8"))
MONTHS = {
    "resident_file": 24,
    "customer_loyalty": 36,
    "parcel_log": 3,
    "log": 6,
    "receipt_log": 72,
}


@pytest.mark.parametrize("vector", VECTORS["deletion_dates"], ids=lambda v: str(v["start"]))
def test_a_period_ends_on_its_day(vector: dict[str, Any]) -> None:
    start = date.fromisoformat(vector["start"])

    ends = months_after(start, MONTHS[vector["rule"]])

    assert ends.isoformat() == vector["delete_on_or_after"]


@pytest.mark.parametrize("vector", VECTORS["request_deadlines"], ids=lambda v: str(v["received"]))
def test_a_request_is_answered_within_a_month(vector: dict[str, Any]) -> None:
    received = date.fromisoformat(vector["received"])

    assert answer_due(received, extended=vector["extended"]).isoformat() == vector["answer_due"]


def test_who_was_not_seen_for_two_years_is_due(at: At, browser: Browser) -> None:
    with at() as desk:
        home = add_household(desk, street="rue de Genève", number="3")
        for name, seen in (("Odile", date(2024, 10, 6)), ("Paul", date(2024, 10, 7))):
            made = add_resident(desk, home, given_name=name, family_name="Kern", sure=True)
            made.last_contact_on = seen

    page = words_of(browser.opens("/ampere/desk/privacy/due"))

    assert "Odile Kern" in page
    assert "Paul Kern" not in page


def test_the_command_lists_who_is_due(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PALIER_HOME", str(tmp_path / "home"))
    runner, before = CliRunner(), structlog.get_config()
    for words in (["init"], ["site", "new", "ampere", "--name", "Ampère"]):
        assert runner.invoke(main, words).exit_code == 0
    with opened() as house, house.at("ampere", "test") as desk:
        home = add_household(desk, street="rue de Genève", number="3")
        for name, seen in (("Odile", date(2020, 10, 6)), ("Paul", desk.today)):
            made = add_resident(desk, home, given_name=name, family_name="Kern", sure=True)
            made.last_contact_on = seen

        tell(desk, made, Text("Come by."), kind="x", here=True)
        desk.session.scalars(select(Message)).one().made_at = datetime(2020, 10, 6, tzinfo=UTC)

    told = runner.invoke(main, ["resident", "due", "--site", "ampere", "--json"])
    structlog.configure(**before)

    assert json.loads(told.stdout) == [
        {"number": 1, "name": "Odile Kern", "last_contact": "2020-10-06"}
    ]
    assert told.stderr.strip() == "Kept for too long as well: Messages, 1"
