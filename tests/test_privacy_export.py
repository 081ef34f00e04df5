"""One person's data when they are many: the same statements for ten thousand rows as for one."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import structlog
from click.testing import CliRunner
from sqlalchemy import insert

from palier.bookings.models import Bookable, Booking, BookingLine
from palier.cli import main
from palier.cli.telling import opened
from palier.context import Context
from palier.db.engine import Database
from palier.db.records import SiteRecord
from palier.messages.models import Message
from palier.plugins import discover
from palier.privacy.about import parts_about
from palier.privacy.export import PRINTED, SHOWN, as_json, dossier_of, sheet_of
from palier.privacy.filing import dossier_parts
from palier.receipts.tabs import lock_tab
from palier.residents.actions import add_household, add_resident
from palier.residents.models import Membership, Resident
from palier.testing.caretaker import Browser, words_of
from palier.testing.plugin import NOW, At, counted_statements
from palier.testing.till import make_resident
from palier.text import Reader, read_by
from palier.trail import ActRow

MANY = 10_000


def row(resident: int, at: int) -> Iterator[tuple[type[SiteRecord], dict[str, Any]]]:
    """Yield one thing done, one thing told and one thing booked, the same in each way but one."""
    done = {"name": "bike_hire.lend", "at": NOW, "recorded_at": NOW, "resident_id": resident}
    yield ActRow, {**done, "who": "MK", "origin": "", "subject_type": "", "subject_id": 0,
                   "quantity": 1, "changes": []}  # fmt: skip
    told = {"said": f"N° {at}", "channel": "sms", "state": "sent", "made_at": NOW, "next_at": NOW}
    yield Message, {**told, "resident_id": resident, "asks": False, "tries": 1, "language": "fr",
                    "kind": "x", "words": {"words": "x"}, "about_type": "", "about_id": 0,
                    "dedupe_key": f"{resident}-{at}"}  # fmt: skip
    booked = {"code": f"R-{resident}-{at}", "resident_id": resident, "service": "bike_hire"}
    yield Booking, {**booked, "purpose": "use"}


def fill(desk: Context, resident: int, rows: int) -> None:
    """Give someone so many rows of three sorts, and for each booking a line."""
    sorts: dict[type[SiteRecord], list[dict[str, Any]]] = {}
    for at in range(rows // 4):
        for kind, values in row(resident, at):
            sorts.setdefault(kind, []).append({"version": 1, **values})
    for kind, values_of in sorts.items():
        made = insert(kind).returning(kind.id)
        ids = list(desk.session.scalars(made, values_of))
    thing = desk.add(Bookable(code=f"V-{resident}", name="City"))
    lines = [
        {"booking_id": id, "resource_id": thing.id, "starts_at": begins, "busy_from": begins,
         "ends_at": begins + timedelta(hours=1), "busy_to": begins + timedelta(hours=1),
         "seats": 1, "state": "back", "version": 1}
        for id, begins in ((id, NOW - timedelta(hours=2 * id)) for id in ids)
    ]  # fmt: skip
    desk.session.execute(insert(BookingLine), lines)


@pytest.fixture
def known(at: At) -> tuple[int, int]:
    """Someone with four rows, and someone with ten thousand."""
    with at() as desk:
        few, many = make_resident(desk, "F1"), make_resident(desk, "F2")
        fill(desk, few.id, 4)
        fill(desk, many.id, MANY)
        return few.id, many.id


def test_ten_thousand_rows_cost_the_statements_of_four(
    at: At, database: Database, known: tuple[int, int]
) -> None:
    sent, found = [], []
    for id in known:
        with at(write=False) as desk, read_by(Reader("en")), counted_statements(database) as told:
            person = desk.session.get_one(Resident, id)
            found.append(json.loads(b"".join(dossier_parts(desk, person, "json"))))
        sent.append(len(told))

    assert sent[0] == sent[1] < 60
    rows = [sum(len(each["rows"]) for each in told["data"]) for told in found]
    assert rows[1] - rows[0] == MANY - 4
    assert found[1]["data"][-1]["rows"][0]["at"] == NOW.isoformat()


def test_a_file_for_programs_is_given_bit_by_bit(at: At, known: tuple[int, int]) -> None:
    with at(write=False) as desk:
        parts = as_json(dossier_of(desk, desk.session.get_one(Resident, known[1])))

        longest = max(len(each) for each in parts)

    assert longest < 2000


def test_the_paper_of_who_is_known_for_long_says_how_much_more_there_is(
    at: At, known: tuple[int, int]
) -> None:
    with at(write=False) as desk, read_by(Reader("en")):
        dossier = dossier_of(desk, desk.session.get_one(Resident, known[1]), PRINTED)
        chapters = sheet_of(dossier)["chapters"]

    assert max(len(each["rows"]) for each in chapters) == PRINTED
    assert [each["more"] for each in chapters].count("2,300 more lines are in the file for"
                                                    " programs.") == 4  # fmt: skip


def test_the_page_shows_some_and_counts_all(browser: Browser, known: tuple[int, int]) -> None:
    page = browser.opens(f"/ampere/desk/privacy/dossier?resident={known[1]}")
    file = f"/ampere/desk/privacy/dossier_file?resident={known[1]}&kind="

    paper, all_of_it = (browser.client.get(f"{file}{kind}").content for kind in ("pdf", "json"))

    assert paper.startswith(b"%PDF")
    assert all_of_it.count(b"N\xc2\xb0 ") == MANY // 4
    assert page.count("N° ") == SHOWN
    assert "2,480 more lines" in words_of(page)


def test_the_command_writes_the_whole_file_or_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PALIER_HOME", str(tmp_path / "home"))
    runner, before = CliRunner(), structlog.get_config()
    for words in (["init"], ["site", "new", "ampere", "--name", "Ampère"]):
        assert runner.invoke(main, words).exit_code == 0
    with opened() as house, house.at("ampere", "test") as desk:
        home = add_household(desk, street="rue de Genève", number="3")
        fill(desk, add_resident(desk, home, given_name="Odile", family_name="Kern").id, 4000)
    given = ["resident", "export", "--site", "ampere", "--to"]

    told = runner.invoke(main, [*given, str(tmp_path / "odile.json"), "1"])
    refused = runner.invoke(main, [*given, str(tmp_path / "nobody.json"), "7"])
    structlog.configure(**before)

    assert "4000 lines" in told.stderr
    assert json.loads((tmp_path / "odile.json").read_bytes())["about"] == "Odile Kern"
    assert refused.exit_code == 1
    assert sorted(each.name for each in tmp_path.glob("*.json*")) == ["odile.json"]


def test_what_a_household_has_belongs_to_who_lives_in_it(at: At) -> None:
    with at() as desk:
        person = make_resident(desk)
        year = {"starts_on": desk.today, "ends_on": desk.today + timedelta(days=365)}
        for each in (person, make_resident(desk, "F2")):
            assert each.household is not None
            desk.add(Membership(household=each.household, **year))
            lock_tab(desk, each.household)

    with at(write=False) as desk:
        kept = dossier_of(desk, desk.session.get_one(Resident, person.id)).chapters
        rows = {each.table: len(list(each.rows)) for each in kept}

    assert (rows["membership"], rows["tab"]) == (1, 1)


def test_what_is_kept_about_a_person_is_called_by_words_not_by_a_class(at: At) -> None:
    with at() as desk, read_by(Reader("en")):
        person = make_resident(desk)
        kinds = [each.kind for each in parts_about([person], person.household)]
        said = {kind.__name__: str(discover().title_of(kind)) for kind in kinds}

    assert said["NoteName"] == "Names on notes"
    assert [kind for kind, title in said.items() if title == kind] == []
