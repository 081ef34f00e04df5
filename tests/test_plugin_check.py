"""The contract finds what a plugin lacks, and says what to do; a new plugin keeps it unedited."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from palier.starting.making import make_plugin
from palier.testing.building import install_beside

PALIER = str(Path(sys.executable).with_name("palier"))
NAME = "toy_shop"
PACKAGE = f"palier_{NAME}"
Answer = tuple[int, list[dict[str, Any]]]
Held = Callable[..., Answer]


def held(environment: Mapping[str, str], *words: str, of: str = NAME) -> Answer:
    """Run the check in a process of its own; return its exit code and its lines."""
    done = asked(environment, "check", of, "--json", *words)
    return done.returncode, json.loads(done.stdout) if done.stdout else [{"words": done.stderr}]


def asked(environment: Mapping[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    """Run a command of `palier plugin` in a process of its own."""
    command = [PALIER, "plugin", *words]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new plugin as it was made."""
    return make_plugin(NAME, tmp_path_factory.mktemp("made"))


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    """A copy of it, to be spoilt."""
    return Path(shutil.copytree(made, tmp_path / NAME))


@pytest.mark.browser
def test_a_new_plugin_keeps_the_contract_unedited(made: Path, tmp_path: Path) -> None:
    code, lines = held(install_beside(made, tmp_path))

    assert [each for each in lines if each["state"] != "ok"] == []
    assert (code, len(lines)) == (0, 20)


def spoil(folder: Path, file: str, before: str, after: str) -> None:
    path = folder / file.replace("PACKAGE", PACKAGE)
    text = path.read_text("utf-8")
    assert before in text, file
    path.write_text(text.replace(before, after, 1), encoding="utf-8")


MODELS, RULES, ACTIONS, SCREENS, PLUGIN, DEMO = (
    f"PACKAGE/{each}.py" for each in ("models", "rules", "actions", "screens", "plugin", "demo")
)
MIGRATION = "PACKAGE/migrations/versions/0001_first.py"
SHEET = f"PACKAGE/templates/{NAME}/sheet.html"
ENDED = 'ended_on: Mapped[date | None] = field(_("Ended on"), default=None)'
CASES = {
    "a drawing that is none": (
        "manifest", PLUGIN, 'icon="tool"', 'icon="rocket"', "Complete what the plugin says",
        "there is no drawing called 'rocket'",
    ),
    "a syntax error": (
        "manifest", RULES, "def is_waiting(", "def is waiting(", "Mend this first", "",
    ),
    "another core": (
        "manifest", PLUGIN, 'requires_core=">=0.1",', 'requires_core=">=99",', "it needs palier >=99", "",
    ),
    "no help": (
        "manifest", ACTIONS, '"""Say that nothing will come of it."""', "pass", "Complete what",
        f"{NAME}.cancel: a docstring",
    ),
    "the inside of the core": (
        "imports", RULES, "from palier.api", "from palier.trail import perform  # noqa\nfrom palier.api",
        "Import palier.api only", f"{PACKAGE}/rules.py:7: palier.trail",
    ),
    "a package that is not named": (
        "imports", RULES, "from palier.api", "import structlog  # noqa\nfrom palier.api",
        "name other packages in pyproject.toml", "structlog, which pyproject.toml does not name",
    ),
    "a table of another name": (
        "tables", MODELS, '"""Something that residents may ask for."""', '__tablename__ = "offers"',
        "Let each table carry the plugin's name", f"offers: begin its name with {NAME}_",
    ),
    "a link to a person without Keep": (
        "personal data", MODELS, ', _("Resident"), keep=WHO)', ', _("Resident"))',
        "Say why and how long", "Request.resident leads to a person",
    ),
    "text beside a person": (
        "personal data", MODELS, ENDED, f'{ENDED}\n    note: Mapped[str] = field(_("Note"), max=9)',
        "Say why and how long", "Request.note is text beside a person",
    ),
    "a name in words": (
        "personal data", MODELS, "max=60)", 'max=60)\n    phone: Mapped[str] = field(_("Phone"))',
        "Say why and how long", "Offer.phone speaks of a person",
    ),
    "a day that is none": (
        "personal data", MODELS, 'after="ended_on"', 'after="done_on"', "Say why and how long",
        "Request.resident: after='done_on' is no column of its table",
    ),
    "a sentence without French": (
        "words", ACTIONS, '_("Finish")', '_("Bring to an end")', f"palier plugin words {NAME}",
        "'Bring to an end' is not in the catalogue",
    ),
    "another French than the core's": (
        "words", f"PACKAGE/locale/fr/LC_MESSAGES/{PACKAGE}.po", 'msgid "Offer"',
        'msgid "Cancel"\nmsgstr "Laisser"\n\nmsgid "Offer"', "One sentence has one French",
        "'Cancel' has two translations",
    ),
    "a list without an index": (
        "order of lists", SCREENS, "newest_first=Request.wanted_on", "newest_first=Request.ended_on",
        "index=True", "request: ended_on",
    ),
    "a column without a migration": (
        "migrations, SQLite", MODELS, ENDED, f'{ENDED}\n    more: Mapped[int] = field(_("More"))',
        f"palier plugin migration {NAME}", "toy_shop_request",
    ),
    "a migration of one database only": (
        "migrations, PostgreSQL", MIGRATION, "def upgrade() -> None:",
        'def upgrade() -> None:\n    op.execute("PRAGMA user_version")', "Mend the migration", NAME,
    ),
    "a migration that leaves something": (
        "install and purge, SQLite", MIGRATION, "def upgrade() -> None:",
        'def upgrade() -> None:\n    op.execute("CREATE TABLE toy_shop_more (x INTEGER)")',
        "nothing but the plugin's own tables", "left behind: table toy_shop_more",
    ),
    "no demonstration": (
        "demonstration", DEMO, "note(desk, offer, resident", "str(offer)  # (", "at least one of each",
        "Request",
    ),
    "a demonstration that repeats itself": (
        "demonstration", DEMO, "        if not waiting_for(desk, resident):\n            note", "        note",
        "let it make only what is missing", "toy_shop_request: 2 rows before, 4 after",
    ),
    "a page that breaks": (
        "pages", SHEET, "request.offer }}", "request.nothing }}", "Let each page open",
        f"/ampere/desk/{NAME}/sheet: 500",
    ),
    "rows that go when it is switched on again": (
        "on, off, on", PLUGIN, "@hooks.demo",
        "@hooks.daily\ndef again(desk: Desk) -> None:\n    desk.add(demo.Offer(name=str(len(desk.all("
        "actions.select(demo.Offer))))))\n\n\n@hooks.demo",
        "A hook that runs again must change nothing", "daily: toy_shop_offer",
    ),
    "a hook that asks for each row": (
        "hooks", ACTIONS, "Request.wanted_on), Request.offer, Request.resident)", "Request.wanted_on))",
        "A hook may send 2 statements", "today",
    ),
    "a page that names someone to everyone": (
        "public page", PLUGIN, "PublicLine(each.name) for each in actions.offers(desk)",
        "PublicLine(str(each.resident)) for each in desk.all(actions.select(Request))",
        "never who", "/ampere/ says",
    ),
    "a page that asks for each row": (
        "lists", SCREENS, ", Request.offer, Request.resident)", ")", "Load what the rows link to",
        f"/ampere/desk/{NAME}/sheet",
    ),
    "a wheel without its templates": (
        "wheel", "pyproject.toml", f'packages = ["{PACKAGE}"]', f'packages = ["{PACKAGE}"]\nexclude = ["*.html"]',
        "Let the wheel have these files", f"{PACKAGE}/templates/{NAME}/sheet.html",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_what_a_plugin_lacks_is_found_and_said(folder: Path, tmp_path: Path, case: str) -> None:
    check, file, before, after, do, found = CASES[case]
    environment = install_beside(folder, tmp_path / "beside")
    spoil(folder, file, before, after)

    code, (line,) = held(environment, "--only", check)

    assert (code, line["name"], line["state"]) == (1, check, "failed")
    assert do in line["words"]
    assert found in "\n".join(line["found"])


@pytest.mark.browser
@pytest.mark.parametrize(
    ("check", "after", "found"),
    [
        ("seen by all", '<h1><img src="x">', "image-alt"),
        ("by keyboard", '<div><a href="/x" tabindex="0" inert>x</a></div><h1>', "/x"),
    ],
)
def test_what_cannot_be_read_or_reached_is_found(
    folder: Path, tmp_path: Path, check: str, after: str, found: str
) -> None:
    environment = install_beside(folder, tmp_path / "beside")
    spoil(folder, SHEET, "<h1>", after)

    code, (line,) = held(environment, "--only", check)

    assert (code, line["state"]) == (1, "failed")
    assert found in "\n".join(line["found"])


@pytest.mark.parametrize(
    ("hidden", "check", "how"),
    [
        ({"PALIER_TEST_POSTGRESQL": "postgresql://nobody@127.0.0.1:1/none"}, "migrations, PostgreSQL", "PALIER_TEST_POSTGRESQL"),
        ({"PATH": "/nowhere"}, "seen by all", "apt install chromium"),
    ],
)  # fmt: skip
def test_what_is_missing_here_is_said_and_is_no_pass(
    made: Path, tmp_path: Path, hidden: dict[str, str], check: str, how: str
) -> None:
    environment = {**install_beside(made, tmp_path), **hidden}

    code, (line,) = held(environment, "--only", check)

    assert (code, line["state"]) == (1, "not checked")
    assert how in line["words"]


def test_a_check_or_a_plugin_that_is_not_there_is_named(made: Path, tmp_path: Path) -> None:
    environment = install_beside(made, tmp_path)

    code, (line,) = held(environment, "--only", "taste")
    done = asked(environment, "check", "nothing_like_it")

    assert (
        code,
        "There is no check called taste. These are there: manifest," in line["words"],
    ) == (1, True)
    assert (done.returncode, "There is no service called nothing_like_it" in done.stderr) == (
        1,
        True,
    )


@pytest.mark.parametrize("how", ["{folder}", "{folder}/", "../{name}", "{name}"])
def test_a_plugin_is_checked_in_its_folder_before_it_is_installed(
    folder: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    monkeypatch.chdir(folder if how.startswith("..") else folder.parent)

    code, lines = held(
        os.environ, "--only", "imports", "--only", "words",
        of=how.format(folder=folder, name=folder.name),
    )  # fmt: skip

    assert (code, {each["state"] for each in lines}) == (0, {"ok"}), lines


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (None, "There is no plugin in"),
        ("[project]\nname = 'palier-toy'\n", "There is no plugin in"),
        ('[project.entry-points."palier.plugins"]\ntoy = "palier_toy.plugin"\n', "There is no plugin in"),
        ("[project\n", "pyproject.toml can't be read: "),
    ],
    ids=["nothing", "no entry point", "no package", "no TOML"],
)  # fmt: skip
def test_a_folder_without_a_plugin_is_refused_in_words(
    tmp_path: Path, text: str | None, why: str
) -> None:
    if text is not None:
        (tmp_path / "pyproject.toml").write_text(text)

    done = asked(os.environ, "check", str(tmp_path))

    assert (done.returncode, why in done.stderr, done.stdout) == (1, True, ""), done.stderr


def test_what_to_do_is_printed_letter_by_letter_whatever_the_language(folder: Path) -> None:
    case = CASES["a wheel without its templates"]
    spoil(folder, *case[1:4])
    environment = {**os.environ, "LANG": "fr_FR.UTF-8", "COLUMNS": "200"}

    done = asked(environment, "check", str(folder), "--only", "wheel")

    assert "Let the wheel have these files: [tool.hatch.build.targets.wheel] says" in done.stdout


def test_words_writes_what_is_missing_and_takes_out_what_nobody_says(folder: Path) -> None:
    spoil(folder, ACTIONS, '_("Finish")', '_("Bring to an end")')
    po = folder / PACKAGE / "locale" / "fr" / "LC_MESSAGES" / f"{PACKAGE}.po"

    done = asked(os.environ, "words", str(folder))

    assert (done.returncode, str(po) in done.stdout) == (0, True), done.stderr
    assert "'Bring to an end' has no French" in done.stdout
    text = po.read_text("utf-8")
    assert 'msgid "Bring to an end"\nmsgstr ""\n' in text
    assert 'msgid "Finish"' not in text


def test_a_migration_is_written_from_the_models_and_fits_both_databases(folder: Path) -> None:
    spoil(
        folder,
        MODELS,
        ENDED,
        f'{ENDED}\n    more: Mapped[int | None] = field(_("More"), default=None)',
    )
    names = ["migrations, SQLite", "migrations, PostgreSQL", "imports"]

    first = asked(os.environ, "migration", str(folder), "More of it")
    again = asked(os.environ, "migration", str(folder), "Nothing")
    code, lines = held(
        os.environ, *(word for each in names for word in ("--only", each)), of=str(folder)
    )

    (written,) = (folder / PACKAGE / "migrations" / "versions").glob("0002_*.py")
    assert (first.returncode, str(written) in first.stdout) == (0, True), first.stderr
    assert 'sa.Column("more"' in written.read_text("utf-8").replace("'", '"')
    assert (again.returncode, "there is nothing to migrate" in again.stderr) == (1, True)
    assert (code, {each["state"] for each in lines}) == (0, {"ok"}), lines


@pytest.mark.parametrize("words", [("words",), ("migration", "More")], ids=["words", "migration"])
def test_nothing_is_written_for_a_plugin_that_can_not_be_read(
    folder: Path, words: tuple[str, ...]
) -> None:
    spoil(folder, MODELS, "class Offer(", "class Offer Two(")
    before = sorted(folder.rglob("*.p*"))

    done = asked(os.environ, words[0], str(folder), *words[1:])

    assert (done.returncode, done.stdout) == (1, "")
    assert f"The service {NAME} can't be used: It can't be read: SyntaxError" in done.stderr
    assert f"({PACKAGE}/models.py:" in done.stderr
    assert sorted(each for each in folder.rglob("*.p*") if each.suffix != ".pyc") == before


@pytest.mark.parametrize(("setting", "ended"), [("false", "1 skipped"), ("true", "1 failed")])
def test_its_tests_skip_what_is_missing_here_unless_they_say_that_nothing_may(
    made: Path, tmp_path: Path, setting: str, ended: str
) -> None:
    environment = {**install_beside(made, tmp_path), "PATH": "/nowhere"}
    words = ["-m", "pytest", "-p", "no:cacheprovider", "-rs", "-k", "seen", "tests"]
    command = [sys.executable, *words, "-o", f"contract_whole={setting}"]

    done = subprocess.run(
        command, cwd=made, env=environment, capture_output=True, text=True, check=False
    )

    assert ended in done.stdout, done.stdout + done.stderr
    assert "apt install chromium" in done.stdout
