"""The team: who ends, who changes the role, what is learnt, and what a site lets a role do."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from litestar.testing import TestClient
from sqlalchemy import delete, func, select, update

from palier.accounts.models import (
    Account,
    DeskCode,
    PermissionOverride,
    SignIn,
    Staff,
    StaffRole,
    StaffSkill,
)
from palier.accounts.people import begin_work, everyone, newcomer, workplaces_of
from palier.accounts.rules import (
    NotLearnt,
    NotYourself,
    StaysWithManagers,
    UnknownSkill,
    WorkDayIsOver,
    role_of,
)
from palier.accounts.screens import staff
from palier.accounts.team import learn, set_role, settle_roles, skills_to_learn, unlearn
from palier.app import create_app
from palier.context import Role
from palier.house import House
from palier.screens.seeing import least_to_see
from palier.sites.models import SitePlugin
from palier.testing.caretaker import PASSWORD, Browser, words_of
from palier.testing.clock import Clock
from palier.testing.device import DESK, ILYES, add_colleague, open_for_the_day, types
from palier.testing.plugin import NOW, At
from palier.trail import ActRow

TEAM = f"{DESK}/accounts/staff"
TODAY, TOMORROW = date(2026, 10, 6), date(2026, 10, 7)
HIM, HER = 3, 1


@pytest.fixture(autouse=True)
def clock(house: House) -> Clock:
    house.clock = made = Clock(NOW)
    return made


@pytest.fixture(autouse=True)
def people(browser: Browser, at: At) -> None:
    """Magda and Ilyes have codes, and one password; bikes are hired."""
    browser.client.headers["accept-language"] = "en"
    add_colleague(at)
    with at() as desk:
        hers = select(Account.password_hash).where(Account.login == "magda").scalar_subquery()
        desk.session.execute(update(Account).values(password_hash=hers))
        desk.session.add(SitePlugin(name="bike_hire", state="on", since_at=NOW, prepared=True))


@pytest.fixture
def his(house: House) -> Iterator[TestClient[Any]]:
    """Ilyes's own browser, signed in with his password."""
    with TestClient(create_app(house)) as made:
        made.headers["accept-language"] = "en"
        made.post("/sign-in", data={"login": "ilyes", "password": PASSWORD})
        yield made


def him(desk: Any) -> Staff:
    found: Staff = desk.session.get_one(Staff, HIM)
    return found


def test_who_ends_today_loses_every_session_and_the_code_at_once(
    browser: Browser, his: TestClient[Any], house: House, at: At
) -> None:
    with TestClient(create_app(house)) as counter:
        shared = open_for_the_day(Browser(counter))
        counter.post("/sign-in", data={"login": "magda", "password": PASSWORD})
        shared.sends(f"{DESK}/accounts/do/open_device", name="Accueil")
        types(shared, ILYES)
        before = [each.get(DESK).url.path for each in (his, counter)]
        browser.sends(f"{TEAM}/{HIM}/end_work", from_day="2026-10-06")

        after = [each.get(DESK).url.path for each in (his, counter)]
        code = types(shared, ILYES)
    again = his.post("/sign-in", data={"login": "ilyes", "password": PASSWORD})

    assert before == [DESK, DESK]
    assert after == ["/sign-in", "/desk-code"]
    assert "This code opens nothing here." in words_of(code.text)
    assert "You no longer work at any site" in words_of(again.text)
    with at(write=False) as desk:
        mine = SignIn.account_id == him(desk).account_id
        assert desk.session.scalar(select(func.count(SignIn.id)).where(mine)) == 0
        assert desk.session.get(DeskCode, (1, HIM)) is None


def test_who_ends_later_works_until_then(
    browser: Browser, his: TestClient[Any], clock: Clock
) -> None:
    browser.sends(f"{TEAM}/{HIM}/end_work", from_day="2026-10-07")

    today = his.get(DESK).status_code
    clock.now = NOW + timedelta(days=1)
    refused = his.post("/sign-in", data={"login": "ilyes", "password": PASSWORD})

    assert today == 200
    assert "You no longer work at any site" in words_of(refused.text)


def test_an_end_noted_by_mistake_is_taken_back(browser: Browser, at: At) -> None:
    browser.sends(f"{TEAM}/{HIM}/end_work", from_day="2026-10-06")
    page = browser.sends(f"{TEAM}/{HIM}/work_again")

    assert "End the work here" in page
    with at(write=False) as desk:
        assert him(desk).valid_to is None


@pytest.mark.parametrize("act", ["end_work", "change_role"])
def test_nobody_does_it_to_themselves_or_to_a_day_that_is_over(act: str, browser: Browser) -> None:
    more = {"role": "trainee"} if act == "change_role" else {}
    mine = browser.sends(f"{TEAM}/{HER}/{act}", status=422, from_day="2026-10-06", **more)
    past = browser.sends(f"{TEAM}/{HIM}/{act}", status=422, from_day="2026-10-05", **more)

    assert "Ask another manager." in words_of(mine)
    assert "This day is over" in words_of(past)


def test_a_role_holds_from_its_day_on(browser: Browser, his: TestClient[Any], clock: Clock) -> None:
    me = "/api/v1/ampere/me"
    browser.sends(f"{TEAM}/{HIM}/change_role", role="manager", from_day="2026-10-07")

    before = his.get(me).json()["role"]
    clock.now = NOW + timedelta(days=1)
    his.post("/sign-in", data={"login": "ilyes", "password": PASSWORD})
    after = his.get(me).json()["role"]

    assert (before, after) == ("caretaker", "manager")


def test_a_role_of_today_holds_at_once_and_its_trace_says_both(
    browser: Browser, his: TestClient[Any]
) -> None:
    page = browser.sends(f"{TEAM}/{HIM}/change_role", role="trainee", from_day="2026-10-06")

    assert his.get("/api/v1/ampere/me").json()["role"] == "trainee"
    assert "Role, Caretaker → Trainee" in words_of(page)


def test_a_role_that_has_begun_is_written_down_by_night(at: At) -> None:
    with at() as desk:
        set_role(desk, him(desk), StaffRole.MANAGER, TOMORROW)
        assert role_of(him(desk), TODAY) is StaffRole.CARETAKER
    with at(now=NOW + timedelta(days=1)) as desk:
        settle_roles(desk)

    with at(write=False) as desk:
        assert (him(desk).role, him(desk).next_role) == (StaffRole.MANAGER, None)


def test_another_change_takes_the_place_of_the_one_that_waits(at: At) -> None:
    with at() as desk:
        set_role(desk, him(desk), StaffRole.MANAGER, TOMORROW)
        set_role(desk, him(desk), StaffRole.TRAINEE, TODAY)

        assert role_of(him(desk), TOMORROW) is StaffRole.TRAINEE


def test_a_skill_is_noted_later_and_taken_back(browser: Browser, at: At) -> None:
    skilled = browser.sends(f"{TEAM}/{HER}/note_skill", skill="brake_test")
    with at(write=False) as desk:
        held = desk.session.get(StaffSkill, (1, HER, "brake_test"))
    back = browser.sends(f"{TEAM}/{HER}/take_skill_back", skill="brake_test")

    assert held is not None
    assert "Has learnt Brake test" in words_of(skilled)
    assert "Has learnt –" in words_of(back)
    with at(write=False) as desk:
        assert desk.session.get(StaffSkill, (1, HER, "brake_test")) is None
        acts = select(ActRow).where(ActRow.name.like("accounts.%skill%")).order_by(ActRow.id)
        first, last = desk.session.scalars(acts)
        assert first.changes[0]["set"]["skill"] == [None, "brake_test"]
        assert last.changes[0]["was"]["skill"] == "brake_test"


def test_only_skills_of_services_that_are_on_are_offered(house: House) -> None:
    with house.at("ampere", "test") as desk:
        on = skills_to_learn(desk, desk.session.get_one(Staff, HER))
        with pytest.raises(UnknownSkill, match="Known: brake_test"):
            learn(desk, him(desk), "juggling")
        with pytest.raises(NotLearnt):
            unlearn(desk, desk.session.get_one(Staff, HER), "brake_test")
        desk.session.execute(delete(SitePlugin))
    with house.at("ampere", "test", write=False) as desk:
        off = skills_to_learn(desk, desk.session.get_one(Staff, HER))

    assert list(on) == ["brake_test"]
    assert off == {}


def test_who_comes_back_is_added_anew(house: House, at: At) -> None:
    with at() as desk:
        him(desk).valid_to = TODAY

    with at() as desk:
        begin_work(desk, newcomer("ilyes", "Ilyes B.", PASSWORD), StaffRole.TRAINEE)

    assert workplaces_of(house.database, "ilyes", NOW) == ["ampere"]
    rows = [each for each in everyone(house.database) if each["login"] == "ilyes"]
    assert sorted(each["until"] for each in rows) == ["", "2026-10-06"]


def test_who_begins_leaves_a_trace_on_their_page(browser: Browser, at: At) -> None:
    with at() as desk:
        new = newcomer("nadia", "Nadia R.", PASSWORD)
        staff = begin_work(desk, new, StaffRole.CARETAKER, skills=["brake_test"])

    page = words_of(browser.opens(f"{TEAM}/{staff.id}"))

    assert "Made" in page
    with at(write=False) as desk:
        row = desk.session.scalars(select(ActRow).where(ActRow.subject_id == staff.id)).one()
        made, skill = row.changes
        assert (made["in"], skill["set"]["skill"]) == ("staff", [None, "brake_test"])


RIGHTS = f"{DESK}/accounts/rights?of=residents"
CHANGE = f"{DESK}/accounts/do/change_right?permission=residents.add_household"
ADD = f"{DESK}/residents/household/add_household"


def test_a_manager_changes_who_may_do_what_in_plain_words(
    browser: Browser, his: TestClient[Any], at: At
) -> None:
    browser.client.headers["accept-language"] = "en"
    with at() as desk:
        him(desk).role = StaffRole.TRAINEE
    before = his.get(ADD).status_code
    form = browser.opens(CHANGE)
    browser.sends(CHANGE, permission="residents.add_household", who="trainee")

    given = his.get(ADD).status_code
    page = words_of(browser.opens(RIGHTS))
    browser.sends(CHANGE, permission="residents.add_household", who="usual")

    assert (before, given, his.get(ADD).status_code) == (403, 200, 403)
    assert "Everyone on the team. Usually: Caretakers and managers." in page
    assert "Residents: Add a household" in words_of(form)
    with at(write=False) as desk:
        assert desk.session.scalars(select(PermissionOverride)).all() == []


def test_what_is_taken_from_caretakers_stays_with_managers(
    browser: Browser, his: TestClient[Any]
) -> None:
    browser.sends(CHANGE, permission="residents.add_household", who="manager")

    assert his.get(ADD).status_code == 403
    assert browser.opens(ADD)


@pytest.mark.parametrize("permission", ["accounts.change_right", "sites.services", "none.such"])
def test_the_team_and_the_site_stay_with_managers(permission: str, browser: Browser) -> None:
    path = f"{DESK}/accounts/do/change_right"
    page = browser.sends(path, status=422, permission=permission, who="trainee")
    listed = browser.opens(f"{DESK}/accounts/rights?of=accounts")

    assert "Choose one of the list." in words_of(page)
    assert permission not in listed
    assert StaysWithManagers.field == "permission"
    assert {NotYourself.field, WorkDayIsOver.field} == {None, "from_day"}


def test_a_record_says_who_sees_it_as_the_site_decided() -> None:
    usual = least_to_see(staff)
    decided = least_to_see(staff, {(int(Role.CARETAKER), "accounts.see_staff"): True})

    assert (usual, decided) == (Role.MANAGER, Role.CARETAKER)
