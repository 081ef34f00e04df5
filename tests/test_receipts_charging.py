"""What is owed: priced once, owed once, ended once."""

from collections.abc import Callable
from types import ModuleType

import pytest
from sqlalchemy import select

from palier import hookspecs
from palier.acts import Count, act
from palier.asking import Hooks
from palier.context import Context
from palier.db.engine import Database
from palier.errors import PluginFailed, Refused
from palier.plugins import Manifest, Plugin, Registry
from palier.receipts.actions import cancel_charge, pay, waive_charge
from palier.receipts.charging import AlreadyCharged, ChargeEnded, charge_item, open_charges
from palier.receipts.models import Charge, ChargeState, Receipt, WaiveReason
from palier.receipts.price_list import PricedThatDay, set_price
from palier.receipts.pricing import NoPrice, TooFew, price
from palier.residents.models import Resident
from palier.testing.plugin import MAGDA, NOW, SECRET, At, place
from palier.testing.till import SINCE, make_resident, owe
from palier.text import Cents, _
from palier.trail import ActRow, perform

LOAF = Count("loaf", _("Loaves"))


class NoMore(Refused):
    text = _("No more of it.")


@act(_("Hand over"), counts=LOAF)
def hand_over(desk: Context, resident: Resident) -> None:
    """Hand a loaf over."""
    owe(desk, resident, 95)


def asked(answer: Callable[[Context, Charge], None]) -> Hooks:
    """Return the hooks of one service, `residents`, that answers when its charges end."""
    module = ModuleType("service")
    module.manifest = Manifest("residents", _("Service"), _("A service."), icon="bread")  # type: ignore[attr-defined]  # a module made for the test
    module.answer = hookspecs.charge_ended(answer)  # type: ignore[attr-defined, arg-type]  # the same
    return Hooks(Registry({"residents": Plugin("residents", module)}))


def open_desk(session: object, hooks: Hooks) -> Context:
    site = place(plugins=frozenset({"residents"}))
    return Context(session, site, MAGDA, NOW, hooks=hooks, secret=SECRET)  # type: ignore[arg-type]  # a session


def test_a_charge_says_what_it_costs_and_why(at: At) -> None:
    with at() as desk:
        set_price(desk, "test.day", Cents(400), valid_from=SINCE)

        quote = price(desk, "test.day", 3, None)

    assert (quote.unit_cents, quote.full_cents, quote.payable_cents) == (400, 1200, 1200)
    assert str(quote.reason) == "Full price: 3 × €4.00."


def test_the_newest_price_that_holds_today_counts(at: At) -> None:
    with at() as desk:
        set_price(desk, "test.day", Cents(400), valid_from=SINCE)
        set_price(desk, "test.day", Cents(450), valid_from=desk.today)
        set_price(desk, "test.day", Cents(500), valid_from=desk.today.replace(year=2027))

        assert price(desk, "test.day", 1, None).unit_cents == 450


def test_two_prices_from_one_day_are_refused(at: At) -> None:
    with at() as desk:
        set_price(desk, "test.day", Cents(400), valid_from=SINCE)

        with pytest.raises(PricedThatDay):
            set_price(desk, "test.day", Cents(450), valid_from=SINCE)


def test_without_a_price_the_sentence_says_where_to_add_it(at: At) -> None:
    with at() as desk:
        resident = make_resident(desk)

        with pytest.raises(NoPrice) as refused:
            charge_item(desk, item="test.day", label=_("A day"), source=resident)

    assert "Till, Prices" in str(refused.value)
    assert "A day" in str(refused.value)


def test_the_same_thing_is_owed_once(at: At) -> None:
    with at() as desk:
        who = owe(desk, make_resident(desk), 100).resident_id or 0

    with at() as desk:
        resident = desk.session.get_one(Resident, who)
        with pytest.raises(AlreadyCharged):
            charge_item(desk, item=f"test.thing.{who}.", label="Again", source=resident)
        desk.session.rollback()


def test_what_was_cancelled_can_be_owed_again(at: At) -> None:
    with at() as desk:
        resident = make_resident(desk)
        cancel_charge(desk, owe(desk, resident, 100))

        charge_item(
            desk,
            item=f"test.thing.{resident.id}.",
            label="Again",
            source=resident,
            resident=resident,
        )

        assert [each.label for each in open_charges(desk, resident)] == ["Again"]


def test_nothing_is_owed_for_no_quantity(at: At) -> None:
    with at() as desk, pytest.raises(TooFew):
        owe(desk, make_resident(desk), 100, quantity=0)


def test_what_the_household_owes_is_in_the_basket_of_each_of_them(at: At) -> None:
    with at() as desk:
        resident = make_resident(desk)
        set_price(desk, "membership.year", Cents(1000), valid_from=SINCE)
        charge_item(
            desk,
            item="membership.year",
            label="Year",
            source=resident,
            household=resident.household,
        )

        basket = open_charges(desk, resident)

    assert [each.total_cents for each in basket] == [1000]


def test_the_basket_of_another_person_is_theirs(at: At) -> None:
    with at() as desk:
        owe(desk, make_resident(desk, "F1"), 100)

        assert open_charges(desk, make_resident(desk, "F2")) == []


def test_another_service_than_the_sources_may_hear_of_the_end(at: At) -> None:
    with at() as desk:
        resident = make_resident(desk)
        set_price(desk, "test.day", Cents(400), valid_from=SINCE)

        charge = charge_item(desk, item="test.day", label="A day", source=resident, service="desk")

    assert charge.service == "desk"


def test_a_charge_ends_once(at: At) -> None:
    with at() as desk:
        charge = owe(desk, make_resident(desk), 100)
        waive_charge(desk, charge, reason=WaiveReason.GOODWILL)

        with pytest.raises(ChargeEnded):
            cancel_charge(desk, charge)

        assert (charge.state, charge.reason) == (ChargeState.WAIVED, WaiveReason.GOODWILL)


def test_cancelling_a_charge_cancels_the_act_behind_it(at: At) -> None:
    with at() as desk:
        resident = make_resident(desk)
        done = perform(desk, hand_over, resident, {}).row
        perform(desk, cancel_charge, open_charges(desk, resident)[0], {})

        cancelled = desk.all(select(ActRow).where(ActRow.cancels_id.is_not(None)))

    assert [(each.cancels_id, each.counted) for each in cancelled] == [(done.id, None)]


def test_a_sale_is_counted_and_leaves_its_trace(at: At) -> None:
    with at() as desk:
        resident = make_resident(desk)
        owe(desk, resident, 95)

        done = perform(desk, pay, resident, {})

    assert isinstance(done.result, Receipt)
    assert (done.row.name, done.row.counted) == ("receipts.pay", "sale")
    assert done.row.resident_id == done.row.subject_id


def test_the_service_hears_of_every_end(database: Database) -> None:
    heard: list[str] = []

    def ended(desk: Context, charge: Charge) -> None:  # noqa: ARG001 - as the hook says
        heard.append(charge.state.value)

    hooks = asked(ended)
    with database.write(1) as session:
        desk = open_desk(session, hooks)
        resident = make_resident(desk)
        cancel_charge(desk, owe(desk, resident, 1, what="a"))
        waive_charge(desk, owe(desk, resident, 2, what="b"), reason=WaiveReason.MANAGER)
        owe(desk, resident, 3, what="c")
        pay(desk, resident)

    assert heard == ["cancelled", "waived", "receipted"]


@pytest.mark.parametrize(("error", "refusal"), [(NoMore, NoMore), (KeyError, PluginFailed)])
def test_what_the_service_refuses_is_not_sold(
    at: At, database: Database, error: type[Exception], refusal: type[Refused]
) -> None:
    def ended(desk: Context, charge: Charge) -> None:  # noqa: ARG001 - as the hook says
        raise error

    hooks = asked(ended)
    with at() as desk:
        who = owe(desk, make_resident(desk), 95).resident_id

    def pays() -> None:
        with database.write(1) as session:
            pay(open_desk(session, hooks), session.get_one(Resident, who))

    with pytest.raises(refusal):
        pays()

    with at(write=False) as desk:
        assert desk.session.scalar(select(Receipt.id)) is None
        assert desk.session.scalar(select(Charge.state)) is ChargeState.OPEN
