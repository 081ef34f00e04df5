"""Who stands on a paper: the operator and the site as they were when it was issued."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, select

from palier.context import Context
from palier.sites.models import Operator, OperatorVat, OperatorWas, Site, SiteWas
from palier.text import _

# What a paper says of the operator and of the site; a change keeps what was there before.
OF_OPERATOR = ("legal_name", "form", "address", "siret", "rna", "register_ref", "vat_number")


@dataclass(frozen=True)
class Letterhead:
    """What a receipt or a note says of who issued it."""

    legal_name: str
    form: str
    address: str
    siret: str | None
    rna: str | None
    register_ref: str | None
    vat_number: str | None
    site_name: str
    site_address: str

    @property
    def numbers(self) -> tuple[str, ...]:
        """The numbers by which registers know the operator, each with its name."""
        rna = str(_("RNA %(number)s").fill(number=self.rna)) if self.rna else ""
        vat = (
            str(_("VAT number %(number)s").fill(number=self.vat_number)) if self.vat_number else ""
        )
        told = siret_line(self.siret), rna, self.register_ref or "", vat
        return tuple(each for each in told if each)


def siret_line(number: str | None) -> str:
    """Return how a paper says a SIRET; nothing without one."""
    return str(_("SIRET %(number)s").fill(number=number)) if number else ""


def letterhead_on(desk: Context, operator_id: int, at: datetime) -> Letterhead:
    """Return what a paper issued at that moment says, however often it is printed."""
    operators = select(OperatorWas).where(
        OperatorWas.operator_id == operator_id, OperatorWas.until_at > at
    )
    sites = select(SiteWas).where(SiteWas.until_at > at)
    operator = desk.session.scalars(
        operators.order_by(OperatorWas.until_at, OperatorWas.id).limit(1)
    ).first() or desk.session.get_one(Operator, operator_id)
    site = desk.session.scalars(
        sites.order_by(SiteWas.until_at, SiteWas.id).limit(1)
    ).first() or desk.session.get_one(Site, desk.site.id)
    said = {name: getattr(operator, name) for name in OF_OPERATOR}
    return Letterhead(**said, site_name=site.name, site_address=site.address)


def keep_operator(desk: Context, operator: Operator) -> None:
    """Write down what papers said of the operator until now, before it changes."""
    was = {name: getattr(operator, name) for name in OF_OPERATOR}
    desk.session.add(OperatorWas(operator_id=operator.id, until_at=desk.now, **was))


def keep_site(desk: Context, site: Site) -> None:
    """Write down what papers said of the site until now, before it changes."""
    desk.add(SiteWas(until_at=desk.now, name=site.name, address=site.address))


def regimes_of(operator_id: int, day: date) -> Select[OperatorVat]:
    """Select how an operator stands towards VAT on a day, then what held before."""
    mine = OperatorVat.operator_id == operator_id, OperatorVat.valid_from <= day
    return select(OperatorVat).where(*mine).order_by(OperatorVat.valid_from.desc())
