"""Chapter B of the day: bread comes, is handed over, sold out, sent back and left to neighbours.

By keyboard and scanner alone, each part within its keys. What a caretaker does forty times in the evening is done
some times by hand and the rest by the same acts.
"""

from collections.abc import Sequence
from datetime import date

from playwright.sync_api import Page, expect
from sqlalchemy import Select, func, select

from palier.desk.counter import Desk
from palier.providers.models import Provider
from palier.receipts.actions import pay
from palier.receipts.collecting import collected_for
from palier.receipts.models import Payment, PayMode, Receipt, ReceiptPrint
from palier.residents.models import Resident
from palier.testing.hands import Hands
from palier.testing.windows import Served
from palier_bread_depot.actions import hand_over, sell
from palier_bread_depot.models import Batch, Bread, Delivery, Order, State

from .going import DESK, TODAY, at_the_desk

BREAD = f"{DESK}/bread_depot"
TOMORROW = date(2026, 10, 7)


def counts_what_came(page: Page, hands: Hands, ampere: Served) -> None:
    expect(page.get_by_role("region", name="Aujourd’hui", exact=True)).to_contain_text(
        "Le pain n’est pas encore arrivé : Baguette, Pain complet. 9 pains sont réservés."
    )
    hands.press("b", "Enter")
    for name, count in (("Baguette", "40"), ("Pain complet", "12")):
        expect(page.get_by_role("dialog")).to_contain_text(f"Le pain est arrivé : {name}")
        expect(page.get_by_label("Livré")).to_be_focused()
        hands.press(*count, "Enter")
    page.wait_for_url(f"**{DESK}?done=*")
    the_shelf_is(ampere, (40, 9, 0, 31), (12, 0, 0, 12))
    the_note_is_numbered(ampere)
    nine_labels_are_printed(page)


def the_shelf_is(ampere: Served, *wanted: tuple[int, int, int, int]) -> None:
    """Compare what came, is reserved, sold and free, for each bread."""
    with ampere.house.at("ampere", "test", write=False) as desk:
        rows = desk.all(select(Batch).where(Batch.baked_on == TODAY).order_by(Batch.id))
        shelf = [(each.delivered, each.reserved, each.sold, each.free) for each in rows]
    assert shelf == list(wanted)


def the_note_is_numbered(ampere: Served) -> None:
    with ampere.house.at("ampere", "test", write=False) as desk:
        numbers = desk.session.scalars(select(Delivery.number).order_by(Delivery.id)).all()
    assert numbers == [f"2026-{each:04d}" for each in range(1, len(numbers) + 1)]
    assert len(numbers) > 1


def nine_labels_are_printed(page: Page) -> None:
    page.goto(f"{BREAD}/labels")
    labels = page.get_by_role("main").get_by_role("listitem")
    expect(labels).to_have_count(9)
    expect(labels.filter(has_text="Odile Kern")).to_contain_text("1 × Baguette")
    expect(page.get_by_role("link", name="Retour au comptoir")).to_be_focused()


def hands_over_to_odile(page: Page, hands: Hands, ampere: Served) -> None:
    before = receipts(ampere)
    hands.press(*"ker", "Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Odile Kern")
    line = page.locator("main li", has_text="1 pain : Baguette")
    letter = line.locator("[data-key]").get_attribute("data-key")
    page.wait_for_load_state()
    hands.press(letter or "")
    expect(page.get_by_role("dialog").get_by_label("Pains")).to_be_focused()
    hands.press("2", "Enter")
    expect(page.locator(".total")).to_contain_text("2,40")
    hands.press("Enter")
    expect(page.get_by_role("article")).to_contain_text("2,40")
    page.wait_for_load_state()
    hands.press("l")
    page.wait_for_url("**/printed?made=*")
    expect(page.get_by_role("article")).to_contain_text("Boulangerie Rhin")
    with ampere.house.at("ampere", "test", write=False) as desk:
        order = desk.session.scalars(of_odile()).one()
        assert (order.state, order.loaves, order.taken) == (State.FETCHED, 1, 2)
        paid = desk.session.scalars(select(Payment).order_by(Payment.id.desc()).limit(1)).one()
        assert (paid.mode, paid.cents) == (PayMode.CASH, 240)
        shape = desk.session.scalars(
            select(ReceiptPrint.shape).order_by(ReceiptPrint.id.desc()).limit(1)
        ).one()
        assert shape.value == "large"
    assert receipts(ampere) == before + 1
    the_shelf_is(ampere, (40, 8, 2, 30), (12, 0, 0, 12))


def of_odile() -> Select[Order]:
    query = select(Order).join(Order.resident)
    return query.where(Resident.family_name == "Kern", Order.fetch_on == TODAY)


def receipts(ampere: Served) -> int:
    with ampere.house.at("ampere", "test", write=False) as desk:
        return desk.session.scalar(select(func.count(Receipt.id))) or 0


def sells_by_its_key(page: Page, hands: Hands, _ampere: Served) -> None:
    """A baguette of the paper hour, keyed when the machine is back."""
    hands.press("b", "Enter")
    expect(page.get_by_role("dialog")).to_contain_text("Vendre : Baguette")
    expect(page.locator("[data-price]")).to_contain_text("1,20")
    page.wait_for_load_state()
    hands.press("Enter")
    page.wait_for_url(f"**{DESK}?done=*")


def sells_out(page: Page, hands: Hands, ampere: Served) -> None:
    before = receipts(ampere)
    page.goto(f"{BREAD}/counter")
    for letter, name in ("b", "Baguette"), ("b", "Baguette"), ("l", "Pain complet"):
        expect(page.get_by_role("heading", name="Le pain au comptoir")).to_be_visible()
        page.wait_for_load_state()
        with hands.within(2):
            sells_one(page, hands, letter, name)
    at_the_desk(page, hands)
    with hands.within(2):
        hands_over_by_its_label(page, hands, ampere)
    the_rest_goes(ampere)
    assert receipts(ampere) == before + 46
    the_shelf_is(ampere, (40, 0, 37, 3), (12, 0, 12, 0))


def sells_one(page: Page, hands: Hands, letter: str, name: str) -> None:
    free = page.locator(f"main .key[data-key={letter}] .n")
    left = int(free.inner_text())
    hands.press(letter)
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text(f"Vendre : {name}")
    expect(dialog.get_by_label("Pains")).to_be_focused()
    hands.press("Enter")
    expect(free).to_have_text(str(left - 1))


def hands_over_by_its_label(page: Page, hands: Hands, ampere: Served) -> None:
    with ampere.house.at("ampere", "test", write=False) as desk:
        order = waiting(desk)[0]
        code, who = f"BREAD_DEPOT_ORDER-{order.id}", str(order.resident)
    hands.scan(code)
    expect(page.get_by_role("dialog")).to_contain_text("Remettre : 1 × Baguette")
    page.wait_for_load_state()
    hands.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(who)
    expect(page.locator(".total")).to_contain_text("1,20")
    page.wait_for_load_state()
    hands.press("Enter")
    expect(page.get_by_role("article")).to_contain_text("1,20")


def waiting(desk: Desk) -> Sequence[Order]:
    query = select(Order).where(Order.fetch_on == TODAY, Order.state == State.WAITING)
    return desk.all(query.order_by(Order.id), Order.resident)


def the_rest_goes(ampere: Served) -> None:
    """Sell what is left of 34 baguettes, 8 of them reserved, and of 12 loaves: one receipt each."""
    with ampere.house.at("ampere", "test") as desk:
        baguette, loaf = desk.session.scalars(select(Bread).order_by(Bread.id))
        for order in waiting(desk):
            hand_over(desk, order)
            assert order.resident is not None
            pay(desk, order.resident)
        for bread, count in (baguette, 24), (loaf, 11):
            for _each in range(count):
                sell(desk, bread)


def sends_back_and_leaves(page: Page, hands: Hands, ampere: Served) -> None:
    page.goto(f"{BREAD}/counter")
    expect(page.get_by_role("link", name="Invendus")).to_have_count(1)
    page.wait_for_load_state()
    hands.press("1")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("Rendu au boulanger")).to_be_focused()
    hands.press("1", "Tab", "2", "Enter")
    page.wait_for_url("**/counter?done=*")
    the_bakers_sheet_adds_up(page)
    it_was_the_bakers_money(page, ampere)


def the_bakers_sheet_adds_up(page: Page) -> None:
    page.goto(f"{BREAD}/sheet")
    rows = page.get_by_role("main").get_by_role("row")
    for name, counts in (
        ("Baguette", ["0", "40", "37", "1", "2", "0", "44,40 €"]),
        ("Pain complet", ["0", "12", "12", "0", "0", "0", "36,00 €"]),
    ):
        expect(rows.filter(has_text=name).get_by_role("cell")).to_have_text(counts)
    expect(rows.filter(has_text="Total")).to_contain_text("80,40")


def it_was_the_bakers_money(page: Page, ampere: Served) -> None:
    with ampere.house.at("ampere", "test", write=False) as desk:
        query = select(Provider).where(Provider.name == "Boulangerie Rhin")
        baker = desk.session.scalars(query).one()
        assert collected_for(desk, baker, TODAY, TOMORROW) == 8040
        assert desk.session.scalars(select(Bread.suspended).order_by(Bread.id)).first() == 6
    page.goto(f"{DESK}/receipts/day_sheet")
    expect(page.get_by_role("main")).to_contain_text("Boulangerie Rhin")
    expect(page.get_by_role("main")).to_contain_text("80,40")
