"""A manager merges two records, undoes it, gives someone their data, erases them: by keys alone."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from palier.demo.arranging import OPENS_WITH
from palier.residents.actions import add_household, add_resident
from palier.residents.models import Resident
from palier.testing.windows import Served, tab_to

pytestmark = pytest.mark.browser


def two_records(ampere: Served, name: str) -> tuple[int, int]:
    """Write one person down twice, with two telephone numbers; return both ids."""
    with ampere.house.at("ampere", "test") as desk:
        made = []
        for given, phone in ((name, "03 88 60 90 90"), (f"{name}e", "06 12 34 56 78")):
            home = add_household(desk, street="impasse du Toucan", number=given)
            made.append(
                add_resident(
                    desk, home, given_name=given, family_name="Quetzal", phone=phone, sure=True
                ).id
            )
        return made[0], made[1]


def presses(page: Page, selector: str) -> None:
    page.wait_for_load_state()
    tab_to(page, selector)
    page.keyboard.press("Enter")


def test_a_merge_is_done_and_undone_by_keys(ampere: Served, sonia: Page) -> None:
    kept, gone = two_records(ampere, "Zoé")
    sonia.goto(f"/ampere/desk/residents/resident/{kept}/merge?other={gone}")
    expect(sonia.get_by_role("heading", level=1)).to_contain_text("Zoé Quetzal")
    tab_to(sonia, "[name=phone]")
    sonia.keyboard.press("ArrowRight")

    presses(sonia, "main .sticky-acts [type=submit]")

    sonia.wait_for_url(re.compile(r"/residents/merge/\d+"))
    expect(sonia.get_by_role("main")).to_contain_text("Zoée Quetzal")
    presses(sonia, "main [href*=undo_merge]")
    dialog = sonia.get_by_role("dialog")
    expect(dialog).to_be_visible()
    presses(sonia, "dialog [type=submit]")
    expect(dialog).to_have_count(0)
    with ampere.house.at("ampere", "test", write=False) as desk:
        states = select(Resident.state, Resident.phone).where(Resident.id.in_((kept, gone)))
        told = {(each.state.value, each.phone) for each in desk.session.execute(states)}
    assert told == {("active", "+33388609090"), ("active", "+33612345678")}


def test_someone_gets_their_data_and_is_erased_by_keys(ampere: Served, sonia: Page) -> None:
    who, other = two_records(ampere, "Max")
    sonia.goto(f"/ampere/desk/residents/resident/{who}/give_data")
    with sonia.expect_download() as waiting:
        presses(sonia, "main form:nth-of-type(2) button")
    given = json.loads(Path(waiting.value.path()).read_bytes())
    sonia.goto(f"/ampere/desk/residents/resident/{who}/forget")
    expect(sonia.get_by_role("main")).to_contain_text("personne d’autre n’y vit")

    presses(sonia, "main .btn.stop")

    sonia.wait_for_url(lambda url: not url.endswith("/forget"))
    assert given["about"] == "Max Quetzal"
    sonia.goto("/ampere/desk/residents/resident?q=Quetzal")
    expect(sonia.get_by_role("main")).to_contain_text("Maxe")
    expect(sonia.get_by_role("main").get_by_role("link", name="Max", exact=True)).to_have_count(0)
    assert other


@pytest.fixture
def plain(ampere: Served, browser_window: Browser) -> Iterator[Page]:
    """Sonia's window, where no script runs."""
    with ampere.window(browser_window, script=False) as context:
        ampere.let_in(context, "sonia", OPENS_WITH)
        yield context.new_page()


def test_without_a_script_two_records_are_merged_given_and_erased(
    ampere: Served, plain: Page
) -> None:
    kept, gone = two_records(ampere, "Ugo")
    plain.goto(f"/ampere/desk/residents/resident/{kept}/merge?other={gone}")
    plain.locator("main .sticky-acts [type=submit]").click()
    plain.get_by_role("link", name="Séparer de nouveau").click()
    plain.locator("[type=submit]").last.click()

    plain.goto(f"/ampere/desk/residents/resident/{kept}/give_data")
    with plain.expect_download() as waiting:
        plain.get_by_role("button", name="Pour les programmes (JSON)").click()
    plain.goto(f"/ampere/desk/residents/resident/{kept}/forget")
    plain.get_by_role("button", name="Effacer Ugo Quetzal").click()

    assert waiting.value.suggested_filename.endswith(".json")
    with ampere.house.at("ampere", "test", write=False) as desk:
        states = select(Resident.state).where(Resident.id.in_((kept, gone))).order_by(Resident.id)
        assert [each.value for each in desk.session.scalars(states)] == ["erased", "active"]


def test_without_a_script_someone_is_rung_up(plain: Page) -> None:
    plain.goto("/ampere/desk/messages/call_list")
    plain.get_by_role("button", name=re.compile("Odile Kern")).click()
    expect(plain.get_by_role("main")).to_contain_text("03 53 01 01 04")
    plain.get_by_role("button", name="Jointe : non").click()

    expect(plain.get_by_role("heading", level=1)).to_have_text("Liste d’appels")
    expect(plain.get_by_role("main")).not_to_contain_text("atelier couture")
