"""Sites: one neighbourhood's service each, its hours, and which plugins are on."""

from datetime import date, datetime, time

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, validates

from palier.db.fields import field
from palier.db.records import Base, SiteRecord, SiteRow
from palier.db.types import Choice, ChoiceColumn, Instant, Key
from palier.errors import Refused
from palier.text import _


class SiteKind(Choice):
    LIVE = "live", _("Live")
    TRAINING = "training", _("Training")
    DEMO = "demo", _("Demonstration")


class SiteState(Choice):
    DRAFT = "draft", _("In preparation")
    OPEN = "open", _("Open")
    CLOSED = "closed", _("Closed")
    ARCHIVED = "archived", _("Archived")


class Operator(Base):
    """The legal body that runs sites; its VAT regime is dated, in `operator_vat`."""

    traced = True
    __tablename__ = "operator"
    id: Mapped[int] = mapped_column(Key, primary_key=True)
    legal_name: Mapped[str] = mapped_column(String(120))
    form: Mapped[str] = mapped_column(String(60))
    address: Mapped[str] = mapped_column(String(200), default="")
    siret: Mapped[str | None] = mapped_column(String(14))
    rna: Mapped[str | None] = mapped_column(String(10))
    register_ref: Mapped[str | None] = mapped_column(String(80))
    vat_number: Mapped[str | None] = mapped_column(String(20))


class OperatorWas(Base):
    """What papers said of the operator until a moment: those issued before it still say so."""

    __tablename__ = "operator_was"
    id: Mapped[int] = mapped_column(Key, primary_key=True)
    operator_id: Mapped[int] = mapped_column(
        Key, ForeignKey("operator.id", ondelete="RESTRICT"), index=True
    )
    until_at: Mapped[datetime] = mapped_column(Instant)
    legal_name: Mapped[str] = mapped_column(String(120))
    form: Mapped[str] = mapped_column(String(60))
    address: Mapped[str] = mapped_column(String(200))
    siret: Mapped[str | None] = mapped_column(String(14))
    rna: Mapped[str | None] = mapped_column(String(10))
    register_ref: Mapped[str | None] = mapped_column(String(80))
    vat_number: Mapped[str | None] = mapped_column(String(20))


class OperatorVat(Base):
    """The regime from a day on: none, franchise or taxable."""

    __tablename__ = "operator_vat"
    __table_args__ = (CheckConstraint("regime IN ('none', 'franchise', 'taxable')", name="regime"),)
    id: Mapped[int] = mapped_column(Key, primary_key=True)
    operator_id: Mapped[int] = mapped_column(Key, ForeignKey("operator.id", ondelete="RESTRICT"))
    regime: Mapped[str] = mapped_column(String(12))
    valid_from: Mapped[date]
    source: Mapped[str] = mapped_column(String(120), default="")


class Site(Base):
    """One neighbourhood. `revision` grows with every switch, so that each worker sees it."""

    traced = True
    __tablename__ = "site"
    id: Mapped[int] = mapped_column(Key, primary_key=True)
    slug: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    kind: Mapped[SiteKind] = mapped_column(ChoiceColumn(SiteKind), default=SiteKind.LIVE)
    twin_of: Mapped[int | None] = mapped_column(Key, ForeignKey("site.id", ondelete="RESTRICT"))
    state: Mapped[SiteState] = mapped_column(ChoiceColumn(SiteState), default=SiteState.OPEN)
    operator_id: Mapped[int] = mapped_column(Key, ForeignKey("operator.id", ondelete="RESTRICT"))
    address: Mapped[str] = mapped_column(String(200), default="")
    timezone: Mapped[str] = mapped_column(String(40), default="Europe/Paris")
    locale: Mapped[str] = mapped_column(String(10), default="fr")
    department: Mapped[str] = mapped_column(String(3), default="")
    local_law: Mapped[bool] = mapped_column(default=False)
    qpv_code: Mapped[str | None] = mapped_column(String(10))
    theme: Mapped[str] = mapped_column(String(40), default="plain")
    revision: Mapped[int] = mapped_column(default=1)


class SitePlugin(SiteRow):
    """A service line at a site: on, off or archived; who switched it, and when."""

    copied = True
    traced = True
    __tablename__ = "site_plugin"
    __table_args__ = (CheckConstraint("state IN ('on', 'off', 'archived')", name="state"),)
    site_id: Mapped[int] = mapped_column(
        Key, ForeignKey("site.id", ondelete="RESTRICT"), primary_key=True
    )
    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    state: Mapped[str] = mapped_column(String(10))
    since_at: Mapped[datetime] = mapped_column(Instant)
    account_id: Mapped[int | None] = mapped_column(
        Key, ForeignKey("account.id", ondelete="RESTRICT")
    )
    prepared: Mapped[bool] = mapped_column(default=False)


class Weekday(Choice):
    MONDAY = "1", _("Monday")
    TUESDAY = "2", _("Tuesday")
    WEDNESDAY = "3", _("Wednesday")
    THURSDAY = "4", _("Thursday")
    FRIDAY = "5", _("Friday")
    SATURDAY = "6", _("Saturday")
    SUNDAY = "7", _("Sunday")


class Opening(SiteRecord, title="weekday", copied=True):
    """One span in which the service is open, each week from a day on."""

    weekday: Mapped[Weekday] = field(_("Day"), index=True)
    opens: Mapped[time] = field(_("Opens at"))
    closes: Mapped[time] = field(_("Closes at"))
    valid_from: Mapped[date] = field(_("From"))
    valid_to: Mapped[date | None] = field(_("Until"), default=None)


class EndsBeforeItBegins(Refused):
    text = _("The last day comes before the first. Choose that day or a later one.")
    field = "to_on"


class ClosingDay(SiteRecord, title="from_on", copied=True):
    """Days on which the service does not open, both of them included. The reason is told in public."""

    from_on: Mapped[date] = field(_("Closed from"), index=True)
    to_on: Mapped[date] = field(_("Closed until, that day too"))
    reason: Mapped[str] = field(
        _("Reason"), max=60, default="", help=_("Anyone may read it: stocktaking, a move.")
    )
    __table_args__ = (CheckConstraint("from_on <= to_on", name="span"),)

    @validates("to_on")
    def _not_before(self, _name: str, to_on: date) -> date:
        from_on: date | None = self.__dict__.get("from_on")  # what a form sets before
        if from_on is not None and to_on < from_on:
            raise EndsBeforeItBegins
        return to_on


class SiteWas(SiteRecord, title="name", issued=True):
    """What papers said of the site until a moment: those issued before it still say so."""

    until_at: Mapped[datetime] = field(_("Until"), index=True)
    name: Mapped[str] = field(_("Name"), max=80)
    address: Mapped[str] = field(_("Address"), max=200)
