"""What nobody else at the counter should read: the bracket and the tab, closed until asked for."""

from dataclasses import dataclass

from palier.context import Context
from palier.desk.offering import Offers
from palier.receipts.actions import settle_tab
from palier.receipts.models import Tab
from palier.residents.actions import note_bracket
from palier.residents.models import Resident
from palier.screens.views import Line
from palier.text import Money, Text, _


@dataclass(frozen=True)
class Private:
    """Lines that open by a key. `dot` is the bracket's colour, where its paper holds today."""

    dot: str = ""
    dot_word: Text | None = None
    lines: tuple[Line, ...] = ()


def read_private(desk: Context, offers: Offers, resident: Resident, tab: Tab | None) -> Private:
    """Return what is said only when asked for: the same lines for everyone, so none gives away."""
    home = resident.household
    if home is None:
        return Private()
    bracket, until = home.bracket, home.bracket_until
    holds = bracket is not None and until is not None and until >= desk.today
    words, detail = _("No paper noted"), _("Full price.")
    if bracket is not None:
        words = _("Price: %(colour)s").fill(colour=bracket.colour.label)
        seen = _("Paper seen %(seen)s, holds until %(until)s.")
        if not holds:
            seen = _("Paper seen %(seen)s, over since %(until)s: full price.")
        detail = seen.fill(seen=home.bracket_seen_on, until=until)
    lines = (
        Line(words, detail, icon="coins", act=offers.button(note_bracket, home)),
        _tab_line(offers, resident, tab),
    )
    if bracket is None or not holds:
        return Private(lines=lines)
    return Private(bracket.colour.value, bracket.colour.label, lines)


def _tab_line(offers: Offers, resident: Resident, tab: Tab | None) -> Line:
    if tab is None or not tab.balance_cents:
        return Line(_("Nothing on the tab"), icon="slate")
    left = max(0, (tab.cap_cents or 0) - tab.balance_cents)
    return Line(
        _("%(sum)s on the tab").fill(sum=Money(tab.balance_cents)),
        _("%(left)s more fits on it.").fill(left=Money(left)),
        icon="slate",
        act=offers.button(settle_tab, resident),
    )
