"""Services are switched site by site, by a row; every process sees it with its next request."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from importlib.metadata import EntryPoint
from pathlib import Path

import httpx
import pytest
from sqlalchemy import func, select

from palier.asking import Hooks
from palier.context import Context
from palier.house import House
from palier.plugins import GROUP, Registry, discover
from palier.screens.views import Block
from palier.sites.actions import switch_off, switch_on
from palier.sites.models import Site, SitePlugin
from palier.sites.screens import plan_off
from palier.sites.switching import (
    ServiceInTrouble,
    StillNeeded,
    UnknownService,
    disable,
    enable,
    plan_disable,
    plan_enable,
    states,
)
from palier.testing.caretaker import PASSWORD, Browser, hidden_of, words_of
from palier.testing.plugin import NOW, At
from palier.testing.servers import PALIER, installation, server
from palier.trail import ActRow, perform
from palier_bike_hire.models import Kind

TOY = """
from palier.api import Household, Manifest, _, hooks
manifest = Manifest(name="{name}", label=_("Toy {name}"), summary=_("Toy"), icon="tool", needs={needs})

@hooks.on_enabled
def prepare(desk):
    desk.add(Household(code="{name}"))
    {more}
"""


@pytest.fixture
def toys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Registry]:
    """Two services: the second needs the first; each makes a household when it is prepared."""
    monkeypatch.syspath_prepend(tmp_path)
    entries = []
    for name, needs, more in (
        ("toy_first", (), ""),
        ("toy_second", ("toy_first",), ""),
        ("toy_failing", (), "1 / 0"),
    ):
        package = tmp_path / f"palier_{name}"
        package.mkdir()
        (package / "__init__.py").write_text('"""A toy."""\n')
        source = TOY.format(name=name, needs=repr(needs), more=more)
        (package / "plugin.py").write_text(source)
        entries.append(EntryPoint(name, f"palier_{name}.plugin", GROUP))
    yield discover(entries)
    for each in [each for each in sys.modules if each.startswith("palier_toy_")]:
        del sys.modules[each]


def codes(desk: Context) -> list[str]:
    from palier.residents.models import Household

    return sorted(desk.session.scalars(select(Household.code)))


def revision(desk: Context) -> int:
    return desk.session.scalar(select(Site.revision).where(Site.id == desk.site.id)) or 0


def test_a_plan_says_what_would_be_switched_and_switches_nothing(toys: Registry, at: At) -> None:
    with at(write=False) as desk:
        plan = plan_enable(toys, frozenset(), "toy_second")
        later = plan_enable(toys, frozenset({"toy_first"}), "toy_second")

        assert states(desk) == {}
    assert (plan.names, plan.already) == (("toy_first", "toy_second"), ())
    assert (later.names, later.already) == (("toy_second",), ("toy_first",))


def test_a_service_is_prepared_once_with_what_it_needs(toys: Registry, at: At) -> None:
    hooks = Hooks(toys)
    with at() as desk:
        before = revision(desk)
        enable(desk, hooks, plan_enable(toys, frozenset(), "toy_second"))
    with at() as desk:
        on = frozenset({"toy_first", "toy_second"})
        disable(desk, plan_disable(toys, on, "toy_second"))
        enable(desk, hooks, plan_enable(toys, frozenset({"toy_first"}), "toy_second"))

    with at(write=False) as desk:
        assert codes(desk) == ["toy_first", "toy_second"]
        assert {name: state for name, (state, _at) in states(desk).items()} == {
            "toy_first": "on",
            "toy_second": "on",
        }
        assert revision(desk) == before + 3


def test_a_switch_leaves_a_trace(toys: Registry, at: At) -> None:
    with at() as desk:
        desk.hooks = Hooks(toys)
        perform(desk, switch_on, None, {"service": "toy_first"})
    with at() as desk:
        desk.hooks = Hooks(toys)
        desk.site = replace(desk.site, plugins=frozenset({"toy_first"}))
        perform(desk, switch_off, None, {"service": "toy_first"})

    with at(write=False) as desk:
        first, last = desk.session.scalars(select(ActRow).order_by(ActRow.id)).all()
        assert (first.name, first.who) == ("sites.switch_on", "MK")
        assert first.changes[0]["set"]["name"] == [None, "toy_first"]
        assert (last.name, last.changes[0]["id"]) == ("sites.switch_off", "toy_first")
        assert last.changes[0]["set"]["state"] == ["on", "off"]


def test_what_is_on_already_changes_nothing(toys: Registry, at: At) -> None:
    with at() as desk:
        enable(desk, Hooks(toys), plan_enable(toys, frozenset(), "toy_first"))
        before = revision(desk)
        enable(desk, Hooks(toys), plan_enable(toys, frozenset({"toy_first"}), "toy_first"))

        assert revision(desk) == before


def test_a_service_that_cannot_prepare_the_site_is_named_and_stays_off(
    toys: Registry, at: At
) -> None:
    from palier.errors import PluginFailed

    with (
        pytest.raises(PluginFailed, match="The service Toy toy_failing has a problem"),
        at() as desk,
    ):
        enable(desk, Hooks(toys), plan_enable(toys, frozenset(), "toy_failing"))

    with at(write=False) as desk:
        assert (codes(desk), states(desk)) == ([], {})


def test_what_is_needed_stays_on_and_says_by_whom(toys: Registry) -> None:
    on = frozenset({"toy_first", "toy_second"})

    with pytest.raises(StillNeeded, match="Toy toy_first stays on: Toy toy_second needs it"):
        plan_disable(toys, on, "toy_first")


def test_the_plan_of_switching_off_says_first_what_still_needs_it(toys: Registry, at: At) -> None:
    with at(write=False) as desk:
        desk.hooks = Hooks(toys)
        desk.site = replace(desk.site, plugins=frozenset({"toy_first", "toy_second"}))
        page = plan_off(desk, None, {"service": "toy_first"})

    plan = page.values["plan"]
    assert isinstance(plan, Block)
    assert [str(each.text) for each in plan.lines] == [
        "Toy toy_first stays on: Toy toy_second needs it. Switch that off first."
    ]
    assert page.values["service"] == ""  # nothing to send


@pytest.mark.parametrize("name", ["nothing", "receipts"])
def test_only_services_are_switched(toys: Registry, name: str) -> None:
    with pytest.raises(UnknownService):
        plan_enable(toys, frozenset(), name)
    with pytest.raises(UnknownService):
        plan_disable(toys, frozenset(), name)


def test_a_service_in_quarantine_is_not_switched_on(toys: Registry) -> None:
    from palier.text import Text

    toys.plugins["toy_first"].quarantine(Text("It is ill."))
    toys.spread()

    with pytest.raises(ServiceInTrouble, match="toy_first can't be used: It is ill"):
        plan_enable(toys, frozenset(), "toy_first")
    with pytest.raises(ServiceInTrouble, match="toy_second"):
        plan_enable(toys, frozenset(), "toy_second")


def test_a_plugin_removed_from_disk_harms_nothing_and_can_be_switched_off(
    house: House, at: At, browser: Browser
) -> None:
    with at() as desk:
        desk.session.add(SitePlugin(name="gone", state="on", since_at=NOW, prepared=True))
        site = select(Site).where(Site.id == 1)
        desk.session.scalars(site).one().revision += 1

    page = words_of(browser.opens("/ampere/desk/sites/services"))

    assert "gone No longer installed. Its data stay." in page
    assert browser.opens("/ampere/desk")
    browser.opens("/ampere/desk/gone/thing", status=404)
    browser.asks("/api/v1/ampere/gone/thing", status=404)
    assert plan_disable(house.registry, frozenset({"gone"}), "gone").names == ("gone",)


def test_switching_off_keeps_the_data(house: House, at: At) -> None:
    with at() as desk:
        enable(desk, house.hooks, plan_enable(house.registry, frozenset(), "bike_hire"))
        desk.site = replace(desk.site, plugins=frozenset({"bike_hire"}))
        made = desk.session.scalar(select(func.count(Kind.id)))
        disable(desk, plan_disable(house.registry, desk.site.plugins, "bike_hire"))

    with at(write=False) as desk:
        assert made
        assert desk.session.scalar(select(func.count(Kind.id))) == made


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "servers"), [("sqlite", 1), ("postgresql", 2)])
def test_running_servers_see_a_switch_with_the_next_request(
    kind: str, servers: int, tmp_path: Path
) -> None:
    def seen() -> list[int]:
        return [each.get("/ampere/desk/bike_hire/bike").status_code for each in clients]

    def switched(how: str) -> None:
        command = [PALIER, "plugin", how, "bike_hire", "--site", "ampere"]
        subprocess.run(command, env=environment, check=True, capture_output=True)

    with installation(kind, tmp_path) as environment, ExitStack() as stack:
        clients = [stack.enter_context(server(environment)) for _each in range(servers)]
        clients[0].post("/sign-in", data={"login": "magda", "password": PASSWORD})
        for each in clients:
            each.cookies = clients[0].cookies

        before = seen()
        switched("enable")
        while_on = seen()
        elsewhere = clients[-1].get("/cathedrale/desk/bike_hire/bike").status_code
        switched("disable")
        after = seen()

    assert before == [404] * servers
    assert while_on == [200] * servers
    assert elsewhere == 404
    assert after == [404] * servers


@contextmanager
def watched(client: httpx.Client) -> Iterator[Iterator[str]]:
    """The lines of a page's stream of changes, from its first beat on."""
    with client.stream("GET", "/ampere/desk/live", timeout=30) as answer:
        lines = answer.iter_lines()
        assert next(lines) == "event: beat"
        yield (each for each in lines if each.startswith("data: {"))


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "servers"), [("sqlite", 1), ("postgresql", 2)])
def test_a_change_through_one_server_is_told_by_the_other(
    kind: str, servers: int, tmp_path: Path
) -> None:
    add = "/ampere/desk/residents/household/add_household"
    with installation(kind, tmp_path) as environment, ExitStack() as stack:
        clients = [stack.enter_context(server(environment)) for _each in range(servers)]
        for each in (clients[0], clients[-1]):
            each.post("/sign-in", data={"login": "magda", "password": PASSWORD})
        with watched(clients[-1]) as told:
            form = hidden_of(clients[0].get(add).text)
            done = clients[0].post(add, data={**form, "street": "rue", "number": "1"})
            first = next(told)

    assert done.status_code == 303
    assert "residents.add_household" in first
    assert "rue" not in first
