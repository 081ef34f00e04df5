"""Two records of one person become one, and two again: every link of every package."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from palier.bookings.booking import book_thing, hand_out
from palier.bookings.models import Bookable, Booking
from palier.db.links import links_to
from palier.errors import Refused
from palier.receipts.deposits import hold_deposit
from palier.receipts.models import (
    Charge,
    Deposit,
    DepositForm,
    LedgerKind,
    Receipt,
    Tab,
)
from palier.residents import rules
from palier.residents.actions import add_household, add_resident, merge, undo_merge
from palier.residents.merging import BothHave, ChangedSince
from palier.residents.models import (
    Channel,
    Household,
    Membership,
    Merge,
    MergeMove,
    Resident,
    ResidentState,
)
from palier.residents.people import find_people
from palier.residents.rules import Whose
from palier.testing.plugin import NOW, At
from palier.testing.till import assert_books_are_whole, owe, pays
from palier.text import Cents
from palier.trail import ActRow, perform

KEPT, GONE = 1, 2


@pytest.fixture
def twice(at: At) -> None:
    """Odile Kern, known since long, and again as Odille, with a mobile number, a floor above."""
    with at(now=NOW - timedelta(days=400)) as desk:
        home = add_household(desk, street="rue de Wattwiller", number="40", stairwell="4")
        add_resident(desk, home, given_name="Odile", family_name="Kern", phone="03 88 60 90 90")
    with at() as desk:
        home = add_household(desk, street="rue de Wattwiller", number="40", stairwell="5")
        add_resident(
            desk,
            home,
            given_name="Odille",
            family_name="Kern",
            birth_year=1968,
            phone="06 12 34 56 78",
        )


def busy(at: At, who: int) -> None:
    """Let someone owe, pay, book, borrow and leave a deposit."""
    with at() as desk:
        resident = desk.session.get_one(Resident, who)
        owe(desk, resident, 240, what=f"first {who}")
    pays(at, who)
    with at() as desk:
        resident = desk.session.get_one(Resident, who)
        owe(desk, resident, 100, what=f"second {who}")
        thing = desk.add(Bookable(code=f"V{who}", name="City"))
        line = book_thing(desk, thing, NOW, NOW + timedelta(days=2), resident)
        hand_out(desk, line)
        hold_deposit(desk, line.booking, Cents(5000), DepositForm.CASH)
        desk.add(ActRow(name="x.y", at=NOW, recorded_at=NOW, resident_id=who))


def merged(at: At, **values: object) -> int:
    with at() as desk:
        kept, gone = (desk.session.get_one(Resident, each) for each in (KEPT, GONE))
        return int(perform(desk, merge, kept, {"other": gone, **values}).result.id)


def taken_apart(at: At, id: int) -> None:
    with at() as desk:
        perform(desk, undo_merge, desk.session.get_one(Merge, id), {})


def pointing(at: At, who: int) -> Iterator[str]:
    """Name every column of every package that points at a resident, merges left out."""
    with at(write=False) as desk:
        for link in links_to(Resident):
            if getattr(link.kind, "stays", False) or (link.table, link.name) == (
                "act",
                "subject_id",
            ):
                continue
            query = select(func.count()).select_from(link.kind).where(link.points_at(who))
            if desk.session.scalar(query):
                yield f"{link.table}.{link.name}"


@pytest.mark.usefixtures("twice")
def test_everything_of_one_record_is_the_others(at: At) -> None:
    busy(at, GONE)
    before = set(pointing(at, GONE))

    merged(at)

    assert before >= {"charge.resident_id", "booking.resident_id", "receipt.resident_id"}
    assert before >= {"act.resident_id", "deposit.resident_id", "charge.source_id"}
    assert set(pointing(at, GONE)) == set()
    assert set(pointing(at, KEPT)) >= before
    assert_books_are_whole(at)


@pytest.mark.usefixtures("twice")
def test_the_newer_contact_wins_and_the_kept_name_stays(at: At) -> None:
    merged(at)

    with at(write=False) as desk:
        kept, gone = (desk.session.get_one(Resident, each) for each in (KEPT, GONE))
        assert (kept.given_name, kept.birth_year) == ("Odile", 1968)
        assert (kept.phone, kept.channel) == ("+33612345678", Channel.SMS)
        assert kept.last_contact_on == desk.today
        assert (gone.state, gone.merged_into_id) == (ResidentState.MERGED, KEPT)


@pytest.mark.usefixtures("twice")
def test_each_value_may_be_chosen(at: At) -> None:
    merged(at, given_name=Whose.GONE, phone=Whose.KEPT, channel=Whose.KEPT)

    with at(write=False) as desk:
        kept = desk.session.get_one(Resident, KEPT)
        assert (kept.given_name, kept.phone) == ("Odille", "+33388609090")
        assert find_people(desk, "odille") == [kept]


@pytest.mark.usefixtures("twice")
def test_both_cards_open_the_kept_record(at: At) -> None:
    with at(write=False) as desk:
        cards = list(desk.session.scalars(select(Resident.card_code).order_by(Resident.id)))

    id = merged(at)

    with at(write=False) as desk:
        assert [[each.id for each in find_people(desk, card)] for card in cards] == [[KEPT]] * 2
    taken_apart(at, id)
    with at(write=False) as desk:
        assert [find_people(desk, card)[0].id for card in cards] == [KEPT, GONE]


@pytest.mark.usefixtures("twice")
def test_the_households_become_one_where_someone_says_so(at: At) -> None:
    busy(at, GONE)
    with at() as desk:
        there = desk.session.get_one(Household, 2)
        add_resident(desk, there, given_name="Paul", family_name="Kern", sure=True)
        since = date(2026, 1, 1)
        desk.add(Membership(household=there, starts_on=since, ends_on=date(2027, 1, 1)))

    id = merged(at, home=True, household=Whose.KEPT)

    with at(write=False) as desk:
        home = desk.session.get_one(Household, 1)
        people = select(Resident.id).where(Resident.household == home).order_by(Resident.id)
        assert list(desk.session.scalars(people)) == [1, 2, 3]
        assert desk.session.scalars(select(Membership)).one().household is home
        assert desk.session.get_one(Household, 2).merged_into_id == 1
        assert desk.session.scalars(select(Receipt)).one().household is home
    taken_apart(at, id)
    with at(write=False) as desk:
        assert desk.session.scalars(select(Membership)).one().household.id == 2
        assert desk.session.get_one(Household, 2).merged_into_id is None


@pytest.mark.usefixtures("twice")
def test_two_memberships_at_one_time_stay_apart(at: At) -> None:
    with at() as desk:
        for id in (1, 2):
            home = desk.session.get_one(Household, id)
            since = date(2026, 1, id)
            desk.add(Membership(household=home, starts_on=since, ends_on=date(2027, 1, 1)))

    with pytest.raises(rules.BothMembers) as refusal:
        merged(at, home=True)

    assert refusal.value.field == "home"
    merged(at)


def tab(at: At, home: int, cents: int) -> None:
    with at() as desk:
        desk.add(
            Tab(
                kind=LedgerKind.TAB,
                household=desk.session.get_one(Household, home),
                owner_type="household",
                owner_id=home,
                label="Ardoise",
                balance_cents=Cents(cents),
            )
        )


def tabs(at: At) -> list[tuple[int, int]]:
    """Return each tab's owner, as the account and as its household."""
    with at(write=False) as desk:
        found = desk.all(select(Tab).order_by(Tab.id), Tab.household)
        return [(each.owner_id, each.household.id) for each in found]


@pytest.mark.usefixtures("twice")
def test_two_tabs_with_money_on_them_are_refused_in_words(at: At) -> None:
    tab(at, 1, 300)
    tab(at, 2, 200)

    with pytest.raises(BothHave):
        merged(at, home=True)

    assert tabs(at) == [(1, 1), (2, 2)]


@pytest.mark.usefixtures("twice")
def test_an_empty_tab_is_no_obstacle(at: At) -> None:
    tab(at, 1, 300)
    tab(at, 2, 0)

    id = merged(at, home=True, household=Whose.KEPT)
    taken_apart(at, id)

    assert tabs(at) == [(1, 1), (2, 2)]


@pytest.mark.usefixtures("twice")
def test_one_tab_moves_with_its_household(at: At) -> None:
    tab(at, 2, 200)

    id = merged(at, home=True, household=Whose.KEPT)
    after = tabs(at)
    taken_apart(at, id)

    assert (after, tabs(at)) == ([(1, 1)], [(2, 2)])


@pytest.mark.usefixtures("twice")
def test_undoing_moves_back_exactly_what_was_moved(at: At) -> None:
    busy(at, GONE)
    before = set(pointing(at, GONE))
    id = merged(at, given_name=Whose.GONE)
    with at() as desk:
        owe(desk, desk.session.get_one(Resident, KEPT), 700, what="since")

    taken_apart(at, id)

    assert set(pointing(at, GONE)) == before
    with at(write=False) as desk:
        kept, gone = (desk.session.get_one(Resident, each) for each in (KEPT, GONE))
        assert (str(kept), kept.phone, kept.birth_year) == ("Odile Kern", "+33388609090", None)
        assert kept.last_contact_on == (NOW - timedelta(days=400)).date()
        assert (gone.state, gone.merged_into_id) == (ResidentState.ACTIVE, None)
        since = select(Charge.resident_id).where(Charge.what == "since")
        assert desk.session.scalars(since).one() == KEPT


@pytest.mark.usefixtures("twice")
def test_what_was_written_since_the_merge_stays_written(at: At) -> None:
    id = merged(at)
    with at() as desk:
        desk.session.get_one(Resident, KEPT).phone = "06 22 33 44 55"

    taken_apart(at, id)

    with at(write=False) as desk:
        phones = select(Resident.phone).order_by(Resident.id)
        assert list(desk.session.scalars(phones)) == ["+33622334455", "+33612345678"]


@pytest.mark.usefixtures("twice")
def test_what_was_led_elsewhere_since_can_not_be_moved_back(at: At) -> None:
    busy(at, GONE)
    id = merged(at)
    with at() as desk:
        home = desk.session.get_one(Household, 1)
        third = add_resident(desk, home, given_name="Paul", family_name="Kern", sure=True)
        desk.session.scalars(select(Booking)).one().resident = third

    with pytest.raises(ChangedSince):
        taken_apart(at, id)

    assert set(pointing(at, GONE)) == set()


def third(at: At) -> int:
    with at() as desk:
        home = add_household(desk, street="rue de Genève", number="3")
        return add_resident(desk, home, given_name="O.", family_name="Kern", sure=True).id


@pytest.mark.usefixtures("twice")
def test_a_chain_of_merges_leads_to_the_last_and_is_undone_from_there(at: At) -> None:
    last = third(at)
    busy(at, GONE)
    first = merged(at)
    with at() as desk:
        kept, gone = (desk.session.get_one(Resident, each) for each in (last, KEPT))
        second = perform(desk, merge, kept, {"other": gone}).result.id

    assert set(pointing(at, GONE)) | set(pointing(at, KEPT)) == set()
    with at(write=False) as desk:
        assert desk.session.get_one(Resident, GONE).merged_into_id == last
    with pytest.raises(rules.MergedOn):
        taken_apart(at, first)
    taken_apart(at, second)
    taken_apart(at, first)
    with at(write=False) as desk:
        assert list(desk.session.scalars(select(Resident.merged_into_id))) == [None] * 3


@pytest.mark.usefixtures("twice")
def test_what_makes_no_sense_is_refused_in_words(at: At) -> None:
    other = third(at)

    def tries(kept: int, gone: int) -> type[Refused]:
        with at() as desk:
            one, two = (desk.session.get_one(Resident, each) for each in (kept, gone))
            with pytest.raises(Refused) as refusal:
                merge(desk, one, other=two)
        return type(refusal.value)

    id = merged(at)
    with at() as desk:
        desk.session.get_one(Resident, other).state = ResidentState.ERASED

    assert tries(KEPT, KEPT) is rules.SameRecord
    assert tries(KEPT, GONE) is rules.MergedBefore
    assert tries(GONE, KEPT) is rules.MergedBefore
    assert tries(KEPT, other) is rules.ErasedRecord
    taken_apart(at, id)
    with pytest.raises(Refused):
        taken_apart(at, id)


@pytest.mark.usefixtures("twice")
def test_the_act_names_columns_and_no_word_of_the_person(at: At) -> None:
    busy(at, GONE)

    merged(at)

    with at(write=False) as desk:
        row = desk.session.scalars(select(ActRow).where(ActRow.name == "residents.merge")).one()
        assert row.resident_id == KEPT
        assert "Odil" not in str(row.changes)
        assert "merge_move" not in str(row.changes)
        assert desk.total(MergeMove.version) > 5
        assert desk.session.scalar(select(func.count(Deposit.id))) == 1
