"""What those are told who wished for something, and who leads it."""

from palier.api import Desk, Resident, Text, _, withdraw

from . import queries
from .models import Wish, Workshop


def tell_voters(desk: Desk, wish: Wish, words: Text) -> None:
    """Tell everyone who wished for it, by their own channel; what waited to be said of it is not."""
    told = words.fill(wish=wish.title)
    withdraw(desk, wish)
    for resident in {
        each.resident.id: each.resident for each in queries.voters(desk, wish)
    }.values():
        desk.tell(resident, told, kind="wish", about=wish)


def tell_first(desk: Desk, workshop: Workshop, wish: Wish) -> None:
    """Tell who wished for it that it takes place, and until when a seat is kept for them."""
    words = _("Your wish takes place: “%(wish)s”, %(start)s. Ask for your seat at the desk.")
    if workshop.first_until is not None:
        words = _(
            "Your wish takes place: “%(wish)s”, %(start)s. Until %(until)s the seats are for you and the others who wished: ask at the desk."
        )
    tell_voters(desk, wish, words.fill(start=workshop.starts_at, until=workshop.first_until))


def tell_host(desk: Desk, workshop: Workshop, host: Resident) -> None:
    """Ask who is to lead it; the call list notes yes or no."""
    words = _("Would you lead “%(what)s” on %(start)s?")
    told = words.fill(what=workshop.title, start=workshop.starts_at)
    desk.tell(host, told, kind="host", about=workshop, asks=True)
