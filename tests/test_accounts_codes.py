"""Whose code it is: set by the person, taken away by a manager, unique at one desk."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
from litestar.testing import TestClient
from sqlalchemy import func, select, update

from palier.accounts.codes import keep_code
from palier.accounts.models import Account, DeskCode, Staff
from palier.app import create_app
from palier.errors import Refused
from palier.house import House
from palier.testing.caretaker import PASSWORD, Browser, words_of
from palier.testing.device import (
    DESK,
    ILYES,
    MAGDAS,
    MINE,
    SIGN_IN,
    add_colleague,
    me,
    open_for_the_day,
    types,
)
from palier.testing.plugin import NOW, At
from palier.trail import ActRow, FormKey


@pytest.fixture(autouse=True)
def people(at: At) -> None:
    """Magda and Ilyes have codes."""
    add_colleague(at)


@pytest.fixture
def opened(browser: Browser) -> Browser:
    """Magda's browser, opened for the day at Ampère."""
    return open_for_the_day(browser)


@pytest.fixture
def other(house: House) -> Iterator[TestClient[Any]]:
    """Another browser that nobody has signed in."""
    with TestClient(create_app(house)) as made:
        made.headers["accept-language"] = "en"
        yield made


def test_a_code_of_another_site_opens_nothing(opened: Browser, at: At) -> None:
    with at(2) as desk:
        keep_code(desk, desk.session.get_one(Staff, 2), "8001")

    answer = types(opened, "8001")

    assert "This code opens nothing here." in words_of(answer.text)


def test_the_same_code_may_be_anothers_at_another_site(at: At) -> None:
    with at(2) as desk:
        keep_code(desk, desk.session.get_one(Staff, 2), ILYES)

    with at(2, write=False) as desk:
        assert desk.session.scalar(select(func.count(DeskCode.staff_id))) == 1


def test_a_disabled_account_is_nobodys(opened: Browser, at: At) -> None:
    types(opened, ILYES)
    with at() as desk:
        him = update(Account).where(Account.login == "ilyes").values(disabled_at=NOW)
        desk.session.execute(him)

    page = opened.client.get(DESK)
    answer = types(opened, ILYES)

    assert page.url.path == "/desk-code"
    assert "This code opens nothing here." in words_of(answer.text)


@pytest.mark.parametrize(
    ("since", "until"),
    [(date(2026, 10, 7), None), (date(2026, 1, 1), date(2026, 10, 6))],
)
def test_a_code_is_worth_what_the_person_is_today(
    opened: Browser, at: At, since: date, until: date | None
) -> None:
    with at() as desk:
        him = update(Staff).where(Staff.person_code == "IB")
        desk.session.execute(him.values(valid_from=since, valid_to=until))

    answer = types(opened, ILYES)

    assert "This code opens nothing here." in words_of(answer.text)


def test_a_person_sets_their_own_code_with_the_password(opened: Browser, at: At) -> None:
    opened.sends(MINE, password=PASSWORD, code="3690")
    old = types(opened, MAGDAS)
    new = types(opened, "3690")

    assert old.status_code == 422
    assert new.status_code == 200
    with at(write=False) as desk:
        row = desk.session.scalars(
            select(ActRow).where(ActRow.name == "accounts.set_my_code")
        ).one()
        key = desk.session.scalars(
            select(FormKey).where(FormKey.act_name == "accounts.set_my_code")
        ).one()
        stored = desk.session.scalars(select(DeskCode.digest)).all()
        assert (row.who, row.changes) == ("MK", [])
        assert len(key.fingerprint) == 64
        assert not any("3690" in each for each in stored)


@pytest.mark.parametrize(
    ("password", "code", "said"),
    [
        ("wrong", "3690", "This is not your password. Try again."),
        ("", "3690", "Fill in: Your password."),
        (PASSWORD, "1234", "This code is easy to guess: a row, a pair or a year."),
        (PASSWORD, "36", "A desk code has four digits."),
        (PASSWORD, ILYES, "This code can't be used here. Choose another."),
    ],
)
def test_a_code_that_cannot_be_is_refused_in_words(
    opened: Browser, password: str, code: str, said: str
) -> None:
    answer = opened.sends(MINE, status=422, password=password, code=code)

    assert said in words_of(answer)
    assert "Ilyes" not in words_of(answer)
    assert f'value="{code}"' not in answer
    assert types(opened, MAGDAS).status_code == 200


def test_a_code_of_someone_who_left_is_free_again(opened: Browser, at: At) -> None:
    with at() as desk:
        him = update(Staff).where(Staff.person_code == "IB").values(valid_to=date(2026, 10, 6))
        desk.session.execute(him)

    opened.sends(MINE, password=PASSWORD, code=ILYES)
    types(opened, ILYES)

    assert me(opened)["name"] == "Magda K."


def test_a_manager_takes_a_code_away_with_the_own_password(
    opened: Browser, other: TestClient[Any]
) -> None:
    other.post("/sign-in", data=SIGN_IN)
    manager = Browser(other)
    types(opened, ILYES)

    wrong = manager.sends(f"{DESK}/accounts/staff/3/clear_code", status=422, password="no")
    manager.sends(f"{DESK}/accounts/staff/3/clear_code", password=PASSWORD)

    assert "This is not your password." in words_of(wrong)
    assert opened.client.get(DESK).url.path == "/desk-code"
    assert types(opened, ILYES).status_code == 422


def test_two_people_who_choose_the_same_code_at_once_do_not_both_get_it(
    at: At,
) -> None:
    def chooses(staff_id: int) -> str:
        try:
            with at() as desk:
                keep_code(desk, desk.session.get_one(Staff, staff_id), "3690")
        except Refused as refusal:
            return type(refusal).__name__
        return "kept"

    with ThreadPoolExecutor(2) as threads:
        answers = sorted(threads.map(chooses, [1, 3]))

    assert answers == ["CodeCannotBeUsed", "kept"]
