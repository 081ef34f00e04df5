"""What a server process starts: the settings read, the house opened, the application made."""

import signal
from collections.abc import Callable
from functools import partial
from threading import Event, Thread, current_thread, main_thread
from types import FrameType

import structlog
from litestar import Litestar
from sqlalchemy import select

from palier.app import create_app
from palier.house import House
from palier.installing import quarantine_behind
from palier.jobs.running import Loop
from palier.live import end_streams
from palier.logs import keep_log
from palier.receipts.closings import keep_closings
from palier.receipts.journal import ClosingFileWrong
from palier.settings import load
from palier.sites.models import Site

log = structlog.get_logger("palier.serving")
PATIENCE = 30.0  # seconds that a job may still take when the server ends


def application() -> Litestar:
    """Return the application of the installation that the environment names."""
    keep_log()
    house = House.open(load())
    quarantine_behind(house)
    app = create_app(house)
    app.on_startup.append(end_streams_first)
    make_up_copies_beside(app, house)
    if house.settings.on_sqlite:
        run_jobs_beside(app, house)
    return app


def make_up_copies_beside(app: Litestar, house: House) -> None:
    """Write in a thread what the closings folder lacks: a process may have died before it could."""
    thread = Thread(target=make_up_copies, args=(house,), name="closings", daemon=True)
    app.on_startup.append(thread.start)
    app.on_shutdown.append(partial(thread.join, PATIENCE))


def make_up_copies(house: House) -> None:
    """Write again the closings whose copy outside the database is missing, at every site."""
    with house.database.read() as session:
        slugs = list(session.scalars(select(Site.slug).order_by(Site.slug)))
    for slug in slugs:
        try:
            with house.at(slug, "start", write=False) as desk:
                keep_closings(desk)
        except (OSError, ClosingFileWrong):
            log.exception("closings not written outside", site=slug)


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
