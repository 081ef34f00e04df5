"""What an act will cost, shown on its form before it is sent: asked with what is typed so far."""

import inspect
from collections.abc import Mapping
from typing import Any, Protocol

from palier.acts import Act
from palier.context import Context
from palier.db.fields import UNSET
from palier.db.records import SiteRecord
from palier.errors import Refused
from palier.reading import value_of
from palier.screens.views import PriceView
from palier.text import Text, _
from palier.values import CannotRead


class Priced(Protocol):
    """A line of what is shown: its words, its amounts in cents, and the sentence that says why."""

    @property
    def label(self) -> Text | str: ...
    @property
    def full_cents(self) -> int: ...
    @property
    def fund_cents(self) -> int: ...
    @property
    def payable_cents(self) -> int: ...
    @property
    def reason(self) -> Text: ...


def shown_price(
    desk: Context, act: Act[..., Any], record: SiteRecord | None, typed: Mapping[str, str]
) -> PriceView | None:
    """Return the prices of an act as its form stands; None for an act that shows none.

    While a value that the price needs is missing it says which; what refuses a price says why.
    """
    if act.shows is None:
        return None
    wanted = list(inspect.signature(act.shows).parameters)[1 if record is None else 2 :]
    values: dict[str, Any] = {}
    for each in act.signature.values:
        if each.name not in wanted:
            continue
        text = typed.get(each.name, "").strip()
        try:
            values[each.name] = value_of(each).from_form(text, desk) if text else each.default
        except CannotRead:
            values[each.name] = UNSET
        if values[each.name] is UNSET:
            words = _("Fill in first: %(what)s. The price stands here then.")
            return PriceView((), 0, words.fill(what=each.label))
    about = () if record is None else (record,)
    try:
        lines = tuple(act.shows(desk, *about, **values))
    except Refused as refusal:
        return PriceView((), 0, refusal.words)
    return PriceView(lines, sum(each.payable_cents for each in lines))
