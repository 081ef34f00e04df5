"""The pages of work: keying orders from paper, sharing a shortage, weighing for a household."""

from collections.abc import Mapping
from dataclasses import dataclass

from palier.api import Cents, Desk, Money, Page, Resident, Text, own_form, show_weight

from . import handing, papers, queries, rules
from .models import Container, Order, OrderLine, Round
from .sharing import Way


@dataclass(frozen=True)
class Tile:
    """A product of an order, as a large button."""

    line: OrderLine
    price: Text
    due: str
    given: str
    href: str
    chosen: bool

    @property
    def done(self) -> bool:
        return self.line.given > 0


def keying(desk: Desk, round_: Round, typed: Mapping[str, str]) -> Page:
    """Return the page that asks for `key_order`: one household after the other, line by line."""
    resident = _resident(desk, typed.get("resident", ""))
    home = resident.household if resident is not None else None
    order = queries.order_of(desk, round_, home) if home is not None else None
    address = f"/{desk.site.slug}/desk/bulk_food/round/{round_.id}"
    products = queries.products(desk)
    prices = queries.prices(desk, products)
    return Page(
        "bulk_food/keying.html",
        round=round_,
        resident=resident,
        order=order,
        lines=_said(queries.lines_of(desk, order)) if order is not None else [],
        products=[(each, papers.price_words(each, prices)) for each in products],
        back=f"{address}/key_order?resident={{resident}}",
        next_href=f"{address}/key_order",
        round_href=address,
        orders_href=f"/{desk.site.slug}/desk/bulk_food/order?round={round_.id}",
    )


def _said(lines: list[OrderLine]) -> list[tuple[OrderLine, str]]:
    return [(each, rules.amount_words(each.product, each.asked)) for each in lines]


def _resident(desk: Desk, typed: str) -> Resident | None:
    if not (typed.isascii() and typed.isdigit() and len(typed) < 18):
        return None
    return desk.find(Resident, int(typed))


@dataclass(frozen=True)
class Column:
    """What one product was asked for, what came, and what each way would give each household."""

    short: queries.Short
    asked: str
    came: str
    missing: str
    rows: tuple[tuple[str, str, tuple[str, ...]], ...]


def sharing(desk: Desk, round_: Round, typed: Mapping[str, str]) -> Page:
    """Return the preview of `share`: every product that is short, both ways side by side."""
    shorts = queries.sharing(desk, round_)
    return Page(
        "bulk_food/sharing.html",
        round=round_,
        ways=list(Way),
        chosen=typed.get("way", Way.PROPORTIONAL.value),
        columns=[_column(each) for each in shorts if each.missing],
        enough=[str(each.product) for each in shorts if not each.missing],
    )


def _column(short: queries.Short) -> Column:
    def words(amount: int) -> str:
        return rules.amount_words(short.product, amount)

    rows = tuple(
        (str(line.order.resident), words(line.asked), tuple(words(ways[way]) for way in Way))
        for line, ways in short.lines
    )
    return Column(short, words(short.asked), words(short.came or 0), words(short.missing), rows)


def weighing(desk: Desk, order: Order, typed: Mapping[str, str]) -> Page:
    """Return the weighing page of a household's order: what is next, the pad, the basket."""
    lines = queries.lines_of(desk, order)
    root = f"/{desk.site.slug}/desk"
    address = f"{root}/bulk_food/order/{order.id}/weigh"
    current = _current(lines, typed.get("product", ""))
    prices = queries.prices(desk, [each.product for each in lines])
    kinds = queries.containers(desk)
    charges = queries.open_charges(desk, order.resident)
    held = {each.container: each.count for each in queries.held_by(desk, order.resident)}
    return Page(
        "bulk_food/weighing.html",
        order=order,
        tiles=[_tile(each, prices, address, each is current) for each in lines],
        current=current,
        due=rules.amount_words(current.product, current.due) if current else "",
        reading=typed.get("reading", _start(current)),
        container=typed.get("container", ""),
        containers=[(each, show_weight(each.tare)) for each in kinds],
        held=[_held(desk, each, n, address) for each, n in held.items()],
        lend=[_lent(desk, each, address) for each in kinds],
        resident=order.resident,
        charges=[(e.label, e.unit.shown(e.quantity), Money(e.total_cents)) for e in charges],
        total=Money(sum(each.total_cents for each in charges)),
        waiting=sum(1 for each in lines if not each.given),
        back=address,
        card_href=f"{root}/desk/card?resident={order.resident.id}",
    )


def _current(lines: list[OrderLine], product: str) -> OrderLine | None:
    """Return the line that was chosen, else the first of which nothing was handed out."""
    chosen = (each for each in lines if str(each.product.id) == product)
    waiting = (each for each in lines if not each.given and each.due)
    return next(chosen, None) or next(waiting, None)


def _start(line: OrderLine | None) -> str:
    """Return what the field begins with: pieces are known, a weight is read on the scale."""
    return "" if line is None or line.product.is_weighed else str(line.due)


def _tile(line: OrderLine, prices: Mapping[int, Cents], address: str, chosen: bool) -> Tile:
    product = line.product
    return Tile(
        line,
        papers.price_words(product, prices),
        rules.amount_words(product, line.due),
        rules.amount_words(product, line.given) if line.given else "",
        f"{address}?product={product.id}",
        chosen,
    )


@dataclass(frozen=True)
class Moving:
    """A kind of container with the form that moves some; `href` is empty for who may not."""

    container: Container
    count: int
    href: str
    hidden: Mapping[str, str]


def _held(desk: Desk, container: Container, count: int, back: str) -> Moving:
    return _moving(desk, container, count, back, handing.bring_back.name)


def _lent(desk: Desk, container: Container, back: str) -> Moving:
    return _moving(desk, container, 0, back, handing.lend.name)


def _moving(desk: Desk, container: Container, count: int, back: str, act: str) -> Moving:
    path = f"/{desk.site.slug}/desk/bulk_food/container/{container.id}/{act}"
    return Moving(container, count, path, own_form(desk, back))
