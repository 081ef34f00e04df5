"""What a server process starts: the settings read, the house opened, the application made."""

import logging
import sys

import structlog
from litestar import Litestar

from palier.app import create_app
from palier.house import House
from palier.installing import quarantine_behind
from palier.settings import load


def application() -> Litestar:
    """Return the application of the installation that the environment names."""
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    house = House.open(load())
    quarantine_behind(house)
    return create_app(house)
