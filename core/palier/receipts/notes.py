"""The note of a service from 25 euros: written before it is paid, without being asked for."""

from calendar import monthrange
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from sqlalchemy import delete, func, select

from palier.context import Context
from palier.errors import Refused
from palier.receipts import paper
from palier.receipts.models import (
    Charge,
    ChargeKind,
    NoteName,
    ServiceNote,
    ServiceNoteLine,
    Unit,
    VatClass,
)
from palier.receipts.note_law import note_rule_on
from palier.receipts.paper import Paper, PaperLine
from palier.receipts.rates import rate_on
from palier.receipts.sections import vat_table
from palier.receipts.tills import lock_till
from palier.receipts.vat import Regime, mention, rate_text
from palier.residents.models import Resident
from palier.sites.models import Operator, Site
from palier.text import Cents, Money, _, reader, show, show_full_day, show_money
from palier.typeset import FAMILY
from palier.voices import Voice

SPANS = frozenset(Unit) - {Unit.PIECE}
OF_SERVICES = frozenset({VatClass.STANDARD, VatClass.INTERMEDIATE})


class NoNoteDue(Refused):
    text = _("Nothing in this basket needs a note: no service in it reaches %(limit)s.")


def is_service(charge: Charge) -> bool:
    """Whether a charge of ours is for a service: by its time, else by its class of VAT.

    Goods at the standard rate are taken for a service: a note too many harms nobody.
    """
    ours = charge.kind is ChargeKind.SALE
    return ours and (charge.unit in SPANS or charge.vat_class in OF_SERVICES)


def services_to_note(charges: Sequence[Charge], day: date) -> list[Charge]:
    """Return the services that need a note before they are paid; none below the limit of the law."""
    services = [each for each in charges if is_service(each)]
    due = sum(each.total_cents for each in services) >= note_rule_on(day).limit_cents
    return services if due else []


def is_noted(desk: Context, services: Sequence[Charge]) -> bool:
    """Whether a note says each of these services at its price of now. One statement."""
    query = select(ServiceNoteLine.charge_id, ServiceNoteLine.total_cents)
    query = query.where(ServiceNoteLine.charge_id.in_([each.id for each in services]))
    said = {(id, cents) for id, cents in desk.session.execute(query)}
    return all((each.id, each.total_cents) in said for each in services)


def write_note(
    desk: Context,
    resident: Resident | None,
    charges: Sequence[Charge],
    regime: Regime,
    *,
    unnamed: bool = False,
) -> ServiceNote:
    """Write the note of the services among these charges; the name stands apart from it.

    Raises `NoNoteDue` below the limit of the law.
    """
    services = services_to_note(charges, desk.today)
    if not services:
        raise NoNoteDue(limit=Money(note_rule_on(desk.today).limit_cents))
    note = desk.add(
        ServiceNote(
            number=_next_number(desk),
            at=desk.now,
            on=desk.today,
            resident=resident,
            total_cents=Cents(sum(each.total_cents for each in services)),
            person_code=desk.actor.person_code or "system",
            operator_id=desk.site.operator_id,
            vat_regime=regime.value,
        )
    )
    desk.session.add_all(_line(desk, note, each, regime) for each in services)
    if resident is not None and not unnamed:
        until = _months_later(desk.today, note_rule_on(desk.today).keep_months)
        name = NoteName(note=note, customer_name=str(resident), on=desk.today, erase_on=until)
        desk.session.add(name)
    desk.session.flush()
    return note


def ensure_note(
    desk: Context, resident: Resident | None, charges: Sequence[Charge], regime: Regime
) -> None:
    """Write the note that a sale needs and nobody wrote: it is never left out."""
    services = services_to_note(charges, desk.today)
    if services and not is_noted(desk, services):
        write_note(desk, resident, charges, regime)


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
    rate = rate_on(charge.vat_class, regime, desk.today)
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
    operator = desk.session.get_one(Operator, note.operator_id)
    site = desk.session.get_one(Site, desk.site.id)
    named = desk.session.scalars(select(NoteName).where(NoteName.note == note)).first()
    place = site.address or operator.address
    regime, voice, at = Regime(note.vat_regime), Voice(), desk.local(note.at)
    siret = str(_("SIRET %(number)s").fill(number=operator.siret)) if operator.siret else ""
    vat = vat_table(lines, voice) if regime is Regime.TAXABLE else None
    facts = [
        (_("Note"), note.number),
        (_("Written on"), f"{show_full_day(at.date())}, {at:%H:%M}"),
        (_("Customer"), (named.customer_name if named else None) or str(_("not named"))),
        (_("Done at"), ", ".join(each for each in (site.name, place) if each)),
        (_("Served by"), note.person_code),
    ]
    return Paper(
        lang=reader().locale,
        title=str(_("Note")),
        number=note.number,
        issued_at=note.at,
        operator=operator.legal_name,
        operator_lines=tuple(each for each in (operator.address or place, siret) if each),
        facts=tuple((str(word), value) for word, value in facts),
        lines=tuple(_paper_line(each) for each in lines),
        total=(str(_("Total with VAT") if vat else _("Total")), show_money(note.total_cents)),
        vat=vat,
        mention=mention(regime) or "",
        closing_words=(str(_("To be paid: this is no receipt.")),),
    )


def _paper_line(line: ServiceNoteLine) -> PaperLine:
    per = show_money(line.unit_cents)
    per = per if line.unit is Unit.PIECE else f"{per}/{line.unit.label}"
    day = _("Done on %(day)s").fill(day=show_full_day(line.served_on))
    return PaperLine(
        line.label, show_money(line.total_cents), show(line.quantity), per, (str(day),)
    )


def note_pdf(desk: Context, note: ServiceNote, fonts: Path) -> bytes:
    """Return the note as a PDF, tagged and to be kept."""
    return paper.receipt_pdf(note_sheet(desk, note), fonts=fonts, family=FAMILY)
