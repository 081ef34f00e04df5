"""Sold in a provider's name: collected and handed on, never turnover, and said so on the paper."""

import json
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from palier.context import Context
from palier.providers.models import Provider, VatRegime
from palier.receipts.actions import close_day, pay, refund
from palier.receipts.charging import charge_item
from palier.receipts.collecting import collected, collected_for
from palier.receipts.models import (
    Charge,
    ChargeKind,
    Journal,
    Payment,
    Receipt,
    ReceiptLine,
    VatClass,
)
from palier.receipts.price_list import set_price
from palier.receipts.printing import sheet_of
from palier.residents.models import Resident
from palier.testing.plugin import NOW, At
from palier.testing.till import assert_books_are_whole, counts_the_till, make_resident, owe
from palier.text import Cents

SINCE, TODAY = date(2026, 1, 1), date(2026, 10, 6)
ITEM = "bread.baguette"


def baker(
    desk: Context, regime: VatRegime = VatRegime.TAXABLE, name: str = "Boulangerie Rhin"
) -> Provider:
    made = desk.add(Provider(name=name, siret="73282932000074", vat_regime=regime))
    set_price(
        desk,
        ITEM,
        Cents(120),
        valid_from=SINCE,
        vat_class=VatClass.REDUCED,
        label="Baguette",
        provider=made,
    )
    return made


def bread(desk: Context, resident: Resident, quantity: int = 1, what: str = "") -> Charge:
    return charge_item(
        desk, item=ITEM, label="Baguette", quantity=quantity, source=resident, resident=resident,
        what=what,
    )  # fmt: skip


def sold(desk: Context, regime: VatRegime = VatRegime.TAXABLE) -> Receipt:
    """A hire of ours for 4.00 and two baguettes of the baker's."""
    baker(desk, regime)
    resident = make_resident(desk)
    owe(desk, resident, 400, what="hire")
    bread(desk, resident, 2)
    return pay(desk, resident)


def test_an_item_that_only_a_provider_prices_is_sold_in_their_name(at: At) -> None:
    with at() as desk:
        provider = baker(desk)
        charge = bread(desk, make_resident(desk), 2)

    assert (charge.kind, charge.provider_id) == (ChargeKind.AGENT, provider.id)
    assert charge.total_cents == 240


def test_our_own_price_makes_it_ours(at: At) -> None:
    with at() as desk:
        baker(desk)
        set_price(desk, ITEM, Cents(130), valid_from=SINCE)
        charge = bread(desk, make_resident(desk))

    assert (charge.kind, charge.provider_id, charge.total_cents) == (ChargeKind.SALE, None, 130)


def test_what_is_collected_is_paid_and_is_no_turnover(at: At) -> None:
    with at() as desk:
        receipt = sold(desk)

    with at(write=False) as desk:
        paid = desk.session.scalar(select(Payment.cents))
        tickets = select(Journal.body).where(Journal.kind == "ticket")
        said = json.loads(desk.session.scalars(tickets).one())
    assert (receipt.total_cents, receipt.due_cents, paid) == (400, 640, 640)
    assert (said["total_cents"], said["perpetual_cents"]) == (400, 400)
    assert said["lines"][1]["kind"] == "agent"
    assert said["lines"][1]["provider"] == "Boulangerie Rhin"
    assert [each["rate"] for each in said["vat"]] == ["20"]


def test_the_closing_counts_no_euro_of_it(at: At) -> None:
    with at() as desk:
        sold(desk)
    counts_the_till(at)
    with at() as desk:
        close_day(desk, day=desk.today)
        closing = desk.session.scalars(select(Journal.body).where(Journal.kind == "closing")).one()

    assert json.loads(closing)["total_cents"] == 400
    assert_books_are_whole(at)


def test_the_paper_has_a_part_for_the_provider(at: At) -> None:
    with at() as desk:
        sheet = sheet_of(desk, sold(desk))

    (part,) = sheet.parts
    assert [each.label for each in sheet.lines] == ["Thing hire"]
    assert [each.label for each in part.lines] == ["Baguette"]
    assert part.legal == (
        "Vendu au nom et pour le compte de Boulangerie Rhin",
        "SIRET 73282932000074",
    )
    assert part.vat is not None
    assert part.vat.rows == (("5.5 %", "€2.27", "€0.13"),)
    assert sheet.vat is not None
    assert [row[0] for row in sheet.vat.rows] == ["20 %"]
    assert (part.total[1], sheet.total[1]) == ("€2.40", "€6.40")


@pytest.mark.parametrize(
    ("regime", "words"),
    [
        (VatRegime.FRANCHISE, "TVA non applicable, article 293 B du CGI"),
        (VatRegime.NONE, "Exonération de TVA, article 261-7-1° du CGI"),
    ],
)
def test_the_provider_stands_towards_vat_as_they_do_not_as_we_do(
    at: At, regime: VatRegime, words: str
) -> None:
    with at() as desk:
        sheet = sheet_of(desk, sold(desk, regime))
        rate = desk.session.scalar(
            select(ReceiptLine.vat_rate).where(ReceiptLine.kind == ChargeKind.AGENT)
        )

    assert sheet.parts[0].legal[-1] == words
    assert (sheet.parts[0].vat, sheet.mention, rate) == (None, "", None)


def test_a_provider_renamed_later_keeps_the_name_on_old_papers(at: At) -> None:
    with at() as desk:
        receipt_id = sold(desk).id
        provider = desk.session.scalars(select(Provider)).one()
        provider.name, provider.vat_regime = "Another name", VatRegime.NONE

    with at(write=False) as desk:
        sheet = sheet_of(desk, desk.session.get_one(Receipt, receipt_id))
    assert "Boulangerie Rhin" in sheet.parts[0].legal[0]
    assert sheet.parts[0].vat is not None


def test_what_was_collected_is_told_by_provider_and_day(at: At) -> None:
    with at() as desk:
        receipt_id = sold(desk).id
    with at(now=NOW + timedelta(days=1)) as desk:
        other = make_resident(desk, "F2")
        bread(desk, other, 5)
        pay(desk, other)
        refund(desk, desk.session.get_one(Receipt, receipt_id))

    with at(write=False) as desk:
        provider = desk.session.scalars(select(Provider)).one()
        days = collected(desk, TODAY, TODAY + timedelta(days=7))
        week = collected_for(desk, provider, TODAY, TODAY + timedelta(days=7))
        first = collected_for(desk, provider, TODAY, TODAY + timedelta(days=1))
    assert [(each.name, each.lines, each.cents) for each in days] == [
        ("Boulangerie Rhin", 1, 240),
        ("Boulangerie Rhin", 2, 360),
    ]
    assert (week, first) == (600, 240)


@settings(
    deadline=None, max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(amounts=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 900)), min_size=1, max_size=4))
def test_sales_make_the_total_and_all_lines_what_is_due(
    at: At, amounts: list[tuple[int, int]]
) -> None:
    with at() as desk:
        provider = desk.session.scalars(select(Provider)).first() or baker(desk)
        resident = make_resident(desk, f"F{len(desk.all(select(Resident)))}")
        for place, (loaves, cents) in enumerate(amounts):
            owe(desk, resident, cents, what=f"ours {place}")
            if loaves:
                bread(desk, resident, loaves, what=f"theirs {place}")
        receipt = pay(desk, resident)
        lines = desk.all(select(ReceiptLine).where(ReceiptLine.receipt == receipt))

    assert provider.name == "Boulangerie Rhin"
    ours = sum(each.total_cents for each in lines if each.kind is ChargeKind.SALE)
    assert (receipt.total_cents, receipt.due_cents) == (ours, sum(e.total_cents for e in lines))


def test_the_paper_names_where_the_provider_is(at: At) -> None:
    with at() as desk:
        receipt = sold(desk)
        seller = desk.session.scalars(select(Provider)).one()
        seller.address = "3 rue du Four, 67000 Strasbourg"
        desk.session.flush()

        (part,) = sheet_of(desk, receipt).parts

    assert part.legal[:3] == (
        "Vendu au nom et pour le compte de Boulangerie Rhin",
        "3 rue du Four, 67000 Strasbourg",
        "SIRET 73282932000074",
    )


def test_who_something_is_owed_for_is_a_provider_of_this_site(at: At) -> None:
    with at() as desk:
        baker(desk)
        owed = bread(desk, make_resident(desk)).id

    with pytest.raises(IntegrityError), at() as desk:
        desk.session.get_one(Charge, owed).provider_id = 99
