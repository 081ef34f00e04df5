"""What the translation check finds in small packages, and what its update writes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

CHECK = Path(__file__).parent.parent / ".ci" / "check_words.py"
HEADER = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'
CORE = "core/palier"
PLUGIN = "plugins/bike_hire/palier_bike_hire"
LENT = '_("Lent")\n'
COUNTED = 'plural("%(n)s bike", "%(n)s bikes", n)\n'


def check(root: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(CHECK), str(root), *options]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def say(root: Path, package: str, source: str, name: str = "screens.py") -> None:
    path = root / package / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(source, encoding="utf-8")


def catalogue(root: Path, package: str) -> Path:
    return root / package / "locale/fr/LC_MESSAGES" / f"{Path(package).name}.po"


def translate(root: Path, package: str, entries: str) -> None:
    path = catalogue(root, package)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(HEADER + entries, encoding="utf-8")


def test_words_with_their_french_pass(tmp_path: Path) -> None:
    say(tmp_path, CORE, LENT + COUNTED)
    lent = 'msgid "Lent"\nmsgstr "Prêté"\n\n'
    bikes = 'msgid "%(n)s bike"\nmsgid_plural "%(n)s bikes"\n'
    french = 'msgstr[0] "Un vélo"\nmsgstr[1] "%(n)s vélos"\n'
    translate(tmp_path, CORE, lent + bikes + french)

    answer = check(tmp_path)

    assert (answer.returncode, answer.stdout) == (0, "")


@pytest.mark.parametrize(
    ("source", "french", "finding"),
    [
        (LENT, "", "'Lent' is not in the catalogue (palier/screens.py:1)"),
        (LENT, 'msgid "Lent"\nmsgstr ""\n', "'Lent' has no French"),
        (LENT, '#, fuzzy\nmsgid "Lent"\nmsgstr "Prêté"\n', "'Lent' is marked fuzzy"),
        ("", 'msgid "Lent"\nmsgstr "Prêté"\n', "'Lent' is said nowhere"),
        ("", '#~ msgid "Lent"\n#~ msgstr "Prêté"\n', "'Lent' is said nowhere"),
        ('_("%(n)s h")', 'msgid "%(n)s h"\nmsgstr "%(m)s h"\n', "other %(placeholders)s"),
        ('_("%(n)s h")', 'msgid "%(n)s h"\nmsgstr "heures"\n', "other %(placeholders)s"),
        (COUNTED, 'msgid "%(n)s bike"\nmsgstr "vélo"\n', "is counted here and not there"),
    ],
)
def test_french_that_is_not_right_is_named(
    tmp_path: Path, source: str, french: str, finding: str
) -> None:
    say(tmp_path, CORE, source)
    translate(tmp_path, CORE, french)

    answer = check(tmp_path)

    assert answer.returncode == 1
    assert finding in answer.stdout


def test_the_help_of_acts_and_pages_is_translated_too(tmp_path: Path) -> None:
    act = '@act(_("Lend"))\ndef lend():\n    """Hand it over.\n\n    More."""\n'
    page = '@bikes.page\ndef sheet():\n    """Print it."""\n'
    plain = 'def rule():\n    """Nobody reads this."""\n'
    say(tmp_path, CORE, act + page + plain)

    answer = check(tmp_path)

    assert [line.split("'")[1] for line in answer.stdout.splitlines()] == [
        "Lend",
        "Hand it over.",
        "Print it.",
    ]


def test_templates_are_read(tmp_path: Path) -> None:
    template = '{% extends "page.html" %}\n<p>{{ _("Free") }} {{ plural("one", "many", n) }}</p>'
    say(tmp_path, CORE, template, "templates/desk/page.html")

    answer = check(tmp_path)

    assert "'Free' is not in the catalogue (palier/templates/desk/page.html:2)" in answer.stdout
    assert "'one' is not in the catalogue" in answer.stdout


def test_a_template_that_cannot_be_read_stops_the_check(tmp_path: Path) -> None:
    say(tmp_path, CORE, '{% if %}{{ _("Free") }}', "templates/desk/page.html")

    answer = check(tmp_path)

    assert "TemplateSyntaxError" in answer.stderr
    assert answer.returncode == 1


def test_a_plugin_uses_the_words_of_the_core(tmp_path: Path) -> None:
    say(tmp_path, CORE, LENT)
    say(tmp_path, PLUGIN, LENT)
    translate(tmp_path, CORE, 'msgid "Lent"\nmsgstr "Prêté"\n')

    answer = check(tmp_path)

    assert (answer.returncode, answer.stdout) == (0, "")


def test_two_translations_of_one_sentence_clash(tmp_path: Path) -> None:
    say(tmp_path, CORE, LENT)
    say(tmp_path, PLUGIN, LENT)
    translate(tmp_path, CORE, 'msgid "Lent"\nmsgstr "Prêté"\n')
    translate(tmp_path, PLUGIN, 'msgid "Lent"\nmsgstr "Sorti"\n')

    answer = check(tmp_path)

    assert answer.returncode == 1
    assert "'Lent' has two translations: palier says 'Prêté', palier_bike_hire" in answer.stdout


def test_update_adds_what_is_missing_and_drops_what_is_said_nowhere(tmp_path: Path) -> None:
    say(tmp_path, CORE, LENT + '_("Given back")\n')
    translate(tmp_path, CORE, 'msgid "Old"\nmsgstr "Vieux"\n\nmsgid "Lent"\nmsgstr "Prêté"\n')

    answer = check(tmp_path, "--update")

    written = catalogue(tmp_path, CORE).read_text(encoding="utf-8")
    assert 'msgid "Lent"\nmsgstr "Prêté"\n' in written
    assert 'msgid "Given back"\nmsgstr ""\n' in written
    assert written.index("Lent") < written.index("Given back")
    assert "Old" not in written
    assert "'Given back' has no French" in answer.stdout


def test_update_twice_changes_nothing(tmp_path: Path) -> None:
    say(tmp_path, CORE, LENT + COUNTED)
    check(tmp_path, "--update")
    once = catalogue(tmp_path, CORE).read_bytes()

    check(tmp_path, "--update")

    assert catalogue(tmp_path, CORE).read_bytes() == once


def test_update_leaves_to_the_core_what_the_core_says(tmp_path: Path) -> None:
    say(tmp_path, CORE, LENT)
    say(tmp_path, PLUGIN, LENT)

    check(tmp_path, "--update")

    assert catalogue(tmp_path, CORE).is_file()
    assert not catalogue(tmp_path, PLUGIN).exists()
