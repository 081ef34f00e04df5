"""Who looked at whom, and who took a list away: one line each, kept twelve months."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from palier.access import AccessLog
from palier.house import House
from palier.residents.actions import add_household, add_resident
from palier.testing.caretaker import Browser
from palier.testing.plugin import At
from palier.testing.till import someone_owes

NOW = datetime(2026, 10, 6, 9, 5, tzinfo=UTC)


def written(house: House) -> list[dict[str, Any]]:
    folder = house.settings.access_log.parent
    lines = [
        line
        for file in sorted(folder.glob("access-*.jsonl"))
        for line in file.read_text("utf-8").splitlines()
    ]
    return [json.loads(each) for each in lines]


def of(house: House) -> list[tuple[str, int]]:
    return [(each["of"], each["id"]) for each in written(house)]


def test_a_list_of_people_that_is_taken_away_is_noted(
    browser: Browser, at: At, house: House
) -> None:
    with at() as desk:
        home = add_household(desk, street="rue de Wattwiller", number="40")
        add_resident(desk, home, given_name="Odile", family_name="Kern")

    browser.client.get("/ampere/desk/residents/resident/export.csv")
    browser.client.get("/ampere/desk/receipts/price/export.csv")

    assert of(house) == [("residents/resident.csv", 0)]
    assert written(house)[0]["account"] is not None


def test_a_record_notes_the_person_it_is_about(browser: Browser, at: At, house: House) -> None:
    resident = someone_owes(at, 400)

    browser.opens("/ampere/desk/receipts/charge/1")

    assert ("resident", resident) in of(house)


def test_a_month_is_gone_after_twelve_others(tmp_path: Path) -> None:
    for month in ("2025-09", "2025-10", "2025-11", "2026-09"):
        (tmp_path / f"access-{month}.jsonl").write_text("{}\n", encoding="utf-8")

    gone = AccessLog(tmp_path / "access.jsonl").sweep(NOW)

    assert [each.name for each in gone] == ["access-2025-09.jsonl", "access-2025-10.jsonl"]
