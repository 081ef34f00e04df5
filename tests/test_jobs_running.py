"""The loop of jobs: each runs when it is due, where it is on, once; none stops the others."""

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from threading import Barrier, Event, Thread
from types import ModuleType

import pytest
from litestar.testing import TestClient
from sqlalchemy import func, select, update

from palier.app import create_app
from palier.context import Context
from palier.db.engine import Database
from palier.errors import Refused
from palier.house import House
from palier.jobs.running import LEASE, Loop
from palier.jobs.telling import job_states, troubles
from palier.plugins import Manifest, Plugin, Registry, discover
from palier.rhythm import Every, Job, JobRow, Turn
from palier.serving import run_jobs_beside
from palier.settings import Settings
from palier.sites.models import Site, SitePlugin, SiteState
from palier.testing.clock import Clock
from palier.testing.plugin import NOW, SECRET, At
from palier.text import Text
from palier.trail import FormKey

Does = Callable[[Turn], object]
Make = Callable[..., House]


def service(name: str, function: Does) -> Plugin:
    """A service line that does something by itself every five minutes."""
    module = ModuleType(f"palier_{name}")
    label, job = Text(name.capitalize()), Job("work", Every(5), function)
    module.__dict__["manifest"] = Manifest(name, label, label, icon="bike", jobs=(job,))
    return Plugin(name, module, "1.0")


@pytest.fixture
def clock() -> Clock:
    return Clock(NOW)


@pytest.fixture
def make(database: Database, clock: Clock, tmp_path: Path) -> Make:
    """Make a house with toy services, each with a job."""

    def made(**jobs: Does) -> House:
        registry = Registry({name: p for name, p in discover().plugins.items() if p.is_core})
        registry.plugins |= {name: service(name, each) for name, each in jobs.items()}
        url = database.url.render_as_string(hide_password=False)
        log = tmp_path / "access.jsonl"
        return House(Settings(tmp_path, url, url, SECRET, tmp_path, log), database, registry, clock)

    return made


def switch(at: At, name: str, state: str, site_id: int = 1) -> None:
    with at(site_id) as desk:
        desk.session.merge(SitePlugin(site_id=site_id, name=name, state=state, since_at=NOW))
        grown = update(Site).where(Site.id == site_id).values(revision=Site.revision + 1)
        desk.session.execute(grown)


def slug_of(turn: Turn) -> str:
    return turn.looks(lambda desk: desk.site.slug)


def test_a_job_runs_at_each_site_where_its_service_is_on(at: At, make: Make, clock: Clock) -> None:
    ran: list[str] = []
    house = make(bread=lambda turn: ran.append(slug_of(turn)))
    switch(at, "bread", "on", 1)
    loop = Loop(house)

    loop.once()
    before = list(ran)
    clock.forward(minutes=5)
    loop.once()
    loop.once()

    assert (before, ran) == ([], ["ampere"])


def test_a_job_of_a_service_that_is_off_does_not_run(at: At, make: Make, clock: Clock) -> None:
    ran: list[str] = []
    loop = Loop(make(bread=lambda turn: ran.append(slug_of(turn))))
    switch(at, "bread", "on")
    loop.once()
    clock.forward(minutes=5)

    switch(at, "bread", "off")
    loop.once()

    assert ran == []
    assert "bread.work" not in {each.job for each in job_states(loop.house)}


def test_a_switch_between_two_looks_is_seen_when_the_job_is_taken(
    at: At, make: Make, clock: Clock
) -> None:
    ran: list[str] = []
    house = make(bread=lambda turn: ran.append(slug_of(turn)))
    switch(at, "bread", "on")
    loop = Loop(house)
    loop.once()
    clock.forward(minutes=5)
    with at() as desk:  # as if the loop had looked just before
        off = update(SitePlugin).where(SitePlugin.name == "bread").values(state="off")
        desk.session.execute(off)

    loop.once()

    assert ran == []


def test_a_site_that_is_closed_does_nothing_by_itself(at: At, make: Make, clock: Clock) -> None:
    ran: list[str] = []
    loop = Loop(make(bread=lambda turn: ran.append(slug_of(turn))))
    for site_id in (1, 2):
        switch(at, "bread", "on", site_id)
    with at() as desk:
        desk.session.execute(update(Site).where(Site.id == 1).values(state=SiteState.CLOSED))
    loop.once()

    clock.forward(minutes=5)
    loop.once()

    assert ran == ["cathedrale"]


def fails(_turn: Turn) -> None:
    msg = "Odile Kern has no telephone"
    raise KeyError(msg)


def refuses(_turn: Turn) -> None:
    raise Refused


def fails_once() -> Does:
    left = [1]

    def work(turn: Turn) -> None:
        if left.pop() if left else 0:
            fails(turn)

    return work


def test_a_job_that_fails_stops_no_other_and_is_tried_again_later(
    at: At, make: Make, clock: Clock
) -> None:
    ran: list[str] = []
    loop = Loop(make(broken=fails, bread=lambda turn: ran.append(slug_of(turn))))
    for name in ("broken", "bread"):
        switch(at, name, "on")
    loop.once()
    clock.forward(minutes=5)

    loop.once()
    clock.forward(minutes=1)
    again = loop.once()

    assert ran == ["ampere"]
    assert "broken.work" in again
    assert "bread.work" not in again


def test_a_failure_is_named_without_the_values_around_it(at: At, make: Make, clock: Clock) -> None:
    house = make(broken=fails, strict=refuses)
    for name in ("broken", "strict"):
        switch(at, name, "on")
    loop = Loop(house)
    loop.once()
    clock.forward(minutes=5)

    loop.once()
    states = {each.job: each.last_error for each in job_states(house)}

    assert states["broken.work"].startswith("KeyError")
    assert "Odile" not in states["broken.work"]
    assert states["strict.work"] == "This can't be done."
    assert any("broken.work at ampere" in each for each in troubles(job_states(house), NOW))


def test_each_failure_in_a_row_is_tried_again_twice_as_late(
    at: At, make: Make, clock: Clock
) -> None:
    loop = Loop(make(broken=fails))
    switch(at, "broken", "on")
    loop.once()
    clock.forward(minutes=5)
    waits = []

    for _time in range(4):
        loop.once()
        state = next(each for each in job_states(loop.house) if each.job == "broken.work")
        waits.append((state.next_at - clock.now) // timedelta(minutes=1))
        clock.now = state.next_at

    assert waits == [1, 2, 4, 5]  # but never later than its own rhythm


def test_what_went_wrong_is_forgotten_when_it_goes_well(at: At, make: Make, clock: Clock) -> None:
    loop = Loop(make(bread=fails_once()))
    switch(at, "bread", "on")
    loop.once()
    clock.forward(minutes=5)
    loop.once()

    clock.forward(minutes=1)
    loop.once()

    state = next(each for each in job_states(loop.house) if each.job == "bread.work")
    assert (state.last_error, state.last_ok_at) == ("", clock.now)


def test_a_lease_keeps_others_away_until_it_runs_out(at: At, make: Make, clock: Clock) -> None:
    inside: list[list[str]] = []
    house: House = make(bread=lambda _turn: inside.append(Loop(house).once()))
    switch(at, "bread", "on")
    Loop(house).once()
    clock.forward(minutes=5)

    Loop(house).once()

    assert inside == [[]]


def test_what_a_dead_process_held_is_taken_when_its_lease_has_run_out(
    at: At, make: Make, clock: Clock, database: Database
) -> None:
    ran: list[str] = []
    loop = Loop(make(bread=lambda turn: ran.append(slug_of(turn))))
    switch(at, "bread", "on")
    loop.once()
    clock.forward(minutes=5)
    with database.across_sites("test", write=True) as session:
        dead = update(JobRow).values(lease_by="dead", lease_until=clock.now + LEASE)
        session.execute(dead)

    loop.once()
    waited = list(ran)
    clock.forward(minutes=2)
    loop.once()

    assert (waited, ran) == ([], ["ampere"])


def test_a_job_that_takes_long_renews_its_lease(at: At, make: Make, clock: Clock) -> None:
    inside: list[list[str]] = []

    def long(_turn: Turn) -> None:
        clock.forward(minutes=1.5)
        with loop.house.database.across_sites("test") as session:
            row = session.scalars(select(JobRow).where(JobRow.package == "bread")).one()
        loop.renew(row)
        clock.forward(minutes=1.5)
        inside.append(other.once())

    house = make(bread=long)
    loop, other = Loop(house), Loop(house)
    switch(at, "bread", "on")
    loop.once()
    clock.forward(minutes=5)

    loop.once()

    assert "bread.work" not in inside[0]


def test_many_loops_run_each_job_once(at: At, make: Make, clock: Clock) -> None:
    ran: list[str] = []
    house = make(bread=lambda turn: ran.append(slug_of(turn)))
    for site_id in (1, 2):
        switch(at, "bread", "on", site_id)
    Loop(house).once()
    clock.forward(minutes=5)
    start = Barrier(6)

    def race() -> None:
        start.wait()
        Loop(house).once()

    racers = [Thread(target=race) for _each in range(6)]
    for each in racers:
        each.start()
    for each in racers:
        each.join()

    assert sorted(ran) == ["ampere", "cathedrale"]


def test_the_work_of_a_job_is_one_transaction_of_its_site(at: At, make: Make, clock: Clock) -> None:
    def half(desk: Context) -> None:
        desk.session.add(FormKey(key="half", act_name="x", fingerprint="", at=NOW))
        desk.session.flush()
        raise Refused

    loop = Loop(make(bread=lambda turn: turn.does(half)))
    switch(at, "bread", "on")
    loop.once()
    clock.forward(minutes=5)

    loop.once()

    with at(write=False) as desk:
        assert desk.session.scalar(select(func.count()).select_from(FormKey)) == 0


def test_keys_of_forms_are_forgotten_after_thirty_days(at: At, make: Make, clock: Clock) -> None:
    for site_id in (1, 2):
        with at(site_id) as desk:
            for key, days in (("old", 31), ("new", 29)):
                sent_at = NOW - timedelta(days=days)
                desk.session.add(FormKey(key=key, act_name="x", fingerprint="", at=sent_at))
    loop = Loop(make())
    loop.once()

    clock.forward(hours=24)
    loop.once()

    for site_id in (1, 2):
        with at(site_id, write=False) as desk:
            assert desk.session.scalars(select(FormKey.key)).all() == ["new"]


def test_the_access_log_is_cleared_without_anyone_looking(
    make: Make, clock: Clock, tmp_path: Path
) -> None:
    old, kept = (tmp_path / f"access-{month}.jsonl" for month in ("2025-10", "2025-11"))
    for each in (old, kept):
        each.write_text("{}\n")
    loop = Loop(make())
    loop.once()

    clock.forward(hours=24)
    loop.once()

    assert (old.exists(), kept.exists()) == (False, True)


def test_the_loop_ends_when_it_is_told_to(make: Make) -> None:
    stop = Event()
    stop.set()

    Loop(make()).forever(stop)

    assert job_states(make()) == []


def test_the_server_runs_the_jobs_beside_its_pages(at: At, make: Make, clock: Clock) -> None:
    ran = Event()
    house = make(bread=lambda _turn: ran.set())
    switch(at, "bread", "on")
    Loop(house).once()
    clock.forward(minutes=5)
    app = create_app(house)
    run_jobs_beside(app, house)

    with TestClient(app) as client:
        assert client.get("/health/live").status_code == 200
        assert ran.wait(30)


def test_nobody_who_runs_the_jobs_is_noticed(make: Make, clock: Clock) -> None:
    house = make()
    Loop(house).once()

    clock.forward(hours=24)

    (words,) = troubles(job_states(house), clock.now)
    assert "palier jobs run" in words


def run(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from palier.cli import main; main()", *words]
    environment = {**os.environ, "PALIER_HOME": str(home)}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)


@pytest.mark.slow
def test_the_commands_run_and_list_the_jobs(tmp_path: Path) -> None:
    run(tmp_path, "init")
    run(tmp_path, "site", "new", "gare")

    endless = run(tmp_path, "jobs", "run")
    once = run(tmp_path, "jobs", "run", "--once")
    listed = run(tmp_path, "jobs", "list", "--json")

    assert (endless.returncode, "palier serve" in endless.stderr) == (1, True)
    assert (once.returncode, once.stdout) == (0, "Nothing is due.\n")
    assert '"job": "sites.sweep_form_keys"' in listed.stdout
