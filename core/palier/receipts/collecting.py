"""What was collected: for a record, and in providers' names, theirs to be handed, never turnover."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ScalarSelect, func, select

from palier.context import Context
from palier.db.records import SiteRecord
from palier.providers.models import Provider
from palier.receipts.models import Charge, ChargeKind, Receipt, ReceiptLine
from palier.text import Cents


@dataclass(frozen=True)
class Collected:
    """What one provider is owed for one day, in cents, refunds taken off; `lines` counts both."""

    provider_id: int
    name: str
    day: date
    lines: int
    cents: Cents


def collected(desk: Context, from_on: date, until: date) -> list[Collected]:
    """Return what was collected in each provider's name, for each day from one to before another."""
    name, day = func.max(ReceiptLine.provider_name), Receipt.sold_on
    cents = func.sum(ReceiptLine.total_cents)
    query = (
        select(ReceiptLine.provider_id, name, day, func.count(ReceiptLine.id), cents)
        .join(Receipt, Receipt.id == ReceiptLine.receipt_id)
        .where(ReceiptLine.kind == ChargeKind.AGENT, ReceiptLine.provider_id.is_not(None))
        .where(day >= from_on, day < until)
        .group_by(ReceiptLine.provider_id, day)
        .order_by(day, ReceiptLine.provider_id)
    )
    return [
        Collected(id or 0, name or "", day, lines, Cents(int(sum_)))
        for id, name, day, lines, sum_ in desk.session.execute(query)
    ]


def collected_for(desk: Context, provider: Provider, from_on: date, until: date) -> Cents:
    """Return what was collected in a provider's name from one day to before another, in cents."""
    found = collected(desk, from_on, until)
    return Cents(sum(each.cents for each in found if each.provider_id == provider.id))


def units_paid(model: type[SiteRecord]) -> ScalarSelect[int]:
    """Return, for a query over `model`, how many units of each record are paid and not given back."""
    ids = model.__table__.c.id
    query = (
        select(func.coalesce(func.sum(ReceiptLine.quantity), 0))
        .join(ReceiptLine.charge)
        .where(Charge.source_type == model.__tablename__, Charge.source_id == ids)
    )
    return query.correlate(model.__table__).scalar_subquery()
