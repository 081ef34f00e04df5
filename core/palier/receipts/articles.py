"""Selling small things of the price list by their key, with no service behind them."""

import re
from collections.abc import Iterator

from sqlalchemy import select

from palier.context import Context
from palier.errors import Refused
from palier.receipts.charging import charge_thing
from palier.receipts.models import Article, Charge, DeskSale, Receipt
from palier.receipts.selling import pay_at_once
from palier.receipts.tenders import Tender
from palier.residents.models import Resident
from palier.text import _

WHAT = "article"
_PART = re.compile(r"([a-z])\s*([0-9]{1,4})?", re.IGNORECASE)


class NoSuchArticle(Refused):
    text = _("No article has the key %(key)s. Till, Articles shows them.")
    field = "what"


class UnreadableArticles(Refused):
    text = _("Type keys and numbers, for instance b2 p: two of b, one of p.")
    field = "what"


def charge_article(
    desk: Context, article: Article, quantity: int, resident: Resident | None = None
) -> Charge:
    """Put an article into the basket. Raises `NoPrice`, `TooFew`."""
    sale = desk.add(DeskSale(article=article, quantity=quantity, at=desk.now))
    return charge_thing(desk, article, quantity, source=sale, resident=resident, what=WHAT)


def sell_now(desk: Context, article: Article, quantity: int, tender: Tender) -> Receipt:
    """Sell an article to a passer-by: charged, paid and receipted at once."""
    charge = charge_article(desk, article, quantity)
    return pay_at_once(desk, charge, tender.mode, tender.given, tender.reference)


def articles_typed(desk: Context, typed: str) -> list[tuple[Article, int]]:
    """Read keys with numbers: `b2 p` is two of b and one of p.

    Raises `UnreadableArticles`, `NoSuchArticle`.
    """
    wanted = list(_parts(typed))
    query = select(Article).where(Article.active.is_(True))
    known = {each.key.lower(): each for each in desk.all(query)}
    for key in dict(wanted):
        if key not in known:
            raise NoSuchArticle(key=key)
    return [(known[key], count) for key, count in wanted]


def _parts(typed: str) -> Iterator[tuple[str, int]]:
    rest = typed.strip().lower()
    if not rest:
        raise UnreadableArticles
    while rest:
        found = _PART.match(rest)
        if found is None or found[2] == "0":
            raise UnreadableArticles
        yield found[1], int(found[2] or 1)
        rest = rest[found.end() :].lstrip(" ,+")
