"""What a server process starts: the settings read, the house opened, the application made."""

import signal
from collections.abc import Callable
from functools import partial
from threading import Event, Thread, current_thread, main_thread
from types import FrameType

from litestar import Litestar

from palier.app import create_app
from palier.house import House
from palier.installing import quarantine_behind
from palier.jobs.running import Loop
from palier.live import end_streams
from palier.logs import keep_log
from palier.settings import load

PATIENCE = 30.0  # seconds that a job may still take when the server ends


def application() -> Litestar:
    """Return the application of the installation that the environment names."""
    keep_log()
    house = House.open(load())
    quarantine_behind(house)
    app = create_app(house)
    app.on_startup.append(end_streams_first)
    if house.settings.on_sqlite:
        run_jobs_beside(app, house)
    return app


def end_streams_first() -> None:
    """Let a signal that ends the server end its live streams before: it would wait for them."""
    if current_thread() is not main_thread():
        return
    for number in (signal.SIGINT, signal.SIGTERM):
        before = signal.getsignal(number)
        if callable(before):
            signal.signal(number, partial(_end, before))


def _end(
    before: Callable[[int, FrameType | None], object], number: int, at: FrameType | None
) -> None:
    end_streams()
    before(number, at)


def run_jobs_beside(app: Litestar, house: House) -> None:
    """Run the jobs in a thread of this process for as long as the application answers."""
    stop = Event()
    thread = Thread(target=Loop(house).forever, args=(stop,), name="jobs", daemon=True)

    def end() -> None:
        stop.set()
        thread.join(PATIENCE)

    app.on_startup.append(thread.start)
    app.on_shutdown.append(end)
