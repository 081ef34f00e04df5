"""Races: a crowd of threads or processes that begin at one moment, and what came of each."""

import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

from palier.db.engine import Database
from palier.errors import Refused

CROWD = 16


def named(refusal: Refused) -> str:
    """Return the name of a refusal."""
    return type(refusal).__name__


def threads(
    database: Database,
    tries: Callable[[int], object],
    crowd: int = CROWD,
    *,
    says: Callable[[Refused], str] = named,
) -> "Counter[str]":
    """Let so many threads try at once; count "done" and the names of refusals, or what `says` tells.

    A try opens its own transaction, and is run again as a request would be.
    """
    together = Barrier(crowd)

    def once(number: int) -> str:
        try:
            tries(number)
        except Refused as refusal:
            return says(refusal)
        return "done"

    def run(number: int) -> str:
        together.wait()
        return database.again(lambda: once(number))

    with ThreadPoolExecutor(crowd) as pool:
        return Counter(pool.map(run, range(crowd)))


def processes(database: Database, script: Path, what: str, crowd: int) -> "Counter[str]":
    """Let so many processes of a script try at once; count what each says of itself."""
    url = database.url.render_as_string(hide_password=False)
    command = [sys.executable, str(script), url, what]
    runners = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)  # noqa: S603
        for each in range(crowd)
    ]
    for each in runners:
        assert each.stdout is not None
        assert each.stdout.readline() == "ready\n"
    # Written to each without waiting for an answer, so that they start together.
    for each in runners:
        assert each.stdin is not None
        each.stdin.write("go\n")
        each.stdin.flush()
    return Counter(each.communicate()[0].strip() for each in runners)
