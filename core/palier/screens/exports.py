"""Lists as files: CSV that no spreadsheet runs, and XLSX."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row

from palier.context import Context
from palier.screens.columns import Shown, parts
from palier.screens.declared import Screen
from palier.screens.listing import Wanted, every_row
from palier.text import Money
from palier.values import Euros

# A cell that begins so would be run as a formula by a spreadsheet.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def harmless(text: str) -> str:
    """Return the text so that a spreadsheet shows it and never runs it."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _shown_rows(rows: Iterable[Row[Any]], columns: Sequence[Shown]) -> Iterable[list[object]]:
    for row in rows:
        yield [_plain(c, values) for c, values in zip(columns, parts(row, columns), strict=True)]


def _plain(column: Shown, values: Sequence[Any]) -> object:
    """Numbers stay numbers, amounts are euros, the rest is what people read."""
    stored = values[0]
    if column.target is None and isinstance(column.value, Euros) and stored is not None:
        return int(Money(stored)) / 100
    if column.target is None and isinstance(stored, int) and not isinstance(stored, bool):
        return stored
    if column.target is None and isinstance(stored, date) and not isinstance(stored, datetime):
        return stored.isoformat()
    return str(column.text(values))


def as_csv(desk: Context, screen: Screen[Any], wanted: Wanted) -> bytes:
    """Return the whole list as CSV in UTF-8 with its mark, semicolons between, as France reads it."""
    columns, rows = every_row(desk, screen, wanted)
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow([str(each.label) for each in columns])
    for row in _shown_rows(rows, columns):
        writer.writerow([harmless(each) if isinstance(each, str) else each for each in row])
    return text.getvalue().encode("utf-8-sig")


def as_xlsx(desk: Context, screen: Screen[Any], wanted: Wanted) -> bytes:
    """Return the whole list as a workbook; texts are written as texts, never as formulas."""
    import xlsxwriter  # late: only an export needs it

    columns, rows = every_row(desk, screen, wanted)
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True, "constant_memory": True})
    sheet = book.add_worksheet(str(screen.title)[:31])
    bold = book.add_format({"bold": True})
    for at, column in enumerate(columns):
        sheet.write_string(0, at, str(column.label), bold)
    for line, row in enumerate(_shown_rows(rows, columns), start=1):
        for at, each in enumerate(row):
            if isinstance(each, int | float):
                sheet.write_number(line, at, each)
            else:
                sheet.write_string(line, at, str(each))
    book.close()
    return file.getvalue()
