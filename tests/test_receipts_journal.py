"""The journal's chain: written as the vectors say, and every change found."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palier.receipts.journal import (
    FIRST_PREV,
    ClosingFileWrong,
    Entry,
    Finding,
    Head,
    Reason,
    SigningKey,
    add_closing,
    add_event,
    add_ticket,
    count_in,
    mac,
    read_closings,
    verify,
    write_closing,
)
from palier.receipts.numbering import ReceiptNumber
from palier.receipts.vat import Books, Line, Period, Ticket

SOURCE = Path(__file__).parent / "vectors" / "receipt_chain.json"
VECTORS = json.loads(SOURCE.read_text(encoding="utf-8"))
KEY = SigningKey("k1", VECTORS["hmac_key_for_test"].encode())
KEYS = {KEY.id: KEY.secret}
MORNING = datetime(2026, 9, 7, 9, 0, tzinfo=UTC)

Change = Callable[[list[Entry]], list[Entry]]
changed = msgspec.structs.replace


@dataclass
class Till:
    """A register that sells, closes and keeps what it wrote."""

    head: Head = field(default_factory=lambda: Head("AMP-01"))
    books: Books = field(default_factory=Books)
    entries: list[Entry] = field(default_factory=list)
    count: int = 0

    def sell(self, *amounts: int, at: datetime = MORNING, kind: str = "sale") -> None:
        self.count += 1
        ticket = Ticket(
            number=str(ReceiptNumber("AMP-01", 2026, self.count)),
            at=at,
            operator="c1",
            lines=tuple(
                Line("Pain bûche", Decimal(1), "u", cents, Decimal("5.5"), cents, kind)
                for cents in amounts
            ),
            payments=(("cash", sum(amounts)),),
        )
        self.take(*add_ticket(self.head, KEY, ticket))

    def note(self) -> None:
        self.take(*add_event(self.head, KEY, code="drawer_opened", at=MORNING, operator="c1"))

    def close(self, period: Period, to: date) -> None:
        due = self.books.due(period, to)
        self.take(*add_closing(self.head, KEY, period=period, from_=to, to=to, at=MORNING, due=due))

    def take(self, entry: Entry, head: Head) -> None:
        self.entries.append(entry)
        self.head = head
        count_in(self.books, entry)


def given_chain() -> list[Entry]:
    entries: list[Entry] = []
    for row in VECTORS["records"]:
        said, prev = row["record"], entries[-1].mac if entries else FIRST_PREV
        at = datetime.fromisoformat(said["at"])
        signed = (row["canonical"], prev, row["hmac_sha256"])
        entries.append(Entry(said["seq"], said["kind"], at, *signed, KEY.id))
    return entries


def altered(entry: Entry, old: str, new: str) -> Entry:
    return changed(entry, body=entry.body.replace(old, new))


def signed_again(entry: Entry, key: SigningKey = KEY) -> Entry:
    return changed(entry, mac=mac(key.secret, entry.prev, entry.body), key_id=key.id)


def chained_again(entries: list[Entry], key: SigningKey) -> list[Entry]:
    made: list[Entry] = []
    for entry in entries:
        prev = made[-1].mac if made else FIRST_PREV
        made.append(signed_again(changed(entry, prev=prev), key))
    return made


def second(change: Callable[[Entry], Entry]) -> Change:
    return lambda chain: [chain[0], change(chain[1]), *chain[2:]]


def cheaper(entry: Entry) -> Entry:
    return altered(entry, "1690", "1590")


TAMPERING: dict[str, Change] = {
    "amount changed": second(cheaper),
    "accent removed": second(lambda entry: altered(entry, "Réglage", "Reglage")),
    "record removed": lambda chain: chain[:2] + chain[3:],
    "two records swapped": lambda chain: [chain[1], chain[0], *chain[2:]],
    "amount changed and its own hash recomputed": second(
        lambda entry: signed_again(cheaper(entry))
    ),
    "last record cut off": lambda chain: chain[:-1],
    "whole chain recomputed": lambda chain: chained_again(chain, KEY),
}


def ticket_of(said: dict[str, Any]) -> Ticket:
    return Ticket(
        said["number"],
        datetime.fromisoformat(said["at"]),
        said["operator"],
        msgspec.convert(said["lines"], tuple[Line, ...]),
        tuple((row["mode"], row["cents"]) for row in said["payments"]),
    )


def test_tickets_events_and_closings_are_signed_as_the_vectors_say() -> None:
    till = Till()
    one, two, event, refund, closing = (row["record"] for row in VECTORS["records"])

    till.take(*add_ticket(till.head, KEY, ticket_of(one)))
    till.take(*add_ticket(till.head, KEY, ticket_of(two)))
    more = {name: event[name] for name in ("code", "operator", "of", "copy")}
    till.take(*add_event(till.head, KEY, at=datetime.fromisoformat(event["at"]), **more))
    till.take(*add_ticket(till.head, KEY, ticket_of(refund)))
    day, at = date.fromisoformat(closing["to"]), datetime.fromisoformat(closing["at"])
    due = till.books.due(Period.DAY, day)
    till.take(*add_closing(till.head, KEY, period=Period.DAY, from_=day, to=day, at=at, due=due))

    assert till.entries == given_chain()


def test_the_chain_of_the_vectors_is_proved() -> None:
    verdict = verify(given_chain(), KEYS, [given_chain()[-1]])

    assert verdict.ok
    assert (verdict.records, verdict.sure_to_seq) == (5, 5)


@pytest.mark.parametrize("case", VECTORS["tampering"], ids=lambda case: case["name"])
def test_tampering_is_found_as_the_vectors_say(case: dict[str, Any]) -> None:
    entries = TAMPERING[case["name"]](given_chain())

    verdict = verify(entries, KEYS)

    asked, first = case["expected"], verdict.first
    assert verdict.ok == asked["ok"]
    assert (first and first.seq) == asked.get("first_bad_seq")
    assert (first and first.reason) == asked.get("reason")


@pytest.mark.parametrize(("name", "reason"), [("k1", Reason.HASH), ("k2", Reason.KEY)])
def test_a_chain_recomputed_with_another_key_is_found(name: str, reason: Reason) -> None:
    entries = chained_again(given_chain(), SigningKey(name, b"stolen till"))

    verdict = verify(entries, KEYS)

    assert verdict.first == Finding(1, reason)


def test_a_chain_signed_anew_with_the_right_key_differs_from_the_closing_kept_outside() -> None:
    kept = given_chain()[-1]
    entries = chained_again(TAMPERING["accent removed"](given_chain()), KEY)

    verdict = verify(entries, KEYS, [kept])

    assert verify(entries, KEYS).ok
    assert verdict.first == Finding(5, Reason.OUTSIDE)


def test_a_closing_forged_outside_is_told_from_a_changed_journal() -> None:
    forged = altered(given_chain()[-1], "1765", "1665")

    verdict = verify(given_chain(), KEYS, [forged])

    assert verdict.first == Finding(5, Reason.OUTSIDE_FILE)


def test_records_after_the_last_closing_are_not_promised() -> None:
    till = Till()
    till.sell(95)
    till.close(Period.DAY, MORNING.date())
    till.sell(85)

    verdict = verify(till.entries[:2], KEYS, [till.entries[1]])

    assert verdict.ok
    assert verdict.sure_to_seq == 2


def test_the_journal_of_another_register_is_found() -> None:
    verdict = verify(given_chain(), KEYS, register="AMP-02")

    assert verdict.first == Finding(1, Reason.BODY)


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("2026-000002", "2026-000003", Reason.NUMBER),
        ("2026-000002", "2026-two", Reason.NUMBER),
        ('"perpetual_cents":180', '"perpetual_cents":190', Reason.PERPETUAL),
        ('"perpetual_abs_cents":180', '"perpetual_abs_cents":190', Reason.PERPETUAL),
        ('"payments":[{"cents":85', '"payments":[{"cents":80', Reason.TOTAL),
    ],
)
def test_figures_that_do_not_add_up_are_found_though_well_signed(
    old: str, new: str, reason: Reason
) -> None:
    till = Till()
    till.sell(95)
    till.sell(85)
    entries = [till.entries[0], signed_again(altered(till.entries[1], old, new))]

    verdict = verify(entries, KEYS)

    assert verdict.chain == ()
    assert verdict.first == Finding(2, reason)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"tickets":2', '"tickets":1'),
        ('"total_cents":180', '"total_cents":170'),
        ("2026-000001", "2026-000002"),
        ('"vat_cents":9', '"vat_cents":8'),
    ],
)
def test_a_closing_that_is_not_the_sum_of_its_tickets_is_found(old: str, new: str) -> None:
    till = Till()
    till.sell(95)
    till.sell(85)
    till.close(Period.DAY, MORNING.date())
    entries = [*till.entries[:2], signed_again(altered(till.entries[2], old, new))]

    verdict = verify(entries, KEYS)

    assert verdict.first == Finding(3, Reason.CLOSING)


def test_a_day_that_was_forgotten_is_closed_after_the_next_days_sales() -> None:
    till = Till()
    till.sell(100)
    till.sell(200, at=MORNING + timedelta(days=1))
    till.close(Period.DAY, date(2026, 9, 7))
    till.close(Period.DAY, date(2026, 9, 8))
    till.close(Period.MONTH, date(2026, 9, 30))

    verdict = verify(till.entries, KEYS)

    assert verdict.ok
    assert [json.loads(entry.body)["total_cents"] for entry in till.entries[2:]] == [100, 200, 300]


def test_no_month_closes_over_an_open_day() -> None:
    till = Till()
    till.sell(100)
    till.close(Period.MONTH, date(2026, 9, 30))

    verdict = verify(till.entries, KEYS)

    assert verdict.first == Finding(2, Reason.CLOSING)


def test_what_is_collected_for_others_is_paid_but_is_no_turnover() -> None:
    till = Till()
    till.sell(95, kind="agent")

    verdict = verify(till.entries, KEYS)

    assert verdict.ok
    assert till.head.perpetual_cents == 0


def test_payments_that_do_not_add_up_are_never_signed() -> None:
    ticket = Ticket("AMP-01-2026-000001", MORNING, "c1", (), (("cash", 5),))

    with pytest.raises(ValueError, match="add up"):
        add_ticket(Head("AMP-01"), KEY, ticket)


def test_closings_come_back_from_their_folder(tmp_path: Path) -> None:
    closing = given_chain()[-1]
    write_closing(tmp_path, closing)
    write_closing(tmp_path, changed(closing, at=closing.at.astimezone(UTC)))

    kept = list(read_closings(tmp_path, "AMP-01"))

    assert kept == [closing]
    assert list(read_closings(tmp_path, "AMP-02")) == []
    assert [path.name for path in tmp_path.iterdir()] == ["AMP-01-000000005.json"]


def test_a_closing_that_was_kept_is_never_replaced(tmp_path: Path) -> None:
    closing = given_chain()[-1]
    path = write_closing(tmp_path, closing)
    before = path.read_bytes()

    with pytest.raises(ClosingFileWrong):
        write_closing(tmp_path, signed_again(altered(closing, "1765", "1665")))

    assert path.read_bytes() == before


def test_a_closing_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    write_closing(tmp_path, given_chain()[-1]).write_text("{", encoding="utf-8")

    with pytest.raises(ClosingFileWrong, match=r"AMP-01-000000005\.json"):
        list(read_closings(tmp_path, "AMP-01"))


@st.composite
def chains(draw: st.DrawFn) -> list[Entry]:
    """Draw a till's life of some days: sales, refunds, events, and each day closed."""
    till = Till()
    sales = st.lists(st.integers(-5000, 5000), max_size=4)
    for past, amounts in enumerate(draw(st.lists(sales, min_size=1, max_size=4))):
        at = MORNING + timedelta(days=past)
        for cents in amounts:
            till.sell(cents, 95, at=at)
        till.note()
        till.close(Period.DAY, at.date())
    till.close(Period.MONTH, date(2026, 9, 30))
    return till.entries


def other_digit(text: str, place: int) -> str:
    place %= len(text)
    return text[:place] + ("1" if text[place] == "0" else "0") + text[place + 1 :]


CHANGES: dict[str, Callable[[Entry, int], list[Entry]]] = {
    "seq": lambda entry, by: [changed(entry, seq=entry.seq + by + 1)],
    "kind": lambda entry, _by: [changed(entry, kind=f"{entry.kind} ")],
    "at": lambda entry, by: [changed(entry, at=entry.at + timedelta(seconds=by + 1))],
    "body": lambda entry, by: [changed(entry, body=other_digit(entry.body, by))],
    "prev": lambda entry, by: [changed(entry, prev=other_digit(entry.prev, by))],
    "mac": lambda entry, by: [changed(entry, mac=other_digit(entry.mac, by))],
    "key_id": lambda entry, _by: [changed(entry, key_id="k2")],
    "taken out": lambda _entry, _by: [],
    "put in twice": lambda entry, _by: [entry, entry],
}


@settings(deadline=None)
@given(chains())
def test_any_chain_is_proved(entries: list[Entry]) -> None:
    verdict = verify(entries, KEYS, [entries[-1]])

    assert verdict.ok


@settings(deadline=None)
@given(chains(), st.data())
def test_any_change_to_any_record_is_found(entries: list[Entry], data: st.DataObject) -> None:
    kept = entries[-1]
    place = data.draw(st.integers(0, len(entries) - 1))
    change = CHANGES[data.draw(st.sampled_from(sorted(CHANGES)))]
    entries[place : place + 1] = change(entries[place], data.draw(st.integers(0, 2000)))

    verdict = verify(entries, KEYS | {"k2": b"another"}, [kept])

    assert not verdict.ok


@settings(deadline=None)
@given(chains(), st.data())
def test_any_cut_behind_the_last_closing_is_found(
    entries: list[Entry], data: st.DataObject
) -> None:
    length = data.draw(st.integers(0, len(entries) - 1))

    verdict = verify(entries[:length], KEYS, [entries[-1]])

    assert verdict.first == Finding(length + 1, Reason.CUT)
