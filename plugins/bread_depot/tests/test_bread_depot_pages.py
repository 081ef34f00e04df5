"""Bread in the browser: one count leads to the next, a key opens a sale filled in, papers, lists."""

from urllib.parse import quote

import pytest

from palier.api import Act, Page, Provider, Resident
from palier.db.engine import Database
from palier.testing import Caretaker
from palier.testing.caretaker import hidden_of, words_of
from palier.testing.plugin import counted_statements
from palier_bread_depot import screens
from palier_bread_depot.actions import receive, reserve, sell, unsold
from palier_bread_depot.models import Batch, Bread, Order

DESK = "/ampere/desk"
BREAD = f"{DESK}/bread_depot"
WEDNESDAY = "2026-10-07"


@pytest.fixture
def baguette(caretaker: Caretaker) -> Bread:
    bread = caretaker.finds(Bread, 1)
    caretaker.prices(bread, 120)
    return bread


@pytest.fixture
def odile(caretaker: Caretaker) -> Resident:
    return caretaker.knows("Odile", "Kern")


def sent(caretaker: Caretaker, path: str, **values: str) -> str:
    """Send a form and return where it leads, without going there."""
    client = caretaker.browser.client
    data = {**hidden_of(caretaker.browser.opens(path)), **values}
    plain = path.partition("?")[0]
    return str(client.post(plain, data=data, follow_redirects=False).headers["location"])


def test_the_count_of_one_bread_leads_to_the_next_then_back(caretaker: Caretaker) -> None:
    first = sent(caretaker, f"{BREAD}/bread/1/receive?back={DESK}", delivered="40")
    last = sent(caretaker, first, delivered="12")

    assert first == (
        f"{BREAD}/bread/2/receive?back={quote(DESK, safe='')}&done=bread_depot.receive"
    )
    assert last == f"{DESK}?done=bread_depot.receive"


@pytest.mark.usefixtures("baguette")
def test_a_key_with_a_number_opens_the_sale_with_it(caretaker: Caretaker) -> None:
    caretaker.does(receive, caretaker.finds(Bread, 1), delivered=40)

    form = caretaker.browser.opens(f"{DESK}/find?q=b3")

    assert 'name="loaves" value="3"' in form
    assert "€3.60" in form


def test_what_is_typed_stays_when_the_sale_is_refused(
    caretaker: Caretaker, baguette: Bread
) -> None:
    caretaker.does(receive, baguette, delivered=1)
    path = f"{BREAD}/bread/1/sell"

    page = caretaker.browser.sends(path, status=422, loaves="2", given="5,00")

    assert "Only 1 left." in words_of(page)
    assert 'name="loaves" value="2"' in page
    assert 'name="given" value="5,00"' in page


def test_the_counter_has_a_key_for_each_bread(caretaker: Caretaker, baguette: Bread) -> None:
    caretaker.does(receive, baguette, delivered=40)
    caretaker.does(sell, baguette, loaves=3, for_neighbour=1)

    page = caretaker.reads("bread_depot/counter")

    assert f'href="{BREAD}/bread/1/sell?back={BREAD}/counter" data-act data-key="b"' in page
    assert f'href="{BREAD}/bread/2/receive?back={BREAD}/counter" data-act data-key="l"' in page
    assert "37 free to sell" in words_of(page)
    assert f"{BREAD}/bread/1/pass_on" in page
    assert f"{BREAD}/batch/1/unsold" in page


def test_the_labels_are_one_for_each_reservation_with_its_code(
    caretaker: Caretaker, odile: Resident, baguette: Bread
) -> None:
    caretaker.does(reserve, baguette, resident=odile, fetch_on=WEDNESDAY, loaves=2)
    caretaker.does(reserve, baguette, fetch_on=WEDNESDAY)

    page = words_of(caretaker.reads("bread_depot/labels", day=WEDNESDAY))
    empty = words_of(caretaker.reads("bread_depot/labels"))

    assert "2 × Baguette Odile Kern BREAD_DEPOT_ORDER-1" in page
    assert "1 × Baguette BREAD_DEPOT_ORDER-2" in page
    assert "Nothing is put aside for that day." in empty


def test_a_day_without_bread_has_an_empty_sheet(caretaker: Caretaker) -> None:
    page = words_of(caretaker.reads("bread_depot/sheet", day="2026-01-01"))

    assert "No bread came on that day" in page


def test_the_sheet_of_the_eve_says_what_to_bake(
    caretaker: Caretaker, odile: Resident, baguette: Bread
) -> None:
    caretaker.does(reserve, baguette, resident=odile, fetch_on=WEDNESDAY, loaves=2)

    page = caretaker.reads("bread_depot/sheet", day=WEDNESDAY)

    assert "Nothing has come yet" in page
    assert '<td class="num" data-label="Reserved">2</td>' in page


@pytest.mark.usefixtures("odile")
def test_the_lists_open_and_a_wrong_key_is_refused_beside_it(
    caretaker: Caretaker, baguette: Bread
) -> None:
    batch = caretaker.finds(Batch, caretaker.does(receive, baguette, delivered=3))
    caretaker.does(unsold, batch, returned=1)

    for screen, title in (
        ("bread", "Breads"),
        ("batch", "Bread of the day"),
        ("order", "Reserved bread"),
        ("delivery", "Delivery notes"),
    ):
        assert title in words_of(caretaker.browser.opens(f"{BREAD}/{screen}"))
    wrong = caretaker.browser.sends(f"{BREAD}/bread/new", status=422, name="Pain", key="12")
    taken = caretaker.browser.sends(f"{BREAD}/bread/new", status=422, name="Pain", key="B")
    assert "At most 1 fit." in words_of(wrong)
    assert "Key" in words_of(taken)


@pytest.mark.parametrize("page", [screens.counter, screens.labels, screens.sheet])
def test_a_page_asks_as_often_for_many_breads_as_for_few(
    database: Database, caretaker: Caretaker, odile: Resident, page: Act[..., Page]
) -> None:
    with caretaker.desk() as desk:
        for count, key in enumerate("cdefghi"):
            baker = desk.add(Provider(name=f"Baker {key}"))
            bread = desk.add(Bread(name=f"Bread {key}", key=key, baker=baker))
            batch = receive(desk, bread, delivered=count + 1)
            batch.reserved = 1
            who = desk.session.get_one(Resident, odile.id)
            desk.add(Order(resident=who, bread=bread, fetch_on=desk.today, loaves=1, ahead=True))

    with caretaker.desk(write=False) as desk, counted_statements(database) as sent:
        page(desk)

    assert 1 <= len(sent) <= 2, [each[:200] for each in sent]


def test_elsewhere_there_is_no_trace_of_it(caretaker: Caretaker) -> None:
    caretaker.browser.opens("/cathedrale/desk/bread_depot/bread", status=404)

    assert "bread_depot" not in caretaker.browser.opens("/cathedrale/desk")


def test_before_the_baker_comes_bread_is_awaited_and_none_is_free(
    caretaker: Caretaker, baguette: Bread, odile: Resident
) -> None:
    caretaker.does(reserve, baguette, resident=odile, fetch_on=WEDNESDAY, loaves=3)
    before = caretaker.sees(Batch)
    caretaker.is_at(2026, 10, 7, 8)

    caretaker.does(receive, baguette, delivered=2)

    assert (before["free"], before["awaited"]) == (0, 3)
    assert (caretaker.sees(Batch)["free"], caretaker.sees(Batch)["awaited"]) == (0, 1)
    assert "Reserved and not there" in caretaker.browser.opens(f"{BREAD}/batch")
