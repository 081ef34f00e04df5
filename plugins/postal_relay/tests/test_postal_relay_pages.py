"""The relay in the browser: the run of scans, the hand-out, the shelf, the papers."""

from typing import Any

import pytest

from palier.api import Resident, select
from palier.residents.languages import Language
from palier.testing.caretaker import words_of
from palier.testing.speaking import Caretaker
from palier_postal_relay import actions, fleet
from palier_postal_relay.models import REGISTERED_MAIL, Carrier, Drop, Parcel, Rule, State

RELAY = "/ampere/desk/postal_relay"
ONE, TWO = "8L20524752032", "8V56492042479"
LETTER = "RR473124829FR"


@pytest.fixture
def odile(caretaker: Caretaker) -> Resident:
    """A relay with carriers and a shelf, and Odile, who reads Turkish papers."""
    with caretaker.desk() as desk:
        fleet.make_shelf(desk)
    person = caretaker.knows("Odile", "Kern")
    caretaker.knows("Paul", "Kern")
    with caretaker.desk() as desk:
        found = desk.session.get_one(Resident, person.id)
        found.language = Language.TURKISH
    return person


def opens_drop(caretaker: Caretaker, **values: Any) -> str:
    """Open a drop of Colissimo; the address of its acts."""
    with caretaker.desk(write=False) as desk:
        word = "laposte_colissimo_pickup_relay"
        carrier = desk.session.scalars(select(Carrier).where(Carrier.word == word)).one()
    caretaker.does(actions.open_drop, carrier=carrier, **values)
    with caretaker.desk(write=False) as desk:
        newest = desk.session.scalars(select(Drop.id).order_by(Drop.id.desc())).first()
    return f"{RELAY}/drop/{newest}"


def parcel(caretaker: Caretaker, number: str = ONE) -> Parcel:
    with caretaker.desk(write=False) as desk:
        return desk.session.scalars(select(Parcel).where(Parcel.number == number)).one()


@pytest.mark.usefixtures("odile")
def test_each_scan_is_a_row_at_once(caretaker: Caretaker) -> None:
    drop = opens_drop(caretaker, announced=2)

    first = words_of(caretaker.browser.sends(f"{drop}/scan", code=ONE))
    second = words_of(caretaker.browser.sends(f"{drop}/scan", code="8L20524752033"))

    assert "1 scanned of 2" in first
    assert ONE in first
    assert "2 scanned of 2" in second
    assert "Check digit not right: look at the label" in second


@pytest.mark.usefixtures("odile")
def test_a_second_scan_of_one_parcel_is_said_calmly(caretaker: Caretaker) -> None:
    drop = opens_drop(caretaker)
    caretaker.browser.sends(f"{drop}/scan", code=ONE)

    again = caretaker.browser.sends(f"{drop}/scan", status=422, code=ONE)

    assert f"{ONE} is scanned already, in this run." in words_of(again)
    assert 'class="note stop"' not in again
    assert "1 scanned" in words_of(again)


@pytest.mark.usefixtures("odile")
@pytest.mark.parametrize("code", ["7" * 4096, "", "?", "<b>Kern</b>", "\x1d"])
def test_a_scan_that_means_nothing_keeps_the_run(caretaker: Caretaker, code: str) -> None:
    drop = opens_drop(caretaker)
    caretaker.browser.sends(f"{drop}/scan", code=ONE)

    page = caretaker.browser.sends(f"{drop}/scan", status=422, code=code)

    assert ONE in words_of(page)
    assert "<b>Kern</b>" not in page


def test_a_shared_name_gives_a_short_list_by_stairwell(
    caretaker: Caretaker, odile: Resident
) -> None:
    drop = opens_drop(caretaker)
    caretaker.browser.sends(f"{drop}/scan", code=ONE)

    asked = words_of(caretaker.browser.sends(f"{drop}/scan", status=422, code="kern"))
    chosen = words_of(
        caretaker.browser.sends(
            f"{drop}/assign", resident=str(odile.id), parcel=str(parcel(caretaker).id)
        )
    )

    assert "Odile Kern, household F-1" in asked
    assert "Paul Kern, household F-2" in asked
    assert "Odile Kern" in chosen
    assert "Paul Kern" not in chosen


@pytest.mark.usefixtures("odile")
def test_the_drop_receipt_says_what_is_missing(caretaker: Caretaker) -> None:
    drop = opens_drop(caretaker, listed=f"{ONE} Kern Odile\n{TWO}")
    caretaker.browser.sends(f"{drop}/scan", code=ONE)

    closed = words_of(caretaker.browser.sends(f"{drop}/close_drop"))
    id = drop.rpartition("/")[2]
    paper = words_of(caretaker.browser.opens(f"{RELAY}/receipt?made={id}"))

    assert "1 missing of what was announced." in closed
    assert "1 person was told." in closed
    assert f"Missing {TWO}" in paper
    assert "Kern" not in paper


def test_a_parcel_is_handed_out_from_its_scan(caretaker: Caretaker, odile: Resident) -> None:
    drop = opens_drop(caretaker, listed=f"{ONE} Kern Odile")
    caretaker.browser.sends(f"{drop}/scan", code=ONE)
    caretaker.browser.sends(f"{drop}/close_drop")
    address = f"{RELAY}/parcel/{parcel(caretaker).id}/hand_out"

    opened, card = caretaker.scans(ONE), caretaker.card(odile)
    form = words_of(caretaker.browser.opens(address))
    refused = words_of(caretaker.browser.sends(address, status=422))
    done = words_of(caretaker.browser.sends(address, seen="document"))

    assert opened.startswith(address)
    assert card == ["A parcel of Colissimo is here: B1."]
    assert "Odile Kern, household F-1" in form
    assert "Identity document of the addressee too" in form
    assert "Signed proxy" not in form
    assert "Colissimo asks for: Identity document." in refused
    assert "Collected" in done
    assert caretaker.counted() == {"parcel_in": 1, "parcel_out": 1}
    again = words_of(caretaker.browser.opens(f"/ampere/desk/find?q={ONE}"))
    assert "Collected already" in again


def test_registered_mail_is_nowhere_without_the_right(
    caretaker: Caretaker, odile: Resident
) -> None:
    caretaker.learns(REGISTERED_MAIL)
    caretaker.browser.opens("/ampere/desk")
    drop = opens_drop(caretaker, listed=f"{LETTER} Kern Odile")
    caretaker.browser.sends(f"{drop}/scan", code=LETTER)
    caretaker.browser.sends(f"{drop}/close_drop")
    id = parcel(caretaker, LETTER).id

    caretaker.browser.opens(f"{RELAY}/parcel/{id}", status=404)
    caretaker.browser.opens(f"{RELAY}/parcel/{id}/hand_out", status=404)
    listed = words_of(caretaker.browser.opens(f"{RELAY}/parcel"))
    apart = words_of(caretaker.browser.opens(f"{RELAY}/registered"))

    assert LETTER not in listed
    assert LETTER in apart
    page = caretaker.browser.opens(f"/ampere/desk/residents/resident/{odile.id}")
    assert LETTER not in page


@pytest.mark.usefixtures("odile")
def test_a_registered_letter_prints_its_slip_in_two_languages(caretaker: Caretaker) -> None:
    caretaker.learns(REGISTERED_MAIL)
    drop = opens_drop(caretaker, listed=f"{LETTER} Kern Odile")
    caretaker.browser.sends(f"{drop}/scan", code=LETTER)
    caretaker.browser.sends(f"{drop}/close_drop")
    letter = f"{RELAY}/registered/{parcel(caretaker, LETTER).id}"

    first = caretaker.scans(LETTER)
    slip = words_of(caretaker.browser.sends(f"{letter}/check_registered", seen="document,notice"))
    second = caretaker.scans(f"POSTAL_RELAY_PARCEL-{parcel(caretaker, LETTER).id}")
    caretaker.browser.sends(f"{letter}/hand_registered")

    assert first.startswith(f"{letter}/check_registered")
    assert "J’ai reçu cet envoi." in slip
    assert "Bu gönderiyi teslim aldım." in slip
    assert second.startswith(f"{letter}/hand_registered")
    assert parcel(caretaker, LETTER).state is State.COLLECTED


@pytest.mark.usefixtures("odile")
def test_who_has_no_record_here_signs_a_slip_too(caretaker: Caretaker) -> None:
    drop = opens_drop(caretaker, listed=f"{ONE} Dubois Jeanne")
    caretaker.browser.sends(f"{drop}/scan", code=ONE)
    caretaker.browser.sends(f"{drop}/close_drop")
    id = parcel(caretaker).id

    notice = words_of(caretaker.browser.opens(f"{RELAY}/notice?made={id}"))
    caretaker.browser.sends(f"{RELAY}/parcel/{id}/hand_out", seen="document")
    slip = words_of(caretaker.browser.opens(f"{RELAY}/slip?made={id}"))

    assert "Dubois Jeanne" in notice
    assert "Dubois Jeanne" in slip
    assert "J’ai reçu cet envoi." in slip
    assert "Back to the desk" in slip


@pytest.mark.usefixtures("odile")
def test_the_shelf_is_checked_by_scanning(caretaker: Caretaker) -> None:
    drop = opens_drop(caretaker)
    for code in (ONE, TWO):
        caretaker.browser.sends(f"{drop}/scan", code=code)
    caretaker.browser.sends(f"{drop}/close_drop")

    both = words_of(caretaker.browser.opens(f"{RELAY}/check_shelf?codes={ONE}%0A{TWO}"))
    one = words_of(caretaker.browser.opens(f"{RELAY}/check_shelf?codes={ONE}%0A40123456"))

    assert "2 items are where they should be" in both
    assert "Nothing is missing" in both
    assert f"Missing {TWO}" in one
    assert "Should not be there 40123456" in one


@pytest.mark.usefixtures("odile")
def test_an_unreadable_label_prints_one_of_ours(caretaker: Caretaker) -> None:
    drop = opens_drop(caretaker)

    page = caretaker.browser.sends(f"{drop}/without_number")

    assert "POSTAL_RELAY_PARCEL-1" in words_of(page)
    assert caretaker.scans("POSTAL_RELAY_PARCEL-1").startswith(f"{RELAY}/parcel/1/hand_out")


@pytest.mark.usefixtures("odile")
def test_the_carriers_page_says_what_holds_today(caretaker: Caretaker) -> None:
    with caretaker.desk(write=False) as desk:
        query = select(Carrier.id).where(Carrier.word == "mondial_relay")
        id = desk.session.scalars(query).one()

    page = words_of(caretaker.browser.opens(f"{RELAY}/carrier/{id}"))

    assert "Days kept 5" in page
    assert "8 October 2025" in page


@pytest.mark.usefixtures("odile")
def test_it_is_nowhere_where_it_is_off(caretaker: Caretaker) -> None:
    caretaker.browser.opens("/cathedrale/desk/postal_relay/drop", status=404)
    assert "postal_relay" not in caretaker.browser.opens("/cathedrale/desk")


def test_a_twin_that_begins_with_the_site_s_rule_is_given_no_second_one(
    caretaker: Caretaker,
) -> None:
    with caretaker.desk() as desk:
        chronopost = fleet.make_carriers(desk)["chronopost_relay"]
        new_year = desk.today.replace(month=1, day=1)
        desk.add(Rule(carrier=chronopost, days=8, valid_from=new_year, source="Letter"))

    with caretaker.desk() as desk:
        fleet.make_drops(desk)

    with caretaker.desk(write=False) as desk:
        assert len(desk.all(select(Rule))) == 1
        assert desk.all(select(Drop))


@pytest.mark.usefixtures("odile")
def test_lists_are_searched_by_number_and_by_carrier(caretaker: Caretaker) -> None:
    drop = opens_drop(caretaker)
    for each in (ONE, TWO):
        caretaker.browser.sends(f"{drop}/scan", code=each)

    by_number = words_of(caretaker.browser.opens(f"{RELAY}/parcel?q=8l2052&all=1"))
    by_carrier = words_of(caretaker.browser.opens(f"{RELAY}/parcel?q=colissimo&all=1"))
    drops = words_of(caretaker.browser.opens(f"{RELAY}/drop?q=colissimo"))
    others = words_of(caretaker.browser.opens(f"{RELAY}/drop?q=mondial"))

    assert (ONE in by_number, TWO in by_number) == (True, False)
    assert (ONE in by_carrier, TWO in by_carrier) == (True, True)
    assert "Colissimo" in drops
    assert "Nothing found for “mondial”." in others


@pytest.mark.usefixtures("odile")
def test_a_carrier_s_page_says_no_inner_word(caretaker: Caretaker) -> None:
    with caretaker.desk(write=False) as desk:
        known = desk.session.scalars(select(Carrier).order_by(Carrier.id)).first()
        assert known is not None

    page = caretaker.browser.opens(f"{RELAY}/carrier/{known.id}")

    assert known.name in page
    assert known.word not in page
