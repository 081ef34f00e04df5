"""The kinds that a site begins with; eight bikes, a raclette machine and a loan to show."""

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Any, NamedTuple

from palier.api import (
    Cents,
    DepositForm,
    Desk,
    Price,
    Provider,
    Resident,
    Text,
    Ticks,
    Unit,
    _,
    in_site_words,
    select,
)

from . import queries, rules
from .actions import lend
from .models import Bike, Kind, Loan, Repair, Rhythm, Tier
from .repairing import add_part, finish, open_repair, send

LOANS, DAYS_OUT, HALF_A_YEAR, YEAR = 10, 60, 182, 365


class Sample(NamedTuple):
    """A kind to begin with: its deposit, and what a day, a week and a late day of it cost."""

    name: Text
    deposit: int
    prices: dict[Tier, int]
    due: dict[str, int]
    more: Mapping[str, Any] = MappingProxyType({})


def _prices(day: int, week: int, late: int) -> dict[Tier, int]:
    return {Tier.DAY: day, Tier.WEEK: week, Tier.LATE: late}


# Every six months a bicycle sees a workshop, and sooner where it is lent often.
OFTEN = {"loans": LOANS, "days_out": DAYS_OUT, "days": HALF_A_YEAR}
KINDS: dict[str, Sample] = {
    "V": Sample(_("City bike"), 15000, _prices(200, 800, 200), OFTEN),
    "C": Sample(_("Cargo bike"), 30000, _prices(500, 2000, 500), OFTEN),
    "E": Sample(_("Child's bike"), 5000, _prices(100, 400, 100), OFTEN),
    "A": Sample(_("Electric bike"), 30000, _prices(400, 1600, 400), OFTEN),
    "R": Sample(
        _("Raclette machine"),
        3000,
        {**_prices(300, 900, 200), Tier.PIECE: 650},
        {"days": YEAR},
        {
            "before": Ticks({"cable", "works", "clean", "manual"}),
            "after": Ticks({"cable", "works", "clean", "manual"}),
            "piece": _("Pans"),
            "pieces": 8,
        },
    ),
}
UNITS = {
    Tier.DAY: Unit.DAY,
    Tier.WEEK: Unit.WEEK,
    Tier.LATE: Unit.DAY,
    Tier.PIECE: Unit.PIECE,
}
LATE_OR_MISSING = {
    Tier.LATE: _("%(kind)s, late, for a day"),
    Tier.PIECE: _("%(kind)s, a missing piece"),
}
BIKES: dict[str, tuple[Text, str | None]] = {
    "V01": (_("Size S, blue"), "BC5A7K2M9X"),
    "V02": (_("Size M, red"), "BC5A7K2M9Y"),
    "V03": (_("Size M, green"), "BC5A7K2M9Z"),
    "V07": (_("Low frame, size M"), "B7K2M49XQ1"),
    "C01": (_("Two children or 80 kg"), "B7K2M49XQ2"),
    "C02": (_("Long tail, two seats"), "B7K2M49XQ3"),
    "E02": (_("20 inches"), None),
    "A01": (_("Size M, basket"), "B7K2M49XQ4"),
    "R01": (_("Eight pans, 1200 W"), None),
}
WORKSHOP = "Vélo Relais"
# Only the demonstration has these: nobody lends them there.
TO_MAINTAIN: dict[str, tuple[Text, str | None]] = {
    "V08": (_("Size L, black"), "B7K2M49XQ5"),
    "V09": (_("Size L, white"), "B7K2M49XQ6"),
    "V10": (_("Size S, yellow"), "B7K2M49XQ7"),
}


def make_kinds(desk: Desk) -> dict[str, Kind]:
    """Return the kinds by the letter of their tags, made where the site has none yet."""
    known = {kind.name: kind for kind in desk.all(select(Kind))}
    made: dict[str, Kind] = {}
    for letter, sample in KINDS.items():
        name = in_site_words(desk, sample.name)
        made[letter] = known.get(name) or _make_kind(desk, name, sample)
    return made


def _make_kind(desk: Desk, name: str, sample: Sample) -> Kind:
    more = sample.more
    if isinstance(words := more.get("piece"), Text):
        more = {**more, "piece": in_site_words(desk, words)}
    kind = desk.add(Kind(name=name, deposit=Cents(sample.deposit), **more))
    desk.add(Rhythm(kind=kind, valid_from=desk.today, **sample.due))
    return kind


def make_fleet(desk: Desk) -> list[Bike]:
    """Return eight bikes and a machine, made with their prices unless the site has bikes."""
    if bikes := desk.all(select(Bike).order_by(Bike.code)):
        return bikes
    kinds = make_kinds(desk)
    for letter, kind in kinds.items():
        for tier, cents in KINDS[letter].prices.items():
            _set_price(desk, kind, tier, Cents(cents))
    return [_make_bike(desk, code, kinds[code[0]]) for code in BIKES]


def lend_one(desk: Desk) -> None:
    """Lend a bike to somebody for three days, where none was ever lent and someone lives."""
    lent = desk.all(select(Loan).limit(1))
    residents = desk.all(select(Resident).order_by(Resident.id).limit(1))
    if lent or not residents:
        return
    bikes = desk.all(select(Bike).order_by(Bike.code.desc()))
    last = next((each for each in bikes if _may_leave(desk, each)), None)
    if last is None:
        return
    checked = Ticks.made(last.kind.before, desk.actor.name, desk.now)
    due_at = desk.now + timedelta(days=3)
    form, number = DepositForm.CHEQUE, "0045128"
    lend(
        desk, last, resident=residents[0], due_at=due_at, before=checked, deposit=form, reference=number
    )  # fmt: skip


def _may_leave(desk: Desk, bike: Bike) -> bool:
    """Whether nothing is against lending it: a site's own bikes may be blocked, or due."""
    found = queries.upkeep_of(desk, bike)
    due = found.repair is not None or rules.is_due(bike, found.rhythm, desk.today)
    return bike.kind.has_brakes and rules.is_ready(bike) and not due


def _set_price(desk: Desk, kind: Kind, tier: Tier, cents: Cents) -> None:
    item, since = kind.price_of(tier), desk.today.replace(month=1, day=1)
    words = LATE_OR_MISSING.get(tier, _("%(kind)s, hired"))
    label = in_site_words(desk, words.fill(kind=kind.name))
    unit = UNITS[tier]
    desk.add(Price(label=label, item=item, cents=cents, unit=unit, valid_from=since))


def _make_bike(desk: Desk, code: str, kind: Kind) -> Bike:
    words, identifier = (BIKES | TO_MAINTAIN)[code]
    name = in_site_words(desk, words)
    return desk.add(Bike(code=code, kind=kind, name=name, identifier=identifier))


def maintain_some(desk: Desk) -> None:
    """Show maintenance: one repaired, one at a workshop, one that is due; not where their tags are taken."""
    repairs = desk.all(select(Repair).limit(1))
    bikes = desk.all(select(Bike).where(Bike.code.in_(TO_MAINTAIN)).limit(1))
    if repairs or bikes:
        return
    city = make_kinds(desk)["V"]
    bikes = [_make_bike(desk, code, city) for code in TO_MAINTAIN]
    repaired, sent, due = bikes
    _repair(desk, repaired)
    order = open_repair(desk, sent, what=in_site_words(desk, _("The rear wheel wobbles")))
    add_part(desk, order, name=in_site_words(desk, _("Spoke")), quantity=4, cents=Cents(80))
    back = desk.today + timedelta(days=120)  # the day that is shown may be three months later
    send(desk, order, provider=_workshop(desk), due_back=back)
    due.loans_since = LOANS


def _workshop(desk: Desk) -> Provider:
    query = select(Provider).where(Provider.name == WORKSHOP)
    return next(iter(desk.all(query)), None) or desk.add(Provider(name=WORKSHOP))


def _repair(desk: Desk, bike: Bike) -> None:
    order = open_repair(desk, bike, what=in_site_words(desk, _("Puncture at the front")))
    tube = in_site_words(desk, _("Inner tube, 28 inches"))
    add_part(desk, order, name=tube, quantity=2, cents=Cents(590))
    checked = Ticks.made(bike.kind.before, desk.actor.name, desk.now)
    finish(desk, order, labour=Cents(0), checked=checked)
