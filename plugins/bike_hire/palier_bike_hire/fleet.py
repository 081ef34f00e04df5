"""The kinds that a site begins with; eight bikes and a loan to show."""

from datetime import timedelta

from palier.api import (
    Cents,
    DepositForm,
    Desk,
    Price,
    Resident,
    Text,
    Ticks,
    Unit,
    _,
    in_site_words,
    select,
)

from .actions import lend
from .models import TO_LEAVE, Bike, Kind, Loan, Tier

# Deposit, and what a day, a week and a late day cost, in cents.
KINDS: dict[str, tuple[Text, int, int, int, int]] = {
    "V": (_("City bike"), 15000, 200, 800, 200),
    "C": (_("Cargo bike"), 30000, 500, 2000, 500),
    "E": (_("Child's bike"), 5000, 100, 400, 100),
    "A": (_("Electric bike"), 30000, 400, 1600, 400),
}
UNITS = {Tier.DAY: Unit.DAY, Tier.WEEK: Unit.WEEK, Tier.LATE: Unit.DAY}
BIKES: dict[str, tuple[Text, str | None]] = {
    "V01": (_("Size S, blue"), "BC5A7K2M9X"),
    "V02": (_("Size M, red"), "BC5A7K2M9Y"),
    "V03": (_("Size M, green"), "BC5A7K2M9Z"),
    "V07": (_("Low frame, size M"), "B7K2M49XQ1"),
    "C01": (_("Two children or 80 kg"), "B7K2M49XQ2"),
    "C02": (_("Long tail, two seats"), "B7K2M49XQ3"),
    "E02": (_("20 inches"), None),
    "A01": (_("Size M, basket"), "B7K2M49XQ4"),
}


def make_kinds(desk: Desk) -> dict[str, Kind]:
    """Return the kinds by the letter of their tags, made where the site has none yet."""
    known = {kind.name: kind for kind in desk.all(select(Kind))}
    made: dict[str, Kind] = {}
    for letter, (words, deposit, *_prices) in KINDS.items():
        name = in_site_words(desk, words)
        made[letter] = known.get(name) or desk.add(Kind(name=name, deposit=Cents(deposit)))
    return made


def make_fleet(desk: Desk) -> list[Bike]:
    """Return eight bikes of four kinds, made with their prices unless the site has bikes."""
    if bikes := desk.all(select(Bike).order_by(Bike.code)):
        return bikes
    kinds = make_kinds(desk)
    for letter, kind in kinds.items():
        prices = zip(Tier, KINDS[letter][2:], strict=True)
        for tier, cents in prices:
            _set_price(desk, kind, tier, Cents(cents))
    return [_make_bike(desk, code, kinds[code[0]]) for code in BIKES]


def lend_one(desk: Desk) -> None:
    """Lend a bike to somebody for three days, where none was ever lent and someone lives."""
    lent = desk.all(select(Loan).limit(1))
    residents = desk.all(select(Resident).order_by(Resident.id).limit(1))
    if lent or not residents:
        return
    last = desk.all(select(Bike).order_by(Bike.code))[-1]
    checked = Ticks.made((each.name for each in TO_LEAVE), desk.actor.name, desk.now)
    due_at = desk.now + timedelta(days=3)
    form, number = DepositForm.CHEQUE, "0045128"
    lend(
        desk, last, resident=residents[0], due_at=due_at, before=checked, deposit=form, reference=number
    )  # fmt: skip


def _set_price(desk: Desk, kind: Kind, tier: Tier, cents: Cents) -> None:
    item, since = kind.price_of(tier), desk.today.replace(month=1, day=1)
    words = _("%(kind)s, late, for a day") if tier is Tier.LATE else _("%(kind)s, hired")
    label = in_site_words(desk, words.fill(kind=kind.name))
    unit = UNITS[tier]
    desk.add(Price(label=label, item=item, cents=cents, unit=unit, valid_from=since))


def _make_bike(desk: Desk, code: str, kind: Kind) -> Bike:
    words, identifier = BIKES[code]
    name = in_site_words(desk, words)
    return desk.add(Bike(code=code, kind=kind, name=name, identifier=identifier))
