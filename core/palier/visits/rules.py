"""What is always true of visits."""

from palier.errors import Refused
from palier.text import _
from palier.visits.models import Visit, VisitReason, VisitState


class ReasonIsOff(Refused):
    text = _("%(reason)s is no longer on the keypad.")


class NobodyWaits(Refused):
    text = _("Nobody is waiting: the number is already 0.")


class StillToPay(Refused):
    text = _(
        "%(what)s is still to pay. Take the payment, put it on the tab, take it out of the basket,"
        " or ask a manager to waive it: then close the visit."
    )


class HasMoreToPay(Refused):
    text = _("Something of this visit is still to pay: take it out of the basket first.")


class VisitIsOver(Refused):
    text = _("This visit is closed. Open the person's card: a new visit begins with the next act.")


class OfAnotherDay(Refused):
    text = _("This visit is of another day. A manager can still undo it.")


def is_open(visit: Visit) -> bool:
    """Whether it is going on."""
    return visit.state is VisitState.OPEN


def is_counted(visit: Visit) -> bool:
    """Whether it stands in the figures."""
    return visit.state is not VisitState.VOID


def is_on(reason: VisitReason) -> bool:
    """Whether it is on the keypad."""
    return reason.active


def is_off(reason: VisitReason) -> bool:
    """Whether it was taken off the keypad."""
    return not reason.active
