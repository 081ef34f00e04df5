"""Chapter C, the queue: three come for a chat, one key each; and who waits, as a number."""

import re
from datetime import date

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect
from sqlalchemy import select

from palier.demo.arranging import OPENS_WITH
from palier.testing.windows import Served
from palier.visits.counting import count_hours
from palier.visits.models import Visit

pytestmark = pytest.mark.browser
DESK = "/ampere/desk"
TODAY = date(2026, 10, 6)


def counted(ampere: Served, hour: int = 9) -> int:
    with ampere.house.at("ampere", "test", write=False) as desk:
        return count_hours(desk, (TODAY,)).count(hour=hour)


def key(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=re.compile(f"^{name}"))


def total(page: Page) -> Locator:
    return page.locator("[data-people]")


@pytest.fixture
def settled(ampere: Served) -> int:
    """How many stood at nine before."""
    return counted(ampere)


def test_three_come_for_a_chat_in_three_keys(magda: Page, ampere: Served, settled: int) -> None:
    magda.goto(DESK)
    expect(magda.locator("#scan")).to_be_focused()

    for _press in range(3):
        magda.keyboard.press("1")
        magda.wait_for_timeout(60)  # a person's fingers; a scanner's are faster

    note = magda.get_by_role("status").filter(has_text="Un café, compté à 9 h 05")
    expect(note).to_be_visible()
    expect(magda.locator("#scan")).to_have_value("")
    expect(total(magda)).to_have_text(str(settled + 3))
    magda.wait_for_load_state("networkidle")
    magda.goto(f"{DESK}/visits/hours")
    row = magda.get_by_role("row", name=re.compile("^9 h"))
    expect(row.get_by_role("cell").first).to_have_text("3")
    assert counted(ampere) == settled + 3


def test_a_burst_loses_nothing_and_counts_nothing_twice(
    magda: Page, ampere: Served, settled: int
) -> None:
    magda.goto(DESK)
    magda.get_by_role("heading", level=1).click()
    sent: list[str] = []
    ended: list[str] = []

    def lose_one(route: Route) -> None:
        sent.append(route.request.post_data or "")
        if len(sent) == 2:
            route.fetch(max_redirects=0)  # it arrives, and its answer is lost
            route.abort()
        else:
            route.continue_()

    magda.route("**/visits/do/count_visit", lose_one)
    for event in ("requestfinished", "requestfailed"):
        magda.on(event, lambda each: ended.append(each.url))
    button = key(magda, "Question")
    for _press in range(5):
        button.click()
    expect(total(magda)).to_have_text(str(settled + 5))  # at once

    expect(magda.get_by_role("status").filter(has_text="Question, compté")).to_be_visible()
    while sum(each.endswith("count_visit") and "?" not in each for each in ended) < 6:
        magda.wait_for_event("requestfinished")
    ampere.said.clear()  # the browser complains of the answer that got lost

    expect(total(magda)).to_have_text(str(settled + 5))
    assert len(sent) == 6
    assert counted(ampere) == settled + 5


def test_leaving_the_page_at_once_loses_nothing(magda: Page, settled: int) -> None:
    magda.goto(DESK)
    magda.get_by_role("heading", level=1).click()

    for _press in range(3):
        key(magda, "Courrier").click()
    magda.goto(f"{DESK}/residents/resident")
    magda.wait_for_load_state("networkidle")

    magda.goto(DESK)
    expect(total(magda)).to_have_text(str(settled + 3))


def test_one_key_undoes_and_a_detail_may_be_added(
    magda: Page, ampere: Served, settled: int
) -> None:
    magda.goto(DESK)
    magda.keyboard.press("2")
    note = magda.locator("[data-block=counted]")
    expect(note).to_contain_text("Question, compté à 9 h 05")

    note.get_by_text("Préciser").click()
    note.get_by_label("Âge").select_option(label="40 à 59 ans")
    note.get_by_label("Sexe").select_option(label="Non dit")
    note.get_by_role("button", name="Noter").click()
    expect(note).to_contain_text("40 à 59 ans, Non dit")
    magda.get_by_role("heading", level=1).click()
    magda.keyboard.press("z")

    expect(note).to_contain_text("Question de 9 h 05 : annulé. Ce passage ne compte plus.")
    expect(total(magda)).to_have_text(str(settled))
    assert counted(ampere) == settled
    with ampere.house.at("ampere", "test", write=False) as desk:
        last = desk.session.scalars(select(Visit).order_by(Visit.id.desc()).limit(1)).one()
        assert last.age_band is not None


def test_the_upper_row_of_a_french_keyboard_counts_too(magda: Page, settled: int) -> None:
    magda.goto(DESK)

    magda.evaluate(
        """() => {
          const at = document.getElementById("scan");
          const press = { key: "&", code: "Digit1", bubbles: true };
          at.dispatchEvent(new KeyboardEvent("keydown", press));
          at.value = "&";
        }"""
    )

    expect(total(magda)).to_have_text(str(settled + 1))
    expect(magda.locator("#scan")).to_have_value("")
    expect(magda.locator("[data-block=counted]")).to_contain_text("Un café")


def test_a_scanned_number_and_a_chosen_field_count_nobody(
    magda: Page, ampere: Served, settled: int
) -> None:
    magda.goto(DESK)
    magda.keyboard.type("1234567", delay=2)
    magda.wait_for_timeout(100)
    expect(magda.locator("#scan")).to_have_value("1234567")

    magda.goto(DESK)
    magda.keyboard.press("/")
    magda.wait_for_timeout(60)
    magda.keyboard.press("3")
    magda.wait_for_timeout(100)

    expect(magda.locator("#scan")).to_have_value("3")
    assert counted(ampere) == settled


def test_plus_and_minus_say_how_many_wait(magda: Page) -> None:
    magda.goto(DESK)
    waiting = magda.get_by_role("region", name="En attente")

    for _press in range(3):
        magda.keyboard.press("+")
        magda.wait_for_timeout(60)
    expect(waiting).to_contain_text("3")
    magda.keyboard.press("-")
    expect(waiting).to_contain_text("2")
    magda.reload()

    expect(waiting).to_contain_text("2")


def test_without_a_script_a_press_is_a_form_and_three_count_three(
    ampere: Served, browser_window: Browser, settled: int
) -> None:
    with ampere.window(browser_window, script=False) as context:
        ampere.let_in(context, "magda", OPENS_WITH)
        page = context.new_page()
        page.goto(DESK)

        for _press in range(3):
            page.get_by_role("button", name=re.compile("^Un café")).click()
            expect(page.get_by_text("Un café, compté à 9 h 05")).to_be_visible()
        page.get_by_role("button", name="Une personne de plus attend").click()
        page.get_by_role("button", name=re.compile("^Un café")).click()
        page.get_by_role("button", name=re.compile("^Annuler")).click()

        expect(page.get_by_text("annulé. Ce passage ne compte plus.")).to_be_visible()
    assert counted(ampere) == settled + 3


def test_the_desk_speaks_english_too(magda: Page) -> None:
    magda.goto("/language/en?next=/ampere/desk")
    try:
        magda.keyboard.press("1")

        expect(magda.locator("[data-block=counted]")).to_contain_text("counted at 09:05")
        expect(magda.get_by_role("region", name="Footfall")).to_be_visible()
    finally:
        magda.goto("/language/fr?next=/ampere/desk")
