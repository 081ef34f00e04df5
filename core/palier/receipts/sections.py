"""Parts of a paper: its lines, its VAT, and what stands apart because it is no turnover."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from sqlalchemy import select

from palier.context import Context
from palier.providers.models import Provider
from palier.receipts.mentions import mention
from palier.receipts.models import ChargeKind, ReceiptLine, ServiceNoteLine, Unit
from palier.receipts.paper import PaperLine, PaperPart, PaperVat
from palier.receipts.portions import amounts_of
from palier.receipts.vat import Regime, split_after
from palier.sites.letterhead import siret_line
from palier.text import _, reader, show_money
from palier.voices import Voice, Words

Lines = Sequence[ReceiptLine]
APART = frozenset({ChargeKind.AGENT, ChargeKind.CONTAINER})
# In French whatever the language: it is what makes the sale the provider's.
IN_THE_NAME = "Vendu au nom et pour le compte de %(name)s"


def parts_of(
    desk: Context, lines: Lines, voice: Voice, before: Lines = ()
) -> tuple[PaperPart, ...]:
    """Return what was sold in providers' names, one part for each, then deposits on containers.

    `before` are the lines of the same sale that were given back earlier.
    """
    return (*_of_providers(desk, lines, voice, before), *_containers(lines, voice))


def _of_providers(desk: Context, lines: Lines, voice: Voice, before: Lines) -> Iterator[PaperPart]:
    theirs: dict[int, list[ReceiptLine]] = {}
    for each in lines:
        if each.kind is ChargeKind.AGENT:
            theirs.setdefault(each.provider_id or 0, []).append(each)
    if not theirs:
        return
    sellers = {each.id: each for each in desk.all(select(Provider).where(Provider.id.in_(theirs)))}
    for provider_id, mine in theirs.items():
        name = mine[0].provider_name or ""
        gone = [each for each in before if each.provider_id == mine[0].provider_id]
        regime = Regime(mine[0].provider_regime or Regime.TAXABLE)
        seller = sellers.get(provider_id)
        legal = [
            IN_THE_NAME % {"name": name},
            (seller.address if seller else None) or "",
            siret_line(seller.siret if seller else None),
            mention(regime, mine[0].receipt.sold_on) or "",
        ]
        yield PaperPart(
            title=name,
            lines=tuple(line_of(each, voice) for each in mine),
            total=(voice(_("Collected for them")), show_money(sum(e.total_cents for e in mine))),
            vat=vat_table(mine, voice, gone) if regime is Regime.TAXABLE else None,
            legal=tuple(each for each in legal if each),
        )


def site_marks(desk: Context, voice: Voice) -> list[Words]:
    """Return what stands on every paper of a site that is not live: no receipt, no note."""
    marks = {
        "training": _("Training: this is no receipt"),
        "demo": _("Demonstration: this is no receipt"),
    }
    return [voice(marks[desk.site.kind])] if desk.site.kind in marks else []


def _containers(lines: Lines, voice: Voice) -> Iterator[PaperPart]:
    mine = [each for each in lines if each.kind is ChargeKind.CONTAINER]
    if mine:
        yield PaperPart(
            title=voice(ChargeKind.CONTAINER.label),
            lines=tuple(line_of(each, voice) for each in mine),
            total=(voice(_("Sum")), show_money(sum(each.total_cents for each in mine))),
        )


def line_of(line: ReceiptLine, voice: Voice) -> PaperLine:
    several = line.quantity not in {1, -1} or line.unit is not Unit.PIECE
    each = show_money(line.unit_cents)
    per = each if line.unit is Unit.PIECE else f"{each}/{line.unit.label}"
    notes = []
    # What a fund pays is not on the paper: nobody reads from it who has a bracket.
    if line.kind is ChargeKind.TAB_SETTLED:
        notes.append(voice(line.kind.label))
    return PaperLine(
        label=line.label,
        total=show_money(line.total_cents),
        quantity=line.unit.shown(line.quantity) if several else "",
        unit_price=per if several else "",
        notes=tuple(notes),
    )


def vat_table(
    lines: Sequence[ReceiptLine | ServiceNoteLine], voice: Voice, before: Lines = ()
) -> PaperVat | None:
    parts = split_after(amounts_of(before), amounts_of(lines))
    if not parts:
        return None
    rows = tuple(
        (
            str(_("%(rate)s %%").fill(rate=_number(part.rate))),
            show_money(part.ht_cents),
            show_money(part.vat_cents),
        )
        for part in parts
    )
    return PaperVat((voice(_("VAT rate")), voice(_("Without VAT")), voice(_("VAT"))), rows)


def _number(rate: Decimal) -> str:
    text = f"{rate:f}"
    return text.replace(".", ",") if reader().locale.startswith("fr") else text
