"""A shortage shared: whole grams or pieces that sum to the delivery, none above its order."""

from collections.abc import Callable, Sequence

from palier.api import Choice, _


class Way(Choice):
    PROPORTIONAL = "proportional", _("In proportion to the orders")
    FIRST_COME = "first_come", _("First come, first served")


def shares(way: Way, asked: Sequence[int], came: int) -> list[int]:
    """Return each order's share of what came, in the order of the orders.

    They sum to `came`, or to all that was asked for where more came.
    """
    return _WAYS[way](asked, min(came, sum(asked)))


def _first_come(asked: Sequence[int], came: int) -> list[int]:
    made: list[int] = []
    for each in asked:
        made.append(min(each, came))
        came -= made[-1]
    return made


def _in_proportion(asked: Sequence[int], came: int) -> list[int]:
    """The largest remainders get the grams that whole parts leave; the earlier order wins a tie."""
    total = sum(asked)
    if total == 0:
        return [0 for _each in asked]
    made = [each * came // total for each in asked]
    rest = [each * came % total for each in asked]
    by_rest = sorted(range(len(asked)), key=lambda at: (-rest[at], at))
    for at in by_rest[: came - sum(made)]:
        made[at] += 1
    return made


_WAYS: dict[Way, Callable[[Sequence[int], int], list[int]]] = {
    Way.PROPORTIONAL: _in_proportion,
    Way.FIRST_COME: _first_come,
}
