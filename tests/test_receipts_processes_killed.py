"""Fifty processes die at each step of a sale, a count and a closing, and of what is written outside."""

import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path
from urllib.parse import urlencode

import pytest
from sqlalchemy import func, select, update

from palier.accounts.signing import sign_in
from palier.desk.membership import PRICE, sell_membership
from palier.house import House
from palier.receipts.archive_pages import ask_archive
from palier.receipts.charging import charge_item
from palier.receipts.checking import verify_site
from palier.receipts.closings import closings_missing, keep_closings
from palier.receipts.drawer import open_sessions
from palier.receipts.ledgers import make_fund
from palier.receipts.models import (
    ArchiveState,
    Closing,
    Journal,
    Ledger,
    LedgerEntry,
    TillSession,
    YearArchive,
)
from palier.receipts.price_list import set_price, set_reduced_price
from palier.residents.actions import note_bracket
from palier.residents.models import Bracket, Colour, Household
from palier.testing.caretaker import PASSWORD
from palier.testing.dying import tries_of
from palier.testing.plugin import NOW, At
from palier.testing.till import (
    SINCE,
    assert_books_are_whole,
    counted,
    counts_the_till,
    make_resident,
    numbers,
    pays,
    proved,
    someone_owes,
)
from palier.text import Cents
from palier.trail import ActRow, FormKey

KILLS = 50
NEVER = 9999
DAY = date(2026, 10, 6)
LATER = datetime(2027, 12, 1, 9, tzinfo=UTC)
SCRIPT = Path(__file__).parent / "races" / "dying_till.py"
DESK = "/ampere/desk/receipts"
pytestmark = pytest.mark.slow


@dataclass
class Process:
    """One warm process that forks for each try."""

    ask: Callable[[str], str]

    def sends(self, path: str, form: dict[str, str], step: object = NEVER) -> str:
        """Send a form under its key, and die at this step; return "read", "died" or "ended"."""
        sent = {"key": path.replace("/", "-")[-60:], **form}
        return self.ask(f"send {path} {urlencode(sent)} {step}")


@contextmanager
def dying(house: House, now: datetime = NOW) -> Iterator[Process]:
    """Start the process, with Magda signed in and its clock at that moment."""
    token, _slug = sign_in(house.database, "magda", PASSWORD, now)
    url, home = house.settings.database_url, house.settings.home
    with tries_of(SCRIPT, url, str(home), now.isoformat(), token) as ask:
        yield Process(ask)


def dies(try_: Callable[[], str]) -> str:
    """Let fifty processes die there, or one that had only read yet; return what each said."""
    said = try_()
    assert said in {"read", "died", "ended"}
    if said == "died":
        assert {try_() for _kill in range(KILLS - 1)} == {said}
    return said


def dies_at_each_step(try_: Callable[[object], str], looks: Callable[[], object]) -> int:
    """Let fifty processes die at each step, until one has no such step and goes through.

    What it sent is sent again then, as someone does who saw no answer: nothing more happens.
    """
    before, step = looks(), 1
    while (first := dies(lambda: try_(step))) != "ended":  # noqa: B023 - asked at once
        assert looks() == before
        step += 1
    after = looks()
    assert (first, try_("answered"), try_(NEVER)) == ("ended", "died", "ended")
    assert looks() == after != before
    return step - 1


def the_fund(at: At) -> None:
    """Let a bike's week cost 8.00, and 4.00 for who is green: the fund pays the rest."""
    with at() as desk:
        full = set_price(desk, "bike.week", Cents(800), valid_from=SINCE)
        set_price(desk, PRICE, Cents(200), valid_from=SINCE)
        fund = make_fund(desk, "Fund")
        fund.balance_cents = Cents(100_000)
        green = desk.add(Bracket(code="A", colour=Colour.GREEN, label="A"))
        set_reduced_price(desk, full, Cents(400), bracket=green, fund=fund, valid_from=SINCE)


def a_basket(at: At, code: str) -> tuple[str, dict[str, str]]:
    """Let someone green have a bike's week and the membership to pay.

    Return their form as the card sends it, with a voucher, coins and the rest on the tab.
    """
    with at() as desk:
        resident = make_resident(desk, code)
        home = desk.session.get_one(Household, resident.household.id)  # type: ignore[union-attr]  # has one
        green = desk.session.scalars(select(Bracket)).one()
        note_bracket(desk, home, bracket=green, bracket_until=desk.today)
        charge_item(desk, item="bike.week", label="A", source=resident, resident=resident)
        sell_membership(desk, home)
        return f"/ampere/desk/residents/resident/{resident.id}/pay", {
            "mode": "voucher",
            "given": "1.00",
            "reference": f"CH-{code}",
            "second_mode": "cash",
            "second_given": "1.00",
            "third_mode": "tab",
            "shown": "6.00",
            "visit_of": str(resident.id),
        }


def sold(at: At) -> tuple[list[int], int, int, int]:
    """Count what sales leave: their papers, what the ledgers hold, the acts, the forms."""
    with at(write=False) as desk:
        held = desk.session.scalar(select(func.sum(Ledger.balance_cents))) or 0
        moved = desk.total(LedgerEntry.cents)
        acts = select(func.count(ActRow.id)).where(ActRow.name == "receipts.pay")
        forms = select(func.count(FormKey.key))
        assert held == 100_000 + moved
        found = [desk.session.scalar(each) or 0 for each in (acts, forms)]
    return counted(at), moved, found[0], found[1]


def after(sales: int) -> tuple[list[int], int, int, int]:
    """What so many of these sales leave: two lines, three payments; 4.00 of the fund, 4.00 on a tab."""
    return [sales, 2 * sales, 3 * sales, sales], 0, sales, sales


def test_a_sale_killed_at_each_step_and_sent_again_is_one_receipt(at: At, house: House) -> None:
    the_fund(at)
    sales = 0

    with dying(house) as process:
        for step in range(1, NEVER):
            form = a_basket(at, f"F{step}")
            sales += 1
            if dies(lambda: process.sends(*form, step)) == "ended":  # noqa: B023 - asked at once
                break
            assert sold(at) == after(sales - 1)
            assert process.sends(*form) == "ended"
            assert sold(at) == after(sales)
        form = a_basket(at, "F-LAST")
        lost = {process.sends(*form, "answered") for _kill in range(KILLS)}

    assert sales >= 25
    assert lost == {"died"}
    assert sold(at) == after(sales + 1)
    assert numbers(at) == [f"AMPERE-01-2026-{each:06}" for each in range(1, sales + 2)]
    assert_books_are_whole(at)


def till_of(at: At) -> tuple[int, int, int]:
    """Count the sessions, the closed ones and the journal's records."""
    rows = func.count(TillSession.id), func.count(TillSession.closed_at)
    with at(write=False) as desk:
        first, second = (desk.session.scalar(select(each)) or 0 for each in rows)
    return first, second, records(at)[0]


def test_a_count_killed_at_each_step_and_sent_again_is_one_count(at: At, house: House) -> None:
    pays(at, someone_owes(at, 835))
    with at(write=False) as desk:
        path = f"{DESK}/till_session/{desk.session.scalars(open_sessions()).one().id}/close_till"
    form = {"counted_cents": "57.85", "reason": "unknown"}  # 50 cents short

    with dying(house) as process:
        steps = dies_at_each_step(lambda step: process.sends(path, form, step), lambda: till_of(at))

    assert steps >= 15
    assert till_of(at) == (1, 1, 3)
    assert_books_are_whole(at)


@pytest.mark.parametrize(
    ("period", "form", "made"),
    [
        ("day", {"day": str(DAY)}, 1),
        ("month", {"month": str(DAY)}, 2),
        ("year", {"year": "2026"}, 3),
    ],
)
def test_a_closing_is_whole_or_nothing_in_the_books_and_outside(
    at: At, house: House, period: str, form: dict[str, str], made: int
) -> None:
    pays(at, someone_owes(at, 835))
    counts_the_till(at)
    folder, path = house.settings.closings / "ampere", f"{DESK}/closing/close_{period}"

    with dying(house, LATER) as process:
        steps = dies_at_each_step(
            lambda step: process.sends(path, form, step), lambda: (records(at), folder.exists())
        )

    assert steps >= 15
    assert records(at) == (3 + made, made)
    assert sorted(each.name for each in folder.iterdir()) == [
        f"AMPERE-01-{seq:09}.json" for seq in range(4, 4 + made)
    ]
    assert_books_are_whole(at)


def test_a_closing_that_is_committed_has_its_copy_in_the_end(at: At, house: House) -> None:
    counts_the_till(at)
    folder, path = house.settings.closings / "ampere", f"{DESK}/closing/close_day"
    days = iter(str(DAY + timedelta(days=each)) for each in range(4 * KILLS))
    lost = {}

    with dying(house, LATER) as process:
        for point in ("open", "sync", "name", "folder"):
            here = list(islice(days, KILLS))
            died = {process.sends(path, {"day": each, "key": each}, point) for each in here}
            assert died == {"died"}
            with at(write=False) as desk:
                lost[point] = len(closings_missing(desk.session, folder))
                desk.closings = folder
                keep_closings(desk)
                assert closings_missing(desk.session, folder) == []
    with at(write=False) as desk:
        (checked,) = verify_site(desk.session, desk.signing_key, folder)

    assert lost == {"open": KILLS, "sync": KILLS, "name": KILLS, "folder": 0}
    assert records(at) == (2 + 4 * KILLS, 4 * KILLS)
    assert (checked.ok, checked.verdict.sure_to_seq) == (True, 2 + 4 * KILLS)


def records(at: At) -> tuple[int, int]:
    """Return how many records the journal has, and how many closings are listed."""
    with at(write=False) as desk:
        journal = desk.session.scalar(select(func.count()).select_from(Journal)) or 0
        return journal, desk.session.scalar(select(func.count(Closing.id))) or 0


def asks_again(at: At) -> None:
    """Let the year's archive be asked for as if it never was."""
    with at(now=LATER) as desk:
        desk.session.execute(update(YearArchive).values(state=ArchiveState.ASKED))


def named(folder: Path) -> set[str]:
    """Return what stands there under its own name, each of it whole."""
    whole = {each.name for each in folder.glob("*") if not each.name.endswith(".part")}
    if "ampere-2026.zip" in whole:
        with zipfile.ZipFile(folder / "ampere-2026.zip") as file:
            assert file.testzip() is None
    return whole


def test_an_archive_killed_at_statements_and_files_is_whole_in_the_end(
    at: At, house: House, tmp_path: Path
) -> None:
    pays(at, someone_owes(at, 835))
    counts_the_till(at)
    with at(now=LATER) as desk:
        ask_archive(desk, year=2026)
    whole, seen = {"ampere-2026", "ampere-2026.zip"}, []

    with dying(house, LATER) as process:
        for step in range(1, NEVER, 2):
            folder = tmp_path / f"a{step}"
            asks_again(at)
            if (said := process.ask(f"archive {folder} {step}")) == "ended":
                break
            assert said in {"read", "died"}
            seen.append(named(folder))
            assert process.ask(f"archive {folder} {NEVER}") == "ended"  # the next look of the jobs
            assert named(folder) == whole
            assert list(folder.glob("*.part")) == []

    assert len(seen) >= KILLS
    assert seen[0] == set()
    assert {"ampere-2026"} in seen
    assert all(each <= whole for each in seen)
    for step in (1, 2 * len(seen) - 1):
        assert proved(tmp_path / f"a{step}" / "ampere-2026")[0] == 0
    assert_books_are_whole(at)
