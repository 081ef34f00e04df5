"""The figures of the day: all that the desk page needs beside its lists, in one statement.

An area or the desk itself gives what it counts as scalar subqueries, by name: a function
`figures(desk) -> dict[str, ScalarSelect]`, its names beginning with the area's. Put it among
`GIVING`; the block that shows it reads `day.figures["area.name"]`. So a new block costs the page
no statement of its own. A short list goes along as one value: `palier.db.listed`.
"""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import ScalarSelect, select

from palier.context import Context
from palier.desk.handed_over import figures as of_the_note
from palier.messages.figures import figures as of_the_calls
from palier.receipts.figures import figures as of_the_till
from palier.receipts.overdue import figures as of_closings
from palier.visits.figures import figures as of_visits

Figures = Mapping[str, Any]
Gives = Callable[[Context], dict[str, ScalarSelect[Any]]]

GIVING: tuple[Gives, ...] = (of_the_calls, of_the_till, of_closings, of_the_note, of_visits)


def read_figures(desk: Context) -> Figures:
    """Return every figure by its name. One statement, however many give."""
    asked = {name: query for gives in GIVING for name, query in gives(desk).items()}
    row = desk.session.execute(select(*asked.values())).one()
    return dict(zip(asked, row, strict=True))
