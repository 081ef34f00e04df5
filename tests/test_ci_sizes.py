"""What the size check finds, and what it leaves alone."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

CHECK = Path(__file__).parent.parent / ".ci" / "check_sizes.py"


def check(root: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(CHECK), str(root)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def write(path: Path, lines: list[str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def function_of(length: int) -> list[str]:
    return ["def long() -> None:", *["    pass"] * (length - 1)]


def test_files_and_functions_at_the_limit_pass(tmp_path: Path) -> None:
    write(tmp_path / "core/palier/rules.py", function_of(40))
    write(tmp_path / "themes/plain/static/plain.css", ["a {}"] * 400)

    answer = check(tmp_path)

    assert (answer.returncode, answer.stdout) == (0, "")


def test_a_function_of_41_lines_is_named_with_its_place(tmp_path: Path) -> None:
    name = "plugins/bike_hire/palier_bike_hire/rules.py"
    write(tmp_path / name, ["", *function_of(41)])

    answer = check(tmp_path)

    assert answer.returncode == 1
    assert answer.stdout == f"{name}:2: long has 41 lines, at most 40\n"


def test_a_file_of_401_lines_is_named_whatever_its_language(tmp_path: Path) -> None:
    names = ("tests/test_x.py", "docs/page.html", "core/palier/static/desk.js", "bench/run.py")
    for name in names:
        write(tmp_path / name, [""] * 401)

    answer = check(tmp_path)

    assert answer.returncode == 1
    assert answer.stdout.count(": 401 lines, at most 400") == len(names)


def test_a_migration_may_be_one_long_function_in_no_long_file(tmp_path: Path) -> None:
    versions = "core/palier/migrations/versions"
    write(tmp_path / versions / "0001_start.py", function_of(300))
    write(tmp_path / versions / "0002_more.py", function_of(401))

    answer = check(tmp_path)

    assert answer.stdout == f"{versions}/0002_more.py: 401 lines, at most 400\n"


def test_what_tools_make_is_not_read(tmp_path: Path) -> None:
    write(tmp_path / "docs/_build/page.html", [""] * 401)
    write(tmp_path / "core/palier/__pycache__/rules.py", [""] * 401)

    answer = check(tmp_path)

    assert answer.returncode == 0
