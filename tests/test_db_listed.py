"""A short list as one value of a statement, on both databases."""

from datetime import timedelta

from sqlalchemy import select

from palier.db.listed import instant_in, listed
from palier.residents.models import Resident
from palier.testing.plugin import NOW, At
from palier.visits.models import Visit


def test_rows_come_in_their_order_with_instants_that_are_aware(at: At) -> None:
    with at() as desk:
        for hours in (2, 0, 1):
            desk.add(Visit(at=NOW + timedelta(hours=hours), on=desk.today))
        query = select(Visit.id, Visit.at).order_by(Visit.at).limit(2)

        rows = desk.session.execute(select(listed(query))).scalar_one()

    assert [row[0] for row in rows] == [2, 3]
    assert [instant_in(row[1]) for row in rows] == [NOW, NOW + timedelta(hours=1)]


def test_no_rows_are_an_empty_list_and_another_sites_are_none(at: At) -> None:
    with at() as desk:
        desk.add(Resident(given_name="Odile", family_name="Kern", card_code="H-1"))
    query = select(Resident.given_name)

    with at(site_id=2, write=False) as desk:
        there = desk.session.execute(select(listed(query))).scalar_one()
    with at(write=False) as desk:
        here = desk.session.execute(select(listed(query))).scalar_one()

    assert there == []
    assert here == [["Odile"]]
