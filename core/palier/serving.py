"""What a server process starts: the settings read, the house opened, the application made."""

from threading import Event, Thread

from litestar import Litestar

from palier.app import create_app
from palier.house import House
from palier.installing import quarantine_behind
from palier.jobs.running import Loop
from palier.logs import keep_log
from palier.settings import load

PATIENCE = 30.0  # seconds that a job may still take when the server ends


def application() -> Litestar:
    """Return the application of the installation that the environment names."""
    keep_log()
    house = House.open(load())
    quarantine_behind(house)
    app = create_app(house)
    if house.settings.on_sqlite:
        run_jobs_beside(app, house)
    return app


def run_jobs_beside(app: Litestar, house: House) -> None:
    """Run the jobs in a thread of this process for as long as the application answers."""
    stop = Event()
    thread = Thread(target=Loop(house).forever, args=(stop,), name="jobs", daemon=True)

    def end() -> None:
        stop.set()
        thread.join(PATIENCE)

    app.on_startup.append(thread.start)
    app.on_shutdown.append(end)
