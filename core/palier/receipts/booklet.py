"""The paper receipt book, for when the machine is down: keyed later, with its own times and numbers."""

from copy import copy
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import or_, select

from palier.context import Context
from palier.db.types import Choice
from palier.errors import Refused
from palier.receipts.articles import articles_typed, charge_article
from palier.receipts.issuing import Buyer, OnPaper
from palier.receipts.journal import add_event
from palier.receipts.models import Charge, Receipt, Register, RegisterKind
from palier.receipts.numbering import BOOKLET_OPENED, PAPER_UNUSED, ReceiptNumber
from palier.receipts.selling import sell
from palier.receipts.tenders import Tender
from palier.receipts.tills import open_register, write_down
from palier.text import _


class PaperKeyed(Refused):
    text = _("The paper receipt %(number)s is already in the books: nothing was keyed twice.")
    field = "number"


class PaperMissing(Refused):
    text = _("The paper receipt %(number)s comes first. If it is spoiled or lost, say so.")
    field = "number"


class NotYet(Refused):
    text = _("This time is still to come. Key the time that stands on the paper.")
    field = "at"


class NotThatDay(Refused):
    text = _("The sheet's day is still to come. Choose today or a day before.")
    field = "day"


class UnusedReason(Choice):
    """What became of a paper receipt that nobody got."""

    SPOILED = "spoiled", _("Spoiled")
    LOST = "lost", _("Lost")


@dataclass(frozen=True)
class Written:
    """What stands on the paper: its number, when, what was sold, and how it was paid."""

    number: int
    day: date
    at: time
    what: str
    tender: Tender


def booklet_of(desk: Context) -> Register | None:
    """Return the site's paper book, if one was ever used."""
    booklet = select(Register).where(Register.kind == RegisterKind.BOOKLET)
    return desk.session.scalars(booklet.order_by(Register.id.desc()).limit(1)).first()


def next_paper(desk: Context) -> int | None:
    """Return the number of the next paper receipt to be keyed; None before the first."""
    booklet = booklet_of(desk)
    return booklet.next_number if booklet is not None and booklet.next_seq > 1 else None


def key_receipt(desk: Context, written: Written) -> Receipt:
    """Put a paper receipt into the books: its number, its time, the prices of that day.

    Numbers are those of the paper and follow each other: a paper that nobody got is told by
    `note_unused`. `at` is the paper's time, `recorded_at` the keying's; a closing takes it in with
    its own day if that is still open, else with the next closing (`vat.Books`). Raises
    `PaperKeyed`, `PaperMissing`, `NotYet`, `NotThatDay`, `NoSuchArticle`, and what a sale is
    refused for.
    """
    then = _at_that_moment(desk, written.day, written.at)
    charges = [charge_article(then, *each) for each in articles_typed(then, written.what)]
    register = _lock_booklet(desk)
    number = _take(desk, register, written.number, then.today.year)
    paper = OnPaper(register, number, desk.now)
    mine = or_(*(Charge.id == each.id for each in charges))
    return sell(then, mine, [written.tender], buyer=Buyer(), paper=paper)


def note_unused(desk: Context, number: int, reason: UnusedReason) -> Register:
    """Say that a paper receipt was spoiled or lost, so that the next can be keyed.

    Raises `PaperKeyed`, `PaperMissing`.
    """
    register = _lock_booklet(desk)
    taken = _take(desk, register, number, desk.today.year)
    _note(desk, register, PAPER_UNUSED, number=str(taken), reason=reason.value)
    return register


def _at_that_moment(desk: Context, day: date, at: time) -> Context:
    if day > desk.today:
        raise NotThatDay
    moment = datetime.combine(day, at, desk.site.zone)
    if moment > desk.now:
        raise NotYet
    then = copy(desk)
    then.now = moment
    return then


def _lock_booklet(desk: Context) -> Register:
    found = booklet_of(desk)
    code = found.code if found is not None else f"{desk.site.slug.upper()}-C1"
    return open_register(desk, code, RegisterKind.BOOKLET)


def _take(desk: Context, register: Register, number: int, year: int) -> ReceiptNumber:
    """Take a number of the book; the first ever keyed is where the book begins."""
    if register.next_seq == 1:
        register.next_number = number
        _note(desk, register, BOOKLET_OPENED, first=number)
    if number < register.next_number:
        raise PaperKeyed(number=f"{number:04d}")
    if number > register.next_number:
        raise PaperMissing(number=f"{register.next_number:04d}")
    register.next_number = number + 1
    register.year = max(register.year, year)
    return ReceiptNumber(register.code, register.year, number)


def _note(desk: Context, register: Register, code: str, **more: str | int) -> None:
    at, operator = desk.local(desk.now), desk.actor.person_code or "system"
    write_down(
        desk,
        register,
        lambda head, key: add_event(head, key, code=code, at=at, operator=operator, **more),
    )
