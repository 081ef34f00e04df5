"""A form acts once, however often it is sent; a refused one can be sent again."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from litestar.testing import TestClient
from sqlalchemy import func, select

from palier.residents.models import Household
from palier.testing.caretaker import Browser, hidden_of, words_of
from palier.testing.plugin import At
from palier.trail import ActRow, FormKey

ADD = "/ampere/desk/residents/household/add_household"
API = "/api/v1/ampere/residents/household/add_household"
HOME = {"street": "rue de Wattwiller", "number": "40", "stairwell": "", "floor": ""}
TIMES = 16


def acted(at: At) -> tuple[int, int, int]:
    """Count households, act rows and kept keys."""
    with at(write=False) as desk:
        counts = [
            desk.session.scalar(select(func.count()).select_from(kind))
            for kind in (Household, ActRow, FormKey)
        ]
    return counts[0] or 0, counts[1] or 0, counts[2] or 0


def send(client: TestClient[Any], form: dict[str, str]) -> Any:
    return client.post(ADD, data=form, follow_redirects=False)


def test_sixteen_arrivals_of_one_form_act_once_and_lead_to_one_place(
    browser: Browser, at: At
) -> None:
    form = {**hidden_of(browser.opens(ADD)), **HOME}
    start = Barrier(TIMES)

    def arrive(_number: int) -> tuple[int, str]:
        start.wait(60)
        answer = send(browser.client, form)
        return answer.status_code, answer.headers["location"]

    with ThreadPoolExecutor(TIMES) as pool:
        answers = list(pool.map(arrive, range(TIMES)))

    assert acted(at) == (1, 1, 1)
    assert len(set(answers)) == 1
    assert answers[0][0] == 303
    assert answers[0][1].startswith("/ampere/desk/residents/household/")


def test_a_form_sent_again_later_leads_where_the_first_one_led(browser: Browser, at: At) -> None:
    form = {**hidden_of(browser.opens(ADD)), **HOME}

    first, again = send(browser.client, form), send(browser.client, form)

    assert again.headers["location"] == first.headers["location"]
    assert acted(at) == (1, 1, 1)


def test_one_key_with_other_answers_is_refused_in_words(browser: Browser, at: At) -> None:
    form = {**hidden_of(browser.opens(ADD)), **HOME}
    send(browser.client, form)

    answer = send(browser.client, {**form, "number": "41"})

    assert answer.status_code == 422
    assert "This form was already sent with other answers." in words_of(answer.text)
    assert 'value="41"' in answer.text
    assert acted(at) == (1, 1, 1)


def test_a_key_that_is_none_of_ours_is_refused_in_words(browser: Browser, at: At) -> None:
    form = {**hidden_of(browser.opens(ADD)), **HOME, "key": "x" * 65}

    answer = send(browser.client, form)

    assert answer.status_code == 422
    assert acted(at) == (0, 0, 0)


def test_a_refused_form_frees_its_key(browser: Browser, at: At) -> None:
    form = {**hidden_of(browser.opens(ADD)), **HOME, "number": ""}
    refused = send(browser.client, form)

    done = send(browser.client, {**form, "number": "40"})

    assert (refused.status_code, done.status_code) == (422, 303)
    assert hidden_of(refused.text)["key"] == form["key"]
    assert acted(at) == (1, 1, 1)


def test_the_same_form_at_another_site_is_another_form(browser: Browser, at: At) -> None:
    form = {**hidden_of(browser.opens(ADD)), **HOME}
    send(browser.client, form)

    answer = browser.client.post(
        ADD.replace("ampere", "cathedrale"), data=form, follow_redirects=False
    )

    assert answer.status_code == 303
    with at(2, write=False) as desk:
        assert desk.session.scalar(select(func.count(Household.id))) == 1


def test_an_endless_way_back_does_not_stop_the_act(browser: Browser, at: At) -> None:
    form = {**hidden_of(browser.opens(ADD)), **HOME, "back": "/ampere/desk?q=" + "x" * 300}

    answers = [send(browser.client, form) for _time in range(2)]

    assert [each.status_code for each in answers] == [303, 303]
    assert acted(at) == (1, 1, 1)


@pytest.mark.parametrize("name", ["new", "edit"])
def test_the_forms_of_records_act_once_as_well(browser: Browser, at: At, name: str) -> None:
    form = "/ampere/desk/providers/provider/new"
    first = {**hidden_of(browser.opens(form)), "name": "Vélo Solidaire", "legal_form": "association",
             "vat_regime": "none", "sse": "none"}  # fmt: skip
    browser.client.post(form, data=first)
    if name == "edit":
        form = "/ampere/desk/providers/provider/1/edit"
        first = {**first, **hidden_of(browser.opens(form)), "name": "Vélo Ampère"}

    answers = [browser.client.post(form, data=first, follow_redirects=False) for _n in range(2)]

    assert {each.headers["location"] for each in answers} == {
        "/ampere/desk/providers/provider/1?done=saved"
    }
    with at(write=False) as desk:
        assert desk.session.scalar(select(func.count(ActRow.id))) == (2 if name == "edit" else 1)


def test_the_api_takes_the_key_in_a_header(browser: Browser, at: At) -> None:
    body = {"street": "rue de Wattwiller", "number": "40"}
    browser.posts(API, body, key="one-key")

    other = browser.posts(API, {**body, "number": "41"}, key="one-key", status=422)

    assert other["refused"] == "This form was already sent with other answers. Open it again."
    assert acted(at) == (1, 1, 1)


def test_a_repeat_through_the_api_acts_once(browser: Browser, at: At) -> None:
    body = {"street": "rue de Wattwiller", "number": "40"}
    token = browser.asks("/api/v1/ampere/me")["csrf"]
    headers = {"X-CSRF-Token": token, "Idempotency-Key": "one-key"}

    answers = [
        browser.client.post(API, json=body, headers=headers, follow_redirects=False)
        for _time in range(2)
    ]

    assert answers[0].status_code == 201
    assert answers[1].status_code < 400
    assert acted(at) == (1, 1, 1)
