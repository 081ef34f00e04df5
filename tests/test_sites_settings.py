"""What a site decides: one act for each service, from a day on; what held before is kept."""

from datetime import timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from palier.accounts.rules import Settings as Devices
from palier.cli import main
from palier.house import House
from palier.messages.rules import Settings as Messages
from palier.plugins import Manifest, discover
from palier.receipts.decided import Settings as Till
from palier.site_settings import SiteSetting, decide
from palier.sites.models import SitePlugin
from palier.testing.caretaker import Browser, words_of
from palier.testing.plugin import NOW, At
from palier.text import Cents, Text
from palier.trail import ActRow

OTHER = 2  # the site beside
DESK = "/ampere/desk"
CHANGE = f"{DESK}/messages/do/change_settings"
PAGE = f"{DESK}/sites/settings"
TODAY = {"valid_from": "2026-10-06"}
USUAL = {"quiet_from": "20:00", "quiet_until": "08:00", "sms_budget": "300", **TODAY}
TILL = {"tab_cap": "10,00", "currency": "EUR", **TODAY}


@pytest.fixture(autouse=True)
def english(browser: Browser) -> None:
    browser.client.headers["accept-language"] = "en"


def test_a_change_is_a_new_row_and_says_what_held_before(browser: Browser, at: At) -> None:
    told = {"reply_to": "accueil@ampere.example", "source": "Board, May"}
    browser.sends(CHANGE, status=200, **{**USUAL, "sms_budget": "500", **told})

    page = words_of(browser.opens(PAGE))
    with at(write=False) as desk:
        found = desk.settings(Messages)
        rows = desk.session.scalars(select(SiteSetting).order_by(SiteSetting.key)).all()
        trace = desk.session.scalars(select(ActRow).order_by(ActRow.id.desc())).first()

    assert (found.sms_budget, found.reply_to) == (500, "accueil@ampere.example")
    assert [(row.key, row.source) for row in rows] == [
        ("reply_to", "Board, May"),
        ("sms_budget", "Board, May"),
    ]
    assert "Text messages a month, at most: 500" in page
    assert "before: 300" in page
    assert trace is not None
    assert trace.name == "messages.change_settings"
    assert {each["set"]["key"][1] for each in trace.changes} == {"reply_to", "sms_budget"}


def test_a_change_to_come_holds_from_its_day_on(browser: Browser, at: At) -> None:
    browser.sends(CHANGE, status=200, **{**USUAL, "sms_budget": "500", "valid_from": "2026-10-13"})

    page = words_of(browser.opens(PAGE))
    with at(write=False) as desk:
        today = desk.settings(Messages).sms_budget
    with at(now=NOW + timedelta(days=7), write=False) as desk:
        later = desk.settings(Messages).sms_budget

    assert (today, later) == (300, 500)
    assert "at most: 300" in page
    assert ": 500" in page


def test_two_changes_of_one_day_are_one_row(browser: Browser, at: At) -> None:
    for budget in ("10", "20"):
        browser.sends(CHANGE, status=200, **{**USUAL, "sms_budget": budget})

    with at(write=False) as desk:
        assert [row.value for row in desk.session.scalars(select(SiteSetting))] == [20]


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"sms_budget": "-1"}, "At least 0."),
        ({"sms_budget": "many"}, "Type a number"),
        ({"reply_to": "nowhere"}, "This is not an e-mail address."),
        ({"valid_from": "2026-10-05", "sms_budget": "5"}, "This day is over"),
        ({}, "Nothing differs from what holds on that day."),
    ],
)
def test_what_does_not_fit_is_refused_in_words(
    values: dict[str, str], said: str, browser: Browser
) -> None:
    page = browser.sends(CHANGE, status=422, **{**USUAL, **values})

    assert said in words_of(page)


def test_the_till_and_devices_are_on_the_same_road(browser: Browser, at: At) -> None:
    browser.sends(
        f"{DESK}/receipts/do/change_settings",
        status=200,
        **{**TILL, "tab_cap": "15.50", "currency": "eur"},
    )
    wrong = browser.sends(
        f"{DESK}/receipts/do/change_settings", status=422, **{**TILL, "currency": "XXX"}
    )
    browser.sends(f"{DESK}/accounts/do/change_settings", status=200, locks_after="9", **TODAY)

    assert "The coins of this currency are not known." in words_of(wrong)
    with at(write=False) as desk:
        till = desk.settings(Till)
        assert (till.tab_cap, till.currency) == (Cents(1550), "EUR")
        assert (till.note_from, till.goods_limit) == (None, None)  # left to the law
        assert desk.settings(Devices).locks_after == 9


def test_a_service_shows_its_settings_only_where_it_is_on(browser: Browser, at: At) -> None:
    path = f"{DESK}/bike_hire/do/change_settings"
    off = words_of(browser.opens(PAGE))
    browser.opens(path, status=404)
    with at() as desk:
        desk.session.add(SitePlugin(name="bike_hire", state="on", since_at=NOW, prepared=True))
        desk.session.flush()
        from palier.sites.switching import grow

        grow(desk)

    page = words_of(browser.opens(PAGE))
    numbers = {"grace_minutes": "60", "week_from": "4"}
    browser.sends(path, status=200, remind_days="3", **numbers, **TODAY)

    assert "Only for members" not in off
    assert "Only for members: Yes" in page
    assert "Only for members: No" in words_of(browser.opens(PAGE))


def test_a_site_has_its_own_settings(browser: Browser, at: At) -> None:
    browser.sends(CHANGE, status=200, **{**USUAL, "sms_budget": "500"})

    with at(2, write=False) as desk:
        assert desk.settings(Messages).sms_budget == 300


def test_every_settings_class_can_be_shown_and_is_a_managers() -> None:
    acts = [each.manifest.change_settings for each in discover().working()]

    named = {each.package for each in acts if each is not None}

    assert {"accounts", "messages", "receipts", "bike_hire"} <= named


def test_a_setting_without_words_is_found_at_start() -> None:
    import dataclasses

    from palier.errors import WrongDeclaration

    kind = dataclasses.make_dataclass("Wordless", [("grace", int, dataclasses.field(default=1))])

    with pytest.raises(WrongDeclaration, match="the setting grace needs words"):
        Manifest(name="toy", label=Text("Toy"), summary=Text("Toy"), icon="tool", settings=kind)


def test_commands_print_and_change_them(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = house.settings
    monkeypatch.setenv("PALIER_HOME", str(settings.home))
    monkeypatch.setenv("PALIER_DATABASE_URL", settings.database_url)
    monkeypatch.setenv("PALIER_OWNER_URL", settings.owner_url)
    monkeypatch.setenv("PALIER_SECRET", settings.secret.decode())
    monkeypatch.setenv("LANG", "C.UTF-8")
    words = ["plugin", "settings", "messages", "--site", "ampere"]

    def run(*more: str) -> str:
        done = CliRunner().invoke(main, [*words, *more, "--json"])
        assert done.exit_code == 0, done.output
        return done.output

    plan = run("--set", "sms_budget=40", "--plan")
    before = run()
    after = run("--set", "sms_budget=40", "--set", "quiet_from=21:00")
    wrong = CliRunner().invoke(main, [*words, "--set", "colour=red"])
    nowhere = CliRunner().invoke(main, ["plugin", "settings", "bike_hire", "--site", "ampere"])

    assert '"would be": "40"' in plan
    assert '"value": "300"' in before
    assert '"value": "40"' in after
    assert '"value": "21:00"' in after
    assert wrong.exit_code == nowhere.exit_code == 1
    assert "messages has no setting called colour" in wrong.output
    assert "These have: accounts, messages, privacy, receipts" in nowhere.output


def test_a_desk_that_goes_from_site_to_site_reads_what_each_decided(at: At) -> None:
    with at() as desk:
        decide(desk.session, "messages", {"sms_budget": 500}, desk.today, None)
        desk.session.flush()
        here = desk.settings(Messages).sms_budget
        desk.session.enter(OTHER)
        there = desk.settings(Messages).sms_budget
        desk.session.enter(desk.site.id)

        assert (here, there, desk.settings(Messages).sms_budget) == (500, 300, 500)
