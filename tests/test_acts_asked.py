"""What a form asks for may depend on what the act is done to, or on what was chosen in it."""

from typing import Annotated, Any

import pytest

from palier.acts import Act, act
from palier.bookings.models import Bookable
from palier.db.types import Tick, Ticks
from palier.desk.counter import Desk
from palier.errors import Invalid, WrongDeclaration
from palier.reading import asked_now, read_values
from palier.signature import ask
from palier.testing.plugin import At
from palier.text import Text, _

CABLE, LIGHTS = Tick("cable", _("Cable"), must=True), Tick("lights", _("Lights"))


def checks_of(thing: Bookable | None) -> tuple[Tick, ...]:
    if thing is None:
        return ()
    return (CABLE,) if thing.code.startswith("R") else (LIGHTS,)


def how_many(thing: Bookable | None) -> Text | None:
    return _("Count the pans of %(thing)s.").fill(thing=thing)


def has_pans(thing: Bookable | None) -> bool:
    return thing is not None and thing.code.startswith("R")


@act(_("Lend"))
def lend(
    _desk: Desk,
    thing: Bookable,
    *,
    before: Annotated[Ticks, ask(_("Checked"), items=checks_of)],
    pans: Annotated[int | None, ask(_("Pans"), fits=has_pans, help=how_many)] = None,
) -> None:
    """Lend it."""


@act(_("Lend something"))
def choose(
    _desk: Desk,
    *,
    thing: Annotated[Bookable, ask(_("Thing"), decides=True)],
    before: Annotated[Ticks, ask(_("Checked"), items=checks_of)],
    pans: Annotated[int | None, ask(_("Pans"), fits=has_pans)] = None,
) -> None:
    """Choose something and lend it."""


def asked_of(which: Act[..., Any], thing: Bookable) -> list[tuple[str, list[str]]]:
    values = which.signature.values_for(thing)
    return [(each.name, [tick.name for tick in each.items]) for each in values]


def test_a_record_calls_for_its_own_values() -> None:
    machine, bike = Bookable(code="R01"), Bookable(code="V01")

    assert asked_of(lend, machine) == [("before", ["cable"]), ("pans", [])]
    assert str(lend.signature.values_for(machine)[1].help) == "Count the pans of R01."
    assert asked_of(lend, bike) == [("before", ["lights"])]


def test_what_is_chosen_in_the_form_decides_what_else_it_asks(at: At) -> None:
    with at() as desk:
        machine, bike = desk.add(Bookable(code="R01")), desk.add(Bookable(code="V01"))
        signature = choose.signature

        chosen = asked_now(signature, None, {"thing": str(machine.id)}, desk, json=False)
        other = asked_now(signature, None, {"thing": bike.id}, desk, json=True)
        nothing = asked_now(signature, None, {"thing": "9999"}, desk, json=False)

        assert [each.name for each in chosen] == ["thing", "before", "pans"]
        assert [each.name for each in other] == ["thing", "before"]
        assert [each.name for each in nothing] == ["thing", "before"]


def test_what_the_record_wants_checked_can_t_be_left_out(at: At) -> None:
    with at() as desk:
        asked = lend.signature.values_for(desk.add(Bookable(code="R01")))

        with pytest.raises(Invalid) as refusal:
            read_values(asked, {"before": "", "pans": "8"}, desk, json=False)

        (words,) = refusal.value.errors["before"]
        assert str(words) == "Still to check: Cable."


def test_what_is_asked_of_some_records_only_is_filled_in_there(at: At) -> None:
    with at() as desk:
        machine, bike = desk.add(Bookable(code="R01")), desk.add(Bookable(code="V01"))
        given = {"before": "cable", "pans": ""}

        with pytest.raises(Invalid) as refusal:
            read_values(lend.signature.values_for(machine), given, desk, json=False)
        other = read_values(lend.signature.values_for(bike), {"before": ""}, desk, json=False)

        (words,) = refusal.value.errors["pans"]
        assert str(words) == "Fill in: Pans."
        assert list(other) == ["before"]


def test_a_value_that_is_not_always_asked_needs_a_default() -> None:
    @act(_("Lend"))
    def wrong(_desk: Desk, thing: Bookable, *, pans: Annotated[int, ask(fits=has_pans)]) -> None:
        """Lend it."""

    with pytest.raises(WrongDeclaration, match="pans is not always asked for"):
        wrong.signature  # noqa: B018 - read once, here
