"""A workshop through the real application: seats, who came, who came without a name, its end."""

import re

import pytest
from sqlalchemy import select

from palier.api import Charge, PayMode, Receipt, Resident
from palier.messages.models import Message
from palier.receipts.selling import refund_lines
from palier.receipts.tenders import Tender
from palier.testing import Caretaker
from palier_workshops.actions import add_dots, make_workshop, wish_for
from palier_workshops.attending import (
    add_workshop,
    call_off,
    came,
    change_seats,
    check_in,
    close,
    count_heads,
    enrol,
    enrol_voter,
    excuse,
    key_heads,
    missed,
    recount,
    unmark,
)
from palier_workshops.cancelling import cancel_workshop
from palier_workshops.models import Enrolment, HeadCount, Vote, Wish, Workshop

THURSDAY = "2026-10-22T14:00:00+02:00"
LATER_TODAY = "2026-10-06T14:00:00+02:00"


@pytest.fixture
def sewing(caretaker: Caretaker) -> Workshop:
    """This afternoon, two seats; it is five past nine."""
    number = caretaker.does(add_workshop, title="Sewing", starts_at=LATER_TODAY, seats=2)
    return caretaker.finds(Workshop, number)


def enrolled(caretaker: Caretaker, workshop: Workshop, who: Resident) -> Enrolment:
    return caretaker.finds(Enrolment, caretaker.does(enrol, workshop, resident=who))


def mark(caretaker: Caretaker, enrolment: Enrolment) -> str:
    return str(caretaker.finds(Enrolment, enrolment.id).mark.value)


def taken(caretaker: Caretaker, workshop: Workshop) -> int:
    return caretaker.finds(Workshop, workshop.id).taken


def told(caretaker: Caretaker, who: Resident) -> list[str]:
    with caretaker.desk(write=False) as desk:
        query = select(Message.said).where(Message.resident == who).order_by(Message.id)
        return [str(each) for each in desk.session.scalars(query)]


def test_a_workshop_has_a_seat_at_least_and_lies_ahead(caretaker: Caretaker) -> None:
    none = caretaker.is_refused(add_workshop, title="X", starts_at=THURSDAY, seats=0)
    past = caretaker.is_refused(
        add_workshop, title="X", starts_at="2026-10-05T14:00:00+02:00", seats=2
    )

    assert list(none) == ["seats"]
    assert past == {"starts_at": "That moment is over. Choose a later one."}


def test_seats_are_given_once_each_and_no_further(
    caretaker: Caretaker, sewing: Workshop, odile: Resident, theo: Resident, aicha: Resident
) -> None:
    enrolled(caretaker, sewing, odile)
    twice = caretaker.is_refused(enrol, sewing, resident=odile)
    enrolled(caretaker, sewing, theo)

    full = caretaker.is_refused(enrol, sewing, resident=aicha)
    fewer = caretaker.is_refused(change_seats, sewing, seats=1)
    caretaker.does(change_seats, sewing, seats=3)
    enrolled(caretaker, sewing, aicha)

    assert twice == {"resident": "Odile Kern is on the list already."}
    assert full == {"": "All 2 seats are taken."}
    assert fewer == {"seats": "2 seats are taken: choose at least as many."}
    assert taken(caretaker, sewing) == 3


def test_where_the_site_says_so_only_members_enrol(caretaker: Caretaker, sewing: Workshop) -> None:
    stranger = caretaker.knows("Paul", "Meyer")

    refused = caretaker.is_refused(enrol, sewing, resident=stranger)
    caretaker.decides(members_only=False)
    enrolled(caretaker, sewing, stranger)

    assert refused
    assert taken(caretaker, sewing) == 1


def test_an_excused_seat_is_free_and_one_of_a_no_show_is_not(
    caretaker: Caretaker, sewing: Workshop, odile: Resident, theo: Resident, aicha: Resident
) -> None:
    first, second = enrolled(caretaker, sewing, odile), enrolled(caretaker, sewing, theo)

    caretaker.does(missed, first)
    full = caretaker.is_refused(enrol, sewing, resident=aicha)
    caretaker.does(excuse, second)
    enrolled(caretaker, sewing, aicha)

    assert full == {"": "All 2 seats are taken."}
    assert (mark(caretaker, first), mark(caretaker, second)) == ("no_show", "excused")
    assert taken(caretaker, sewing) == 2
    assert caretaker.is_refused(unmark, second) == {"": "All 2 seats are taken."}


def test_who_came_is_counted_once_and_a_mistake_counts_for_nothing(
    caretaker: Caretaker, sewing: Workshop, odile: Resident, theo: Resident
) -> None:
    first, second = enrolled(caretaker, sewing, odile), enrolled(caretaker, sewing, theo)
    caretaker.does(came, first)
    caretaker.does(came, first)
    caretaker.does(came, second)
    caretaker.does(missed, second)

    assert (mark(caretaker, first), mark(caretaker, second)) == ("present", "no_show")
    assert caretaker.counted() == {"attendance": 1}
    assert caretaker.card(odile) == ["Is at “Sewing”, Tuesday 6 October at 14:00."]


def test_a_list_ticked_on_paper_is_keyed_with_its_own_hours(
    caretaker: Caretaker, sewing: Workshop, odile: Resident
) -> None:
    first = enrolled(caretaker, sewing, odile)
    caretaker.is_at(2026, 10, 6, 18)

    ahead = caretaker.is_refused(came, first, hour="19:00")
    caretaker.does(came, first, hour="14:05")
    caretaker.does(came, first, hour="14:45")

    kept = caretaker.finds(Enrolment, first.id).came_at
    assert list(ahead) == ["hour"]
    assert kept is not None
    assert kept.astimezone(caretaker.clock.now.tzinfo).strftime("%H:%M") == "14:05"
    assert caretaker.counted() == {"attendance": 1}


def test_a_card_or_a_slip_checks_in(
    caretaker: Caretaker, sewing: Workshop, odile: Resident, theo: Resident, aicha: Resident
) -> None:
    first, second = enrolled(caretaker, sewing, odile), enrolled(caretaker, sewing, theo)

    opened = caretaker.scans(f"WORKSHOPS_ENROLMENT-{second.id}")
    caretaker.does(check_in, sewing, code=odile.card_code.lower())
    caretaker.does(check_in, sewing, code=f"WORKSHOPS_ENROLMENT-{second.id}")
    stranger = caretaker.is_refused(check_in, sewing, code=aicha.card_code)

    assert opened.partition("?")[0].endswith(f"/enrolment/{second.id}/came")
    assert {mark(caretaker, first), mark(caretaker, second)} == {"present"}
    assert list(stranger) == ["code"]


def test_the_list_opens_from_the_day_and_from_the_printed_code(
    caretaker: Caretaker, sewing: Workshop, odile: Resident
) -> None:
    enrolled(caretaker, sewing, odile)

    page = caretaker.browser.opens(caretaker.scans(f"WORKSHOPS_WORKSHOP-{sewing.id}"))
    paper = caretaker.reads("workshops/tick_list", made=sewing)

    assert caretaker.day() == ["“Sewing”, Tuesday 6 October at 14:00."]
    assert "0 here by name, 0 without a name. 1 of 2 seats." in page
    assert "Odile Kern" in page
    assert "Odile Kern" in paper
    assert f"WORKSHOPS_WORKSHOP-{sewing.id}" in paper


def test_nobody_comes_before_its_day(caretaker: Caretaker, odile: Resident) -> None:
    number = caretaker.does(add_workshop, title="Soap", starts_at=THURSDAY, seats=2)
    soap = caretaker.finds(Workshop, number)
    first = enrolled(caretaker, soap, odile)

    refused = [
        caretaker.is_refused(came, first),
        caretaker.is_refused(missed, first),
        caretaker.is_refused(close, soap),
        caretaker.is_refused(key_heads, soap, heads="f40"),
    ]

    words = "It takes place on Thursday 22 October. Wait until then to note who came."
    assert refused == [{"": words}] * 4
    assert caretaker.card(odile) == ["Enrolled: “Soap”, Thursday 22 October at 14:00."]


def test_people_without_names_are_counted_by_sex_and_age(
    caretaker: Caretaker, sewing: Workshop
) -> None:
    caretaker.does(key_heads, sewing, heads="f40 f60 f61")
    caretaker.does(count_heads, sewing, people=2)
    wrong = caretaker.is_refused(key_heads, sewing, heads="f1")

    with caretaker.desk(write=False) as desk:
        found = {(e.sex.value, e.band.value): e for e in desk.all(select(HeadCount))}
    assert {key: each.people for key, each in found.items()} == {
        ("woman", "40"): 1,
        ("woman", "60"): 2,
        ("not_said", "not_said"): 2,
    }
    assert list(wrong) == ["heads"]
    assert caretaker.counted() == {"attendance": 5}

    caretaker.does(recount, found["woman", "60"], people=1)

    assert caretaker.counted() == {"attendance": 4}


def test_it_closes_once_every_name_has_a_mark_and_tells_who_wished(
    caretaker: Caretaker, odile: Resident, theo: Resident
) -> None:
    wish = caretaker.finds(Wish, caretaker.does(wish_for, title="Soap", resident=odile))
    caretaker.does(add_dots, wish, households=9)
    made = caretaker.does(make_workshop, wish, starts_at=LATER_TODAY, seats=4)
    soap = caretaker.finds(Workshop, made)
    first = enrolled(caretaker, soap, theo)

    early = caretaker.is_refused(close, soap)
    caretaker.does(came, first)
    caretaker.does(close, soap)

    assert early == {"": "Names without a mark: 1. Note first who came."}
    assert caretaker.finds(Wish, wish.id).state.value == "done"
    assert "Soap" in told(caretaker, odile)[-1]
    assert caretaker.counted() == {"wish": 1, "attendance": 1, "workshop": 1}
    assert caretaker.day() == []


def test_who_wished_has_the_seats_first(
    caretaker: Caretaker, odile: Resident, theo: Resident
) -> None:
    wish = caretaker.finds(Wish, caretaker.does(wish_for, title="Soap", resident=odile))
    caretaker.does(add_dots, wish, households=9)
    made = caretaker.does(make_workshop, wish, starts_at=THURSDAY, seats=4)
    soap = caretaker.finds(Workshop, made)

    before = caretaker.is_refused(enrol, soap, resident=theo)
    with caretaker.desk(write=False) as desk:
        (vote,) = desk.all(select(Vote))
    caretaker.does(enrol_voter, vote, workshop=soap)
    caretaker.is_at(2026, 10, 14)
    enrolled(caretaker, soap, theo)

    assert before == {"": "Until Tuesday 13 October the seats are for those who wished for it."}
    assert taken(caretaker, soap) == 2


def test_a_cancelled_workshop_tells_everyone_and_opens_the_wish_again(
    caretaker: Caretaker, odile: Resident, theo: Resident
) -> None:
    wish = caretaker.finds(Wish, caretaker.does(wish_for, title="Soap", resident=odile))
    caretaker.does(add_dots, wish, households=9)
    made = caretaker.does(make_workshop, wish, starts_at=LATER_TODAY, seats=4)
    soap = caretaker.finds(Workshop, made)
    first = enrolled(caretaker, soap, theo)

    caretaker.does(cancel_workshop, soap)

    assert mark(caretaker, first) == "called_off"
    assert "n’a pas lieu" in told(caretaker, theo)[-1]
    assert "reste ouvert" in told(caretaker, odile)[-1]
    assert caretaker.finds(Wish, wish.id).state.value == "open"
    assert caretaker.is_refused(enrol, soap, resident=odile)
    assert caretaker.is_refused(came, first) == {"": "This workshop is over or cancelled."}


def owed(caretaker: Caretaker) -> list[str]:
    with caretaker.desk(write=False) as desk:
        return [each.state.value for each in desk.all(select(Charge).order_by(Charge.id))]


def test_a_priced_seat_goes_into_the_basket_and_a_free_one_does_not(
    caretaker: Caretaker, sewing: Workshop, odile: Resident, theo: Resident
) -> None:
    enrolled(caretaker, sewing, theo)
    caretaker.prices(sewing, 350)
    first = enrolled(caretaker, sewing, odile)

    caretaker.empties_basket(odile)
    freed = (mark(caretaker, first), taken(caretaker, sewing))
    enrolled(caretaker, sewing, odile)

    assert freed == ("excused", 1)
    assert caretaker.is_paid(odile) == 350
    assert owed(caretaker) == ["cancelled", "receipted"]


def test_who_does_not_come_owes_nothing_and_who_paid_comes_back_for_nothing(
    caretaker: Caretaker, sewing: Workshop, odile: Resident, theo: Resident
) -> None:
    caretaker.prices(sewing, 350)
    first, second = enrolled(caretaker, sewing, odile), enrolled(caretaker, sewing, theo)
    caretaker.is_paid(odile)

    caretaker.does(call_off, first)
    caretaker.does(excuse, second)
    enrolled(caretaker, sewing, odile)

    assert (mark(caretaker, first), mark(caretaker, second)) == ("enrolled", "excused")
    assert owed(caretaker) == ["receipted", "cancelled"]


def test_who_got_the_money_back_pays_for_a_seat_again(
    caretaker: Caretaker, sewing: Workshop, odile: Resident
) -> None:
    caretaker.prices(sewing, 350)
    first = enrolled(caretaker, sewing, odile)
    caretaker.is_paid(odile)
    caretaker.does(call_off, first)
    page = f"/ampere/desk/workshops/workshop/{sewing.id}"
    to_give = caretaker.card(odile), "Paid, to be given back" in caretaker.browser.opens(page)
    with caretaker.desk() as desk:
        sale = desk.session.scalars(select(Receipt)).one()
        refund_lines(desk, sale, Tender(PayMode.CASH))
    caretaker.is_at(2026, 10, 6, 10)

    enrolled(caretaker, sewing, odile)

    assert owed(caretaker) == ["receipted", "open"]
    words = "“Sewing”, Tuesday 6 October at 14:00: cancelled by us and paid. Give the money back."
    assert to_give == ([words], True)
    assert "Paid, to be given back" not in caretaker.browser.opens(page)


def test_a_cancelled_workshop_leaves_no_basket_and_tells_who_paid_of_the_money(
    caretaker: Caretaker, sewing: Workshop, odile: Resident, theo: Resident
) -> None:
    caretaker.prices(sewing, 350)
    first, second = enrolled(caretaker, sewing, odile), enrolled(caretaker, sewing, theo)
    caretaker.is_paid(odile)

    caretaker.does(cancel_workshop, sewing)

    assert {mark(caretaker, first), mark(caretaker, second)} == {"called_off"}
    assert owed(caretaker) == ["receipted", "cancelled"]
    assert "remboursé" in told(caretaker, odile)[-1]
    assert "n’a pas lieu" in told(caretaker, theo)[-1]
    assert "remboursé" not in told(caretaker, theo)[-1]


def test_a_workshop_to_which_people_came_is_not_cancelled(
    caretaker: Caretaker, sewing: Workshop, odile: Resident
) -> None:
    first = enrolled(caretaker, sewing, odile)
    caretaker.does(came, first)
    named = caretaker.is_refused(cancel_workshop, sewing)
    caretaker.does(unmark, first)
    caretaker.does(count_heads, sewing)

    assert named == caretaker.is_refused(cancel_workshop, sewing)
    assert "having come" in named[""]


def test_a_name_scanned_in_by_mistake_counts_for_nothing(
    caretaker: Caretaker, sewing: Workshop, odile: Resident
) -> None:
    first = enrolled(caretaker, sewing, odile)
    caretaker.does(check_in, sewing, code=odile.card_code)
    counted = caretaker.counted()

    caretaker.does(unmark, first)

    assert (counted, caretaker.counted()) == ({"attendance": 1}, {})


def test_people_without_names_sent_twice_are_counted_once(
    caretaker: Caretaker, sewing: Workshop
) -> None:
    path = f"/ampere/desk/workshops/workshop/{sewing.id}"
    page = caretaker.browser.opens(f"{path}/check_in")
    (key,) = re.findall(r'key_heads.*?name="key" value="([^"]+)"', page, re.DOTALL)

    for _twice in range(2):
        caretaker.browser.sends(f"{path}/key_heads", heads="f40", key=key)

    assert caretaker.counted() == {"attendance": 1}


def test_the_slip_says_what_and_when(
    caretaker: Caretaker, sewing: Workshop, odile: Resident
) -> None:
    first = enrolled(caretaker, sewing, odile)

    page = caretaker.reads("workshops/slip", made=first)

    assert f"WORKSHOPS_ENROLMENT-{first.id}" in page
    assert "Sewing" in page
