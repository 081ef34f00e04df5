"""The time of a test: it stands still until the test moves it."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass
class Clock:
    """The clock of a house; it stands still until a test moves it."""

    now: datetime

    def __call__(self) -> datetime:
        """Return the moment at which it stands."""
        return self.now

    def forward(self, **span: float) -> None:
        """Let time pass, for instance `hours=2`."""
        self.now += timedelta(**span)
