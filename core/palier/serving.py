"""What a server process starts: the settings read, the house opened, the application made."""

from litestar import Litestar

from palier.app import create_app
from palier.house import House
from palier.installing import quarantine_behind
from palier.logs import keep_log
from palier.settings import load


def application() -> Litestar:
    """Return the application of the installation that the environment names."""
    keep_log()
    house = House.open(load())
    quarantine_behind(house)
    return create_app(house)
