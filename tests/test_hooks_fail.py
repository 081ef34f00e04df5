"""A service may fail; the desk does not: shown as one warning, or the act refused by name."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest
from litestar.testing import TestClient
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from palier import hookspecs
from palier.app import create_app
from palier.asking import Failure, Hooks
from palier.errors import PluginFailed, Refused
from palier.house import House
from palier.plugins import GROUP, Registry, discover
from palier.residents.models import Household
from palier.sites.models import SitePlugin
from palier.testing.caretaker import PASSWORD, words_of
from palier.testing.plugin import NOW, At, place

Toy = Callable[[str], Registry]
MANIFEST = """
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError
from palier.api import Card, Household, Manifest, Refused, _, hooks
manifest = Manifest(name="toy_ill", label=_("Toy service"), summary=_("Toy"), icon="tool")
"""
RAISES = """
@hooks.today
def today(desk):
    raise KeyError("broken")
"""
HALFWAY = """
@hooks.today
def today(desk):
    yield Card(_("All is well."))
    raise KeyError("broken")
"""
DATABASE = """
@hooks.today
def today(desk):
    desk.session.scalar(select(func.no_such_function(1)))
    return ()
"""
REFUSES = """
@hooks.today
def today(desk):
    raise Refused
"""
DECIDES = """
@hooks.charge_ended
def ended(desk, charge):
    desk.add(Household(code="HALF"))
    {what}
"""


@pytest.fixture
def toy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Toy]:
    """Install a service that does this, beside the core alone."""
    monkeypatch.syspath_prepend(tmp_path)

    def install(source: str) -> Registry:
        folder = tmp_path / "palier_toy_ill"
        folder.mkdir()
        (folder / "__init__.py").write_text('"""A toy."""\n')
        (folder / "plugin.py").write_text(MANIFEST + source)
        return discover([EntryPoint("toy_ill", "palier_toy_ill.plugin", GROUP)])

    yield install
    for each in [each for each in sys.modules if each.startswith("palier_toy_")]:
        del sys.modules[each]


@pytest.fixture
def switched(at: At) -> None:
    with at() as desk:
        desk.session.add(SitePlugin(name="toy_ill", state="on", since_at=NOW, prepared=True))


SHOWN = [RAISES, HALFWAY, DATABASE, REFUSES]
NAMES = ["raises", "halfway", "database", "refuses"]


@pytest.mark.parametrize("source", SHOWN, ids=NAMES)
def test_where_it_shows_it_is_one_failure_with_a_name(toy: Toy, at: At, source: str) -> None:
    hooks = Hooks(toy(source))
    with at(write=False) as desk:
        desk.site = place(plugins=frozenset({"toy_ill"}))

        answers = [each for each in hooks.answers(hookspecs.today, desk) if not each[0].is_core]

        assert [(plugin.name, type(given)) for plugin, given in answers] == [("toy_ill", Failure)]
        assert desk.session.scalars(select(Household.id)).all() == []


@pytest.mark.usefixtures("switched")
@pytest.mark.parametrize("source", SHOWN, ids=NAMES)
def test_the_desk_page_opens_with_one_warning(toy: Toy, house: House, source: str) -> None:
    ill = replace(house, registry=toy(source))

    with TestClient(create_app(ill)) as client:
        client.post("/sign-in", data={"login": "magda", "password": PASSWORD})
        answer = client.get("/ampere/desk")

    assert answer.status_code == 200
    assert words_of(answer.text).count("The service Toy service has a problem.") == 1
    assert "All is well." not in answer.text
    assert 'action="/ampere/desk/find"' in answer.text


def end_a_charge(at: At, registry: Registry) -> None:
    hooks = Hooks(registry)
    with at() as desk:
        desk.site = place(plugins=frozenset({"toy_ill"}))
        desk.add(Household(code="BEFORE"))
        hooks.answer(hookspecs.charge_ended, desk, None, only="toy_ill")


@pytest.mark.parametrize(
    "what", ["1 / 0", "desk.session.scalar(select(func.no_such_function(1)))"], ids=["bug", "sql"]
)
def test_where_it_decides_the_act_is_refused_with_its_name_and_nothing_is_written(
    toy: Toy, at: At, what: str
) -> None:
    registry = toy(DECIDES.format(what=what))

    with pytest.raises(PluginFailed, match="The service Toy service has a problem"):
        end_a_charge(at, registry)

    with at(write=False) as desk:
        assert desk.session.scalars(select(Household.code)).all() == []


def test_a_refusal_where_it_decides_is_the_services_own(toy: Toy, at: At) -> None:
    registry = toy(DECIDES.format(what="raise Refused"))

    with pytest.raises(Refused) as refusal:
        end_a_charge(at, registry)

    assert type(refusal.value) is Refused


def test_a_conflict_in_the_database_is_nobodys_fault_and_runs_again(toy: Toy, at: At) -> None:
    what = 'raise OperationalError("", {}, sqlite3.OperationalError("database is locked"))'
    registry = toy("import sqlite3\n" + DECIDES.format(what=what))

    with pytest.raises(OperationalError):
        end_a_charge(at, registry)
