"""Vouchers through the real application: given once, against the fund, so many in a month."""

import pytest
from sqlalchemy import select

from palier.api import Provider, Receipt, Resident
from palier.testing import Caretaker
from palier_mobility.models import Voucher, VoucherKind
from palier_mobility.vouchers import add_booklet, give, give_voucher, spoil


@pytest.fixture
def odile(caretaker: Caretaker) -> Resident:
    return caretaker.knows("Odile", "Kern", bracket="green")


@pytest.fixture
def theo(caretaker: Caretaker) -> Resident:
    return caretaker.knows("Théo", "Ritter")


@pytest.fixture
def taxi(caretaker: Caretaker) -> VoucherKind:
    """Taxi vouchers TX04501 to TX04510: eight euros, one for who has a green card."""
    kind = caretaker.makes(VoucherKind(name="Taxi voucher"))
    kind = caretaker.finds(VoucherKind, kind.id)
    caretaker.prices(kind, 800, {"green": 100})
    caretaker.does(add_booklet, kind=kind, first="tx-04501", vouchers=10)
    return kind


def voucher(caretaker: Caretaker, number: str) -> Voucher:
    with caretaker.desk(write=False) as desk:
        query = select(Voucher.id).where(Voucher.number == number)
        found = desk.session.scalars(query).one()
    return caretaker.finds(Voucher, found)


@pytest.mark.usefixtures("taxi")
def test_a_typed_number_gives_the_voucher_and_the_fund_pays_the_rest(
    caretaker: Caretaker, odile: Resident
) -> None:
    caretaker.does(give_voucher, resident=odile, number="tx 04502")

    given = voucher(caretaker, "TX04502")
    assert (str(given.resident), given.state.value, given.person_code) == (
        "Odile Kern", "given", "MK",
    )  # fmt: skip
    assert caretaker.card(odile) == ["Vouchers this month: 1 of 4."]
    assert caretaker.counted() == {"voucher": 1}
    assert caretaker.is_paid(odile) == 100


@pytest.mark.usefixtures("taxi")
def test_given_twice_it_is_refused_with_who_and_when(
    caretaker: Caretaker, odile: Resident, theo: Resident
) -> None:
    caretaker.does(give_voucher, resident=odile, number="TX04501")

    refused = caretaker.is_refused(give_voucher, resident=theo, number="TX04501")
    again = caretaker.is_refused(give, voucher(caretaker, "TX04501"), resident=theo)

    assert refused == {
        "number": "Voucher TX04501 was given to Odile Kern on Tuesday 6 October at 09:05, by MK."
        " Take another one."
    }
    assert list(again) == [""]
    assert caretaker.card(theo) == []


@pytest.mark.usefixtures("taxi")
def test_a_scan_opens_giving_and_says_when_it_is_gone(
    caretaker: Caretaker, odile: Resident
) -> None:
    opened = caretaker.scans("TX-04503")
    caretaker.does(give, voucher(caretaker, "TX04503"), resident=odile)

    again = caretaker.browser.opens("/ampere/desk/find?q=TX-04503")

    assert opened.partition("?")[0].endswith("/give")
    assert "was given to Odile Kern" in again
    assert caretaker.scans("TX-99999") == ""


@pytest.mark.usefixtures("taxi")
def test_the_sites_limit_for_a_month_is_kept_and_ends_with_it(
    caretaker: Caretaker, odile: Resident
) -> None:
    caretaker.decides(vouchers_a_month=1)
    caretaker.does(give_voucher, resident=odile, number="TX04501")

    refused = caretaker.is_refused(give_voucher, resident=odile, number="TX04502")
    caretaker.is_at(2026, 11, 3)
    caretaker.does(give_voucher, resident=odile, number="TX04502")

    assert refused == {
        "resident": "Odile Kern had 1 vouchers this month: more are not given before"
        " Sunday 1 November."
    }


@pytest.mark.usefixtures("taxi")
def test_taken_out_of_the_basket_it_lies_in_its_booklet_again(
    caretaker: Caretaker, odile: Resident, theo: Resident
) -> None:
    caretaker.does(give_voucher, resident=odile, number="TX04501")

    caretaker.empties_basket(odile)
    caretaker.does(give_voucher, resident=theo, number="TX04501")

    assert caretaker.card(odile) == []
    assert caretaker.is_paid(theo) == 800


@pytest.mark.usefixtures("taxi")
def test_a_spoilt_one_is_given_to_nobody(caretaker: Caretaker, odile: Resident) -> None:
    caretaker.does(spoil, voucher(caretaker, "TX04501"))

    refused = caretaker.is_refused(give_voucher, resident=odile, number="TX04501")
    twice = caretaker.is_refused(spoil, voucher(caretaker, "TX04501"))

    assert refused["number"].startswith("Voucher TX04501 was spoilt on ")
    assert list(twice) == [""]


def test_what_is_no_number_of_ours_is_said_beside_it(
    caretaker: Caretaker, odile: Resident, taxi: VoucherKind
) -> None:
    unknown = caretaker.is_refused(give_voucher, resident=odile, number="TX1")
    other = caretaker.is_refused(give_voucher, resident=odile, number="TX09999")
    overlap = caretaker.is_refused(add_booklet, kind=taxi, first="TX04510", vouchers=2)
    words = caretaker.is_refused(add_booklet, kind=taxi, first="first", vouchers=2)
    many = caretaker.is_refused(add_booklet, kind=taxi, first="TX05000", vouchers=101)

    assert list(unknown) == list(other) == ["number"]
    assert overlap == {"first": "Voucher TX04510 is in another booklet already."}
    assert list(words) == ["first"]
    assert list(many) == ["vouchers"]


def test_sold_in_a_providers_name_it_is_collected_for_them(
    caretaker: Caretaker, theo: Resident
) -> None:
    firm = caretaker.makes(Provider(name="Taxi 67"))
    kind = caretaker.makes(VoucherKind(name="Taxi voucher", provider=firm))
    kind = caretaker.finds(VoucherKind, kind.id)
    caretaker.prices(kind, 800)
    caretaker.does(add_booklet, kind=kind, first="T100", vouchers=1)

    caretaker.does(give_voucher, resident=theo, number="T100")

    assert caretaker.is_paid(theo) == 800
    with caretaker.desk(write=False) as desk:
        assert desk.session.scalars(select(Receipt.total_cents)).one() == 0


def test_a_form_that_has_nothing_to_choose_from_says_so(caretaker: Caretaker) -> None:
    before = caretaker.browser.opens("/ampere/desk/mobility/booklet/add_booklet")
    caretaker.makes(VoucherKind(name="Taxi"))
    after = caretaker.browser.opens("/ampere/desk/mobility/booklet/add_booklet")

    said = "There is nothing to choose from yet: it must be added first."
    assert said in before
    assert said not in after
    assert "Taxi" in after
