"""What a caretaker sees of bulk food."""

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any

from palier.api import Desk, Page, Role, Screen, Text, _, ask, page

from . import papers, queries
from .actions import (
    close,
    drop,
    key_order,
    open_round,
    print_card,
    print_form,
    print_lists,
    print_recall,
    print_slips,
    put_in,
    receive,
    received,
    reopen,
    settle,
    share,
)
from .handing import bring_back, lend, sell, weigh
from .models import (
    Container,
    Delivery,
    Lot,
    Move,
    Order,
    OrderLine,
    Portion,
    Product,
    Round,
)


def _amounts(model: Any, **columns: Text) -> Callable[..., Any]:
    """Return columns that say amounts in kilograms or pieces, for the rows that are shown."""

    def beside(desk: Desk, ids: Sequence[int]) -> Mapping[Text, Mapping[int, object]]:
        made = queries.amounts(desk, model, ids, tuple(columns))
        return {label: made[name] for name, label in columns.items()}

    return beside


rounds = Screen(
    Round,
    _("Rounds"),
    calendar=True,
    columns=(Round.number, Round.state, Round.closes_on, Round.pickup_on, Round.reopened),
    filters=(Round.state,),
    newest_first=Round.closes_on,
    acts=(
        open_round,
        key_order,
        receive,
        share,
        print_form,
        close,
        received,
        settle,
        print_lists,
        print_slips,
        reopen,
    ),
    help=_("A common order: keyed from paper, closed, received, shared, weighed, settled."),
)

orders = Screen(
    Order,
    _("Orders"),
    columns=(Order.round, Order.resident, Order.household, Order.ordered_on),
    filters=(Order.round,),
    newest_first=Order.ordered_on,
    acts=(weigh, drop),
)

lines = Screen(
    OrderLine,
    _("Products of the order"),
    columns=(OrderLine.product, OrderLine.order),
    beside=_amounts(OrderLine, asked=_("Ordered"), share=_("Share"), given=_("Handed out")),
    menu=False,
)

deliveries = Screen(
    Delivery,
    _("What came"),
    columns=(Delivery.lot, Delivery.round),
    beside=_amounts(Delivery, amount=_("Delivered")),
    menu=False,
)

lots = Screen(
    Lot,
    _("Lots"),
    columns=(Lot.code, Lot.product, Lot.until, Lot.came_on),
    beside=_amounts(Lot, received=_("Delivered"), rest=_("Remains")),
    filters=(Lot.product, Lot.until),
    newest_first=Lot.came_on,
    acts=(sell, put_in, print_card, print_recall),
    help=_("What came, by its mark. What is left is sold by scanning the shelf card."),
)

portions = Screen(
    Portion,
    _("Handed out"),
    columns=(Portion.at, Portion.lot, Portion.resident, Portion.undone),
    beside=_amounts(Portion, amount=_("Amount")),
    newest_first=Portion.at,
    menu=False,
)

products = Screen(
    Product,
    _("Products"),
    columns=(Product.code, Product.name, Product.sold, Product.provider, Product.active),
    sections={
        _("The product"): (Product.code, Product.name, Product.sold, Product.goods),
        _("Allergens"): (
            Product.allergens_known,
            Product.allergens,
            Product.named,
            Product.traces,
        ),
        _("At the desk"): (
            Product.provider,
            Product.in_their_name,
            Product.date_kind,
            Product.item,
            Product.barcode,
            Product.active,
        ),
    },
    filters=(Product.sold, Product.provider),
    sort=Product.code,
    form=(
        Product.code,
        Product.name,
        Product.sold,
        Product.goods,
        Product.provider,
        Product.in_their_name,
        Product.allergens_known,
        Product.allergens,
        Product.named,
        Product.traces,
        Product.date_kind,
        Product.item,
        Product.barcode,
        Product.active,
    ),
)

containers = Screen(
    Container,
    _("Containers"),
    columns=(Container.name, Container.tare),
    form=(Container.name, Container.tare),
    acts=(lend, bring_back),
)

moves = Screen(
    Move,
    _("Containers out and back"),
    columns=(Move.at, Move.container, Move.count, Move.resident, Move.undone),
    newest_first=Move.at,
    totals=(Move.count,),
    menu=False,
)


@page(_("Order form"), rare=True)
def order_form(desk: Desk, *, made: Annotated[Round, ask(_("Round"))]) -> Page:
    """Print the paper on which households order."""
    return papers.order_form(desk, made)


@page(_("Lists of the round"), least=Role.CARETAKER, rare=True)
def lists(
    desk: Desk,
    *,
    made: Annotated[Round, ask(_("Round"))],
    by: Annotated[papers.By, ask(_("How"))] = papers.By.HOUSEHOLD,
) -> Page:
    """Print who gets what, in large type."""
    return papers.lists(desk, made, by)


@page(_("Slips of the round"), least=Role.CARETAKER, rare=True)
def slips(desk: Desk, *, made: Annotated[Round, ask(_("Round"))]) -> Page:
    """Print a slip for each household, with the code that opens the weighing page."""
    return papers.slips(desk, made)


@page(_("Shelf card"), rare=True)
def card(desk: Desk, *, made: Annotated[Lot, ask(_("Lot"))]) -> Page:
    """Print the shelf card and the label of a lot."""
    return papers.card(desk, made)


@page(_("Recall list of a lot"), least=Role.CARETAKER, rare=True)
def recall(desk: Desk, *, made: Annotated[Lot, ask(_("Lot"))]) -> Page:
    """List the households that took food of a lot."""
    return papers.recall(desk, made)
