"""Balances that the database holds between a floor and a cap: boxes, funds, tabs."""

from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from palier.db.fields import Keep, belongs_to, field
from palier.db.records import SiteRecord
from palier.db.types import Choice, Key
from palier.residents.models import Household
from palier.sites import models as sites  # noqa: F401 - a table is extended once its site's is known
from palier.text import Cents, _


class LedgerKind(Choice):
    DEPOSIT = "deposit", _("Deposits")
    CONTAINER = "container", _("Container deposits")
    TAB = "tab", _("Tab")
    FUND = "fund", _("Fund")
    PROVIDER = "provider", _("Provider")


class Ledger(SiteRecord, title="label", unique=("kind", "owner_type", "owner_id"), copied=True):
    """A balance with its entries. The database refuses what passes its floor or cap.

    The deposits of one form are one box: kind `deposit`, `owner_type` its form, `owner_id` 0. A
    kind with more to say extends it.
    """

    __table_args__ = (
        CheckConstraint("floor_cents IS NULL OR balance_cents >= floor_cents", name="floor"),
        CheckConstraint("cap_cents IS NULL OR balance_cents <= cap_cents", name="cap"),
    )
    __mapper_args__ = {  # noqa: RUF012 - as the mapper wants it
        "polymorphic_on": "kind",
        "polymorphic_identity": LedgerKind.DEPOSIT,
    }
    kind: Mapped[LedgerKind] = field(_("Kind"))
    owner_type: Mapped[str] = mapped_column(String(80))
    owner_id: Mapped[int] = mapped_column(Key)
    label: Mapped[str] = field(_("What"), max=120)
    floor_cents: Mapped[Cents | None] = field(_("Floor"), default=None)
    cap_cents: Mapped[Cents | None] = field(_("Cap"), default=None)
    balance_cents: Mapped[Cents] = field(_("Balance"), default=Cents(0))


class Fund(Ledger, title="label"):
    """Money that pays what a bracket takes off a price; its `owner_type` is its name, folded."""

    __mapper_args__ = {"polymorphic_identity": LedgerKind.FUND}  # noqa: RUF012


WHO_HAS_A_TAB = Keep(_("Know who owes what"), months=24, after="last_contact_on")


class Tab(Ledger, title="label"):
    """What a household has still to pay, up to a cap. `agreed_cents` is a cap of its own."""

    __mapper_args__ = {"polymorphic_identity": LedgerKind.TAB}  # noqa: RUF012
    household: Mapped[Household] = belongs_to(Household, _("Household"), keep=WHO_HAS_A_TAB)
    agreed_cents: Mapped[Cents | None] = field(_("Cap agreed on"), default=None, min=0)
    if TYPE_CHECKING:  # made by the link above
        household_id: Mapped[int] = mapped_column()


class Funder(SiteRecord, title="name", unique=("name",), copied=True):
    """Who pays into a fund: an organisation, never a person."""

    name: Mapped[str] = field(_("Name"), max=80, index=True)
