"""Putting people on duty, and seeing the hours that nobody covers: on both databases."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError

from palier import rosters
from palier.accounts.models import Staff, StaffSkill
from palier.context import Actor, Context, Role
from palier.db.engine import Database
from palier.db.types import Skill
from palier.desk.counter import Desk
from palier.errors import NotNow
from palier.rosters import actions, rules
from palier.rosters.duty import away_until, gaps_today, on_duty, read_week
from palier.rosters.models import AbsenceKind, Post, Shift, ShiftState
from palier.rosters.plugin import nobody_on_duty
from palier.rosters.screens import week as week_page
from palier.screens.views import Shell
from palier.sites.models import Opening
from palier.testing.plugin import NOW, At, counted_statements
from palier.text import Text
from palier.web.render import Renderer

HOUR = timedelta(hours=1)
SHELL = Shell("Ampère", "ampere", "plain", "en", "ltr", (), "Magda K.", "csrf", "/ampere/desk")


def clock(hour: int, minute: int = 0, day: int = 6) -> datetime:
    """An instant by the clock in Strasbourg, in October before the change."""
    return datetime(2026, 10, day, hour - 2, minute, tzinfo=UTC)


@pytest.fixture
def desk(at: At) -> Iterator[Desk]:
    """Tuesday 6 October, 9:05; Magda and Ilyes work here."""
    with at() as opened:
        opened.add(
            Staff(account_id=1, name="Ilyes B.", valid_from=date(2026, 1, 1), person_code="IB")
        )
        yield opened


def staff(desk: Context, name: str = "Magda K.") -> Staff:
    return next(each for each in desk.session.query(Staff) if each.name == name)


def cover(desk: Context, starts: datetime, ends: datetime, name: str = "Magda K.") -> Shift:
    return actions.cover(desk, starts_at=starts, ends_at=ends, staff=staff(desk, name))


def test_a_double_assignment_is_refused_with_the_other_shift_named(desk: Desk) -> None:
    cover(desk, clock(9), clock(12))

    with pytest.raises(rules.AlreadyOnDuty) as refusal:
        cover(desk, clock(11), clock(14))

    assert refusal.value.field == "staff"
    assert (refusal.value.start, refusal.value.end) == (clock(9), clock(12))
    assert "Magda K. is already on duty then: Desk" in str(refusal.value)


def test_the_database_itself_refuses_it(desk: Desk) -> None:
    cover(desk, clock(9), clock(12))

    with pytest.raises(IntegrityError, match="shift_no_overlap"), desk.session.begin_nested():
        desk.add(Shift(starts_at=clock(10), ends_at=clock(11), staff=staff(desk)))


def test_a_second_person_at_the_same_hours_is_welcome(desk: Desk) -> None:
    cover(desk, clock(9), clock(12))

    assert cover(desk, clock(9), clock(12), "Ilyes B.").staff is staff(desk, "Ilyes B.")


def test_a_shift_follows_the_one_before(desk: Desk) -> None:
    cover(desk, clock(9), clock(12))

    assert cover(desk, clock(12), clock(14)).id is not None


def test_after_a_refused_assignment_the_shift_is_still_open(desk: Desk) -> None:
    cover(desk, clock(9), clock(12))
    empty = actions.plan(desk, starts_at=clock(9), ends_at=clock(10))

    with pytest.raises(rules.AlreadyOnDuty):
        actions.assign(desk, empty, staff=staff(desk))

    assert empty.staff is None
    actions.assign(desk, empty, staff=staff(desk, "Ilyes B."))
    assert empty.staff is staff(desk, "Ilyes B.")


def test_who_is_away_is_not_assigned(desk: Desk) -> None:
    actions.add_absence(desk, staff=staff(desk), from_at=clock(8), to_at=clock(18))

    with pytest.raises(rules.IsAway):
        cover(desk, clock(9), clock(12))


def test_who_has_left_is_not_assigned(desk: Desk) -> None:
    staff(desk).valid_to = date(2026, 10, 6)

    with pytest.raises(rules.NoLongerHere):
        cover(desk, clock(9), clock(12))


@pytest.mark.parametrize("end", [clock(9), clock(8)])
def test_an_end_before_its_start_is_refused_beside_it(desk: Desk, end: datetime) -> None:
    with pytest.raises(rules.ShiftEndsBeforeStart) as refusal:
        cover(desk, clock(9), end)

    assert refusal.value.field == "ends_at"


def test_an_absence_ends_after_it_began(desk: Desk) -> None:
    with pytest.raises(rules.AbsenceEndsBeforeStart):
        actions.add_absence(desk, staff=staff(desk), from_at=clock(9), to_at=clock(9))


def test_on_duty_is_who_is_at_the_desk_and_not_away(desk: Desk) -> None:
    cover(desk, clock(9), clock(12))
    workshop = cover(desk, clock(9), clock(12), "Ilyes B.")
    workshop.post = Post.WORKSHOP
    actions.add_absence(desk, staff=staff(desk), from_at=clock(11), to_at=clock(12))

    assert on_duty(desk, clock(10)) == [staff(desk)]
    assert on_duty(desk, clock(11)) == []
    assert on_duty(desk, clock(12)) == []


def test_a_draft_puts_nobody_on_duty_yet(desk: Desk) -> None:
    cover(desk, clock(9), clock(12)).state = ShiftState.DRAFT

    assert on_duty(desk, clock(10)) == []


def test_today_names_the_hour_nobody_covers_from_now_on(desk: Desk) -> None:
    cover(desk, clock(9), clock(12, 30))
    cover(desk, clock(15), clock(18, 30))

    cards = list(nobody_on_duty(desk))

    assert gaps_today(desk) == [(clock(14), clock(15))]
    assert [str(each.text) for each in cards] == ["Nobody on duty, 14:00 – 15:00."]


def test_the_card_leads_to_someone_for_that_hour(desk: Desk) -> None:
    cover(desk, clock(9), clock(12, 30))
    cover(desk, clock(15), clock(18, 30))
    (card,) = nobody_on_duty(desk)

    assert card.step is not None
    assert isinstance(card.step.record, Opening)
    actions.cover_today(desk, card.step.record, staff=staff(desk))

    assert gaps_today(desk) == []
    with pytest.raises(NotNow):
        actions.cover_today(desk, card.step.record, staff=staff(desk))


def test_a_removed_shift_leaves_its_hours_open(desk: Desk) -> None:
    shift = cover(desk, clock(9), clock(12, 30))
    actions.remove(desk, shift)

    assert (NOW, clock(12, 30)) in gaps_today(desk)


def test_a_removed_absence_covers_again(desk: Desk) -> None:
    cover(desk, clock(9), clock(12, 30))
    away = actions.add_absence(
        desk, staff=staff(desk), from_at=clock(9), to_at=clock(18), kind=AbsenceKind.LEAVE
    )
    actions.remove_absence(desk, away)

    assert gaps_today(desk) == [(clock(14), clock(18, 30))]


def drawn(desk: Context) -> str:
    page = week_page(desk, day=date(2026, 10, 8))
    renderer = Renderer([Path(str(rosters.__file__)).parent])
    return renderer.draw(page.template, "plain", {**page.values, "shell": SHELL})


def test_the_week_shows_people_gaps_and_absences(desk: Desk) -> None:
    shift = cover(desk, clock(9), clock(12, 30))
    actions.add_absence(desk, staff=staff(desk, "Ilyes B."), from_at=clock(8), to_at=clock(20))

    html = drawn(desk)

    assert "Roster, from 5 October to 11 October" in html
    assert f'href="/ampere/desk/rosters/shifts/{shift.id}"><b>09:00 – 12:30</b>' in html
    assert (
        'class="shift gap" href="/ampere/desk/rosters/shifts/cover?starts_at=2026-10-06T14' in html
    )
    assert 'class="shift off"' in html
    assert "style=" not in html


def test_an_empty_week_says_what_to_do(desk: Desk) -> None:
    assert "Nobody is planned this week yet" in drawn(desk)


def test_who_may_not_plan_gets_no_way_to(at: At) -> None:
    with at(actor=Actor("Ilyes B.", role=Role.TRAINEE)) as desk:
        html = drawn(desk)

    assert "shifts/cover" not in html
    assert "shifts/plan" not in html


def test_a_full_week_takes_as_many_statements_as_an_empty_one(
    desk: Desk, database: Database
) -> None:
    with counted_statements(database) as few:
        read_week(desk, desk.today)
    for day in range(5, 11):
        cover(desk, clock(9, day=day), clock(12, day=day))
        cover(desk, clock(9, day=day), clock(12, day=day), "Ilyes B.")

    with counted_statements(database) as many:
        found = read_week(desk, desk.today)

    assert len(found.shifts) == 12
    assert len(set(few)) == len(set(many)) == 4


def test_the_desks_hook_asks_two_statements(desk: Desk, database: Database) -> None:
    cover(desk, clock(9), clock(10))

    with counted_statements(database) as sent:
        list(nobody_on_duty(desk))

    assert len(set(sent)) == 2


def away(desk: Context, name: str, starts: datetime, ends: datetime) -> None:
    actions.add_absence(
        desk, staff=staff(desk, name), from_at=starts, to_at=ends, kind=AbsenceKind.ABSENT
    )


def test_a_skill_is_away_while_all_who_have_learnt_it_are(desk: Desk) -> None:
    test = Skill("brake_test", Text("Brake test"))
    nobody_learnt_it = away_until(desk, test, clock(10))
    for name in ("Magda K.", "Ilyes B."):
        desk.session.add(StaffSkill(staff_id=staff(desk, name).id, skill=test.name))
    away(desk, "Magda K.", clock(9), clock(14))
    one_is_here = away_until(desk, test, clock(10))
    away(desk, "Ilyes B.", clock(9), clock(12))

    assert (nobody_learnt_it, one_is_here) == (None, None)
    assert away_until(desk, test, clock(10)) == clock(12)  # the first who is back
    assert away_until(desk, test, clock(12)) is None
    assert away_until(desk, test, clock(8)) is None
