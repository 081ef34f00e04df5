"""How the desk names a booked thing and says when it is due: words without a page."""

from datetime import timedelta

from palier.bookings.models import BookingLine
from palier.context import Context
from palier.db.records import SiteRecord
from palier.text import Text, _, plural, show_time


def booking_of(record: SiteRecord) -> int | None:
    """Return the booking that a record is, or is linked to: a loan knows its line."""
    if isinstance(record, BookingLine):
        return record.id
    for name, link in type(record).links.items():
        if issubclass(link.target, BookingLine):
            found: int | None = getattr(record, f"{name}_id")
            return found
    return None


def thing_of(line: BookingLine) -> str:
    """Name a booked thing by what every thing has: its tag and name."""
    return f"{line.resource.code} {line.resource.name}".strip()


def due_words(desk: Context, line: BookingLine) -> Text:
    """Say when something that is out comes back: an hour today, or for how long it is late."""
    due = desk.local(line.ends_at)
    days = (desk.today - due.date()).days
    if days > 0:
        return plural("%(n)s day late", "%(n)s days late", days)
    if line.ends_at <= desk.now:
        return _("Late since %(hour)s").fill(hour=show_time(line.ends_at))
    if days == 0:
        return _("Today before %(hour)s").fill(hour=show_time(line.ends_at))
    if due.date() == desk.today + timedelta(days=1):
        return _("Due back tomorrow before %(hour)s").fill(hour=show_time(line.ends_at))
    return _("Due back %(when)s").fill(when=line.ends_at)


def whole(text: Text | str, *others: Text | str) -> str:
    """Say several sentences, one after the other."""
    return " ".join(str(each) for each in (text, *others) if each)
