"""The commands: one sentence for a refusal, exit codes 0, 1 and 2, JSON for programs."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

PALIER = str(Path(sys.executable).with_name("palier"))


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A fresh installation with one site, on SQLite."""
    home = tmp_path_factory.mktemp("installation")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PALIER_")}
    made = {**kept, "PALIER_HOME": str(home), "LANG": "C.UTF-8"}
    for command in (["init"], ["site", "new", "ampere", "--name", "Ampère"]):
        subprocess.run([PALIER, *command], env=made, check=True, capture_output=True)
    return made


def run(environment: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [PALIER, *words], env=environment, capture_output=True, text=True, check=False
    )


def asked(environment: dict[str, str], *words: str) -> Any:
    return json.loads(run(environment, *words, "--json").stdout)


def test_help_costs_little() -> None:
    code = (
        "import sys\nfrom palier.cli import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit as end:\n    assert not end.code\n"
        "heavy = {'litestar', 'sqlalchemy', 'alembic', 'babel', 'rich'} & sys.modules.keys()\n"
        "sys.exit(f'imported: {heavy}' if heavy else 0)"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert done.stderr == ""
    assert done.returncode == 0
    assert "Services: list, enable, settings, archive, purge, new, check." in done.stdout


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["site", "new", "api"], "api is a word of Palier's own addresses."),
        (["site", "new", "Ampère 2"], "can't be an address: use small letters"),
        (["site", "new", "ampere"], "There is already a site called ampere."),
        (["site", "show", "nowhere"], "There is no site called nowhere."),
        (["plugin", "enable", "gone", "--site", "ampere"], "There is no service called gone."),
        (["plugin", "disable", "receipts", "--site", "ampere"], "no service called receipts."),
        (["plugin", "enable", "bike_hire", "--site", "x"], "There is no site called x."),
        (["user", "add", "magda", "--password", "short"], "A password needs at least 10 signs."),
        (["user", "password", "nobody", "--password", "long-enough"], "Nobody signs in as nobody."),
        (["user", "code", "nobody", "--code", "4711"], "Nobody signs in as nobody."),
        (["user", "code", "x", "--code", "4711", "--site", "ampere"], "x does not work at ampere"),
    ],
)  # fmt: skip
def test_a_refusal_is_one_sentence_and_exit_code_1(
    environment: dict[str, str], words: list[str], sentence: str
) -> None:
    done = run(environment, *words)

    assert done.returncode == 1
    assert sentence in done.stderr.replace("’", "'")
    assert len(done.stderr.strip().splitlines()) == 1
    assert done.stdout == ""


@pytest.mark.parametrize(
    "words", [["flie"], ["site"], ["plugin", "enable"], ["site", "new", "x", "--colour", "red"]]
)
def test_a_command_that_is_none_has_exit_code_2(
    environment: dict[str, str], words: list[str]
) -> None:
    done = run(environment, *words)

    assert done.returncode == 2
    assert "Usage: palier" in done.stderr


def test_before_init_every_command_says_what_to_do(tmp_path: Path) -> None:
    done = run({**os.environ, "PALIER_HOME": str(tmp_path), "LANG": "C.UTF-8"}, "plugin", "list")

    assert done.returncode == 1
    assert "There is no installation here yet. Run `palier init` first." in done.stderr


def test_a_plan_changes_nothing_and_a_switch_does(environment: dict[str, str]) -> None:
    at_ampere = ["plugin", "list", "--site", "ampere"]
    plan = asked(environment, "plugin", "enable", "bike_hire", "--site", "ampere", "--plan")
    before = asked(environment, *at_ampere)
    done = asked(environment, "plugin", "enable", "bike_hire", "--site", "ampere")
    again = asked(environment, "plugin", "enable", "bike_hire", "--site", "ampere")
    on = asked(environment, *at_ampere)
    off = asked(environment, "plugin", "disable", "bike_hire", "--site", "ampere")

    assert plan == [{"service": "bike_hire", "state": "would be on"}]
    assert (before[0]["state"], on[0]["state"]) == ("absent", "on")
    assert done == [{"service": "bike_hire", "state": "is on"}]
    assert again == [{"service": "bike_hire", "state": "already on"}]
    assert off == [{"service": "bike_hire", "state": "is off"}]


def test_a_site_is_listed_and_shown(environment: dict[str, str]) -> None:
    listed = asked(environment, "site", "list")
    shown = run(environment, "site", "show", "ampere")

    assert [each["slug"] for each in listed] == ["ampere"]
    assert shown.returncode == 0
    assert "Ampère" in shown.stdout


ILL = """
import pluggy
from palier.api import Manifest, _
manifest = Manifest(name="toy_ill", label=_("Toy"), summary=_("Toy"), icon="tool")

@pluggy.HookimplMarker("palier")
def desk_crads(desk): ...
"""


@pytest.mark.parametrize(
    ("source", "trouble"),
    [("1 / 0", "It can't be read: ZeroDivisionError"), (ILL, "One of its hooks does not fit:")],
    ids=["import", "hook"],
)
def test_a_service_in_trouble_is_listed_with_its_reason(
    environment: dict[str, str], tmp_path: Path, source: str, trouble: str
) -> None:
    folder = tmp_path / "palier_toy_ill"
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    (folder / "plugin.py").write_text(source)
    told = tmp_path / "palier_toy_ill-1.0.dist-info"
    told.mkdir()
    (told / "METADATA").write_text("Metadata-Version: 2.1\nName: palier-toy-ill\nVersion: 1.0\n")
    (told / "entry_points.txt").write_text("[palier.plugins]\ntoy_ill = palier_toy_ill.plugin\n")

    rows = asked({**environment, "PYTHONPATH": str(tmp_path)}, "plugin", "list")

    found = {each["name"]: each["trouble"] for each in rows}
    assert found["toy_ill"].startswith(trouble)
    assert found["bike_hire"] == ""


def test_the_doctor_is_well_and_an_upgrade_has_nothing_to_do(environment: dict[str, str]) -> None:
    rows = {each["what"]: each["well"] for each in asked(environment, "doctor")}
    waiting = asked(environment, "upgrade", "--check")

    assert {what for what, well in rows.items() if not well} - {"disk"} == {"backup"}  # none yet
    assert {each["from"] == each["to"] for each in waiting} == {True}
    assert {each["trouble"] + each["hooks"] for each in waiting} == {""}


def test_a_year_is_archived_once_and_proved_without_palier(
    environment: dict[str, str], tmp_path: Path
) -> None:
    words = ("receipts", "archive", "--site", "ampere", "--year", "2025", "--to", str(tmp_path))
    keys = tmp_path / "keys.json"

    planned = asked(environment, *words, "--plan")
    nothing = list(tmp_path.iterdir())
    done = asked(environment, *words, "--keys", str(keys))
    again = run(environment, *words)
    proof = [sys.executable, "-I", f"{done[0]['folder']}/verify.py", "--keys", str(keys)]
    proved = subprocess.run(proof, env={}, capture_output=True, text=True, check=False)

    assert (planned[0]["records"], planned[0]["closings first"], nothing) == (1, 1, [])
    assert (done[0]["records"], len(done[0]["sha256"])) == (1, 64)
    assert keys.stat().st_mode & 0o777 == 0o600
    assert (again.returncode, "is never written over" in again.stderr) == (1, True)
    assert (proved.returncode, "signatures included" in proved.stdout) == (0, True)


def test_a_desk_code_is_set_and_taken_away(environment: dict[str, str]) -> None:
    at_ampere = ["--site", "ampere", "--password", "a-long-password"]
    run(environment, "user", "add", "ilyes", *at_ampere)

    easy = run(environment, "user", "code", "ilyes", "--code", "1234")
    done = run(environment, "user", "code", "ilyes", "--code", "9052")
    gone = run(environment, "user", "code", "ilyes", "--clear")

    assert "This code is easy to guess" in easy.stderr
    assert done.stdout == "ilyes has a desk code at ampere.\n"
    assert gone.stdout == "ilyes has no desk code any more at ampere.\n"
