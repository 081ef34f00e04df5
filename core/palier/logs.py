"""The log: one line of JSON each, no values of variables in it."""

import logging
import sys

import structlog


def keep_log(level: int = logging.INFO) -> None:
    """Write the log to the standard error stream from this level on.

    A traceback names files and lines only: the values around them may be about people.
    """
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
