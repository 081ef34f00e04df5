"""Four digits say who acts: on this device only, five tries, and nothing typed is lost."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
from litestar.testing import TestClient
from sqlalchemy import func, select, update

from palier.accounts.devices import Device, device_of, enter
from palier.accounts.models import Account, SignIn, Staff, Terminal
from palier.accounts.rules import MOST_WRONG, TRIES, PasswordNeeded, WrongCode
from palier.app import create_app
from palier.errors import Refused
from palier.house import House
from palier.testing.caretaker import PASSWORD, Browser, hidden_of, words_of
from palier.testing.device import (
    DESK,
    ILYES,
    MAGDAS,
    MINE,
    OPEN,
    SIGN_IN,
    add_colleague,
    locks,
    me,
    open_for_the_day,
    types,
)
from palier.testing.plugin import NOW, SECRET, At
from palier.trail import ActRow

ADD = f"{DESK}/residents/household/add_household"
HOME = {"street": "rue de Wattwiller", "number": "40", "stairwell": "4 & 5", "floor": ""}


@pytest.fixture(autouse=True)
def people(at: At) -> None:
    """Magda and Ilyes have codes."""
    add_colleague(at)


@pytest.fixture
def opened(browser: Browser) -> Browser:
    """Magda's browser, opened for the day at Ampère."""
    return open_for_the_day(browser)


def token_of(client: TestClient[Any]) -> str:
    return client.cookies["palier_session"]


def test_the_code_says_who_acts_from_then_on(opened: Browser, at: At) -> None:
    types(opened, ILYES)
    opened.sends(ADD, status=200, **HOME)

    assert (me(opened)["name"], me(opened)["role"]) == ("Ilyes B.", "caretaker")
    with at(write=False) as desk:
        row = desk.session.scalars(select(ActRow).order_by(ActRow.id.desc())).first()
        assert row is not None
        assert (row.who, row.terminal_id) == ("IB", 1)
        assert desk.session.get_one(Account, row.account_id).login == "ilyes"


def test_role_and_rights_change_with_the_person(opened: Browser) -> None:
    assert opened.opens(f"{DESK}/accounts/staff")

    types(opened, ILYES)
    opened.opens(f"{DESK}/accounts/staff", status=403)
    types(opened, MAGDAS)

    assert opened.opens(f"{DESK}/accounts/staff")


def test_a_change_of_person_makes_a_new_session_and_ends_the_old(
    opened: Browser, house: House
) -> None:
    before = token_of(opened.client)
    csrf = me(opened)["csrf"]

    types(opened, ILYES)
    after = token_of(opened.client)
    with_old_csrf = opened.client.post(ADD, data={**HOME, "csrf": csrf})
    opened.client.cookies.set("palier_session", before)

    assert after != before
    assert "This page was too old." in words_of(with_old_csrf.text)
    assert opened.client.get("/api/v1/ampere/me").status_code == 401
    with house.database.read() as session:
        assert session.scalar(select(func.count(SignIn.id))) == 1


def test_locked_it_shows_nobodys_data_and_leads_back(opened: Browser) -> None:
    page = locks(opened)
    again = opened.client.get(f"{DESK}/residents/household", follow_redirects=False)
    answer = types(opened, ILYES, next=f"{DESK}?all=1")

    assert page.url.path == "/desk-code"
    assert "Magda" not in page.text
    assert "Device: Comptoir." in words_of(page.text)
    assert again.headers["location"] == "/desk-code?next=/ampere/desk/residents/household"
    assert str(answer.url).endswith("/ampere/desk?all=1")


def test_what_was_typed_when_it_locked_is_kept(opened: Browser, at: At) -> None:
    form = {**hidden_of(opened.opens(ADD)), **HOME}
    locks(opened)

    asked = opened.client.post(ADD, data=form)
    wrong = opened.client.post("/desk-code", data={**hidden_of(asked.text), "code": "3690"})
    kept = opened.client.post("/desk-code", data={**hidden_of(wrong.text), "code": ILYES})
    done = opened.client.post(ADD, data=hidden_of(kept.text), follow_redirects=False)

    assert "The device was locked. Type your code: what you typed is kept." in words_of(asked.text)
    assert asked.headers["palier-locked"] == "1"
    assert "rue de Wattwiller" not in words_of(asked.text)
    assert "Your answers are still here." in words_of(kept.text)
    assert done.status_code == 303
    with at(write=False) as desk:
        row = desk.session.scalars(select(ActRow).order_by(ActRow.id.desc())).first()
        assert row is not None
        assert (row.name, row.who) == ("residents.add_household", "IB")


def test_the_password_takes_what_was_typed_along_as_well(opened: Browser) -> None:
    form = {**hidden_of(opened.opens(ADD)), **HOME}
    locks(opened)

    asked = opened.client.post(ADD, data=form)
    instead = opened.client.post("/sign-in", data=hidden_of(asked.text))
    kept = opened.client.post("/sign-in", data={**hidden_of(instead.text), **SIGN_IN})

    assert instead.status_code == 200
    assert f'action="{ADD}"' in kept.text
    assert hidden_of(kept.text)["stairwell"] == "4 & 5"


def test_a_secret_does_not_travel_with_what_is_kept(opened: Browser) -> None:
    form = {**hidden_of(opened.opens(MINE)), "password": PASSWORD, "code": "3690"}
    locks(opened)

    asked = opened.client.post(MINE, data=form)

    assert PASSWORD not in asked.text
    assert "3690" not in hidden_of(asked.text)["kept"]


def test_a_wrong_code_opens_nothing_and_says_how_many_tries_are_left(opened: Browser) -> None:
    locks(opened)

    answer = types(opened, "3690")

    assert answer.status_code == 422
    assert "This code opens nothing here. Tries left: 4." in words_of(answer.text)
    assert opened.client.get("/api/v1/ampere/me").status_code == 401


@pytest.mark.parametrize("typed", ["", "12", "471", "47 11 0", "abcd"])
def test_less_than_a_code_is_no_try(opened: Browser, at: At, typed: str) -> None:
    answer = types(opened, typed)

    assert "A desk code has four digits." in words_of(answer.text)
    with at(write=False) as desk:
        assert desk.session.scalars(select(Terminal.tries)).one() == 0


def test_a_right_code_takes_its_try_back(opened: Browser, at: At) -> None:
    for code in ("3690", "3691", ILYES, "3690", MAGDAS):
        types(opened, code)

    with at(write=False) as desk:
        device = desk.session.scalars(select(Terminal)).one()
        assert (device.tries, device.wrong) == (0, 3)


def test_after_five_wrong_codes_only_the_password_helps(opened: Browser, house: House) -> None:
    locks(opened)
    for number in range(TRIES):
        last = types(opened, f"369{number}")
    with_new_process = TestClient(create_app(house))
    with_new_process.cookies.update(opened.client.cookies)
    with_new_process.headers["accept-language"] = "en"

    page = words_of(with_new_process.get("/desk-code").text)
    right = types(opened, MAGDAS)
    opened.client.post("/sign-in", data={**SIGN_IN, "next": DESK})
    locks(opened)
    after = types(opened, ILYES)

    said = "Too many wrong codes on this device. Sign in with your password to go on."
    assert said in words_of(last.text)
    assert said in page
    assert "Four-digit code" not in page
    assert said in words_of(right.text)
    assert after.status_code == 200
    assert me(opened)["name"] == "Ilyes B."


def test_a_colleague_who_guesses_between_own_codes_is_stopped_too(opened: Browser, at: At) -> None:
    with at() as desk:
        desk.session.execute(update(Terminal).values(wrong=MOST_WRONG - 1))

    types(opened, "3690")
    answer = types(opened, ILYES)

    assert "Too many wrong codes on this device." in words_of(answer.text)
    assert me(opened)["name"] == "Magda K."


def test_a_password_of_someone_who_works_elsewhere_does_not_open_the_device(
    opened: Browser, house: House, at: At
) -> None:
    locks(opened)
    with at() as desk:
        desk.session.execute(update(Terminal).values(tries=TRIES))
        gone = update(Staff).where(Staff.account_id == 1).values(valid_to=date(2026, 10, 6))
        desk.session.execute(gone)

    opened.client.post("/sign-in", data=SIGN_IN)

    assert opened.client.get(DESK).status_code == 403
    with house.database.read(1) as session:
        assert session.scalars(select(Terminal.tries)).one() == TRIES
        assert session.scalars(select(SignIn.terminal_id)).all()[-1] is None


def device_in(browser: Browser, house: House) -> Device:
    found = device_of(house.database, browser.client.cookies["palier_device"], house.clock())
    assert found is not None
    return found


def tried(house: House, device: Device, code: str) -> str:
    try:
        enter(house.database, SECRET, device, code, "", house.clock())
    except Refused as refusal:
        return type(refusal).__name__
    return "in"


def test_raced_by_threads_no_more_than_five_are_tried(opened: Browser, house: House) -> None:
    device = device_in(opened, house)
    codes = [f"{number:04}" for number in range(3600, 3630)]

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda code: tried(house, device, code), codes))

    assert answers.count(WrongCode.__name__) == TRIES - 1
    assert answers.count(PasswordNeeded.__name__) == len(codes) - TRIES + 1
    with house.database.read(1) as session:
        counted = session.execute(select(Terminal.tries, Terminal.wrong)).one()
    assert tuple(counted) == (TRIES, TRIES)


def test_raced_by_threads_each_right_code_opens_one_session(opened: Browser, house: House) -> None:
    device = device_in(opened, house)

    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(lambda code: tried(house, device, code), [MAGDAS, ILYES] * 4))

    assert answers == ["in"] * 8
    with house.database.read(1) as session:
        counted = session.execute(select(Terminal.tries, Terminal.wrong)).one()
        assert session.scalar(select(func.count(SignIn.id))) == 9
    assert tuple(counted) == (0, 0)


def test_a_session_of_a_code_is_worth_nothing_at_another_site(opened: Browser) -> None:
    assert opened.opens("/cathedrale/desk")

    types(opened, MAGDAS)

    answer = opened.client.get("/cathedrale/desk", follow_redirects=False)
    assert answer.headers["location"] == "/sign-in?next=%2Fcathedrale%2Fdesk"
    opened.asks("/api/v1/cathedrale/me", status=401)
    assert opened.opens(DESK)


def test_without_its_own_token_the_page_of_codes_takes_nothing(opened: Browser, at: At) -> None:
    answers = [
        opened.client.post("/desk-code", data={"code": MAGDAS, **more})
        for more in ({}, {"csrf": "guess"}, {"csrf": me(opened)["csrf"]})
    ]

    assert [each.status_code for each in answers] == [422, 422, 422]
    assert "This page was too old." in words_of(answers[0].text)
    with at(write=False) as desk:
        assert desk.session.scalars(select(Terminal.tries)).one() == 0


def test_another_page_cannot_lock_anybody_out(opened: Browser) -> None:
    opened.client.post("/lock", data={"csrf": "guess"})

    assert me(opened)["name"] == "Magda K."


@pytest.mark.parametrize("cookie", ["", "1", "1.", "1.wrong", "x.y", "2.TOKEN", f"{10**30}.x"])
def test_a_made_up_device_is_none(opened: Browser, house: House, cookie: str) -> None:
    token = opened.client.cookies["palier_device"].partition(".")[2]

    found = device_of(house.database, cookie.replace("TOKEN", token), NOW)

    assert found is None


def test_without_a_device_the_page_of_codes_leads_to_the_password(client: TestClient[Any]) -> None:
    shown = client.get("/desk-code?next=/ampere/desk", follow_redirects=False)
    sent = client.post("/desk-code", data={"code": MAGDAS})

    assert shown.headers["location"] == "/sign-in?next=/ampere/desk"
    assert 'name="password"' in sent.text


def test_the_first_page_of_a_locked_device_is_the_code(opened: Browser) -> None:
    locks(opened)

    assert opened.client.get("/").url.path == "/desk-code"


def test_who_trains_on_the_device_goes_on_there_and_comes_back(opened: Browser) -> None:
    types(opened, ILYES)
    csrf = me(opened)["csrf"]

    twin = opened.client.post("/train", data={"site": "ampere", "csrf": csrf})
    name = opened.asks("/api/v1/ampere-essai/me")["name"]
    opened.client.post("/lock", data={"csrf": csrf, "next": twin.url.path})
    locked = opened.client.get(twin.url.path)
    back = types(opened, MAGDAS, next=twin.url.path)

    assert twin.url.path == "/ampere-essai/desk"
    assert name == "Ilyes B."
    assert locked.url.path == "/desk-code"
    assert back.url.path == twin.url.path
    assert "open_device" not in back.text
    assert "Magda K.: change of person" in back.text


def test_no_browser_is_opened_for_the_day_in_training(browser: Browser) -> None:
    csrf = me(browser)["csrf"]
    browser.client.headers["accept-language"] = "en"
    browser.client.post("/train", data={"site": "ampere", "csrf": csrf})

    page = browser.opens("/ampere-essai/desk")
    refused = browser.sends(OPEN.replace("ampere", "ampere-essai"), status=422, name="Comptoir")

    assert "open_device" not in page
    assert "A browser is opened for the day on the real site." in words_of(refused)
