"""The statements one piece of work sends, kept as they reach the driver, and sent again raw."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, event

COMMIT, ROLLBACK = "commit", "rollback"


@dataclass(frozen=True)
class Step:
    """One statement with the driver's own parameters, or the end of a transaction."""

    statement: str
    given: Any = None
    many: bool = False


@contextmanager
def recorded(target: Engine | type[Engine]) -> Iterator[list[Step]]:
    """Collect what a block sends through an engine, or through every engine."""
    steps: list[Step] = []

    def note(
        _connection: object,
        _cursor: object,
        statement: str,
        given: Any,
        _context: object,
        many: bool,
    ) -> None:
        steps.append(Step(statement, given, many))

    def commit(_connection: object) -> None:
        steps.append(Step(COMMIT))

    def rollback(_connection: object) -> None:
        steps.append(Step(ROLLBACK))

    heard = (("before_cursor_execute", note), ("commit", commit), ("rollback", rollback))
    for name, function in heard:
        event.listen(target, name, function)
    try:
        yield steps
    finally:
        for name, function in heard:
            event.remove(target, name, function)


def replay(connection: Any, steps: Sequence[Step]) -> None:
    """Send the steps through a bare driver connection and fetch every row they give."""
    cursor = connection.cursor()
    for step in steps:
        if step.statement == COMMIT:
            connection.commit()
        elif step.statement == ROLLBACK:
            connection.rollback()
        elif step.many:
            cursor.executemany(step.statement, step.given)
        else:
            # A statement without parameters is sent without them: a `%` in it is its own.
            cursor.execute(step.statement, *((step.given,) if step.given else ()))
            if cursor.description is not None:
                cursor.fetchall()
    cursor.close()
