"""What a caretaker does about visits: count, take back, close, say how many wait."""

from datetime import date, time
from typing import Annotated

from palier.acts import Count, act
from palier.context import Context, Role
from palier.dated import today
from palier.residents.models import Resident
from palier.signature import ask
from palier.text import _
from palier.visits import on_paper, rules, visiting
from palier.visits.models import AgeBand, Sex, Visit, VisitReason
from palier.visits.reasons import check_key_is_free
from palier.visits.waiting import add, take_off

VISIT = Count(visiting.VISIT, _("Visits"))


@act(_("Count a visit"), least=Role.TRAINEE, counts=VISIT, quiet=True)
def count_visit(desk: Context, *, reason: VisitReason) -> Visit:
    """Count someone who came, without a name."""
    return visiting.count(desk, reason)


@act(_("Begin a visit without a name"), counts=VISIT, quiet=True)
def begin(
    desk: Context, *, reason: Annotated[VisitReason | None, ask(_("Reason"))] = None
) -> Visit:
    """Open a basket for someone who passes by; the visit is counted once."""
    return visiting.begin(desk, reason)


@act(_("Say why they came"), least=Role.TRAINEE, meets=True, quiet=True)
def come_for(desk: Context, resident: Resident, *, reason: VisitReason) -> Visit:
    """Begin the visit of this resident with its reason, or give the reason to the one that is on."""
    visit = visiting.take_up(desk, resident.id)
    visit.reason = reason
    return visit


@act(_("Add a detail"), when=rules.is_counted, least=Role.TRAINEE, quiet=True)
def describe(
    desk: Context,
    visit: Visit,
    *,
    reason: VisitReason | None = None,
    age_band: AgeBand | None = None,
    sex: Sex | None = None,
) -> Visit:
    """Say more of someone without a name; “not said” is an answer too."""
    visit.reason = reason or visit.reason
    visit.age_band, visit.sex = age_band, sex
    return visit


@act(_("Close the visit"), when=rules.is_open)
def close(desk: Context, visit: Visit) -> Visit:
    """End this visit: nothing of it is left to pay."""
    return visiting.close(desk, visit)


@act(_("Undo the visit"), when=rules.is_counted, least=Role.TRAINEE, quiet=True)
def take_back(desk: Context, visit: Visit) -> Visit:
    """Let this visit of today count for nothing: it was a mistake."""
    if visit.on != desk.today:
        raise rules.OfAnotherDay
    return visiting.take_back(desk, visit)


@act(_("Undo a visit of another day"), when=rules.is_counted, least=Role.MANAGER, rare=True)
def take_back_later(desk: Context, visit: Visit) -> Visit:
    """Let a visit of any day count for nothing; reports that were sent keep their figures."""
    return visiting.take_back(desk, visit)


@act(_("One more waits"), least=Role.TRAINEE, quiet=True)
def one_more(desk: Context) -> None:
    """Say that one more person is waiting."""
    add(desk)


@act(_("One less waits"), least=Role.TRAINEE, quiet=True)
def one_less(desk: Context) -> None:
    """Say that one person is no longer waiting."""
    take_off(desk)


@act(_("Key the visits"))
def key_visits(
    desk: Context,
    *,
    day: Annotated[date, ask(_("Day"), start=today)],
    at: Annotated[time, ask(_("Time on the sheet"))],
    keys: Annotated[
        str, ask(_("Keys of the visits"), max=200, help=_("331: two visits 3, one visit 1"))
    ],
    second: Annotated[bool, ask(_("The sheet has a second line like this one"))] = False,
) -> None:
    """Count the strokes of a paper sheet, with its time; a line is keyed once."""
    on_paper.key_visits(desk, day, at, keys, second=second)


@act(_("Take off the keypad"), when=rules.is_on, least=Role.MANAGER)
def switch_off(desk: Context, reason: VisitReason) -> VisitReason:
    """Free its key. What was counted keeps the reason."""
    reason.active = False
    return reason


@act(_("Put back on the keypad"), when=rules.is_off, least=Role.MANAGER)
def switch_on(desk: Context, reason: VisitReason) -> VisitReason:
    """Give it its key again."""
    check_key_is_free(desk, reason)
    reason.active = True
    return reason
