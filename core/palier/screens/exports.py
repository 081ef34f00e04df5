"""Lists as files: CSV that no spreadsheet runs, and XLSX."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import islice
from typing import Any

from sqlalchemy import Row

from palier.context import Context
from palier.screens.beside import beside, plain
from palier.screens.columns import Shown, parts
from palier.screens.declared import Screen
from palier.screens.listing import Wanted, every_row
from palier.text import Money, reader
from palier.values import Euros

AT_ONCE = 500
MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}
# A cell that begins so would be run as a formula by a spreadsheet.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def harmless(text: str) -> str:
    """Return the text so that a spreadsheet shows it and never runs it."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _lines(desk: Context, screen: Screen[Any], wanted: Wanted) -> Iterator[list[object]]:
    """Yield the list's words, then each of its rows, some hundred at a time."""
    columns, rows = every_row(desk, screen, wanted)
    named = False
    for some in batched(rows):
        made = beside(desk, screen, [row[0] for row in some])
        if not named:
            yield [*(str(each.label) for each in columns), *map(str, made)]
            named = True
        for row in some:
            told = zip(columns, parts(row, columns), strict=True)
            yield [*(_plain(c, v) for c, v in told), *(plain(v.get(row[0])) for v in made.values())]


def batched(rows: Iterable[Row[Any]]) -> Iterator[list[Row[Any]]]:
    """Cut rows into parts of some hundred; one empty part where there is none."""
    walk = iter(rows)
    some = list(islice(walk, AT_ONCE))
    yield some
    while len(some) == AT_ONCE and (some := list(islice(walk, AT_ONCE))):
        yield some


def _plain(column: Shown, values: Sequence[Any]) -> object:
    """Numbers stay numbers, amounts are euros, instants the site's clock; the rest as people read it."""
    stored = values[0]
    if column.target is None and isinstance(column.value, Euros) and stored is not None:
        return int(Money(stored)) / 100
    if column.target is None and isinstance(stored, int) and not isinstance(stored, bool):
        return stored
    if column.target is None and isinstance(stored, datetime):
        return stored.astimezone(reader().zone).replace(tzinfo=None)
    if column.target is None and isinstance(stored, date):
        return stored.isoformat()
    return str(column.text(values))


def as_csv(desk: Context, screen: Screen[Any], wanted: Wanted) -> bytes:
    """Return the whole list as CSV."""
    return csv_of(_lines(desk, screen, wanted))


def csv_of(rows: Iterable[Sequence[object]]) -> bytes:
    """Return rows as CSV in UTF-8 with its mark, semicolons between, as France reads it."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    for row in rows:
        writer.writerow([_written(each) for each in row])
    return text.getvalue().encode("utf-8-sig")


def _written(value: object) -> object:
    """Return a value as a CSV writes it; an instant so that every spreadsheet reads it as one."""
    if isinstance(value, datetime):
        return value.isoformat(" ", "seconds")
    return harmless(value) if isinstance(value, str) else value


def as_xlsx(desk: Context, screen: Screen[Any], wanted: Wanted) -> bytes:
    """Return the whole list as a workbook."""
    return xlsx_of(str(screen.title), _lines(desk, screen, wanted))


def xlsx_of(title: str, rows: Iterable[Sequence[object]]) -> bytes:
    """Return rows as a workbook, the first as its head; texts are texts, never formulas."""
    import xlsxwriter  # late: only an export needs it

    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True, "constant_memory": True})
    sheet = book.add_worksheet(title[:31])
    bold = book.add_format({"bold": True})
    clock = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    for line, row in enumerate(rows):
        for at, each in enumerate(row):
            if isinstance(each, int | float):
                sheet.write_number(line, at, each)
            elif isinstance(each, datetime):
                sheet.write_datetime(line, at, each, clock)
            else:
                sheet.write_string(line, at, str(each), None if line else bold)
    book.close()
    return file.getvalue()
