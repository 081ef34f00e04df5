"""Neighbours help each other, noted at the desk through the real application."""

from datetime import date
from typing import Any

import pytest

from palier.api import Resident, select
from palier.testing import Caretaker
from palier_skills_exchange import queries, rules
from palier_skills_exchange.actions import (
    add_listing,
    cancel_voucher,
    come_back,
    correct,
    end,
    exchange,
    leave,
    make_out,
    note_trade,
    print_vouchers,
    renew,
    take_up,
    use,
    use_blank,
)
from palier_skills_exchange.models import (
    Category,
    Entry,
    Exchange,
    Kind,
    Listing,
    Member,
    Side,
    Voucher,
)

DIGITAL, COOKING = Category.DIGITAL, Category.COOKING


@pytest.fixture
def theo(caretaker: Caretaker) -> Resident:
    return caretaker.knows("Théo", "Ritter")


@pytest.fixture
def mehmet(caretaker: Caretaker) -> Resident:
    return caretaker.knows("Mehmet", "Yilmaz")


def hours(theo: Resident, mehmet: Resident, minutes: int = 60) -> dict[str, Any]:
    return {
        "resident": theo, "receiver": mehmet, "category": DIGITAL, "kind": Kind.HOURS,
        "minutes": minutes, "agreed": True,
    }  # fmt: skip


def balances(caretaker: Caretaker, *people: Resident) -> list[int]:
    with caretaker.desk(write=False) as desk:
        return [queries.balance_of(desk, each) for each in people]


def member(caretaker: Caretaker, who: Resident) -> Member:
    with caretaker.desk(write=False) as desk:
        found = queries.membership_of(desk, who)
        assert found is not None
        return found


def test_a_gift_moves_no_balance_and_counts_as_given_and_received(
    caretaker: Caretaker, theo: Resident, mehmet: Resident
) -> None:
    caretaker.does(exchange, resident=theo, receiver=mehmet, category=DIGITAL)

    assert balances(caretaker, theo, mehmet) == [0, 0]
    assert caretaker.counted() == {"exchange": 1}
    for who, gave, received in ((theo, 1, 0), (mehmet, 0, 1)):
        paper = caretaker.reads("skills_exchange/statement", made=member(caretaker, who))
        assert f"Donné en 12 mois</dt><dd>{gave}</dd>" in paper
        assert f"Reçu en 12 mois</dt><dd>{received}</dd>" in paper
    with caretaker.desk(write=False) as desk:
        assert desk.all(select(Entry)) == []


def test_hours_are_two_entries_that_sum_to_zero(
    caretaker: Caretaker, theo: Resident, mehmet: Resident
) -> None:
    caretaker.does(exchange, **hours(theo, mehmet, 90))

    assert balances(caretaker, theo, mehmet) == [90, -90]


def test_who_was_helped_agrees_before_hours_are_taken(
    caretaker: Caretaker, theo: Resident, mehmet: Resident
) -> None:
    refused = caretaker.is_refused(exchange, **{**hours(theo, mehmet), "agreed": False})

    assert list(refused) == ["agreed"]


@pytest.mark.parametrize(
    ("minutes", "field"), [(0, "minutes"), (-30, "minutes"), (601, "minutes"), (1441, "minutes")]
)
def test_no_zero_no_negative_and_nothing_below_the_floor(
    caretaker: Caretaker, theo: Resident, mehmet: Resident, minutes: int, field: str
) -> None:
    assert list(caretaker.is_refused(exchange, **hours(theo, mehmet, minutes))) == [field]
    assert caretaker.counted() == {}


def test_nobody_helps_themselves(caretaker: Caretaker, theo: Resident) -> None:
    refused = caretaker.is_refused(exchange, **hours(theo, theo))

    assert refused == {"receiver": "Nobody helps themselves: choose two people."}


def test_above_the_ceiling_it_is_refused_in_words_without_a_figure(
    caretaker: Caretaker, theo: Resident, mehmet: Resident
) -> None:
    caretaker.decides(ceiling_hours=1)

    refused = caretaker.is_refused(exchange, **hours(theo, mehmet, 61))

    assert list(refused) == ["minutes"]
    assert not any(each.isdigit() for each in refused["minutes"])


def test_a_site_may_flag_what_passes_a_limit(
    caretaker: Caretaker, theo: Resident, mehmet: Resident
) -> None:
    caretaker.decides(floor_hours=-1, over=rules.Over.FLAG)

    caretaker.does(exchange, **hours(theo, mehmet, 90))

    assert caretaker.sees(Exchange)["beyond"] == "floor"
    assert balances(caretaker, theo, mehmet) == [90, -90]


def test_a_site_of_gifts_notes_no_hours_and_one_of_hours_no_gift(
    caretaker: Caretaker, theo: Resident, mehmet: Resident
) -> None:
    for mode, kind in ((rules.Mode.GIFT, Kind.HOURS), (rules.Mode.HOURS, Kind.GIFT)):
        caretaker.decides(mode=mode)

        refused = caretaker.is_refused(exchange, **{**hours(theo, mehmet), "kind": kind})

        assert list(refused) == ["kind"]


def test_a_correction_is_the_opposite_entry_and_counts_for_nothing(
    caretaker: Caretaker, theo: Resident, mehmet: Resident
) -> None:
    done = caretaker.finds(Exchange, caretaker.does(exchange, **hours(theo, mehmet)))

    caretaker.does(correct, done)

    assert balances(caretaker, theo, mehmet) == [0, 0]
    with caretaker.desk(write=False) as desk:
        assert [each.minutes for each in desk.all(select(Entry).order_by(Entry.id))] == [
            60, -60, 60, -60
        ]  # fmt: skip
        assert len(desk.all(select(Exchange))) == 2
    paper = caretaker.reads("skills_exchange/statement", made=member(caretaker, theo))
    assert "Donné en 12 mois</dt><dd>0</dd>" in paper
    caretaker.is_refused(correct, done)


def test_a_voucher_books_once_and_then_says_when_and_by_whom(
    caretaker: Caretaker, theo: Resident, mehmet: Resident
) -> None:
    caretaker.does(make_out, resident=theo, receiver=mehmet, category=DIGITAL)
    voucher = caretaker.finds(Voucher, 1)

    opened = caretaker.scans("BON-00001")
    caretaker.does(use, voucher, minutes=90)
    again = caretaker.browser.opens("/ampere/desk/find?q=BON-00001")

    assert "/skills_exchange/voucher/1/use" in opened
    assert balances(caretaker, theo, mehmet) == [90, -90]
    assert "Voucher 00001 was used on Tuesday 6 October at 09:05 by MK." in again
    caretaker.is_refused(use, voucher, minutes=90)
    assert caretaker.counted() == {"exchange": 1}


def test_a_blank_voucher_takes_its_names_when_it_is_keyed(
    caretaker: Caretaker, theo: Resident, mehmet: Resident
) -> None:
    caretaker.does(print_vouchers, vouchers=8)
    third = caretaker.finds(Voucher, 3)

    opened = caretaker.scans("bon3")
    caretaker.does(use_blank, third, resident=theo, receiver=mehmet, category=COOKING, minutes=45)

    assert "/skills_exchange/voucher/3/use_blank" in opened
    assert balances(caretaker, theo, mehmet) == [45, -45]


def test_numbers_go_on_from_sheet_to_sheet_and_the_codes_are_on_paper(
    caretaker: Caretaker,
) -> None:
    caretaker.does(print_vouchers, vouchers=8)
    made = caretaker.does(print_vouchers, vouchers=2)

    paper = caretaker.reads("skills_exchange/voucher_sheet", made=made)

    assert [f"BON-{each:05}" in paper for each in (8, 9, 10, 11)] == [False, True, True, False]


def test_a_cancelled_voucher_is_good_for_nothing(caretaker: Caretaker) -> None:
    caretaker.does(print_vouchers, vouchers=1)
    voucher = caretaker.finds(Voucher, 1)

    caretaker.does(cancel_voucher, voucher)

    assert "was cancelled on" in caretaker.browser.opens("/ampere/desk/find?q=BON-1")


def test_who_left_takes_part_again_only_when_they_come_back(
    caretaker: Caretaker, theo: Resident, mehmet: Resident
) -> None:
    caretaker.does(exchange, **hours(theo, mehmet))
    caretaker.does(leave, member(caretaker, mehmet))

    refused = caretaker.is_refused(exchange, **hours(theo, mehmet))
    caretaker.does(come_back, member(caretaker, mehmet))
    caretaker.does(exchange, **hours(theo, mehmet))

    assert "Mehmet Yilmaz left the exchange" in refused[""]
    assert balances(caretaker, theo, mehmet) == [120, -60]


def test_a_leaver_s_balance_goes_to_the_account_that_all_share(
    caretaker: Caretaker, theo: Resident, mehmet: Resident
) -> None:
    caretaker.does(exchange, **hours(theo, mehmet))

    caretaker.does(leave, member(caretaker, mehmet))

    assert balances(caretaker, theo, mehmet) == [60, 0]
    with caretaker.desk(write=False) as desk:
        assert desk.total(Entry.minutes, Entry.__table__.c.resident_id.is_(None)) == -60
        assert desk.total(Entry.minutes) == 0
        assert desk.all(select(Exchange).order_by(Exchange.id))[-1].kind is Kind.LEFT
    first = caretaker.finds(Exchange, 1)
    assert "written off" in caretaker.is_refused(correct, first)[""]


def test_an_offer_is_renewed_ended_and_taken_up(
    caretaker: Caretaker, theo: Resident, mehmet: Resident
) -> None:
    values: dict[str, Any] = {
        "resident": theo,
        "side": Side.OFFER,
        "category": DIGITAL,
        "what": "Phone help",
    }
    listing = caretaker.finds(Listing, caretaker.does(add_listing, **values))
    assert listing.ends_on == date(2027, 4, 4)

    opened = caretaker.scans(listing.code)
    made = caretaker.does(take_up, listing, resident=mehmet)
    caretaker.is_at(2026, 10, 7)
    caretaker.does(renew, listing)

    done = caretaker.finds(Exchange, made)
    assert opened.endswith("take_up") or "take_up?" in opened
    assert (done.giver, done.receiver, done.offer) == (theo, mehmet, listing) or (
        str(done.giver), str(done.receiver), str(done.category)
    ) == ("Théo Ritter", "Mehmet Yilmaz", str(DIGITAL))  # fmt: skip
    assert caretaker.finds(Listing, listing.id).ends_on == date(2027, 4, 5)
    assert list(caretaker.is_refused(take_up, listing, resident=theo)) == ["resident"]
    caretaker.does(end, listing)
    assert caretaker.sees(Listing)["state"] == "ended"


def test_a_want_is_taken_up_the_other_way_round(
    caretaker: Caretaker, theo: Resident, mehmet: Resident
) -> None:
    values: dict[str, Any] = {
        "resident": theo,
        "side": Side.WANT,
        "category": COOKING,
        "what": "A dish",
    }
    listing = caretaker.finds(Listing, caretaker.does(add_listing, **values))

    done = caretaker.finds(Exchange, caretaker.does(take_up, listing, resident=mehmet))

    assert (str(done.giver), str(done.receiver)) == ("Mehmet Yilmaz", "Théo Ritter")


def test_no_balance_stands_on_the_card_the_day_s_page_or_a_list(
    caretaker: Caretaker, theo: Resident, mehmet: Resident
) -> None:
    caretaker.does(exchange, **hours(theo, mehmet, 61))
    caretaker.does(exchange, **hours(theo, mehmet, 62))
    said = "2 h 03".replace(" ", "\u00a0")

    shown = [
        *caretaker.card(theo),
        *caretaker.day(),
        caretaker.reads("skills_exchange/member"),
        caretaker.reads("skills_exchange/exchange"),
        caretaker.browser.opens(f"/ampere/desk/desk/card?resident={mehmet.id}"),
    ]

    assert not any(said in each for each in shown)
    assert said in caretaker.reads("skills_exchange/statement", made=member(caretaker, mehmet))


def test_one_s_own_trade_brings_a_sentence_and_no_block(
    caretaker: Caretaker, theo: Resident, mehmet: Resident
) -> None:
    caretaker.does(exchange, resident=theo, receiver=mehmet, category=DIGITAL)
    caretaker.does(note_trade, member(caretaker, theo), trade=DIGITAL)

    made = caretaker.does(exchange, resident=theo, receiver=mehmet, category=DIGITAL)

    page = caretaker.browser.opens(f"/ampere/desk/skills_exchange/exchange/{made}")
    assert "This is the trade of who helped" in page
    assert any("trade of who helped" in each for each in caretaker.card(theo))


def test_dangerous_work_and_regular_help_bring_a_sentence(
    caretaker: Caretaker, theo: Resident, mehmet: Resident
) -> None:
    caretaker.decides(to_one=1)
    caretaker.does(exchange, resident=theo, receiver=mehmet, category=Category.ROOF)
    caretaker.does(exchange, resident=theo, receiver=mehmet, category=DIGITAL)

    said = " ".join(caretaker.card(theo))

    assert "Roof, electricity and gas" in said
    assert "helped often by the same one" in said
