"""Days, moments and hours, on the clock of the site."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Any, ClassVar

from palier.context import Context
from palier.text import Text, _, reader, show_day, show_moment, show_time
from palier.values.base import CannotRead, Value


class Day(Value):
    """A day at the site."""

    widget = "date"
    shown_as = "date"
    json_type: ClassVar[Mapping[str, Any]] = {"type": "string", "format": "date"}

    def from_form(self, typed: str, desk: Context) -> object:
        """Read a day as browsers send it, or as people here write it."""
        for pattern in ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y"):
            try:
                return datetime.strptime(typed, pattern).replace(tzinfo=desk.site.zone).date()
            except ValueError:
                continue
        raise CannotRead(_("Type a day, for instance 08/10/2026."))

    def from_json(self, given: object, desk: Context) -> object:
        """Take 2026-10-08."""
        return self.from_form(str(given), desk)

    def to_form(self, stored: object) -> str:
        """2026-10-08."""
        return stored.isoformat() if isinstance(stored, date) else ""

    def to_json(self, stored: object) -> object:
        """2026-10-08."""
        return self.to_form(stored) or None

    def shown(self, stored: object) -> Text | str:
        """Say the day."""
        return show_day(stored) if isinstance(stored, date) else ""


class Moment(Value):
    """An instant: typed on the site's clock, sent with its offset."""

    widget = "datetime"
    shown_as = "date"
    json_type: ClassVar[Mapping[str, Any]] = {"type": "string", "format": "date-time"}

    def from_form(self, typed: str, desk: Context) -> object:
        """Read a local moment. An hour that the clock leaves out in spring is refused."""
        try:
            local = datetime.fromisoformat(typed)
        except ValueError:
            raise CannotRead(_("Type a day and an hour, for instance 08/10/2026 14:00.")) from None
        if not 1900 <= local.year <= 2200:
            raise CannotRead(_("Type a day and an hour, for instance 08/10/2026 14:00."))
        if local.tzinfo is not None:
            return local
        aware = local.replace(tzinfo=desk.site.zone)
        back = aware.astimezone(UTC).astimezone(desk.site.zone)
        if back.replace(tzinfo=None) != local:
            raise CannotRead(_("This hour does not exist: the clocks change that night."))
        return aware

    def from_json(self, given: object, desk: Context) -> object:
        """Take an instant with its offset; without one it is the site's clock."""
        return self.from_form(str(given), desk)

    def to_form(self, stored: object) -> str:
        """The site's clock, to the minute."""
        if not isinstance(stored, datetime):
            return ""
        return stored.astimezone(reader().zone).strftime("%Y-%m-%dT%H:%M")

    def to_json(self, stored: object) -> object:
        """With its offset."""
        return stored.isoformat() if isinstance(stored, datetime) else None

    def shown(self, stored: object) -> Text | str:
        """Say the moment."""
        return show_moment(stored) if isinstance(stored, datetime) else ""


class Hour(Value):
    """An hour of the day."""

    widget = "time"
    json_type: ClassVar[Mapping[str, Any]] = {"type": "string", "format": "time"}

    def from_form(self, typed: str, desk: Context) -> object:
        """Read 14:00, 14h or 14 h 00."""
        flat = typed.lower().replace(" ", "").replace("h", ":").rstrip(":")
        hours, _colon, minutes = flat.partition(":")
        try:
            return time(int(hours), int(minutes or 0))
        except ValueError:
            raise CannotRead(text_hour()) from None

    def from_json(self, given: object, desk: Context) -> object:
        """Take 14:00."""
        return self.from_form(str(given), desk)

    def to_form(self, stored: object) -> str:
        """14:00."""
        return stored.strftime("%H:%M") if isinstance(stored, time) else ""

    def to_json(self, stored: object) -> object:
        """14:00."""
        return self.to_form(stored) or None

    def shown(self, stored: object) -> Text | str:
        """Say the hour."""
        return show_time(stored) if isinstance(stored, time) else ""


def text_hour() -> Text:
    """The sentence for an hour that can't be read."""
    return _("Type an hour, for instance 14:00.")
