"""The data that is measured on: one neighbourhood with many residents, some things, some charges."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from sqlalchemy import insert

from palier.accounts.models import Account, SignIn, Staff, StaffRole
from palier.accounts.passwords import digest
from palier.bookings.models import Bookable, ResourceKind
from palier.db.engine import Database
from palier.db.normal import normal
from palier.messages.models import Message, MessageState, Way
from palier.receipts.journal import FIRST_PREV, Head, SigningKey, add_ticket
from palier.receipts.models import (
    Charge,
    ChargeKind,
    ChargeState,
    Journal,
    Price,
    Register,
    RegisterKind,
    TillSession,
    Unit,
    VatClass,
)
from palier.receipts.tills import register_code
from palier.receipts.vat import Line, Ticket
from palier.residents.languages import Language
from palier.residents.models import Channel, Household, Resident, ResidentState
from palier.sites.opening import NewSite, open_site
from palier.text import Cents

SLUG, TOKEN = "bench", "bench-token"
OWING = 400  # residents with something in their basket, one for each sale
THINGS = 200  # things to book
SWITCHED = 24  # sites on which a service is put on for the first time
BOOKLET = "BENCH-02"
OUTBOX = 10_000  # e-mails that wait to leave
PART = 20_000
LEAST = 1_000  # residents, whatever the scale
_START = ("Ka", "Le", "Mo", "Sche", "Bou", "Du", "Ri", "Han", "Ol", "Fer", "Na", "Tra")
_MIDDLE = ("r", "ll", "mma", "ri", "sse", "nd", "ba", "tti", "vo", "che")
_END = ("er", "in", "ard", "et", "ou", "ez", "mann", "i", "son", "aud")


@dataclass(frozen=True)
class Size:
    """How much there is. A scale of 1 is a million residents."""

    residents: int

    @property
    def households(self) -> int:
        """Two people and a half in each."""
        return max(OWING, self.residents * 2 // 5)

    @property
    def records(self) -> int:
        """Records of the chain that is verified."""
        return self.residents


def fill(database: Database, size: Size, now: datetime, key: SigningKey) -> None:
    """Open the sites, let everybody move in, and leave things to do."""
    site_id = open_site(database, NewSite(slug=SLUG, name="Bench", vat="taxable"), now)
    for number in range(SWITCHED):
        name = NewSite(slug=f"{SLUG}-{number}", name=f"Bench {number}", operator="Bench")
        open_site(database, name, now)
    _sign_in(database, site_id, now)
    for table, rows in (
        (Household, _households(size)),
        (Resident, _residents(size, now)),
        (Price, [_price(now.date())]),
        (Charge, _charges(now)),
        (ResourceKind, [_kind()]),
        (Bookable, _things()),
        (Message, _outbox(now)),
    ):
        _insert(database, site_id, table, rows)
    with database.write(site_id) as session:
        till = _till(register_code(SLUG), RegisterKind.DESK, now, f"{site_id}-{SLUG}-1")
        session.add_all((till, _open(till, now)))
    _write_chain(database, site_id, size, now, key)


def _insert(database: Database, site_id: int, table: Any, rows: Any) -> None:
    part: list[dict[str, Any]] = []
    usual = getattr(table, "__defaults__", {})  # what the constructor would set
    for row in (*rows, None) if isinstance(rows, list) else _ended(rows):
        if row is not None:
            part.append({**usual, **row})
        if part and (row is None or len(part) == PART):
            with database.write(site_id) as session:
                session.execute(insert(table), part)
            part = []


def _ended(rows: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any] | None]:
    yield from rows
    yield None


def _sign_in(database: Database, site_id: int, now: datetime) -> None:
    with database.write() as session:
        account = Account(login="bench", name="Bench", password_hash="!", locale="fr")  # noqa: S106
        session.add(account)
        session.flush()
        session.add(
            SignIn(
                token_hash=digest(TOKEN),
                account_id=account.id,
                created_at=now,
                seen_at=now,
                expires_at=now + timedelta(days=2),
            )
        )
        session.enter(site_id)
        session.add(
            Staff(
                account_id=account.id,
                name="Bench",
                role=StaffRole.MANAGER,
                valid_from=date(2026, 1, 1),
                person_code="BE",
            )
        )


def _households(size: Size) -> Iterator[dict[str, Any]]:
    for number in range(1, size.households + 1):
        code = f"F{number}"
        yield {"id": number, "code": code, "address_id": None, "norm": normal(code), "version": 1}


def _residents(size: Size, now: datetime) -> Iterator[dict[str, Any]]:
    random = Random(7)
    for number in range(1, size.residents + 1):
        given = random.choice(_START) + random.choice(_END)
        family = random.choice(_START) + random.choice(_MIDDLE) + random.choice(_END)
        yield {
            "household_id": (number - 1) % size.households + 1,
            "given_name": given,
            "family_name": family,
            "birth_year": 1930 + number % 80,
            "phone": f"+336{number:08d}",
            "email": f"r{number}@example.org" if number <= OUTBOX else None,
            "language": Language.FRENCH,
            "channel": Channel.LETTER,
            "card_code": f"C{number}",
            "state": ResidentState.ACTIVE,
            "last_contact_on": now.date(),
            "merged_into_id": None,
            "norm": normal(f"{given} {family}"),
            "version": 1,
        }


def _price(today: date) -> dict[str, Any]:
    return {
        "label": "Jeton",
        "item": "bench.token",
        "cents": Cents(250),
        "unit": Unit.PIECE,
        "vat_class": VatClass.STANDARD,
        "valid_from": today - timedelta(days=30),
        "version": 1,
    }


def _charges(now: datetime) -> Iterator[dict[str, Any]]:
    for number in range(1, OWING + 1):
        yield {
            "resident_id": number,
            "household_id": number,
            "service": "bench",
            "source_type": "resident",
            "source_id": number,
            "what": "",
            "item": "bench.token",
            "label": "Jeton",
            "quantity": 1,
            "unit": Unit.PIECE,
            "unit_cents": Cents(250),
            "total_cents": Cents(250),
            "full_cents": Cents(250),
            "vat_class": VatClass.STANDARD,
            "kind": ChargeKind.SALE,
            "state": ChargeState.OPEN,
            "charged_on": now.date(),
            "charged_at": now,
            "version": 1,
        }


def _kind() -> dict[str, Any]:
    return {
        "service": "bookings",
        "code": "tool",
        "name": "Outil",
        "buffer_before": 0,
        "buffer_after": 15,
        "approval": False,
        "version": 1,
    }


def _things() -> Iterator[dict[str, Any]]:
    for number in range(1, THINGS + 1):
        yield {
            "what": "resource",
            "resource_kind_id": 1,
            "code": f"T{number}",
            "name": "Perceuse",
            "state": "ready",
            "norm": f"t{number} perceuse",
            "version": 1,
        }


def _outbox(now: datetime) -> Iterator[dict[str, Any]]:
    for number in range(1, OUTBOX + 1):
        words = f"Colis {number}"
        yield {
            "resident_id": (number - 1) % LEAST + 1,
            "said": words,
            "words": {"words": words},
            "channel": Way.EMAIL,
            "state": MessageState.QUEUED,
            "made_at": now,
            "next_at": now,
            "language": Language.FRENCH,
            "kind": "bench.note",
            "about_type": "",
            "about_id": 0,
            "dedupe_key": f"bench/{number}",
            "version": 1,
        }


def _till(code: str, kind: RegisterKind, now: datetime, key_id: str) -> Register:
    return Register(
        code=code,
        kind=kind,
        year=now.year,
        next_number=1,
        next_seq=1,
        head_hash=FIRST_PREV,
        key_id=key_id,
        perpetual_cents=0,
        perpetual_abs_cents=0,
    )


def _open(till: Register, now: datetime) -> TillSession:
    return TillSession(
        register=till, opened_on=now.date(), opened_at=now, opened_by="BE", float_cents=Cents(5000)
    )


def _write_chain(
    database: Database, site_id: int, size: Size, now: datetime, key: SigningKey
) -> None:
    """Keep a chain of tickets on a till of its own: it is proved, nothing is sold on it."""
    with database.write(site_id) as session:
        till = _till(BOOKLET, RegisterKind.BOOKLET, now, key.id)
        session.add(till)
        session.flush()
        till_id = till.id
    _insert(database, site_id, Journal, _tickets(till_id, size, now, key))


def _tickets(till_id: int, size: Size, now: datetime, key: SigningKey) -> Iterator[dict[str, Any]]:
    head = Head(BOOKLET)
    day = datetime.combine(now.date(), time(8), now.tzinfo)
    line = Line("Jeton", Decimal(1), "piece", 250, None, 250, "sale")
    for number in range(1, size.records + 1):
        ticket = Ticket(
            number=f"{BOOKLET}-{now.year}-{number:06d}",
            at=day,
            operator="BE",
            lines=(line,),
            payments=(("cash", 250),),
        )
        entry, head = add_ticket(head, key, ticket)
        yield {
            "register_id": till_id,
            **{name: getattr(entry, name) for name in entry.__struct_fields__},
        }
