"""What stands at the door: sessions, forms of our own, headers, sizes, and no word too much."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from litestar import get
from litestar.testing import TestClient
from sqlalchemy import func, select, update

from palier.accounts.models import Account, SignIn
from palier.app import SECURITY, check_wrapped, create_app
from palier.errors import WrongDeclaration
from palier.house import House
from palier.residents.models import Household
from palier.testing.caretaker import PASSWORD, Browser, hidden_of, words_of
from palier.testing.plugin import NOW, At

ADD = "/ampere/desk/residents/household/add_household"
HOME = {"street": "rue de Wattwiller", "number": "40", "stairwell": "4 & 5", "floor": ""}
SIGN_IN = {"login": "magda", "password": PASSWORD}


@pytest.fixture
def client(house: House) -> Iterator[TestClient[Any]]:
    """A browser that nobody has signed in, of someone who reads English."""
    with TestClient(create_app(house)) as made:
        made.headers["accept-language"] = "en"
        yield made


def households(at: At) -> int:
    with at(write=False) as desk:
        return desk.session.scalar(select(func.count(Household.id))) or 0


@pytest.mark.parametrize("token", ["", "wrong", None])
def test_a_form_of_another_page_is_refused_and_kept(
    browser: Browser, at: At, token: str | None
) -> None:
    form = {**hidden_of(browser.opens(ADD)), **HOME}
    form.pop("csrf")
    form |= {"csrf": token} if token is not None else {}

    answer = browser.client.post(ADD, data=form)
    again = browser.client.post(ADD, data={**hidden_of(answer.text), **HOME})

    assert answer.status_code == 422
    assert "This page was too old. Send it again" in words_of(answer.text)
    assert 'value="4 &amp; 5"' in answer.text
    assert again.status_code == 200
    assert households(at) == 1


def test_the_api_asks_for_the_same_token(browser: Browser, at: At) -> None:
    answer = browser.client.post(f"/api/v1{ADD.replace('/desk', '')}", json=HOME)

    assert answer.status_code == 422
    assert "This page was too old." in answer.json()["refused"]
    assert households(at) == 0


def test_a_form_sent_after_the_session_ended_is_kept_and_can_be_sent_again(
    house: House, at: At
) -> None:
    with TestClient(create_app(house)) as client:
        client.headers["accept-language"] = "en"
        client.post("/sign-in", data=SIGN_IN)
        form = {**hidden_of(client.get(ADD).text), **HOME}
        with at() as desk:
            desk.session.execute(update(SignIn).values(expires_at=NOW))

        asked = client.post(ADD, data=form)
        wrong = client.post("/sign-in", data={**hidden_of(asked.text), **SIGN_IN, "password": "no"})
        kept = client.post("/sign-in", data={**hidden_of(wrong.text), **SIGN_IN})
        done = client.post(ADD, data=hidden_of(kept.text), follow_redirects=False)

    assert "Your session has ended. Sign in: what you typed is kept." in words_of(asked.text)
    assert "do not go together" in words_of(wrong.text)
    assert "Your answers are still here. They were not sent yet." in words_of(kept.text)
    assert f'action="{ADD}"' in kept.text
    assert done.status_code == 303
    with at(write=False) as desk:
        home = desk.session.scalars(select(Household)).one()
        assert home.address is not None
        assert home.address.stairwell == "4 & 5"


def test_every_tick_of_a_kept_form_comes_back(client: TestClient[Any]) -> None:
    body = "before=brakes&before=lights&csrf=old"

    asked = client.post(
        "/ampere/desk/x/y/1/do",
        content=body,
        headers={"content-type": "application/x-www-form-urlencoded"},
    )
    kept = client.post("/sign-in", data={**hidden_of(asked.text), **SIGN_IN})

    assert hidden_of(kept.text)["before"] == "brakes,lights"


def test_a_session_ends_by_itself(browser: Browser, house: House) -> None:
    assert browser.opens("/ampere/desk")
    with house.database.write() as session:
        session.execute(update(SignIn).values(expires_at=NOW))

    answer = browser.client.get("/ampere/desk?all=1", follow_redirects=False)

    assert answer.headers["location"] == "/sign-in?next=%2Fampere%2Fdesk%3Fall%3D1"
    browser.asks("/api/v1/ampere/me", status=401)


def test_signing_out_makes_the_cookie_worth_nothing(browser: Browser, house: House) -> None:
    token = browser.client.cookies["palier_session"]
    csrf = browser.asks("/api/v1/ampere/me")["csrf"]

    browser.client.post("/sign-out", data={"csrf": csrf})
    browser.client.cookies.set("palier_session", token)

    assert browser.client.get("/ampere/desk", follow_redirects=False).status_code == 303
    with house.database.read() as session:
        assert session.scalar(select(func.count(SignIn.id))) == 0


def test_another_page_cannot_sign_anybody_out(browser: Browser) -> None:
    browser.client.post("/sign-out", data={"csrf": "guess"})

    assert browser.opens("/ampere/desk")


def test_a_disabled_account_is_out_at_once(browser: Browser, house: House) -> None:
    with house.database.write() as session:
        session.execute(update(Account).values(disabled_at=NOW))

    assert browser.client.get("/ampere/desk", follow_redirects=False).status_code == 303


def test_no_token_is_kept_in_the_database(browser: Browser, house: House) -> None:
    token = browser.client.cookies["palier_session"]

    with house.database.read() as session:
        assert token not in session.scalars(select(SignIn.token_hash)).all()


PAGES = ["/sign-in", "/nowhere", "/static/palier/gone.css", "/ampere/desk", ADD, "/ampere/desk/x/y",
         "/ampere/desk/residents/resident", "/ampere/desk/bookings/timeline",
         "/ampere/desk/rosters/week", "/ampere/desk/sites/services"]  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_every_page_carries_the_headers_and_nothing_inline(browser: Browser, path: str) -> None:
    answer = browser.client.get(path)

    assert {name: answer.headers.get(name) for name in SECURITY} == SECURITY
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=\"|javascript:", answer.text)
    scripts = re.findall(r"<script\b([^>]*)>(.*?)</script>", answer.text, re.DOTALL)
    assert all("src=" in tag and not inside.strip() for tag, inside in scripts)


def test_the_cookie_is_out_of_reach_of_scripts_and_of_other_sites(client: TestClient[Any]) -> None:
    answer = client.post("/sign-in", data=SIGN_IN, follow_redirects=False)

    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie


def test_who_tries_too_often_is_asked_to_wait(client: TestClient[Any]) -> None:
    answers = [
        client.post("/sign-in", data={"login": "magda", "password": "wrong"}) for _n in range(21)
    ]

    assert {each.status_code for each in answers[:20]} == {422}
    assert answers[20].status_code == 429
    assert "Too many tries in a short time." in words_of(answers[20].text)


@pytest.mark.parametrize("path", [ADD, "/sign-in", "/api/v1/ampere/residents/resident"])
def test_ten_megabytes_are_refused_in_words(browser: Browser, at: At, path: str) -> None:
    form = f"street={'x' * 10_000_000}".encode()
    kind = {"content-type": "application/x-www-form-urlencoded"}

    answer = browser.client.post(path, content=form, headers=kind)

    assert answer.status_code == 413
    assert "too large" in words_of(answer.text)
    assert households(at) == 0


@pytest.mark.parametrize(
    "elsewhere", ["https://example.org", "//example.org", "/\\example.org", "example.org", ""]
)
def test_signing_in_leads_nowhere_else(client: TestClient[Any], elsewhere: str) -> None:
    page = client.get("/sign-in", params={"next": elsewhere}).text
    answer = client.post("/sign-in", data={**SIGN_IN, "next": elsewhere}, follow_redirects=False)

    assert "example.org" not in page
    assert answer.headers["location"] == "/"


def test_signing_in_leads_on_to_where_one_was(client: TestClient[Any]) -> None:
    page = client.get("/ampere/desk/residents/resident?q=kern").text

    answer = client.post("/sign-in", data={**hidden_of(page), **SIGN_IN}, follow_redirects=False)

    assert answer.headers["location"] == "/ampere/desk/residents/resident?q=kern"


@pytest.mark.parametrize("code", ["xx", "fr-FR"])
def test_a_language_there_is_none_of_says_so(client: TestClient[Any], code: str) -> None:
    answer = client.get(f"/language/{code}", follow_redirects=False)

    assert answer.status_code == 404


def test_a_fault_of_our_own_says_so_and_shows_nothing_of_the_inside(
    house: House, browser: Browser
) -> None:
    def broken() -> Any:
        raise KeyError("a secret of the inside")

    house.clock = broken
    with TestClient(create_app(house), raise_server_exceptions=False) as client:
        client.cookies = browser.client.cookies
        client.headers["accept-language"] = "en"
        answer = client.get("/ampere/desk")

    assert answer.status_code == 500
    assert "stopped this page. Nothing was changed." in words_of(answer.text)
    assert not re.search(r"secret of the inside|KeyError|Traceback|\.py", answer.text)


@pytest.mark.parametrize("path", ["/{site:str}/planted", "/api/v1/{site:str}/planted"])
def test_a_route_beside_the_wrapper_is_found_at_start(house: House, path: str) -> None:
    @get(path, sync_to_thread=False)
    def planted() -> str:
        return ""

    app = create_app(house)
    app.register(planted)

    with pytest.raises(WrongDeclaration, match="is not behind the wrapper"):
        check_wrapped(app)
