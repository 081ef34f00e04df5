"""What belongs into a year's archive: of each register, the records from one year's closing to the next."""

import json
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from palier.context import Context
from palier.errors import Refused
from palier.receipts.journal import Kind
from palier.receipts.models import Journal, Register
from palier.receipts.vat import Period
from palier.text import _


class NothingOfThatYear(Refused):
    text = _("There is no closing of the year %(year)s: nothing can be archived.")
    field = "year"


@dataclass(frozen=True)
class Segment:
    """The part of a register's journal that a year's archive holds; both ends are in it.

    It ends with the year's closing and begins after the one before it, so that archives follow
    each other without gap. A sale of January that was signed before the year was closed stands in
    the archive of the year before; the closings say of which day it is.
    """

    register: Register
    first_seq: int
    last_seq: int

    @property
    def records(self) -> int:
        """How many records it holds."""
        return self.last_seq - self.first_seq + 1


def segments_of(desk: Context, year: int) -> list[Segment]:
    """Return the segments of a year, one for each register that was closed for it.

    Raises `NothingOfThatYear` when the year is closed on none.
    """
    registers = {each.id: each for each in desk.all(select(Register).order_by(Register.id))}
    first = dict.fromkeys(registers, 1)
    found: list[Segment] = []
    for register_id, seq, to in _year_closings(desk):
        if to < date(year, 12, 31):
            first[register_id] = seq + 1
        elif to == date(year, 12, 31):
            found.append(Segment(registers[register_id], first[register_id], seq))
    if not found:
        raise NothingOfThatYear(year=str(year))
    return found


def _year_closings(desk: Context) -> list[tuple[int, int, date]]:
    query = (
        select(Journal.register_id, Journal.seq, Journal.body)
        .where(Journal.kind == Kind.CLOSING.value)
        .order_by(Journal.register_id, Journal.seq)
    )
    said = ((id, seq, json.loads(body)) for id, seq, body in desk.session.execute(query))
    return [
        (id, seq, date.fromisoformat(body["to"]))
        for id, seq, body in said
        if body["period"] == Period.YEAR
    ]
