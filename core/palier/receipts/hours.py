"""Opening hours as the till sees them: what is counted outside them is said."""

from palier.context import Context
from palier.sites.hours import read_hours
from palier.text import Text, _, show_time


def outside_hours(desk: Context) -> Text | None:
    """Say that the desk is not open at this moment; None while it is. One statement."""
    spans = read_hours(desk).spans(desk.today)
    if any(each.starts_at <= desk.now < each.ends_at for each in spans):
        return None
    if not spans:
        return _("The desk does not open today.")
    coming = [each for each in spans if each.starts_at > desk.now]
    if coming:
        words = _("The desk opens at %(hour)s.")
        return words.fill(hour=show_time(desk.local(coming[0].starts_at)))
    return _("The desk is closed since %(hour)s.").fill(
        hour=show_time(desk.local(spans[-1].ends_at))
    )
