"""Paper at the desk: keying what was written while the machine was down, sheets for it, the sign."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated

from sqlalchemy import select

from palier.acts import page
from palier.context import Context, Role
from palier.receipts.actions import key_paper, paper_unused
from palier.receipts.booklet import booklet_of, next_paper
from palier.receipts.models import Article, PayMode, Price, Receipt
from palier.receipts.note_law import note_rule
from palier.screens.catalogue import Paths
from palier.screens.declared import Page
from palier.screens.views import ActView, Block, Line, Link
from palier.signature import ask
from palier.sites.models import Operator
from palier.text import Money, Reader, Text, _, read_by, show, show_time
from palier.visits.models import VisitReason
from palier.web.asked import new_key

MODES = (PayMode.CASH, PayMode.CARD, PayMode.CHEQUE)
SHOWN = 12


@dataclass(frozen=True)
class Keying:
    """The form for the next paper receipt; `href` is empty for who may not take money."""

    href: str
    hidden: dict[str, str]
    day: date
    number: int | None
    at: str
    more: bool  # one was keyed just now: its next is begun at once
    modes: tuple[PayMode, ...] = MODES


@page(_("Paper hour"), least=Role.CARETAKER, rare=True)
def paper_hour(
    desk: Context,
    *,
    day: Annotated[date | None, ask(_("Day"))] = None,
    more: Annotated[bool, ask(_("One more"))] = False,
) -> Page:
    """Key what was written on paper while the machine was down."""
    on = day or desk.today
    root = Paths(desk.site.slug).root
    back = f"{root}/receipts/paper_hour?day={on.isoformat()}"
    keyed = _keyed(desk, on)
    last = keyed[0].at if keyed else desk.now
    return Page(
        "receipts/paper_hour.html",
        keying=Keying(
            href=f"{root}/receipts/do/key_paper" if desk.may(key_paper) else "",
            hidden={"csrf": desk.csrf, "key": new_key(), "back": f"{back}&more=yes"},
            day=on,
            number=next_paper(desk),
            at=f"{desk.local(last):%H:%M}" if keyed else "",
            more=more,
        ),
        visits_href=f"{root}/visits/do/key_visits" if _may_key_visits(desk) else "",
        today=desk.today,
        visits_hidden={"csrf": desk.csrf, "key": new_key(), "back": back},
        articles=_articles(desk),
        keyed=_block(root, keyed),
        unused=ActView(
            "unused", paper_unused.label, f"{root}/receipts/do/paper_unused?back={back}"
        ),
        sheets=Link(_("Print paper sheets"), f"{root}/receipts/paper_sheets"),
        sign=Link(_("Sign for the counter"), f"{root}/receipts/counter_sign"),
    )


def _may_key_visits(desk: Context) -> bool:
    return desk.actor.may("visits.key_visits", Role.CARETAKER)


def _block(root: str, keyed: list[Receipt]) -> Block:
    lines = (
        Line(e.number, _said(e), icon="paper", href=f"{root}/desk/receipt?receipt={e.id}")
        for e in keyed
    )
    empty = _("No paper receipt of this day is in the books yet.")
    return Block(_("Keyed for this day"), "paper", tuple(lines), empty=empty, count=len(keyed))


def _said(receipt: Receipt) -> Text:
    return _("%(sum)s, at %(hour)s").fill(sum=Money(receipt.due_cents), hour=show_time(receipt.at))


def _keyed(desk: Context, day: date) -> list[Receipt]:
    booklet = booklet_of(desk)
    if booklet is None:
        return []
    mine = select(Receipt).where(Receipt.register == booklet, Receipt.sold_on == day)
    return desk.all(mine.order_by(Receipt.id.desc()).limit(SHOWN))


def _articles(desk: Context) -> list[tuple[str, str, Money | None]]:
    query = select(Article).where(Article.active.is_(True)).order_by(Article.key)
    found = desk.all(query)
    items = {each.price_item: each for each in found}
    rows = select(Price).where(Price.item.in_(items), Price.valid_from <= desk.today)
    cents = {each.item: each.cents for each in desk.all(rows.order_by(Price.valid_from))}
    return [
        (each.key, each.name, Money(cents[item]) if item in cents else None)
        for item, each in items.items()
    ]


def _reasons(desk: Context) -> list[tuple[int, str]]:
    query = select(VisitReason).where(VisitReason.active.is_(True)).order_by(VisitReason.key)
    return [(each.key, each.label) for each in desk.all(query)]


@page(_("Paper sheets"), rare=True)
def paper_sheets(desk: Context) -> Page:
    """Show the sheets on which the desk goes on while the machine is down."""
    begins = datetime.combine(desk.today, datetime.min.time())
    return Page(
        "receipts/paper_sheets.html",
        title=desk.site.name,
        hours=[f"{begins + timedelta(hours=9, minutes=30 * row):%H:%M}" for row in range(20)],
        reasons=_reasons(desk),
        articles=_articles(desk),
        next=next_paper(desk),
    )


@page(_("Sign for the counter"), rare=True)
def counter_sign(desk: Context) -> Page:
    """Show the sign that the law wants beside the till, to be printed."""
    operator = desk.session.get_one(Operator, desk.site.operator_id)
    with read_by(Reader("fr", desk.site.zone)):  # the sign is French, whoever prints it
        limit = show(Money(note_rule(desk).limit_cents))
    return Page("receipts/counter_sign.html", operator=operator.legal_name, limit=limit)
