"""The directory of providers, on both databases."""

from dataclasses import replace

import pytest

from palier.context import Role
from palier.db.search import nearest
from palier.errors import NotAllowed, NotNow
from palier.providers.actions import list_again, pause, strike_off
from palier.providers.models import Provider, ProviderState
from palier.testing.plugin import MAGDA, At
from palier.trail import perform


@pytest.fixture
def shoemaker(at: At) -> int:
    """A shoemaker of Ampère; the provider's id."""
    with at() as desk:
        return desk.add(Provider(name="Cordonnerie Müller")).id


def test_a_provider_is_found_by_name(at: At, shoemaker: int) -> None:
    with at(write=False) as desk:
        found = nearest(desk.session, Provider, "mulelr")

    assert [each.id for each in found] == [shoemaker]


def test_paused_struck_off_and_listed_again(at: At, shoemaker: int) -> None:
    with at() as desk:
        provider = desk.session.get_one(Provider, shoemaker)
        states = []
        for each in (pause, strike_off, list_again):
            perform(desk, each, provider, {})
            states.append(provider.state)

    assert states == [ProviderState.PAUSED, ProviderState.STRUCK_OFF, ProviderState.LISTED]


def test_who_is_struck_off_cannot_be_paused(at: At, shoemaker: int) -> None:
    with at() as desk:
        provider = desk.session.get_one(Provider, shoemaker)
        provider.state = ProviderState.STRUCK_OFF

        with pytest.raises(NotNow):
            perform(desk, pause, provider, {})


def test_a_caretaker_leaves_the_directory_to_the_manager(at: At, shoemaker: int) -> None:
    with at(actor=replace(MAGDA, role=Role.CARETAKER)) as desk:
        provider = desk.session.get_one(Provider, shoemaker)

        with pytest.raises(NotAllowed):
            perform(desk, strike_off, provider, {})
