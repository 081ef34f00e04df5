"""Chapter N of the day: lentils shared, a household's food weighed and paid; by keyboard and scanner."""

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from palier.receipts.models import Receipt, Tab
from palier.testing.hands import Hands
from palier.testing.scanner import scan
from palier.testing.windows import Served, overflow
from palier_bulk_food.models import Lot, Move, Order, OrderLine, Portion, Product, Round
from palier_bulk_food.queries import sharing
from palier_bulk_food.sharing import Way

pytestmark = pytest.mark.browser
DESK = "/ampere/desk"


def test_lentils_that_are_short_are_shared_as_the_preview_says(magda: Page, ampere: Served) -> None:
    ampere.clock.now = ampere.clock.now.replace(hour=15, minute=0)
    with ampere.house.at("ampere", "test", write=False) as desk:
        round_ = desk.session.scalars(select(Round)).one()
        short = next(each for each in sharing(desk, round_) if each.product.code == "len")
        preview = {each.line.id: each.ways[Way.PROPORTIONAL] for each in short.lines}
        assert (len(preview), short.missing, round_.number) == (23, 5000, 10)
    hands = Hands(magda)
    magda.goto(DESK)
    expect(magda.locator("#scan")).to_be_focused()
    magda.get_by_role("link", name="Répartir").focus()
    hands.press("Enter")
    expect(magda.get_by_role("heading", level=1)).to_contain_text("Commande groupée 10")
    expect(magda.get_by_role("table")).to_contain_text("0,480")
    assert overflow(magda) == 0
    hands.press("Enter")

    expect(magda.get_by_role("heading", level=1)).to_contain_text("Mardi 6 octobre")
    assert hands.keys <= 4
    with ampere.house.at("ampere", "test", write=False) as desk:
        lines = desk.all(select(OrderLine).where(OrderLine.id.in_(preview)))
        assert {each.id: each.share for each in lines} == preview
        assert sum(preview.values()) == 20_000
        assert all(each.due <= each.asked for each in lines)


def pay_a_part(magda: Page, hands: Hands) -> None:
    """Take 6.00 in coins, and let the rest go on the tab."""
    hands.press("g")
    expect(magda.locator("#given")).to_be_focused()
    hands.press("6", "Tab", "+")
    expect(magda.locator("#second-given")).to_be_focused()
    expect(magda.locator("#second-mode")).to_have_value("tab")
    hands.press("Enter")

    sheet = magda.get_by_role("article")
    expect(sheet).to_contain_text("Ardoise")
    expect(sheet).to_contain_text("0,480")
    expect(sheet).to_contain_text("9,35")


def check_books(ampere: Served, before: int, home: int) -> None:
    """Compare receipt, tab, containers and lot with what was done."""
    with ampere.house.at("ampere", "test", write=False) as desk:
        receipt = desk.session.scalars(select(Receipt).order_by(Receipt.id.desc())).first()
        assert receipt is not None
        assert (receipt.due_cents, receipt.total_cents) == (935, 1135)
        assert desk.total(Tab.balance_cents) - before in {335, -335}
        backs = select(Move.count).where(Move.household.has(id=home))
        assert sum(desk.session.scalars(backs)) == 0
        taken = select(Lot.code).select_from(Portion).join(Portion.lot).join(Lot.product)
        codes = desk.session.scalars(taken.where(Product.code == "len")).all()
        assert set(codes) == {"LEN-2610"}


def test_a_household_is_weighed_for_and_pays_a_part_by_keyboard_alone(
    magda: Page, ampere: Served
) -> None:
    ampere.clock.now = ampere.clock.now.replace(hour=15, minute=10)
    with ampere.house.at("ampere", "test", write=False) as desk:
        order = desk.session.scalars(select(Order).order_by(Order.id)).first()
        assert order is not None
        who, order_id, home = str(order.resident), order.id, order.household.id
        before = desk.total(Tab.balance_cents)
    hands, heading = Hands(magda), magda.get_by_role("heading", level=1)
    magda.goto(DESK)

    scan(magda, f"BULK_FOOD_ORDER-{order_id}")
    expect(heading).to_contain_text(f"Peser pour {who}")
    basket = magda.get_by_role("complementary")
    for product, keys, price in (
        ("Lentilles vertes", "0.48", "2,35"),
        ("Riz long", "1.02", "3,01"),
        ("Huile de tournesol, 1 L", "", "5,99"),
    ):
        expect(magda.locator("#h-w")).to_have_text(product)
        expect(magda.locator("#f-reading")).to_be_focused()
        hands.press(*keys, "Enter")
        expect(basket).to_contain_text(price)
    expect(magda.get_by_text("Tout est pesé")).to_be_visible()
    hands.press("b", "2", "Enter")
    expect(basket.locator(".total")).to_contain_text("9,35")
    assert overflow(magda) == 0
    expect(magda.get_by_role("link", name="Aller au paiement")).to_be_focused()
    hands.press("Enter")

    expect(heading).to_contain_text(who)
    pay_a_part(magda, hands)
    assert hands.keys <= 20
    check_books(ampere, before, home)


def test_a_slip_of_the_finger_on_the_scale_loses_nothing(magda: Page, ampere: Served) -> None:
    with ampere.house.at("ampere", "test", write=False) as desk:
        last = desk.session.scalars(select(Order).order_by(Order.id.desc())).first()
        assert last is not None
    hands = Hands(magda)
    magda.goto(f"{DESK}/bulk_food/order/{last.id}/weigh")
    expect(magda.locator("#f-reading")).to_be_focused()

    hands.press(*"999", "Enter")
    expect(magda.get_by_role("main")).to_contain_text("La balance pèse au plus")
    expect(magda.locator("#f-reading")).to_have_value("999")

    magda.locator("#f-reading").fill("")
    scan(magda, "2110000005009")
    expect(magda.get_by_role("main")).to_contain_text("0,500")
