"""What a site begins with, and drops to show."""

from datetime import timedelta

from palier.api import Desk, Resident, _, in_site_words, select

from . import actions, queries, receiving, rules
from .models import Carrier, Drop, Place, Rule, Size
from .shipped import CARRIERS

SHELF = {
    "A1": (Size.SMALL, 12),
    "A2": (Size.SMALL, 12),
    "B1": (Size.MEDIUM, 8),
    "B2": (Size.MEDIUM, 8),
    "C1": (Size.LARGE, 4),
}
DRAWER = "T1"
# What the demonstration's drivers bring: how many items of each carrier, and one registered letter.
BROUGHT = {"laposte_colissimo_pickup_relay": 3, "mondial_relay": 2}
ANNOUNCED = 3
LATELY = timedelta(days=5)


def make_carriers(desk: Desk) -> dict[str, Carrier]:
    """Return the carriers by their word, made where the site has none of that word yet."""
    known = {each.word: each for each in desk.all(select(Carrier))}
    for each in CARRIERS.all:
        if each.word not in known:
            known[each.word] = desk.add(
                Carrier(
                    name=each.name,
                    word=each.word,
                    network=each.network,
                    registered=each.registered,
                )
            )
    return known


def make_shelf(desk: Desk) -> None:
    """Make the shelf of the demonstration, unless the site has one."""
    if desk.all(select(Place).limit(1)):
        return
    for code, (size, room) in SHELF.items():
        desk.add(Place(code=code, size=size, room=room))
    desk.add(Place(code=DRAWER, size=Size.LETTER, room=30, locked=True))


def make_drops(desk: Desk) -> None:
    """Show what a relay does: drops on the shelf, a registered letter, one that is announced.

    Run again within some days it makes nothing; later, what waited for too long goes back first.
    """
    carriers = make_carriers(desk)
    make_shelf(desk)
    drops = desk.all(select(Drop).order_by(Drop.opened_at))
    if drops and drops[-1].opened_at > desk.now - LATELY:
        return
    if not drops:
        _rule_of_our_own(desk, carriers["chronopost_relay"])
    for each in drops:
        if rules.is_open(each):
            actions.close_drop(desk, each)
    for carrier in carriers.values():
        for registered in (False, True):
            for parcel in queries.to_send_back(desk, carrier, registered=registered):
                receiving.send_back(desk, parcel)
    _bring(desk, carriers)


def _bring(desk: Desk, carriers: dict[str, Carrier]) -> None:
    people = desk.all(select(Resident).order_by(Resident.id).limit(8))
    serial = desk.today.toordinal() * 100
    for word, count in BROUGHT.items():
        serials = range(serial + 1, serial + 1 + count)
        serial += count
        numbers = [str(each) for each in serials]
        if carriers[word].network == rules.LA_POSTE:
            numbers = [*map(domestic, serials), signed_for(serial)]
        drop = actions.open_drop(desk, carrier=carriers[word], announced=len(numbers))
        for number in numbers:
            label = rules.read_label(number) or rules.Label(number)
            parcel = receiving.take_in(desk, drop, label, may_registered=True)
            parcel.resident = people.pop(0) if people else None
        actions.close_drop(desk, drop)
    listed = "\n".join(domestic(serial := serial + 1) for _each in range(ANNOUNCED))
    actions.open_drop(desk, carrier=carriers["laposte_colissimo_pickup_relay"], listed=listed)


def domestic(serial: int) -> str:
    """Return a made-up number of the French post, with its check digit: modulo 10, weights 1 and 3."""
    digits = f"{serial:010d}"[-10:]
    total = sum(int(each) * (1, 3)[at % 2] for at, each in enumerate(digits))
    return f"8L{digits}{-total % 10}"


def signed_for(serial: int) -> str:
    """Return a made-up number of a registered letter, with its check digit (UPU S10)."""
    digits = f"{serial:08d}"[-8:]
    total = sum(int(a) * b for a, b in zip(digits, (8, 6, 4, 2, 3, 5, 9, 7), strict=True))
    check = 11 - total % 11
    return f"RR{digits}{ {10: 0, 11: 5}.get(check, check) }FR".replace(" ", "")


def _rule_of_our_own(desk: Desk, carrier: Carrier) -> None:
    """Write one down, unless the carrier has one: a training twin begins with the site's own."""
    if desk.session.scalar(select(Rule.id).where(Rule.carrier == carrier).limit(1)):
        return
    source = in_site_words(desk, _("Letter of the carrier"))
    first = desk.today.replace(month=1, day=1)
    desk.add(Rule(carrier=carrier, days=8, valid_from=first, source=source))
