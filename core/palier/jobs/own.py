"""What the installation does by itself, for no site."""

from datetime import time

from palier.access import AccessLog
from palier.rhythm import At, Job, Turn


def sweep_access_log(turn: Turn) -> None:
    """Delete the files of the access log that are older than twelve months."""
    AccessLog(turn.settings.access_log).sweep(turn.now)


OWN = (Job("sweep_access_log", At(time(3)), sweep_access_log),)
