"""Closing a day, a month or a year: into the journal, then into a folder outside the database."""

import calendar
import json
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import cast

import structlog
from sqlalchemy import event, select

from palier.context import Context
from palier.db.scope import SiteSession
from palier.db.types import chosen
from palier.errors import Refused
from palier.receipts.drawer import open_sessions
from palier.receipts.journal import (
    ClosingFileWrong,
    Entry,
    Kind,
    add_closing,
    count_in,
    write_closing,
)
from palier.receipts.models import ClosedPeriod, Closing, Journal, Register, TillSession
from palier.receipts.numbering import copy_name
from palier.receipts.till_acts import close_till
from palier.receipts.tills import entry_columns, journal_of, lock_till, who_signs, write_down
from palier.receipts.vat import SHORTER, Books, Period
from palier.text import Cents, Text, _

HALF_AN_HOUR = timedelta(minutes=30)  # no process takes so long over one copy
log = structlog.get_logger("palier.receipts")


class NotOverYet(Refused):
    text = _("It is not over yet: it can be closed from %(to)s on.")
    field = "day"


class TillStillOpen(Refused):
    text = _("The till %(till)s is still open since %(when)s. Count it and close it first.")


class AlreadyClosed(Refused):
    text = _("%(who)s closed it already, %(when)s. There is nothing left to do.")
    field = "day"


@dataclass
class Standing:
    """What a register's journal says of closings: what is still open, and closed up to when."""

    books: Books = field(default_factory=Books)
    until: dict[Period, date] = field(default_factory=dict)

    def take(self, entry: Entry) -> None:
        """Bring it up to date with the next record."""
        count_in(self.books, entry)
        if entry.kind == Kind.CLOSING:
            said = json.loads(entry.body)
            period, to = Period(said["period"]), date.fromisoformat(said["to"])
            self.until[period] = max(to, self.until.get(period, to))

    def missing(self, period: Period, to: date) -> list[date]:
        """Return the ends of the periods with sales, up to that day, that nobody closed, in order."""
        until = self.until.get(period, date.min)
        within: Period | None = period
        ends: set[date] = set()
        while within is not None:
            ends |= {end_of(period, day) for day in self.books.open[within] if day <= to}
            within = SHORTER.get(within)
        return sorted(end for end in ends if until < end <= to)


def close_day(desk: Context, day: date) -> list[Entry]:
    """Close a day on every register of the site. Raises `NotOverYet`, `TillStillOpen`, `AlreadyClosed`.

    A day is closed once, the forgotten days with sales before it one by one; a sale after its
    closing belongs to the next one. Law: daily, monthly and yearly closings with both perpetual
    totals (BOI-TVA-DECLA-30-10-30, § 160-170).
    """
    return _close(desk, Period.DAY, day)


def close_month(desk: Context, year: int, month: int) -> list[Entry]:
    """Close a month, what was forgotten before it first. Raises `NotOverYet`, `TillStillOpen`, `AlreadyClosed`."""
    return _close(desk, Period.MONTH, _month_end(date(year, month, 1)))


def close_year(desk: Context, year: int) -> list[Entry]:
    """Close a year, what was forgotten before it first. Raises `NotOverYet`, `TillStillOpen`, `AlreadyClosed`."""
    return _close(desk, Period.YEAR, date(year, 12, 31))


def write_closings(session: SiteSession, folder: Path) -> int:
    """Write every closing of the site that the folder lacks; return how many there are in all.

    Raises `ClosingFileWrong` when another closing stands in a file's place, `OSError` when the
    folder can't be written.
    """
    query = select(*entry_columns()).where(Journal.kind == Kind.CLOSING.value)
    rows = session.execute(query.order_by(Journal.register_id, Journal.seq))
    entries = [Entry(*row) for row in rows]
    folder.mkdir(parents=True, exist_ok=True)
    for entry in entries:
        write_closing(folder, entry)
    return len(entries)


def copies_of(desk: Context, ids: Sequence[int]) -> Mapping[Text, Mapping[int, object]]:
    """Return of each closing whether its copy lies in the folder outside the database."""
    found = desk.session.execute(select(Closing.id, Closing.copy).where(Closing.id.in_(ids)))
    folder = desk.closings
    kept = {id: folder is not None and (folder / copy).exists() for id, copy in found}
    words = {True: _("There"), False: _("Missing: it is written again tonight")}
    return {_("Outside"): {id: words[each] for id, each in kept.items()}}


def closings_missing(session: SiteSession, folder: Path) -> list[str]:
    """Return the names of the copies that the folder lacks; `write_closings` makes them up."""
    codes = {each.id: each.code for each in session.scalars(select(Register))}
    query = select(Journal.register_id, Journal.seq).where(Journal.kind == Kind.CLOSING.value)
    names = (copy_name(codes[register], seq) for register, seq in session.execute(query))
    return sorted(name for name in names if not (folder / name).exists())


def keep_closings(desk: Context) -> None:
    """Write again what the closings folder lacks: a full disk, a killed process. Sweep its halves."""
    if desk.closings is None:
        return
    _sweep_halves(desk.closings, desk.now - HALF_AN_HOUR)
    if closings_missing(desk.session, desk.closings):
        write_closings(desk.session, desk.closings)


def _sweep_halves(folder: Path, until: datetime) -> None:
    """Remove what processes that died left half written, last touched before that moment."""
    for half in folder.glob("*.part"):
        with suppress(FileNotFoundError):  # another process sweeps as well
            if half.stat().st_mtime < until.timestamp():
                half.unlink()


def _close(desk: Context, period: Period, to: date) -> list[Entry]:
    if to > desk.today:
        raise NotOverYet(to=to)
    made: list[Entry] = []
    registers = _lock_registers(desk)
    _check_counted(desk, to)
    for register in registers:
        standing = Standing()
        for entry in journal_of(desk.session, register):
            standing.take(entry)
        if standing.until.get(period, date.min) < to:
            made += _write(desk, register, standing, period, to)
    if not made:
        raise _closed_before(desk, period, to)
    desk.session.flush()
    if desk.closings is not None:
        _keep_after_commit(desk.session, desk.closings, made)
    return made


def _closed_before(desk: Context, period: Period, to: date) -> AlreadyClosed:
    """Return who closed it, and when: the first closing of that length that reaches so far."""
    query = (
        select(Closing)
        .where(Closing.period == chosen(ClosedPeriod, period.value), Closing.to_on >= to)
        .order_by(Closing.to_on, Closing.id)
    )
    before = desk.session.scalars(query.limit(1)).one()
    return AlreadyClosed(who=before.person_code, when=before.at, to=before.to_on)


def _check_counted(desk: Context, to: date) -> None:
    """Raise `TillStillOpen` while a drawer opened up to that day was not counted."""
    query = open_sessions().where(TillSession.opened_on <= to)
    session = next(iter(desk.all(query.limit(1), TillSession.register)), None)
    if session is not None:
        refused = TillStillOpen(till=session.register.code, when=session.opened_at)
        refused.step = close_till.on(session)
        raise refused


def _lock_registers(desk: Context) -> list[Register]:
    query = select(Register).order_by(Register.id).with_for_update()
    found = desk.session.scalars(query.execution_options(populate_existing=True)).all()
    return list(found) or [lock_till(desk)]


def _write(
    desk: Context, register: Register, standing: Standing, period: Period, to: date
) -> list[Entry]:
    """Close a period behind all that has to be closed before it: one record each."""
    made: list[Entry] = []
    while (first := _first_missing(standing, period, to)) is not None:
        made += _write(desk, register, standing, *first)
    entry = write_down(
        desk,
        register,
        lambda head, key: add_closing(
            head,
            key,
            period=period,
            from_=_first_day(period, to),
            to=to,
            at=desk.local(desk.now),
            due=standing.books.due(period, to),
        ),
    )
    standing.take(entry)
    _list(desk, register, entry)
    return [*made, entry]


def _list(desk: Context, register: Register, entry: Entry) -> None:
    """Write a closing's row beside its record of the journal."""
    said = json.loads(entry.body)
    desk.session.add(
        Closing(
            register=register,
            journal_seq=entry.seq,
            period=cast("ClosedPeriod", chosen(ClosedPeriod, said["period"])),
            from_on=date.fromisoformat(said["from"]),
            to_on=date.fromisoformat(said["to"]),
            at=desk.now,
            person_code=who_signs(desk),
            tickets=said["tickets"],
            first_ticket=said["first_ticket"] or None,
            last_ticket=said["last_ticket"] or None,
            total_cents=Cents(said["total_cents"]),
            perpetual_cents=Cents(said["perpetual_cents"]),
            perpetual_abs_cents=Cents(said["perpetual_abs_cents"]),
            copy=copy_name(register.code, entry.seq),
        )
    )


def _first_missing(standing: Standing, period: Period, to: date) -> tuple[Period, date] | None:
    """Return what is closed next before this period: one forgotten of its length, else a shorter one.

    A sale that came after its day was closed goes forward into the next day; where no later day
    is left before a month ends, its day gets one more record, or the month would lack it.
    """
    if forgotten := [end for end in standing.missing(period, to) if end < to]:
        return period, forgotten[0]
    shorter = SHORTER.get(period)
    if shorter is None:
        return None
    if missing := standing.missing(shorter, to):
        return shorter, missing[0]
    late = sorted(end_of(shorter, day) for day in standing.books.open[shorter] if day <= to)
    return (shorter, late[0]) if late else None


def _first_day(period: Period, to: date) -> date:
    if period is Period.DAY:
        return to
    return to.replace(day=1) if period is Period.MONTH else to.replace(month=1, day=1)


def end_of(period: Period, day: date) -> date:
    """Return the last day of the day, month or year that a day lies in."""
    if period is Period.DAY:
        return day
    return _month_end(day) if period is Period.MONTH else date(day.year, 12, 31)


def _month_end(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def _keep_after_commit(session: SiteSession, folder: Path, entries: Iterable[Entry]) -> None:
    """Write closings outside once they are committed; `write_closings` makes up for a failure."""
    pending = list(entries)

    def keep(_session: SiteSession) -> None:
        if not pending:
            return
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for entry in pending:
                write_closing(folder, entry)
        except (OSError, ClosingFileWrong):
            log.exception("closing not written outside", folder=str(folder))

    def forget(_session: SiteSession) -> None:
        pending.clear()

    event.listen(session, "after_commit", keep, once=True)
    event.listen(session, "after_rollback", forget, once=True)
