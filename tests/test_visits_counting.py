"""Who came, counted on the keypad: one press one visit, undone to nothing, hour by hour."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from palier.context import Context
from palier.db.engine import Database
from palier.residents.models import Resident
from palier.testing.caretaker import Browser, hidden_of, words_of
from palier.testing.keypad import labels, make_keypad, reason_of
from palier.testing.plugin import NOW, At, counted_statements
from palier.trail import ActRow, perform
from palier.visits import actions
from palier.visits.counting import count_hours
from palier.visits.models import AgeBand, Sex, Visit, VisitState
from palier.visits.rules import OfAnotherDay, ReasonIsOff

HOME = "/ampere/desk"
PAD = f"{HOME}/visits/keypad"
COUNT = f"{HOME}/visits/do/count_visit"
HOUR = timedelta(hours=1)
TODAY = date(2026, 10, 6)


@pytest.fixture(autouse=True)
def keypad(at: At) -> None:
    """The usual keys, at both sites."""
    for site_id in (1, 2):
        with at(site_id) as desk:
            make_keypad(desk)


def presses(desk: Context, key: int) -> Visit:
    visit: Visit = perform(desk, actions.count_visit, None, {"reason": reason_of(desk, key)}).result
    return visit


def undoes(desk: Context, visit: Visit) -> None:
    perform(desk, actions.take_back, visit, {})


def test_a_press_is_one_visit_that_is_over_and_names_nobody(at: At) -> None:
    with at() as desk:
        visit = presses(desk, 1)

        row = desk.session.scalars(select(ActRow).where(ActRow.counted == "visit")).one()
        assert (visit.state, visit.resident_id) == (VisitState.CLOSED, None)
        assert (visit.at, visit.on) == (NOW, TODAY)
        assert (row.subject_type, row.subject_id, row.quantity) == ("visit", visit.id, 1)


def test_three_come_for_a_chat_and_stand_at_nine(at: At) -> None:
    with at() as desk:
        for _press in range(3):
            presses(desk, 1)

        found = count_hours(desk, (TODAY,))

        assert found.count(hour=9, reason=reason_of(desk, 1).id) == 3
        assert found.people() == 3
        assert found.hours == tuple(range(9, 19))  # as the site is open


def test_an_undone_visit_counts_for_nothing_and_the_undoing_says_of_what(at: At) -> None:
    with at() as desk:
        kept, mistaken = presses(desk, 1), presses(desk, 2)

        undoes(desk, mistaken)

        counted, undone = desk.session.scalars(
            select(ActRow).where(ActRow.subject_id == mistaken.id).order_by(ActRow.id)
        )
        assert undone.cancels_id == counted.id
        assert mistaken.state is VisitState.VOID
        assert kept.state is VisitState.CLOSED
        assert count_hours(desk, (TODAY,)).count() == 1


def test_only_a_manager_undoes_what_is_of_another_day(at: At) -> None:
    with at() as desk:
        visit = presses(desk, 1)
        desk.now = NOW + timedelta(days=1)

        with pytest.raises(OfAnotherDay):
            undoes(desk, visit)
        perform(desk, actions.take_back_later, visit, {})

        assert count_hours(desk, (TODAY,)).count() == 0


def test_volunteers_stand_beside_the_visitors(at: At) -> None:
    with at() as desk:
        presses(desk, 1)
        presses(desk, 7)

        found = count_hours(desk, (TODAY,))

        assert (found.count(), found.people()) == (2, 1)
        assert labels(found.reasons)[-1] == "Volunteer, partner"


def test_a_detail_is_offered_and_not_said_is_an_answer(at: At) -> None:
    with at() as desk:
        visit = presses(desk, 1)
        values = {"reason": None, "age_band": AgeBand.TO_59, "sex": Sex.NOT_SAID}

        perform(desk, actions.describe, visit, values)

        assert (visit.age_band, visit.sex) == (AgeBand.TO_59, Sex.NOT_SAID)
        assert visit.reason is not None


def test_a_key_that_was_just_switched_off_counts_nothing(at: At) -> None:
    with at() as desk:
        reason = reason_of(desk, 1)
        perform(desk, actions.switch_off, reason, {})

        with pytest.raises(ReasonIsOff):
            perform(desk, actions.count_visit, None, {"reason": reason})


def test_what_a_reason_was_used_for_stays_when_it_is_off(at: At) -> None:
    with at() as desk:
        presses(desk, 1)
        perform(desk, actions.switch_off, reason_of(desk, 1), {})

        found = count_hours(desk, (TODAY,))

        assert "A coffee" in labels(found.reasons)
        assert found.count() == 1


def test_hours_are_the_sites_own_when_the_clock_changes(at: At) -> None:
    sunday = date(2026, 10, 25)  # at three it is two again
    with at() as desk:
        for hour in (0, 1):  # 2 o'clock in summer, 2 o'clock in winter
            desk.now = NOW.replace(day=25, hour=hour, minute=30)
            presses(desk, 1)

        found = count_hours(desk, (sunday,))

        assert found.count(hour=2) == 2


def test_another_site_counts_for_itself(at: At) -> None:
    with at() as desk:
        presses(desk, 1)

    with at(2, write=False) as desk:
        found = count_hours(desk, (TODAY,))

    assert found.count() == 0


STEPS = st.lists(
    st.tuples(st.sampled_from(["press", "undo"]), st.integers(1, 7), st.integers(0, 20)),
    max_size=25,
)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(STEPS)
def test_the_figure_is_always_the_visits_that_stand(
    at: At, steps: list[tuple[str, int, int]]
) -> None:
    with at() as desk:
        for what, key, which in steps:
            standing = desk.all(select(Visit).where(Visit.state != VisitState.VOID))
            if what == "press":
                presses(desk, key)
            elif standing:
                undoes(desk, standing[which % len(standing)])

        standing_now = select(func.count(Visit.id)).where(Visit.state != VisitState.VOID)
        assert count_hours(desk, (TODAY,)).count() == desk.session.scalar(standing_now)


# through the pages


def press_on_page(browser: Browser, page: str, reason: int, **more: str) -> str:
    values = {**hidden_of(page), "reason": str(reason), "back": f"{HOME}?counted={{made}}", **more}
    answer = browser.client.post(COUNT, data=values)
    assert answer.status_code == 200, words_of(answer.text)[:500]
    return str(answer.text)


def test_the_desk_page_counts_and_says_what_was_counted(browser: Browser) -> None:
    page = browser.opens(HOME)

    words = words_of(press_on_page(browser, page, 1, key="first"))

    assert "A coffee counted at 09:05" in words
    assert "Undo z" in words
    assert "Done:" not in words  # the note says it once
    assert "Footfall 1" in words


def test_a_press_sent_twice_counts_once_and_three_presses_count_three(
    browser: Browser, at: At
) -> None:
    page = browser.opens(HOME)

    for key in ("a", "b", "b", "c"):
        press_on_page(browser, page, 1, key=key)

    with at(write=False) as desk:
        assert count_hours(desk, (TODAY,)).count() == 3


def test_each_page_has_a_key_of_its_own(browser: Browser) -> None:
    keys = {hidden_of(browser.opens(PAD))["key"] for _page in range(3)}

    assert len(keys) == 3


def test_the_note_takes_the_visit_back(browser: Browser, at: At) -> None:
    press_on_page(browser, browser.opens(HOME), 2)
    page = browser.opens(f"{HOME}?counted=1")

    answer = browser.client.post(
        f"{HOME}/visits/visit/1/take_back",
        data={**hidden_of(page), "key": "undo", "back": f"{HOME}?counted=1"},
    )

    assert "Question of 09:05 is undone. It counts for nothing." in words_of(answer.text)
    with at(write=False) as desk:
        assert count_hours(desk, (TODAY,)).count() == 0


def test_a_note_of_another_day_or_site_is_not_shown(browser: Browser, at: At) -> None:
    with at(now=NOW - timedelta(days=1)) as desk:
        presses(desk, 1)
    with at(2) as desk:
        presses(desk, 1)

    for number in (1, 2, 99):
        assert "counted at" not in words_of(browser.opens(f"{HOME}?counted={number}"))


def test_the_keypad_by_itself_costs_one_statement_of_its_own(
    browser: Browser, database: Database
) -> None:
    browser.opens(PAD)

    with counted_statements(database) as sent:
        browser.opens(PAD)

    assert len(sent) == 3  # who and where are two


def test_counts_by_hour_have_a_table_a_chart_and_files(browser: Browser, at: At) -> None:
    with at() as desk:
        presses(desk, 1)
        desk.now = NOW + HOUR
        presses(desk, 4)

    page = browser.opens(f"{HOME}/visits/hours?day=2026-10-06")
    week = words_of(browser.opens(f"{HOME}/visits/hours?day=2026-10-06&week=1"))
    csv = browser.opens(f"{HOME}/visits/visit/export.csv?on=2026-10-06&on__until=2026-10-06")

    words = words_of(page)
    assert "Tuesday 6 October 2026" in words
    assert "09:00 1 – – – – – 1 –" in words
    assert "10:00 – – – 1 – – 1 –" in words
    assert 'aria-label="Tuesday 6 October, by hour: 2 visitors"' in page
    assert "Week from Monday 5 October to Sunday 11 October" in week
    assert "2026-10-06 09:05:00;A coffee" in csv
    assert csv.count("Closed") == 2


def test_the_list_of_visits_is_filtered_by_day_reason_age_and_sex(browser: Browser, at: At) -> None:
    with at() as desk:
        desk.add(Resident(given_name="Odile", family_name="Kern", card_code="H-1"))
        first = presses(desk, 1)
        presses(desk, 2)
        values = {"reason": None, "age_band": AgeBand.OLDER, "sex": Sex.WOMAN}
        perform(desk, actions.describe, first, values)

    page = words_of(browser.opens(f"{HOME}/visits/visit?age_band=70%2B&sex=woman&reason=1"))

    assert "1 in all" in page
    assert "70 and over Woman Closed" in page
