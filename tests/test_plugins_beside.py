"""Whatever is installed beside it, the desk opens: what is wrong is set aside, by name, in a sentence."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from palier.starting.making import make_plugin
from palier.testing.building import build_wheel, install_beside, unpack

# Run in a process of its own: a plugin's classes stay in the one that imported them.
DAY = """
import json, sys
from litestar.testing import TestClient
from sqlalchemy import update
from palier.accounts.models import Account
from palier.accounts.passwords import hash_password
from palier.app import create_app
from palier.db.migrations import owner_connection, upgrade
from palier.house import House
from palier.installing import bring_up, quarantine_behind
from palier.plugins import discover
from palier.privacy.keeping import counted_over
from palier.residents.merging import merge_records
from palier.residents.models import Resident
from palier.settings import load
from palier.testing.caretaker import PASSWORD, words_of
from palier.testing.plugin import NOW, seed_sites
from palier.training.twins import open_twin, remove_twin
from sqlalchemy import inspect

settings = load()
if sys.argv[1] == "upgraded":
    failed = bring_up(settings).upgraded.failed
else:
    settings.home.mkdir(parents=True)
    discover()  # as every command does: the core is whole
    failed = upgrade(settings.owner_url, ()).failed
house = House.open(settings)
house.clock = lambda: NOW
seed_sites(house.database)
with house.database.write() as session:
    session.execute(update(Account).values(password_hash=hash_password(PASSWORD), locale="en"))
quarantine_behind(house)
said = {"failed": {name: str(words) for name, words in failed.items()}}
said["trouble"] = {each.name: str(each.trouble or "") for each in house.registry.services()}
with TestClient(create_app(house)) as client:
    client.post("/sign-in", data={"login": "magda", "password": PASSWORD})
    said["desk"] = client.get("/ampere/desk").status_code
    page = client.get("/ampere/desk/sites/services")
    said["services"] = words_of(page.text)
with house.at("ampere", "test") as desk:
    kept, gone = (
        desk.add(Resident(given_name=each, family_name="Kern", card_code=each)) for each in "AB"
    )
    merge_records(desk, kept, gone, {}, home=False)
    said["over"] = str(counted_over(desk))
open_twin(house, "ampere")
remove_twin(house, "ampere")
with owner_connection(settings.owner_url) as connection:
    said["tables"] = inspect(connection).get_table_names()
print(json.dumps(said))
"""
MODELS, RULES, PLUGIN = (f"palier_toy_shop/{each}.py" for each in ("models", "rules", "plugin"))
MIGRATION = "palier_toy_shop/migrations/versions/0001_first.py"


def opened(environment: Mapping[str, str], home: Path, how: str = "upgraded") -> dict[str, Any]:
    """Bring an installation up, open its desk, merge two people, open a twin; say how it went."""
    kept = {name: value for name, value in environment.items() if not name.startswith("PALIER_")}
    made = {**kept, "PALIER_HOME": str(home), "PALIER_SECRET": "only-for-tests", "LANG": "C.UTF-8"}
    command = [sys.executable, "-c", DAY, how]
    done = subprocess.run(command, env=made, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    assert (answer["desk"], answer["trouble"]["bike_hire"] == "") == (200, how == "upgraded")
    return answer


@pytest.fixture
def toy(tmp_path: Path) -> Path:
    """A new plugin, to be spoilt."""
    return make_plugin("toy_shop", tmp_path)


def spoil(folder: Path, file: str, before: str, after: str) -> None:
    text = (folder / file).read_text("utf-8")
    assert before in text
    (folder / file).write_text(text.replace(before, after, 1), encoding="utf-8")


def test_a_plugin_for_a_newer_core_is_set_aside(toy: Path, tmp_path: Path) -> None:
    spoil(toy, PLUGIN, '">=0.1"', '">=99"')

    found = opened(install_beside(toy, tmp_path / "beside"), tmp_path / "home")

    assert "it needs palier >=99, this is" in found["trouble"]["toy_shop"]
    assert "it needs palier >=99, this is" in found["services"]


def test_a_wheel_with_a_syntax_error_is_set_aside_with_file_and_line(
    toy: Path, tmp_path: Path
) -> None:
    spoil(toy, RULES, "def is_waiting(", "def is waiting(")
    line = (toy / RULES).read_text("utf-8").partition("def is waiting(")[0].count("\n") + 1
    (tmp_path / "wheel").mkdir()
    unpack(build_wheel(toy, tmp_path / "wheel"), tmp_path / "installed")

    found = opened({**os.environ, "PYTHONPATH": str(tmp_path / "installed")}, tmp_path / "home")

    trouble = found["trouble"]["toy_shop"]
    assert trouble.startswith("It can't be read: SyntaxError: ")
    assert trouble.endswith(f"(palier_toy_shop/rules.py:{line})")
    assert trouble in found["services"]


def test_of_two_plugins_with_one_table_the_second_is_set_aside_and_both_are_named(
    toy: Path, tmp_path: Path
) -> None:
    other = make_plugin("toy", tmp_path)
    more = '\n\nclass ShopOffer(SiteRecord):\n    """One more."""\n'
    with (other / "palier_toy" / "models.py").open("a", encoding="utf-8") as models:
        models.write(more)
    paths = [
        install_beside(each, tmp_path / f"beside-{each.name}")["PYTHONPATH"]
        for each in (toy, other)
    ]

    found = opened({**os.environ, "PYTHONPATH": os.pathsep.join(paths)}, tmp_path / "home")

    assert found["trouble"]["toy"] == ""
    assert found["trouble"]["toy_shop"] == (
        "It is declared wrongly: palier_toy_shop.models.Offer: the table toy_shop_offer is that of"
        " palier_toy.models.ShopOffer. Call yours something else"
    )


def test_a_migration_that_fails_half_way_leaves_nothing_and_the_desk_opens(
    toy: Path, tmp_path: Path
) -> None:
    with (toy / MIGRATION).open("a", encoding="utf-8") as migration:
        migration.write('    raise ValueError("half-way")\n')

    found = opened(install_beside(toy, tmp_path / "beside"), tmp_path / "home")

    assert "half-way" in found["failed"]["toy_shop"]
    assert [each for each in found["tables"] if "toy_shop" in each] == []
    assert found["trouble"]["toy_shop"] == "Its tables are not ready. Run `palier upgrade`."


def test_plugins_whose_tables_were_never_made_stop_nobody(toy: Path, tmp_path: Path) -> None:
    found = opened(install_beside(toy, tmp_path / "beside"), tmp_path / "home", "core alone")

    ready = {"Its tables are not ready. Run `palier upgrade`."}
    assert set(found["trouble"].values()) == ready
    assert [each for each in found["tables"] if each.startswith("bike_hire")] == []
