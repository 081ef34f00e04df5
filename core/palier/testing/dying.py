"""Processes that die without a word: forked from one that is warm, so that many can."""

import gc
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import event

from palier.db.engine import Database

DIED, DIED_READING = 9, 8
SAID = {0: "ended", DIED: "died", DIED_READING: "read"}
WRITES = ("INSERT", "UPDATE", "DELETE")
FILES = {"open", "os.mkdir", "os.rename", "os.remove", "os.rmdir"}  # as Python itself names them


def die_at(
    database: Database, step: int, folder: str | None = None, *, reading: int = DIED
) -> None:
    """Die before statement number `step`; a commit counts as one, a file below the folder too.

    `reading` is how it ends while nothing was written yet, and nothing can be half done.
    """
    seen, wrote = [0], [False]

    def count(*_more: object) -> None:
        seen[0] += 1
        if seen[0] == step:
            os._exit(DIED if wrote[0] else reading)

    def count_statement(_connection: object, _cursor: object, words: str, *_more: object) -> None:
        count()
        wrote[0] = wrote[0] or words.startswith(WRITES)

    event.listen(database.engine, "before_cursor_execute", count_statement)
    event.listen(database.engine, "commit", count)
    if folder is not None:
        inside = folder

        def count_file(name: str, given: tuple[object, ...]) -> None:
            if name in FILES and str(given[0]).startswith(inside):
                count()

        sys.addaudithook(count_file)


def answer_tries(
    child: Callable[[list[str]], None], warm: Callable[[list[str]], None] | None = None
) -> None:
    """Fork for each line on the input, let the child do it, and answer "died", "read" or "ended".

    `warm` does the first of them here, and undoes it: what was compiled then is each child's.
    """
    print("ready", flush=True)  # noqa: T201 - the test reads it
    for line in sys.stdin:
        if warm is not None:
            warm(line.split())
            warm = None
            gc.freeze()  # what is never touched is never copied
        pid = os.fork()
        if pid == 0:
            gc.disable()  # it is gone before it would matter
            child(line.split())
            os._exit(0)
        _pid, status = os.waitpid(pid, 0)
        ended = os.waitstatus_to_exitcode(status)
        print(SAID.get(ended, f"failed {ended}"), flush=True)  # noqa: T201


@contextmanager
def tries_of(script: Path, *given: str) -> Iterator[Callable[[str], str]]:
    """Start a script that answers tries; yield what asks for one and returns its answer."""
    with subprocess.Popen(  # noqa: S603 - a script of ours
        [sys.executable, str(script), *given],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        asks, answers = process.stdin, process.stdout
        assert answers.readline() == "ready\n"

        def ask(line: str) -> str:
            asks.write(f"{line}\n")
            asks.flush()
            return answers.readline().strip()

        yield ask
        asks.close()
