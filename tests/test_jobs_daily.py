"""The daily hook: asked of each service that is on, once the desk has closed; again, late, apart."""

from datetime import UTC, datetime, timedelta
from types import ModuleType

import pytest
from sqlalchemy import update

from palier import hookspecs as hooks
from palier.desk.counter import Desk
from palier.house import House
from palier.jobs.running import Loop
from palier.jobs.telling import job_states
from palier.plugins import Manifest, Plugin, Registry, discover
from palier.sites.models import Site, SitePlugin
from palier.testing.clock import Clock
from palier.testing.plugin import NOW, At
from palier.text import Text

CLOSES = datetime(2026, 10, 6, 16, 30, tzinfo=UTC)  # half past six, on the site's clock


def service(name: str, answer: object) -> Plugin:
    module, label = ModuleType(f"palier_{name}"), Text(name)
    module.__dict__["manifest"] = Manifest(name, label, label, icon="bike")
    module.__dict__["each_day"] = answer
    return Plugin(name, module, "1.0")


@pytest.fixture
def clock() -> Clock:
    return Clock(NOW)


def loop_with(house: House, at: At, clock: Clock, **answers: object) -> Loop:
    registry = Registry({name: p for name, p in discover().plugins.items() if p.is_core})
    registry.plugins |= {name: service(name, each) for name, each in answers.items()}
    with at() as desk:
        for name in answers:
            desk.session.add(SitePlugin(name=name, state="on", since_at=NOW))
        desk.session.execute(update(Site).values(revision=Site.revision + 1))
    return Loop(House(house.settings, house.database, registry, clock))


def test_it_is_asked_once_a_day_when_the_desk_has_closed(
    house: House, at: At, clock: Clock
) -> None:
    asked: list[str] = []

    @hooks.daily
    def each_day(desk: Desk) -> None:
        asked.append(f"{desk.site.slug} {desk.origin}")

    loop = loop_with(house, at, clock, bread=each_day)
    loop.once()
    clock.now = CLOSES - timedelta(minutes=1)
    loop.once()
    before = list(asked)
    clock.now = CLOSES
    loop.once()
    loop.once()

    assert (before, asked) == ([], ["ampere job bread.daily"])


def test_the_failure_of_one_service_is_not_the_others(house: House, at: At, clock: Clock) -> None:
    asked: list[str] = []

    @hooks.daily
    def fails(desk: Desk) -> None:
        raise KeyError(desk.site.slug)

    @hooks.daily
    def works(desk: Desk) -> None:
        asked.append(desk.site.slug)

    loop = loop_with(house, at, clock, broken=fails, bread=works)
    loop.once()
    clock.now = CLOSES + timedelta(hours=14)  # the computer was off: the next morning
    loop.once()

    states = {each.job: each.last_error for each in job_states(loop.house)}
    assert asked == ["ampere"]
    assert states["broken.daily"].startswith("KeyError")
    assert states["bread.daily"] == ""
