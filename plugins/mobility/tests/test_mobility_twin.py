"""A site to learn on begins with the live site's places, prices and vehicles, and shows trips."""

from palier import hookspecs
from palier.api import Price, select
from palier.house import House
from palier.sites.switching import enable, plan_enable
from palier.testing.till import make_resident
from palier.training.twins import open_twin
from palier_mobility.models import Fare, Stop, Trip, Vehicle, Voucher, VoucherKind


def test_the_twin_of_a_site_that_has_it_all_shows_its_own_trips(house: House) -> None:
    with house.at("ampere", "test") as desk:
        enable(desk, house.hooks, plan_enable(house.registry, desk.site.plugins, "mobility"))
        make_resident(desk)
    with house.at("ampere", "test") as desk:
        house.hooks.answer(hookspecs.demo, desk, only="mobility")

    twin = open_twin(house, "ampere")

    with house.at(twin, "test", write=False) as desk:
        names = {
            model: len(desk.all(select(model))) for model in (Fare, Stop, Vehicle, VoucherKind)
        }
        trips = desk.all(select(Trip), Trip.origin, Trip.vehicle)
        (fare,) = desk.all(select(Fare))
        items = {each.item for each in desk.all(select(Price))}
        assert names == {Fare: 1, Stop: 6, Vehicle: 1, VoucherKind: 1}
        assert trips
        assert all(each.origin.home for each in trips)
        assert {fare.item_of(each) for each in fare.tariffs} <= items
        assert len(desk.all(select(Voucher))) == 10
