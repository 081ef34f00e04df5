"""Chapter N of the day: lentils shared, a household's food weighed and paid; by keyboard and scanner."""

from playwright.sync_api import Page, expect
from sqlalchemy import select

from palier.receipts.models import Receipt, Tab
from palier.testing.hands import Hands
from palier.testing.windows import Served, overflow
from palier_bulk_food.models import Lot, Move, Order, OrderLine, Portion, Product, Round
from palier_bulk_food.queries import sharing
from palier_bulk_food.sharing import Way

LINES = 5  # the desk page shows so many of the day


def shares_the_lentils(page: Page, hands: Hands, ampere: Served) -> None:
    with ampere.house.at("ampere", "test", write=False) as desk:
        round_ = desk.session.scalars(select(Round)).one()
        short = next(each for each in sharing(desk, round_) if each.product.code == "len")
        preview = {each.line.id: each.ways[Way.PROPORTIONAL] for each in short.lines}
        assert (len(preview), short.missing, round_.number) == (23, 5000, 10)
    goes_to(page, hands, "Répartir")
    hands.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Commande groupée 10")
    expect(page.get_by_role("table")).to_contain_text("0,480")
    assert overflow(page) == 0
    hands.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_contain_text("Mardi 6 octobre")
    with ampere.house.at("ampere", "test", write=False) as desk:
        lines = desk.all(select(OrderLine).where(OrderLine.id.in_(preview)))
        assert {each.id: each.share for each in lines} == preview
        assert sum(preview.values()) == 20_000
        assert all(each.due <= each.asked for each in lines)


def goes_to(page: Page, hands: Hands, name: str) -> None:
    """Go down from the scan field through the day's lines."""
    line = page.get_by_role("link", name=name)
    expect(line).to_be_visible()
    for _line in range(LINES):
        if line.evaluate("each => each === document.activeElement"):
            break
        hands.press("ArrowDown")
    expect(line).to_be_focused()


def pay_a_part(page: Page, hands: Hands) -> None:
    """Take 6.00 in coins, and let the rest go on the tab."""
    hands.press("g")
    expect(page.locator("#given")).to_be_focused()
    hands.press("6", "Tab", "+")
    expect(page.locator("#second-given")).to_be_focused()
    expect(page.locator("#second-mode")).to_have_value("tab")
    hands.press("Enter")

    sheet = page.get_by_role("article")
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


def weighs_for_a_household(page: Page, hands: Hands, ampere: Served) -> None:
    with ampere.house.at("ampere", "test", write=False) as desk:
        order = desk.session.scalars(select(Order).order_by(Order.id)).first()
        assert order is not None
        who, order_id, home = str(order.resident), order.id, order.household.id
        before = desk.total(Tab.balance_cents)
    heading = page.get_by_role("heading", level=1)

    hands.scan(f"BULK_FOOD_ORDER-{order_id}")
    expect(heading).to_contain_text(f"Peser pour {who}")
    basket = page.get_by_role("complementary")
    for product, keys, price in (
        ("Lentilles vertes", "0.48", "2,35"),
        ("Riz long", "1.02", "3,01"),
        ("Huile de tournesol, 1 L", "", "5,99"),
    ):
        expect(page.locator("#h-w")).to_have_text(product)
        expect(page.locator("#f-reading")).to_be_focused()
        hands.press(*keys, "Enter")
        expect(basket).to_contain_text(price)
    expect(page.get_by_text("Tout est pesé")).to_be_visible()
    hands.press("b", "2", "Enter")
    expect(basket.locator(".total")).to_contain_text("9,35")
    assert overflow(page) == 0
    expect(page.get_by_role("link", name="Aller au paiement")).to_be_focused()
    hands.press("Enter")

    expect(heading).to_contain_text(who)
    pay_a_part(page, hands)
    check_books(ampere, before, home)
