"""The note of a service from a certain price: written before it is paid, without being asked for."""

from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import delete, func, select

from palier.context import Context
from palier.errors import Refused
from palier.providers.models import Provider
from palier.receipts import paper
from palier.receipts.mentions import mention
from palier.receipts.models import (
    Charge,
    ChargeKind,
    NoteName,
    Receipt,
    ReceiptLine,
    ServiceNote,
    ServiceNoteLine,
    Unit,
)
from palier.receipts.note_law import note_rule
from palier.receipts.paper import Paper, PaperLine
from palier.receipts.rates import rate_at
from palier.receipts.sections import IN_THE_NAME, site_marks, vat_table
from palier.receipts.tills import lock_till
from palier.receipts.vat import Regime, rate_text
from palier.residents.models import Resident
from palier.sites.letterhead import Letterhead, letterhead_on, siret_line
from palier.text import Cents, _, reader, show_full_day, show_money
from palier.typeset import FAMILY
from palier.voices import Voice

SOLD = frozenset({ChargeKind.SALE, ChargeKind.AGENT})


class NoNoteDue(Refused):
    text = _("Nothing in this basket is a service: the receipt says all.")


@dataclass(frozen=True)
class Customer:
    """Whom a note is for; `name` is written on it unless they refuse."""

    resident: Resident | None = None
    name: str | None = None

    @classmethod
    def of(cls, resident: Resident | None) -> "Customer":
        """Name the resident; nobody stays without a name."""
        return cls(resident, str(resident) if resident is not None else None)


Services = list[Charge]


def services_by_seller(charges: Iterable[Charge]) -> list[Services]:
    """Return what is a service among these, ours first, then each provider's: a note for each."""
    found: dict[int, Services] = {}
    for each in charges:
        if each.is_service and each.kind in SOLD:
            found.setdefault(each.provider_id or 0, []).append(each)
    return [found[seller] for seller in sorted(found)]


def services_to_note(desk: Context, charges: Iterable[Charge]) -> list[Services]:
    """Return the services, by who sells them, that need a note before they are paid."""
    limit = note_rule(desk).limit_cents
    sold = services_by_seller(charges)
    return [each for each in sold if sum(one.total_cents for one in each) >= limit]


def noted_by(desk: Context, services: Iterable[Charge]) -> list[int]:
    """Return the notes that say these services at their prices of now, where they say all of them.

    One statement.
    """
    return sorted(_all_noted(desk, [list(services)])[0])


def write_notes(
    desk: Context, customer: Customer, charges: Sequence[Charge], regime: Regime
) -> list[ServiceNote]:
    """Write the notes of the services among these charges, one for each seller, and return them.

    Below the limit of the law too: then the person asked for it. What is noted already at its
    price keeps its note. Raises `NoNoteDue` where nothing is a service.
    """
    due = services_to_note(desk, charges) or services_by_seller(charges)
    if not due:
        raise NoNoteDue
    noted = _all_noted(desk, due)
    made = [
        _write(desk, customer, services, regime)
        for services, ids in zip(due, noted, strict=True)
        if not ids
    ]
    kept = sorted({id for ids in noted for id in ids})
    return [*made, *desk.all(select(ServiceNote).where(ServiceNote.id.in_(kept)))]


def ensure_notes(
    desk: Context, customer: Customer, charges: Sequence[Charge], regime: Regime
) -> None:
    """Write the notes that a sale needs and nobody wrote: none is ever left out."""
    if services_to_note(desk, charges):
        write_notes(desk, customer, charges, regime)


def notes_of(desk: Context, receipt: Receipt) -> list[ServiceNote]:
    """Return the notes of what a receipt sold, the newest of each service. One statement."""
    sold = select(ReceiptLine.charge_id).where(ReceiptLine.receipt_id == receipt.id)
    newest = (
        select(func.max(ServiceNoteLine.note_id))
        .where(ServiceNoteLine.charge_id.in_(sold))
        .group_by(ServiceNoteLine.charge_id)
    )
    return desk.all(select(ServiceNote).where(ServiceNote.id.in_(newest)).order_by(ServiceNote.id))


def written_with(desk: Context, note: ServiceNote) -> list[ServiceNote]:
    """Return the other notes of the same basket: those of other sellers. One statement."""
    same = ServiceNote.at == note.at, ServiceNote.id != note.id
    return desk.all(select(ServiceNote).where(*same).order_by(ServiceNote.id))


def visit_of(desk: Context, note: ServiceNote) -> int | None:
    """Return the visit in which the services of a note were charged, if there is one."""
    query = select(Charge.visit_id).join(ServiceNoteLine, ServiceNoteLine.charge_id == Charge.id)
    return desk.session.scalar(query.where(ServiceNoteLine.note_id == note.id).limit(1))


def _all_noted(desk: Context, groups: Sequence[Services]) -> list[set[int]]:
    """Return for each group the notes that say all of it at its price; none where one is missing."""
    ids = [each.id for services in groups for each in services]
    query = select(
        ServiceNoteLine.charge_id, ServiceNoteLine.total_cents, ServiceNoteLine.note_id
    ).where(ServiceNoteLine.charge_id.in_(ids))
    rows = desk.session.execute(query.order_by(ServiceNoteLine.note_id))
    said = {(charge, cents): note for charge, cents, note in rows}
    found = ([said.get((each.id, each.total_cents)) for each in services] for services in groups)
    return [set() if None in notes else {each for each in notes if each} for notes in found]


def _write(desk: Context, customer: Customer, services: Services, regime: Regime) -> ServiceNote:
    """Write the note of one seller's services; the name stands apart from it."""
    seller = desk.find(Provider, services[0].provider_id) if services[0].provider_id else None
    theirs = Regime(seller.vat_regime.value) if seller is not None else regime
    note = desk.add(
        ServiceNote(
            number=_next_number(desk),
            at=desk.now,
            on=desk.today,
            resident=customer.resident,
            total_cents=Cents(sum(each.total_cents for each in services)),
            person_code=desk.actor.person_code or "system",
            operator_id=desk.site.operator_id,
            vat_regime=theirs.value,
            provider=seller,
            provider_name=seller.name if seller is not None else None,
        )
    )
    desk.session.add_all(_line(desk, note, each, theirs) for each in services)
    if customer.name:
        until = _months_later(desk.today, note_rule(desk).keep_months)
        name = NoteName(note=note, customer_name=customer.name, on=desk.today, erase_on=until)
        desk.session.add(name)
    desk.session.flush()
    return note


def erase_names(desk: Context) -> int:
    """Erase the names whose time is over; return how many. The notes stay, and speak of nobody."""
    gone = delete(NoteName).where(NoteName.erase_on <= desk.today).returning(NoteName.id)
    return len(desk.session.execute(gone).all())


def _months_later(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _next_number(desk: Context) -> str:
    lock_till(desk)  # one note at a time: numbers follow each other
    stem = f"{desk.site.slug.upper()}-N-{desk.today.year}-"
    query = select(func.count(ServiceNote.id)).where(ServiceNote.number.startswith(stem))
    return f"{stem}{(desk.session.scalar(query) or 0) + 1:06d}"


def _line(desk: Context, note: ServiceNote, charge: Charge, regime: Regime) -> ServiceNoteLine:
    rate = rate_at(desk, charge.vat_class, regime)
    return ServiceNoteLine(
        note=note,
        charge=charge,
        label=charge.label,
        quantity=charge.quantity,
        unit=charge.unit,
        unit_cents=charge.unit_cents,
        total_cents=charge.total_cents,
        served_on=charge.charged_on,
        vat_rate=None if rate is None else rate_text(rate),
    )


def note_sheet(desk: Context, note: ServiceNote) -> Paper:
    """Return what stands on a note: all that order 83-50/A asks for, in the site's language."""
    query = select(ServiceNoteLine).where(ServiceNoteLine.note == note)
    lines = desk.all(query.order_by(ServiceNoteLine.id))
    head = letterhead_on(desk, note.operator_id, note.at)
    named = desk.session.scalars(select(NoteName).where(NoteName.note == note)).first()
    place = head.site_address or head.address
    regime, voice, at = Regime(note.vat_regime), Voice(), desk.local(note.at)
    vat = vat_table(lines, voice) if regime is Regime.TAXABLE else None
    facts = [
        (_("Note"), note.number),
        (_("Written on"), f"{show_full_day(at.date())}, {at:%H:%M}"),
        (_("Customer"), (named.customer_name if named else None) or str(_("not named"))),
        (_("Done at"), ", ".join(each for each in (head.site_name, place) if each)),
        (_("Served by"), note.person_code),
    ]
    who, about = _seller(note, head, place)
    return Paper(
        lang=reader().locale,
        title=str(_("Note")),
        number=note.number,
        issued_at=note.at,
        operator=who,
        operator_lines=about,
        facts=tuple((str(word), value) for word, value in facts),
        lines=tuple(_paper_line(each) for each in lines),
        total=(str(_("Total with VAT") if vat else _("Total")), show_money(note.total_cents)),
        vat=vat,
        mention=mention(regime, note.on) or "",
        marks=tuple(site_marks(desk, voice)),
        closing_words=(str(_("To be paid: this is no receipt.")),),
    )


def _seller(
    note: ServiceNote, operator: Letterhead, place: str | None
) -> tuple[str, tuple[str, ...]]:
    """Return who does the service and what is said of them; the desk only speaks for a provider."""
    provider = note.provider
    about = [operator.form, operator.address or place, *operator.numbers]
    if provider is None:
        return operator.legal_name, tuple(each for each in about if each)
    through = IN_THE_NAME % {"name": note.provider_name or provider.name}
    said = [provider.address, siret_line(provider.siret), through, operator.legal_name]
    return note.provider_name or provider.name, tuple(each for each in said if each)


def _paper_line(line: ServiceNoteLine) -> PaperLine:
    per = show_money(line.unit_cents)
    per = per if line.unit is Unit.PIECE else f"{per}/{line.unit.label}"
    day = _("Done on %(day)s").fill(day=show_full_day(line.served_on))
    return PaperLine(
        line.label, show_money(line.total_cents), line.unit.shown(line.quantity), per, (str(day),)
    )


def note_pdf(desk: Context, note: ServiceNote, fonts: Path) -> bytes:
    """Return the note as a PDF, tagged and to be kept."""
    return paper.receipt_pdf(note_sheet(desk, note), fonts=fonts, family=FAMILY)
