"""The drawer of a till: opened with a counted float, counted at the end, known in between."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.orm import InstrumentedAttribute

from palier.context import Context
from palier.errors import Refused
from palier.receipts.counting import (
    NOT_COUNTED,
    Beside,
    count_beside,
    last_receipt,
    taken_in,
    told_of,
)
from palier.receipts.models import (
    CashMove,
    MoveReason,
    Payment,
    PayMode,
    Receipt,
    Register,
    RegisterKind,
    TillSession,
    WhyOther,
)
from palier.receipts.rules import signed_move
from palier.receipts.tills import lock_till, note_event, who_signs
from palier.text import Cents, Money, _


class TillOpenAlready(Refused):
    text = _("The till is open already: %(who)s counted %(sum)s at %(when)s.")


class TillClosedAlready(Refused):
    text = _("This till was counted already, by %(who)s: %(when)s.")


class FloatIsShort(Refused):
    text = _("%(sum)s is missing: the last closing left %(before)s. Count again, or say why.")
    field = "float_reason"


class FloatIsOver(Refused):
    text = _("%(sum)s is too much: the last closing left %(before)s. Count again, or say why.")
    field = "float_reason"


class CountIsShort(Refused):
    text = _("%(sum)s is missing: there should be %(expected)s. Count again, or say why.")
    field = "reason"


class CountIsOver(Refused):
    text = _("%(sum)s is too much: there should be %(expected)s. Count again, or say why.")
    field = "reason"


class NotSoMuchThere(Refused):
    text = _("Only %(there)s should be in the drawer.")
    field = "cents"


class LeavesTooMuch(Refused):
    text = _("Only %(counted)s was counted: no more can stay in the drawer.")
    field = "left_cents"


@dataclass(frozen=True)
class Drawer:
    """What makes the cash of a session, in cents; refunds count below zero."""

    float_cents: int
    taken: int
    given_back: int
    moved_in: int
    moved_out: int

    @property
    def expected(self) -> Cents:
        """What should lie in the drawer."""
        return Cents(
            self.float_cents + self.taken + self.given_back + self.moved_in + self.moved_out
        )


def open_sessions() -> Select[TillSession]:
    """Select the sessions that are open now: one for each register at most."""
    return select(TillSession).where(TillSession.closed_at.is_(None)).order_by(TillSession.id)


def open_session(desk: Context, register: Register) -> TillSession | None:
    """Return the register's open session. Its register is locked: nobody opens or closes it now."""
    query = open_sessions().where(TillSession.register_id == register.id)
    return desk.session.scalars(query.execution_options(populate_existing=True)).first()


def drawer_of(desk: Context, session: TillSession) -> Drawer:
    """Return what makes the cash of a session up to now. Two statements."""
    return drawers_of(desk, [session])[session.id]


def drawers_of(desk: Context, sessions: Sequence[TillSession]) -> dict[int, Drawer]:
    """Return what makes the cash of each of these sessions, by their ids. Two statements."""
    ids = [each.id for each in sessions]
    paid = select(Receipt.till_session_id, *_in_and_out(Payment.cents)).join(Payment.receipt)
    paid = paid.where(Receipt.till_session_id.in_(ids), Payment.mode == PayMode.CASH)
    cash = _by_session(desk, paid.group_by(Receipt.till_session_id))
    moved = select(CashMove.till_session_id, *_in_and_out(CashMove.cents))
    moved = moved.where(CashMove.till_session_id.in_(ids))
    moves = _by_session(desk, moved.group_by(CashMove.till_session_id))
    return {
        each.id: Drawer(each.float_cents, *cash.get(each.id, (0, 0)), *moves.get(each.id, (0, 0)))
        for each in sessions
    }


def _in_and_out(cents: InstrumentedAttribute[Cents]) -> tuple[ColumnElement[int], ...]:
    signs = cents > 0, cents < 0
    return tuple(func.sum(case((each, cents), else_=0)) for each in signs)


def _by_session(desk: Context, query: Select[*tuple[Any, ...]]) -> dict[int, tuple[int, int]]:
    return {row[0]: (int(row[1]), int(row[2])) for row in desk.session.execute(query)}


def open_drawer(
    desk: Context, counted: Cents, reason: WhyOther | None, coins: str | None = None
) -> TillSession:
    """Begin a session with the float that was counted, in cents.

    It is compared with what the last closing left. Raises `TillOpenAlready`, `FloatIsShort` and
    `FloatIsOver` for a difference without a reason.
    """
    register = lock_till(desk)
    if (other := open_session(desk, register)) is not None:
        sum_ = Money(other.float_cents)
        raise TillOpenAlready(who=other.opened_by, sum=sum_, when=other.opened_at)
    before = last_left(desk)
    off = 0 if before is None else counted - before
    if off and reason is None and before is not None:
        refused = FloatIsShort if off < 0 else FloatIsOver
        raise refused(sum=Money(abs(off)), before=Money(before))
    session = desk.add(
        TillSession(
            register=register,
            opened_on=desk.today,
            opened_at=desk.now,
            opened_by=who_signs(desk),
            before_cents=before,
            float_cents=counted,
            float_coins=coins,
            float_reason=reason if off else None,
        )
    )
    why = _why(session.float_reason)
    note_event(desk, register, "till_opened", float_cents=counted, difference_cents=off, **why)
    return session


def last_left(desk: Context) -> Cents | None:
    """Return what the last closing left in the drawer, in cents; None before the first."""
    query = select(TillSession.left_cents).join(TillSession.register)
    query = query.where(Register.kind == RegisterKind.DESK)
    return desk.session.scalar(query.order_by(TillSession.id.desc()).limit(1))


@dataclass(frozen=True)
class Count:
    """What was counted at the end, in cents; `left` stays in the drawer, the float unless said."""

    cash: Cents
    reason: WhyOther | None = None
    left: Cents | None = None
    coins: str | None = None
    beside: Beside = NOT_COUNTED


def close_drawer(desk: Context, session: TillSession, count: Count) -> TillSession:
    """End a session with what was counted; a difference is booked as such, and is never turnover.

    Raises `TillClosedAlready`, `LeavesTooMuch`, `CountIsShort` and `CountIsOver` for a difference
    without a reason, and what `count_beside` refuses.
    """
    mine, register = _take(desk, session)
    expected = drawer_of(desk, mine).expected
    off = _explained(count, expected)
    if count.left is not None and count.left > count.cash:
        raise LeavesTooMuch(counted=Money(count.cash))
    beside = count_beside(mine, taken_in(desk, mine), count.beside)
    mine.closed_at, mine.closed_by = desk.now, who_signs(desk)
    mine.expected_cents, mine.counted_cents = expected, count.cash
    mine.difference_cents, mine.reason = off, count.reason if off else None
    mine.left_cents = min(mine.float_cents, count.cash) if count.left is None else count.left
    mine.counted_coins, mine.counted_to = count.coins, last_receipt(desk)
    desk.session.add_all(beside)
    desk.session.flush()
    note_event(
        desk,
        register,
        "till_closed",
        float_cents=mine.float_cents,
        expected_cents=expected,
        counted_cents=count.cash,
        difference_cents=off,
        left_cents=mine.left_cents,
        **_why(mine.reason),
        **told_of(beside),
    )
    return mine


def _explained(count: Count, expected: Cents) -> Cents:
    """Return by how much the cash is off. Raises `CountIsShort`, `CountIsOver` without a reason."""
    off = Cents(count.cash - expected)
    if off and count.reason is None:
        refused = CountIsShort if off < 0 else CountIsOver
        raise refused(sum=Money(abs(off)), expected=Money(expected))
    return off


def move(
    desk: Context, session: TillSession, reason: MoveReason, amount: Cents, number: str
) -> CashMove:
    """Put cash into the drawer or take it out, in cents; `number` is that of the paper behind it.

    Raises `TillClosedAlready`, and `NotSoMuchThere` when more is taken out than should be there.
    """
    mine, register = _take(desk, session)
    cents = signed_move(reason, amount)
    there = drawer_of(desk, mine).expected
    if there + cents < 0:
        raise NotSoMuchThere(there=Money(there))
    made = desk.add(
        CashMove(
            till_session=mine,
            at=desk.now,
            reason=reason,
            cents=cents,
            number=number,
            person_code=who_signs(desk),
        )
    )
    note_event(desk, register, "cash_move", cents=cents, reason=reason.value, paper=number)
    return made


def _take(desk: Context, session: TillSession) -> tuple[TillSession, Register]:
    """Lock the register, then read the session again: sales before this are all counted in."""
    held = select(Register).where(Register.id == session.register_id)
    register = desk.lock(held)
    mine = desk.lock(select(TillSession).where(TillSession.id == session.id))
    assert register is not None  # noqa: S101 - a session has a register
    if mine is None or mine.closed_at is not None:
        raise TillClosedAlready(who=session.closed_by or "", when=session.closed_at)
    return mine, register


def _why(reason: WhyOther | None) -> dict[str, str]:
    return {"reason": reason.value} if reason is not None else {}
