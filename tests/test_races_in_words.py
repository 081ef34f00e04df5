"""Races at two desks: the database lets one win, and every loser reads who was faster and what to do."""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from palier.context import Actor
from palier.db.engine import Database
from palier.errors import Refused
from palier.messages.actions import call
from palier.messages.models import Message
from palier.providers.models import Provider, VatRegime
from palier.providers.screens import providers
from palier.receipts.actions import close_day, pay
from palier.receipts.models import PayMode, Receipt
from palier.residents.models import Channel, Resident
from palier.screens.acting import save_record
from palier.testing.plugin import MAGDA, At
from palier.testing.races import processes, threads
from palier.testing.till import assert_books_are_whole, counts_the_till, make_resident, owe
from palier.text import Reader, Text, read_by
from palier.trail import perform

ONE_TRY = Path(__file__).parent / "races" / "one_try.py"
DAY = date(2026, 10, 6)
CROWD = 6
HERE = Reader("en", ZoneInfo("Europe/Paris"), 2026)


def staff(number: int) -> Actor:
    """Who sits at that desk; the trace and the papers name them by two letters."""
    return replace(MAGDA, name=f"Person {number}", person_code=f"P{number}")


def sentences(database: Database, tries: Callable[[int], object]) -> "Counter[str]":
    """Let a crowd try; count what each reads, with P for whoever was faster."""

    def reads(number: int) -> None:
        with read_by(HERE):
            tries(number)

    def says(refusal: Refused) -> str:
        with read_by(HERE):
            return re.sub(r"\b(?:P|Person )\d\b", "P", str(refusal))

    return threads(database, reads, CROWD, says=says)


@pytest.fixture
def owes(at: At) -> None:
    """Rose Kern owes ten euros; her neighbour as well."""
    with at() as desk:
        for code in ("F1", "F2"):
            owe(desk, make_resident(desk, code), 1000)


@pytest.mark.usefixtures("owes")
def test_one_payment_taken_at_six_desks(database: Database, at: At) -> None:
    def take(number: int) -> None:
        with at(actor=staff(number)) as desk:
            pay(desk, desk.session.get_one(Resident, 1))

    ends = sentences(database, take)

    told = "P took this payment at 09:05: receipt AMPERE-01-2026-000001. Nothing more was taken."
    assert ends == {"done": 1, told: CROWD - 1}
    assert_books_are_whole(at)


@pytest.mark.usefixtures("owes")
def test_one_voucher_handed_in_at_two_desks(database: Database, at: At) -> None:
    def take(number: int) -> None:
        with at(actor=staff(number)) as desk:
            who = desk.session.get_one(Resident, 1 + number % 2)
            pay(desk, who, mode=PayMode.VOUCHER, reference="BON 00231")

    ends = sentences(database, take)

    used = [words for words in ends if words.startswith("This voucher was used before")]
    assert ends["done"] == 1
    assert "AMPERE-01-2026-000001, by P. Take another one, or another way to pay." in used[0]
    with at(write=False) as desk:
        assert len(desk.session.scalars(select(Receipt)).all()) == 1
    assert_books_are_whole(at)


@pytest.mark.usefixtures("owes")
def test_one_day_closed_at_six_desks(database: Database, at: At) -> None:
    counts_the_till(at)

    def close(number: int) -> None:
        with at(actor=staff(number)) as desk:
            perform(desk, close_day, None, {"day": DAY})

    ends = sentences(database, close)

    told = "P closed it already, Tuesday 6 October at 09:05. There is nothing left to do."
    assert ends == {"done": 1, told: CROWD - 1}
    assert_books_are_whole(at)


@pytest.fixture
def to_call(at: At) -> None:
    """Odile is to be called."""
    with at() as desk:
        odile = Resident(
            given_name="Odile",
            family_name="Kern",
            card_code="A",
            phone="+33388609090",
            channel=Channel.CALL,
        )
        desk.add(odile)
        desk.tell(odile, Text("A seat is free."), kind="seat", asks=True)


@pytest.mark.usefixtures("to_call")
def test_one_person_called_from_six_desks(database: Database, at: At) -> None:
    def ring(number: int) -> None:
        with at(actor=staff(number)) as desk:
            perform(desk, call, desk.session.get_one(Message, 1), {})

    ends = sentences(database, ring)

    assert ends == {"done": 1, "P is calling this person now. Take the next one.": CROWD - 1}


def test_one_record_saved_at_six_desks(database: Database, at: At) -> None:
    values: dict[str, Any] = {"name": "Vélo Solidaire", "vat_regime": VatRegime.TAXABLE}
    with at() as desk:
        version = str(desk.add(Provider(**values)).version)

    def save(number: int) -> None:
        with at(actor=staff(number)) as desk:
            save_record(desk, providers, 1, {"name": f"Name {number}"}, version)

    ends = sentences(database, save)

    assert ends == {"done": 1, "Someone changed this meanwhile.": CROWD - 1}


@pytest.mark.slow
@pytest.mark.usefixtures("owes", "to_call")
def test_processes_pay_use_a_voucher_and_call(database: Database, at: At) -> None:
    ends = processes(database, ONE_TRY, "money", 4)

    assert sum(each.split()[0] == "done" for each in ends.elements()) == 1
    assert sum(each.split()[1] == "done" for each in ends.elements()) == 1
    lost = {word for each in ends for word in each.split()} - {"done"}
    assert lost == {"PaidMeanwhile", "AlreadyCalling"}
    assert_books_are_whole(at)


@pytest.mark.slow
@pytest.mark.usefixtures("owes")
def test_processes_close_one_day(database: Database, at: At) -> None:
    counts_the_till(at)

    ends = processes(database, ONE_TRY, "close", 4)

    assert ends == {"done": 1, "AlreadyClosed": 3}
    assert_books_are_whole(at)
