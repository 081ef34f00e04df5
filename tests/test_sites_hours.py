"""When a site is open: usual hours, closed days, public holidays, and the days when clocks change."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from palier.receipts.hours import outside_hours
from palier.rosters.duty import gaps_today, read_week
from palier.site_settings import decide
from palier.sites.hours import Hours, read_hours, region_of
from palier.sites.models import ClosingDay, EndsBeforeItBegins, Opening, Site, Weekday
from palier.testing.caretaker import Browser, words_of
from palier.testing.plugin import NOW, At

PARIS = ZoneInfo("Europe/Paris")
SINCE = date(2026, 1, 1)
TUESDAY = date(2026, 10, 6)


def weekly(*spans: tuple[time, time], days: int = 5) -> list[Opening]:
    return [
        Opening(weekday=day, opens=opens, closes=closes, valid_from=SINCE)
        for day in list(Weekday)[:days]
        for opens, closes in spans
    ]


USUAL = weekly((time(9), time(12, 30)), (time(14), time(18, 30)))


def clock(year: int, month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=PARIS)


def test_it_is_open_until_it_closes() -> None:
    hours = Hours(USUAL, (), PARIS)

    last = hours.now(clock(2026, 10, 6, 12, 29))
    over = hours.now(clock(2026, 10, 6, 12, 30))

    assert last is not None
    assert last.ends_at == clock(2026, 10, 6, 12, 30)
    assert over is None


def test_after_friday_evening_it_opens_on_monday() -> None:
    hours = Hours(USUAL, (), PARIS)

    coming = hours.next(clock(2026, 10, 9, 19))

    assert coming is not None
    assert coming.starts_at == clock(2026, 10, 12, 9)


def test_spans_that_touch_are_one() -> None:
    hours = Hours(weekly((time(12), time(14)), (time(9), time(12))), (), PARIS)

    (span,) = hours.spans(TUESDAY)

    assert (span.starts_at, span.ends_at) == (clock(2026, 10, 6, 9), clock(2026, 10, 6, 14))


def test_what_ends_at_midnight_is_open_until_then() -> None:
    hours = Hours(weekly((time(20), time())), (), PARIS)

    late = hours.now(clock(2026, 10, 6, 23, 59))

    assert late is not None
    assert late.ends_at == clock(2026, 10, 7, 0)


def test_closed_days_are_shut_from_the_first_to_the_last() -> None:
    away = ClosingDay(from_on=date(2026, 10, 7), to_on=date(2026, 10, 8), reason="Inventaire")
    hours = Hours(USUAL, (away,), PARIS)

    coming = hours.next(clock(2026, 10, 6, 19))

    assert hours.open_days(TUESDAY, date(2026, 10, 9)) == [TUESDAY, date(2026, 10, 9)]
    assert coming is not None
    assert coming.starts_at == clock(2026, 10, 9, 9)
    assert hours.shut(date(2026, 10, 8)) == ("Inventaire", False)


@pytest.mark.parametrize(
    ("department", "day", "shut"),
    [
        ("75", date(2026, 12, 25), True),
        ("75", date(2026, 12, 26), False),
        ("67", date(2026, 12, 26), True),
        ("974", date(2027, 12, 20), True),
        ("67", date(2027, 3, 26), True),  # Good Friday, in Alsace and Moselle only
    ],
)
def test_public_holidays_are_those_of_the_department(
    department: str, day: date, shut: bool
) -> None:
    hours = Hours(USUAL, (), PARIS, region_of(department, local_law=False))

    assert (hours.shut(day) is not None) is shut


def test_a_site_may_open_on_public_holidays() -> None:
    hours = Hours(USUAL, (), PARIS, keeps_holidays=lambda: False)

    assert hours.shut(date(2026, 11, 11)) is None


def test_when_clocks_change_it_opens_at_the_hour_on_the_wall() -> None:
    hours = Hours(weekly((time(9), time(12)), days=7), (), PARIS)

    before, after = hours.spans(date(2026, 10, 24)), hours.spans(date(2026, 10, 25))

    assert before[0].starts_at == datetime(2026, 10, 24, 7, tzinfo=UTC)
    assert after[0].starts_at == datetime(2026, 10, 25, 8, tzinfo=UTC)


def test_a_site_without_hours_never_opens() -> None:
    hours = Hours((), (), PARIS)

    assert hours.next(NOW) is None


def test_hours_and_closed_days_come_with_one_statement(at: At) -> None:
    with at() as desk:
        desk.session.get_one(Site, 1).department = "67"
        for day in (7, 20):
            on = date(2026, 10, day)
            desk.add(ClosingDay(from_on=on, to_on=on))

    with at(write=False) as desk:
        found = read_hours(desk)

    assert [len(found.openings), len(found.closings), found.region] == [12, 2, "57"]


def test_the_site_decides_about_public_holidays(at: At) -> None:
    with at() as desk:
        decide(desk.session, "sites", {"closed_on_holidays": False}, desk.today, None)

    with at(write=False) as desk:
        found = read_hours(desk).shut(date(2026, 11, 11))

    assert found is None


def test_nobody_is_missing_on_a_closed_day_and_the_till_says_so(at: At) -> None:
    with at() as desk:
        desk.add(ClosingDay(from_on=TUESDAY, to_on=TUESDAY, reason="Inventaire"))

    with at(write=False) as desk:
        week = read_week(desk, desk.today)
        today, said = gaps_today(desk), str(outside_hours(desk))

    assert {desk.local(each.starts_at).date() for each in week.gaps}.isdisjoint({TUESDAY})
    assert (today, said) == ([], "The desk does not open today.")


def test_another_sites_closed_days_are_its_own(at: At) -> None:
    with at(2) as desk:
        desk.add(ClosingDay(from_on=TUESDAY, to_on=TUESDAY))

    with at(write=False) as desk:
        found = read_hours(desk)

    assert found.closings == ()


def test_a_last_day_before_the_first_is_refused_beside_it(browser: Browser) -> None:
    page = browser.sends(
        "/ampere/desk/sites/closing_day/new",
        status=422,
        from_on="2026-10-20",
        to_on="2026-10-19",
        reason="Travaux",
    )

    assert "The last day comes before the first." in words_of(page)
    assert "Travaux" in page


def test_the_model_refuses_it_too() -> None:
    with pytest.raises(EndsBeforeItBegins):
        ClosingDay(from_on=date(2026, 10, 20), to_on=date(2026, 10, 19))


def test_closed_days_are_written_in_the_browser(browser: Browser) -> None:
    path = "/ampere/desk/sites/closing_day"
    browser.sends(f"{path}/new", from_on="2026-12-24", to_on="2027-01-02", reason="Congés")

    page = words_of(browser.opens(path))

    assert "Congés" in page
