"""Whatever was done with a person: once erased nothing says who it was, and every figure stays."""

from datetime import timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from palier.bookings.booking import book_thing, cancel, hand_out, take_back
from palier.bookings.models import Bookable, Booking
from palier.db.engine import Database
from palier.desk.counter import Desk
from palier.desk.handover import write_note as hand_over
from palier.messages.actions import mail_came_back
from palier.messages.telling import tell, withdraw
from palier.privacy.actions import forget, give_data
from palier.privacy.erasure import still_open
from palier.receipts.actions import pay, print_receipt, refund
from palier.receipts.deposits import give_deposit_back, hold_deposit
from palier.receipts.models import DepositForm, PayMode, Receipt
from palier.receipts.note_acts import write_note
from palier.receipts.notes import erase_names
from palier.residents.actions import (
    add_household,
    add_resident,
    agree,
    has_left,
    is_back,
    merge,
    tell_apart,
    undo_merge,
)
from palier.residents.actions import withdraw as take_back_consent
from palier.residents.models import Channel, Purpose, Resident
from palier.testing.everything import dump, figures
from palier.testing.plugin import NOW, At
from palier.testing.till import assert_books_are_whole, owe
from palier.text import Cents, Text
from palier.trail import FormKey, perform

NUMBERS = count(1)
STEPS = st.sampled_from([
    "buys", "is_named_on_a_note", "gets_money_back", "books", "borrows", "leaves_a_deposit",
    "is_told", "is_handed_over", "agrees", "moves_away", "is_written_twice", "is_two_people",
    "hears_for_another", "loses_the_mail", "asks_for_the_data", "sends_a_form",
])  # fmt: skip


class Person:
    """Someone whose every word is like no other's, and a desk that does one thing after another."""

    def __init__(self, at: At, number: int) -> None:
        self.at = at
        self.mark = f"qzx{number:04d}"
        self.phone = f"+3361234{number:04d}"
        self.hours = 0
        self.count = count(1)
        with at() as desk:
            home = add_household(desk, street="impasse du Toucan", number=str(number))
            self.id = self._written(desk, home, f"Zéna{self.mark}").id

    def _written(self, desk: Desk, home: object, given: str) -> Resident:
        values = {
            "given_name": given,
            "family_name": f"Quetzal {self.mark}",
            "birth_year": 1951,
            "phone": self.phone,
            "email": f"{self.mark}@example.org",
            "channel": Channel.EMAIL,
            "sure": True,
        }
        made: Resident = perform(desk, add_resident, home, values).result  # type: ignore[arg-type]  # a household
        return made

    def does(self, step: str) -> None:
        self.hours += 3
        with self.at(now=NOW + timedelta(hours=self.hours)) as desk:
            getattr(self, step)(desk, desk.session.get_one(Resident, self.id))

    def buys(self, desk: Desk, who: Resident) -> Receipt:
        owe(desk, who, 240, what=str(next(self.count)))
        receipt: Receipt = perform(desk, pay, who, {"mode": PayMode.CARD}).result
        perform(desk, print_receipt, receipt, {})
        return receipt

    def is_named_on_a_note(self, desk: Desk, who: Resident) -> None:
        owe(desk, who, 2600, what=str(next(self.count)))
        perform(desk, write_note, who, {})
        perform(desk, pay, who, {})

    def gets_money_back(self, desk: Desk, who: Resident) -> None:
        perform(desk, refund, self.buys(desk, who), {})

    def books(self, desk: Desk, who: Resident) -> None:
        thing = desk.add(Bookable(code=f"B{self.id}-{next(self.count)}", name="City"))
        line = book_thing(desk, thing, desk.now, desk.now + timedelta(hours=1), who)
        cancel(desk, line)

    def borrows(self, desk: Desk, who: Resident) -> None:
        thing = desk.add(Bookable(code=f"L{self.id}-{next(self.count)}", name="City"))
        line = book_thing(desk, thing, desk.now, desk.now + timedelta(hours=1), who)
        hand_out(desk, line)
        take_back(desk, line, desk.now + timedelta(minutes=30))

    def leaves_a_deposit(self, desk: Desk, who: Resident) -> None:
        left_for = desk.add(
            Booking(resident=who, code=f"R{self.id}-{next(self.count)}", service="x")
        )
        hold_deposit(desk, left_for, Cents(5000), DepositForm.CHEQUE, "0045128")
        give_deposit_back(desk, left_for)

    def is_told(self, desk: Desk, who: Resident) -> None:
        words = Text("%(who)s, we call %(number)s.").fill(who=str(who), number=str(who.phone))
        tell(desk, who, words, kind="x", about=who, once=str(next(self.count)))
        tell(desk, who, words, kind="y", about=who, once=str(next(self.count)), asks=True)
        withdraw(desk, who, kind="y")

    def is_handed_over(self, desk: Desk, who: Resident) -> None:
        owe(desk, who, 100, what=str(next(self.count)))
        hand_over(desk)
        perform(desk, pay, who, {})

    def agrees(self, desk: Desk, who: Resident) -> None:
        consent = perform(desk, agree, who, {"purpose": Purpose.PICTURES}).result
        perform(desk, take_back_consent, consent, {})

    def moves_away(self, desk: Desk, who: Resident) -> None:
        perform(desk, has_left, who, {})
        perform(desk, is_back, who, {})

    def is_written_twice(self, desk: Desk, who: Resident) -> None:
        twin = self._written(desk, who.household, f"Zeni{self.mark}")
        owe(desk, twin, 100, what=str(next(self.count)))
        perform(desk, merge, who, {"other": twin})
        perform(desk, pay, who, {})

    def is_two_people(self, desk: Desk, who: Resident) -> None:
        home = add_household(desk, street="rue de Genève", number=str(next(self.count)))
        other = desk.add(
            Resident(given_name="Paul", family_name="Weber", household=home,
                     card_code=f"P{self.id}-{next(self.count)}")
        )  # fmt: skip
        perform(desk, undo_merge, perform(desk, merge, who, {"other": other}).result, {})
        perform(desk, tell_apart, who, {"other": other})

    def hears_for_another(self, desk: Desk, who: Resident) -> None:
        other = desk.add(
            Resident(given_name="Rose", family_name="Kern", contact_via=who,
                     card_code=f"R{self.id}-{next(self.count)}")
        )  # fmt: skip
        words = Text("Come by, %(who)s.").fill(who=str(other))
        tell(desk, other, words, kind="z", once=f"{self.id}-{next(self.count)}")

    def loses_the_mail(self, desk: Desk, who: Resident) -> None:
        perform(desk, mail_came_back, who, {})
        who.no_mail_since = None

    def asks_for_the_data(self, desk: Desk, who: Resident) -> None:
        perform(desk, give_data, who, {})

    def sends_a_form(self, desk: Desk, who: Resident) -> None:
        key, path = f"k{self.id}-{next(self.count)}", f"/ampere/desk/desk/find?q={who.family_name}"
        desk.session.add(
            FormKey(key=key, act_name="x.y", fingerprint="x", result_path=path, at=desk.now)
        )

    def is_erased(self) -> None:
        self.hours += 3
        with self.at(now=NOW + timedelta(hours=self.hours)) as desk:
            person = desk.session.get_one(Resident, self.id)
            assert still_open(desk, person) == []
            perform(desk, forget, person, {})


def named(at: At, database: Database, person: Person) -> list[str]:
    lines = dump(at, database).splitlines()
    return [each for each in lines if person.mark in each.lower() or person.phone in each]


@pytest.mark.slow
@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(STEPS, max_size=8))
def test_nobody_is_named_and_no_figure_moves(at: At, database: Database, steps: list[str]) -> None:
    person = Person(at, next(NUMBERS))
    for each in steps:
        person.does(each)
    before = figures(at)

    person.is_erased()

    kept = steps.count("is_named_on_a_note")
    assert len(named(at, database, person)) == kept  # the law keeps the names on notes, no others
    with at(now=NOW + timedelta(days=800)) as desk:
        assert erase_names(desk) >= kept
    assert named(at, database, person) == []
    assert figures(at) == before
    assert_books_are_whole(at)
