"""A drill: every table compared and every chain proved; a backup is made while desks sell."""

import json
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from palier.backup.lately import noted
from palier.backup.making import make_backup
from palier.backup.restoring import drill
from palier.cli import main
from palier.db.migrations import owner_connection
from palier.house import House
from palier.receipts.actions import pay
from palier.settings import Settings, load
from palier.testing.places import Place, filled, places, receipts_of, sell
from palier.testing.plugin import NOW, SECRET
from palier.testing.till import make_resident, owe
from palier.text import Cents

LOOSE = {
    "sqlite": "DROP TRIGGER journal_keep_update",
    "postgresql": "DROP TRIGGER journal_keep ON journal",
}
FORGED = """UPDATE journal SET body = replace(body, '250', '150')
    WHERE seq = (SELECT max(seq) FROM journal)"""


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """Give settings of one installation after the other, none of which has tables yet."""
    with places(tmp_path, request.param) as place:
        yield place


def forge(settings: Settings) -> None:
    """Let the last record of the journal say another sum, as the owner of the tables can."""
    with owner_connection(settings.owner_url) as connection:
        connection.execute(text(LOOSE[connection.dialect.name]))
        assert connection.execute(text(FORGED)).rowcount == 1


def test_a_backup_made_while_four_desks_sell_is_whole(empty_place: Place, tmp_path: Path) -> None:
    stop, sold = threading.Event(), threading.Semaphore(0)

    def sells(house: House, who: int) -> None:
        for count in range(200):
            if stop.is_set():
                return
            house.database.again(lambda name=f"D{who}-{count}": sell(house, name))  # type: ignore[misc]  # bound now
            sold.release()

    def all_go_on(_part: str) -> None:
        while sold.acquire(blocking=False):
            pass
        # Four may have been told of late: the fifth was sold from now on.
        assert all(sold.acquire(timeout=60) for _sale in range(5))

    there = empty_place()
    with filled(empty_place()) as house:
        desks = [threading.Thread(target=sells, args=(house, each)) for each in range(4)]
        for each in desks:
            each.start()
        told = make_backup(house, tmp_path / "a.palier", say=all_go_on)
        stop.set()
        for each in desks:
            each.join()
        sold_by_then = len(receipts_of(house.settings))

    tried = drill(there, tmp_path / "a.palier", NOW)

    assert tried.well
    assert 6 <= told.tables["receipt"].rows < sold_by_then
    assert tried.tables["receipt_line"].rows == told.tables["receipt"].rows


def test_a_sale_under_way_when_the_copy_begins_ends_after_it(
    empty_place: Place, tmp_path: Path
) -> None:
    with filled(empty_place()) as house, ExitStack() as counter:

        def sells_meanwhile(part: str) -> None:
            if part != "closings":
                return counter.close()  # paid: the copy is made
            desk = counter.enter_context(house.at("ampere", "test"))
            resident = make_resident(desk, "F3")
            owe(desk, resident, 250)
            pay(desk, resident, given=Cents(500))
            return desk.session.flush()

        told = make_backup(house, tmp_path / "a.palier", say=sells_meanwhile)
        tried = drill(house.settings, tmp_path / "a.palier", NOW)

        assert told.tables["receipt"].rows == 2
        assert len(receipts_of(house.settings)) == 3
        assert tried.well


def test_a_drill_leaves_nothing_behind_but_its_note(empty_place: Place, tmp_path: Path) -> None:
    with filled(empty_place()) as house:
        told = make_backup(house, tmp_path / "a.palier")
        settings = house.settings
        before = sorted(each.name for each in settings.home.iterdir())

        tried = drill(settings, tmp_path / "a.palier", NOW)

        assert tried.well
        proved = [checked.verdict.records for _site, checked in tried.books]
        assert proved == [told.tables["journal"].rows]
        assert proved[0] > 2
        assert sorted(each.name for each in settings.home.iterdir()) == before
        assert noted(settings).tried_at == NOW
        assert receipts_of(settings)[-1].endswith("000002")


def test_a_drill_finds_a_journal_that_was_forged(empty_place: Place, tmp_path: Path) -> None:
    with filled(empty_place()) as house:
        forge(house.settings)
        make_backup(house, tmp_path / "a.palier")

        tried = drill(house.settings, tmp_path / "a.palier", NOW)

    assert tried.differing == []
    assert [(site, checked.ok) for site, checked in tried.books] == [("ampere", False)]
    assert not tried.well
    assert noted(house.settings).tried_at is None


def test_the_command_says_that_the_journal_of_a_backup_is_broken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PALIER_HOME", str(tmp_path / "one"))
    (tmp_path / "one").mkdir()
    (tmp_path / "one" / "secret").write_bytes(SECRET)
    file = str(tmp_path / "a.palier")
    with filled(load()) as house:
        forge(house.settings)

    tried = CliRunner().invoke(main, ["backup", file, "--drill", "--json"])

    rows = {each["what"]: each for each in json.loads(tried.stdout)}
    assert tried.exit_code == 1
    assert (rows["journal"]["same"], rows["receipt"]["same"]) == (True, True)
    assert [each["same"] for name, each in rows.items() if name.startswith("journal ")] == [False]
    assert "The journal in this backup does not prove whole" in tried.stderr
