"""A short list as one value of a statement: what many ask for is then asked in one go."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, ColumnElement, ScalarSelect, Select, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction


class _Rows(GenericFunction[list[list[Any]]]):
    """The rows of what it stands over, each as a list."""

    type = JSON()
    name = "rows_listed"
    inherit_cache = True


@compiles(_Rows, "sqlite")
def _rows_on_sqlite(element: _Rows, compiler: SQLCompiler, **more: Any) -> str:
    return f"json_group_array(json_array({_columns(element, compiler, more)}))"


@compiles(_Rows, "postgresql")
def _rows_on_postgresql(element: _Rows, compiler: SQLCompiler, **more: Any) -> str:
    return f"coalesce(json_agg(json_build_array({_columns(element, compiler, more)})), '[]')"


def _columns(element: _Rows, compiler: SQLCompiler, more: dict[str, Any]) -> str:
    words: str = compiler.process(element.clauses, **more)
    return words


def listed(query: Select[*tuple[Any, ...]]) -> ScalarSelect[list[list[Any]]]:
    """Return a query's rows as one value: a list of lists, in the query's order; never None.

    Give the query a `limit`. Numbers and words come as they are, an instant as text: `instant_in`
    reads it.

    Example: `select(listed(select(Visit.id, Visit.at).order_by(Visit.at).limit(5)))`
    """
    rows = query.subquery()
    columns: list[ColumnElement[Any]] = list(rows.c)
    return select(_Rows(*columns)).select_from(rows).scalar_subquery()


def instant_in(written: str) -> datetime:
    """Return an instant of a listed row, aware; SQLite writes it without a zone, and means UTC."""
    found = datetime.fromisoformat(written)
    return found if found.tzinfo else found.replace(tzinfo=UTC)
