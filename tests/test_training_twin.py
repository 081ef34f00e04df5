"""The training twin: real screens on copied things, and a live site that stays as it is."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from palier import hookspecs
from palier.accounts.models import Account, Staff, StaffSkill
from palier.accounts.signing import sites_of
from palier.bookings.models import Bookable
from palier.context import Context
from palier.db.engine import Database
from palier.db.records import all_tables
from palier.house import House
from palier.messages.models import Message, MessageState
from palier.messages.rules import Settings
from palier.receipts.closings import close_day
from palier.receipts.ledgers import make_fund, pay_in
from palier.receipts.models import Fund, Funder, Price, Receipt, Tab
from palier.receipts.price_list import set_price, set_reduced_price
from palier.receipts.pricing import price
from palier.residents.models import Bracket, Colour, Household, Resident
from palier.site_settings import decide
from palier.sites.models import Opening, Site, SiteKind
from palier.sites.switching import enable, plan_enable
from palier.testing.caretaker import Browser, words_of
from palier.testing.keypad import make_keypad
from palier.testing.till import make_resident, owe
from palier.text import Cents
from palier.training.copying import remove_rows
from palier.training.twins import PRACTICE, NoTwinThere, live_site_of, open_twin, remove_twin
from palier.visits.counting import count_hours
from palier.visits.models import Visit, VisitReason

TWIN = "ampere-essai"
Rows = dict[str, list[tuple[Any, ...]]]
# Whose rows are of no site. Not among them: sign-ins, which move to the twin with who enters it.
OF_NO_SITE = {"account", "operator", "operator_vat", "operator_was"}


@pytest.fixture
def live(house: House) -> House:
    """Ampère with bikes, a price and a resident who owes something."""
    with house.at("ampere", "test") as desk:
        enable(desk, house.hooks, plan_enable(house.registry, desk.site.plugins, "bike_hire"))
        desk.session.add(StaffSkill(staff_id=1, skill="brake_test"))
        set_price(desk, "membership.year", Cents(1000), valid_from=date(2026, 1, 1))
        owe(desk, make_resident(desk), 250)
        _bikes(house, desk)
    return house


def _bikes(house: House, desk: Context) -> None:
    house.hooks.answer(hookspecs.demo, desk, only="bike_hire")


def rows_of(database: Database, slug: str) -> Rows:
    """Return every row of a site, of every table."""
    found: Rows = {}
    with database.across_sites("test") as session:
        site_id = session.scalars(select(Site.id).where(Site.slug == slug)).one()
        for table in all_tables():
            if "site_id" in table.c:
                query = select(table).where(table.c.site_id == site_id)
                rows = session.execute(query.order_by(*table.primary_key.columns))
                found[table.name] = [tuple(each) for each in rows]
    return found


def around(house: House, slug: str) -> Rows:
    """Return what stands beside a site's rows: the other tables, its closings, who looked at whom."""
    found: Rows = {}
    with house.database.across_sites("test") as session:
        for table in all_tables():
            if table.name in OF_NO_SITE:
                rows = session.execute(select(table).order_by(*table.primary_key.columns))
                found[table.name] = [tuple(each) for each in rows]
        live = session.execute(select(Site.__table__).where(Site.slug == slug))
        found["site"] = [tuple(each) for each in live]
    closings = sorted((house.settings.closings / slug).rglob("*"))
    found["closings"] = [(each.name, each.read_bytes()) for each in closings if each.is_file()]
    logs = sorted(house.settings.access_log.parent.glob("access-*.jsonl"))
    lines = [json.loads(each) for log in logs for each in log.read_text("utf-8").splitlines()]
    found["looked at"] = [(each["of"], each["id"]) for each in lines if each["site"] == slug]
    return found


def test_every_table_belongs_to_a_site_or_is_compared_by_itself() -> None:
    of_no_site = {each.name for each in all_tables() if "site_id" not in each.c}

    assert of_no_site == {*OF_NO_SITE, "site", "session"}


def test_what_a_site_has_settled_is_settled_at_its_twin_and_not_the_other_way(live: House) -> None:
    with live.at("ampere", "test") as desk:
        decide(desk.session, "messages", {"sms_budget": 7}, desk.today, None)

    open_twin(live, "ampere")
    with live.at(TWIN, "test", write=False) as desk:
        there = desk.settings(Settings).sms_budget
    with live.at(TWIN, "test") as desk:
        decide(desk.session, "messages", {"sms_budget": 9}, desk.today, None)

    with live.at("ampere", "test", write=False) as desk:
        assert (there, desk.settings(Settings).sms_budget) == (7, 7)


def counts(house: House, slug: str, *models: type[Any]) -> list[int]:
    with house.at(slug, "test", write=False) as desk:
        return [desk.session.scalar(select(func.count()).select_from(each)) or 0 for each in models]


def test_a_twin_has_the_things_and_prices_and_none_of_the_people(live: House) -> None:
    slug = open_twin(live, "ampere")

    assert slug == TWIN
    assert counts(live, TWIN, Staff, Opening, Bookable) == counts(
        live, "ampere", Staff, Opening, Bookable
    )
    with live.at(TWIN, "test", write=False) as desk:
        names = {str(each) for each in desk.session.scalars(select(Resident))}
        items = set(desk.session.scalars(select(Price.item)))
        kinds = {each.kind for each in desk.session.scalars(select(Bookable))}  # type: ignore[attr-defined]  # all are bikes
        assert desk.site.kind == "training"
        assert desk.site.plugins == {"bike_hire"}
        assert "Rose Kern" not in names
        assert "Odile Kern" in names
        assert {f"{each.price_item}.week" for each in kinds} <= items
        assert price(desk, next(iter(kinds)).price_item + ".day", 1, None).full_cents > 0


def test_keys_and_a_reduced_price_can_be_practised(live: House) -> None:
    with live.at("ampere", "test") as desk:
        make_keypad(desk)
        fund = make_fund(desk, "Solidarity")
        pay_in(desk, fund, Cents(300), desk.add(Funder(name="Town")))
        green = desk.add(Bracket(code="A", colour=Colour.GREEN, label="Up to 500"))
        hired = select(Price).where(Price.item.endswith(".week")).order_by(Price.id)
        row = desk.session.scalars(hired).first()
        assert row is not None
        cents = Cents(row.cents // 2)
        set_reduced_price(desk, row, cents, bracket=green, fund=fund, valid_from=row.valid_from)
    before = rows_of(live.database, "ampere")

    open_twin(live, "ampere")

    assert rows_of(live.database, "ampere") == before
    keys = counts(live, "ampere", VisitReason)
    assert counts(live, TWIN, VisitReason, Fund, Tab) == [*keys, 1, 0]
    with live.at(TWIN, "test", write=False) as desk:
        fund = desk.session.scalars(select(Fund)).one()
        home = desk.session.scalars(select(Household).where(Household.bracket_id.is_not(None)))
        reduced = desk.session.scalars(select(Price).where(Price.bracket_id.is_not(None))).one()
        quote = price(desk, reduced.item, 1, home.one())
        assert fund.balance_cents == PRACTICE
        assert (quote.payable_cents, quote.fund_cents > 0) == (reduced.cents, True)


def test_the_live_site_is_the_same_before_and_after(live: House, browser: Browser) -> None:
    with live.at("ampere", "test") as desk:
        make_keypad(desk)
    with live.at("ampere", "test") as desk:
        resident = desk.session.scalars(select(Resident.id)).one()
        close_day(desk, desk.today - timedelta(days=1))
    browser.opens(f"/ampere/desk/residents/resident/{resident}")
    before, beside = rows_of(live.database, "ampere"), around(live, "ampere")
    entered = browser.client.post("/train", data={**_csrf(browser, "ampere"), "site": "ampere"})

    assert entered.url.path == f"/{TWIN}/desk"
    _a_busy_morning(live, browser)

    assert rows_of(live.database, "ampere") == before
    assert around(live, "ampere") == beside
    assert beside["closings"]
    assert ("resident", resident) in beside["looked at"]
    assert counts(live, TWIN, Receipt, Visit) == [1, 2]
    with live.at(TWIN, "test", write=False) as desk:
        told = desk.session.scalars(select(Message)).all()
        assert {each.state for each in told} <= {MessageState.HELD, MessageState.TOLD}
        assert told
        assert count_hours(desk, (desk.today,)).count() == 2
    with live.at("ampere", "test", write=False) as desk:
        assert count_hours(desk, (desk.today,)).count() == 0
    remove_twin(live, "ampere")
    assert rows_of(live.database, "ampere") == before
    assert around(live, "ampere") == beside


def _csrf(browser: Browser, slug: str) -> dict[str, str]:
    token = browser.asks(f"/api/v1/{slug}/me")["csrf"]
    return {"csrf": token}


def _a_busy_morning(house: House, browser: Browser) -> None:
    """Count, sell, take the money, book and tell at the twin, through its own pages."""
    with house.at(TWIN, "test", write=False) as desk:
        person = desk.session.scalars(select(Resident).where(Resident.family_name == "Kern")).one()
        household = person.household
        assert household is not None
        ids = person.id, household.id
        reason = desk.session.scalars(select(VisitReason).order_by(VisitReason.id)).first()
        bike = desk.session.scalars(select(Bookable).order_by(Bookable.id)).first()
        assert reason is not None
        assert bike is not None
    browser.sends(f"/{TWIN}/desk/visits/do/count_visit", reason=str(reason.id))
    browser.sends(f"/{TWIN}/desk/residents/household/{ids[1]}/sell_membership")
    browser.sends(f"/{TWIN}/desk/residents/resident/{ids[0]}/pay", mode="card")
    book = f"/{TWIN}/desk/bike_hire/bike/{bike.id}/book"
    hours = "2026-10-20T10:00", "2026-10-21T10:00"
    browser.sends(book, resident=str(ids[0]), starts_at=hours[0], ends_at=hours[1])


def test_training_is_seen_and_said(live: House, browser: Browser) -> None:
    open_twin(live, "ampere")

    page = browser.opens(f"/{TWIN}/desk")

    assert 'class="training' in page
    assert "Training" in words_of(page)
    assert "Back to the real desk" in words_of(page)
    assert "Back to the real desk" not in words_of(browser.opens("/ampere/desk"))


def test_the_same_key_leads_back(live: House, browser: Browser) -> None:
    there = browser.client.post("/train", data={**_csrf(browser, "ampere"), "site": "ampere"})
    back = browser.client.post("/train", data={**_csrf(browser, TWIN), "site": TWIN})

    assert there.url.path == f"/{TWIN}/desk"
    assert back.url.path == "/ampere/desk"
    assert live_site_of(live, TWIN) == "ampere"
    assert live_site_of(live, "ampere") is None


def test_a_twin_made_anew_forgets_what_was_done_in_it(live: House, browser: Browser) -> None:
    open_twin(live, "ampere")
    with live.at(TWIN, "test") as desk:
        make_resident(desk, "F-NEW")

    browser.client.post("/train", data={**_csrf(browser, TWIN), "site": TWIN, "anew": "1"})

    with live.at(TWIN, "test", write=False) as desk:
        assert "Rose Kern" not in {str(each) for each in desk.session.scalars(select(Resident))}
    assert "V01" in words_of(browser.opens(f"/{TWIN}/desk/bike_hire/bike"))


def test_who_joined_the_team_since_may_train_too(live: House) -> None:
    open_twin(live, "ampere")
    with live.at("ampere", "test") as desk:
        first = desk.session.get_one(Staff, 1)
        account = Account(login="ilyes", name="Ilyes B.", password_hash="!")
        desk.session.add(account)
        desk.session.flush()
        new = Staff(
            account_id=account.id, name="Ilyes B.", role=first.role, valid_from=first.valid_from,
            person_code="IB",
        )  # fmt: skip
        desk.add(new)
        desk.session.add(StaffSkill(staff_id=new.id, skill="brake_test"))

    open_twin(live, "ampere")
    open_twin(live, "ampere")

    with live.at(TWIN, "test", write=False) as desk:
        names = sorted(desk.session.scalars(select(Staff.name)))
        skills = desk.session.scalar(select(func.count()).select_from(StaffSkill))
    assert names == ["Ilyes B.", "Magda K."]
    assert skills == 2


def test_nobody_from_elsewhere_trains_here(live: House, browser: Browser) -> None:
    with live.database.across_sites("test", write=True) as session:
        staff = session.scalars(select(Staff).where(Staff.site_id == 1)).one()
        session.delete(session.scalars(select(StaffSkill)).one())
        session.flush()
        session.delete(staff)

    refused = browser.client.post("/train", data={**_csrf(browser, "cathedrale"), "site": "ampere"})
    forged = browser.client.post("/train", data={"csrf": "x", "site": "cathedrale"})

    assert refused.status_code == 403
    assert forged.url.path == "/cathedrale/desk"
    assert rows_and_twins(live) == 0


def rows_and_twins(house: House) -> int:
    with house.database.read() as session:
        query = select(func.count(Site.id)).where(Site.kind == SiteKind.TRAINING)
        return session.scalar(query) or 0


def test_a_twin_is_no_place_of_work(live: House) -> None:
    open_twin(live, "ampere")

    assert [slug for slug, _name, _where in sites_of(live.database, 1, live.clock())] == [
        "ampere",
        "cathedrale",
    ]


def test_a_twin_goes_without_a_row_or_file_left(live: House) -> None:
    open_twin(live, "ampere")
    with live.database.read() as session:
        twin_id = session.scalars(select(Site.id).where(Site.slug == TWIN)).one()

    gone = remove_twin(live, "ampere")

    assert gone > 50
    assert list(_left(live.database, twin_id)) == []
    assert not (live.settings.closings / TWIN).exists()
    with pytest.raises(NoTwinThere):
        remove_twin(live, "ampere")


def _left(database: Database, site_id: int) -> Iterator[str]:
    with database.across_sites("test") as session:
        for table in all_tables():
            if "site_id" in table.c:
                mine = select(func.count()).where(table.c.site_id == site_id)
                if session.scalar(mine.select_from(table)):
                    yield table.name


def test_a_live_site_can_not_be_taken_away(live: House) -> None:
    with pytest.raises(DBAPIError), live.database.across_sites("test", write=True) as session:
        remove_rows(session, 1)

    assert counts(live, "ampere", Resident) == [1]
