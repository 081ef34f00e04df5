"""The server as a process of its own, and readers of it over the loopback."""

import http.client
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from bench.filling import TOKEN
from bench.places import SECRET, Place, WentWrong

from palier.web.wrapper import TOKEN as COOKIE

HOST = "127.0.0.1"
PATIENCE = 30  # seconds until a server that does not answer is given up


def clean() -> dict[str, str]:
    """Return an environment without settings of ours, in which modules are kept compiled.

    An installation is compiled when it is made; here the first start does it.
    """
    left = ("PALIER_", "PYTHONDONTWRITEBYTECODE")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(left)}
    return {**kept, "PYTHONPYCACHEPREFIX": str(Path(tempfile.gettempdir()) / "palier-bench-pyc")}


@dataclass
class Server:
    """A running server process."""

    process: subprocess.Popen[bytes]
    port: int
    ready_ms: float

    def reader(self) -> Callable[[str], bytes]:
        """Return what reads one address after the other over a connection of its own."""
        connection = http.client.HTTPConnection(HOST, self.port, timeout=PATIENCE)

        def read(path: str) -> bytes:
            connection.request("GET", path, headers={"cookie": f"{COOKIE}={TOKEN}"})
            answer = connection.getresponse()
            body = answer.read()
            if answer.status != 200:
                raise WentWrong(path, answer.status)
            return body

        return read

    @property
    def megabytes(self) -> float:
        """The memory the process holds now."""
        return megabytes_of(self.process.pid)


def megabytes_of(pid: int) -> float:
    """Return the resident memory of a process, as Linux says it."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(each.split()[1]) for each in lines if each.startswith("VmRSS")) / 1024


@contextmanager
def serving(place: Place, path: str) -> Iterator[Server]:
    """Start a server and wait for its first answer on `path`."""
    port = _free_port()
    settings = place.house.settings
    environment = {
        **clean(),
        "PALIER_HOME": str(settings.home),
        "PALIER_DATABASE_URL": settings.database_url,
        "PALIER_OWNER_URL": settings.owner_url,
        "PALIER_SECRET": SECRET.decode(),
    }
    words = ["-m", "uvicorn", "palier.serving:application", "--factory", "--no-access-log"]
    begun = perf_counter()
    process = subprocess.Popen(
        [sys.executable, *words, "--port", str(port), "--log-level", "warning"],
        env=environment,
        stderr=subprocess.DEVNULL,
    )
    try:
        server = Server(process, port, 0)
        _wait(server, path)
        server.ready_ms = (perf_counter() - begun) * 1000
        yield server
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _free_port() -> int:
    with socket.socket() as opened:
        opened.bind((HOST, 0))
        return int(opened.getsockname()[1])


def _wait(server: Server, path: str) -> None:
    last = perf_counter() + PATIENCE
    while perf_counter() < last and server.process.poll() is None:
        try:
            server.reader()(path)
        except OSError:
            time.sleep(0.005)
        else:
            return
    msg = "the server did not start"
    raise WentWrong(msg)


def together(works: list[Callable[[], object]], times: int) -> list[float]:
    """Let all do their work at once, each `times` times; return every milliseconds spent."""

    def run(work: Callable[[], object]) -> list[float]:
        took = []
        for _each in range(times):
            begun = perf_counter()
            work()
            took.append((perf_counter() - begun) * 1000)
        return took

    with ThreadPoolExecutor(len(works)) as threads:
        return [each for found in threads.map(run, works) for each in found]
