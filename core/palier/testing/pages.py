"""A page of documentation, done as it says: its files written, its commands typed, its answers compared."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_FILE = re.compile(r"(?:#|<!--|\{#-) ([\w./]+\.\w+)")
_PIP = """#!{python}
import sys
from pathlib import Path
from palier.testing.building import install_beside
install_beside(Path(sys.argv[-1]), Path({beside!r}))
"""


@dataclass(frozen=True)
class Block:
    """What stands between two fences: `line` is the first fence's, `under` the heading above it."""

    page: str
    line: int
    language: str
    text: str
    under: str


def blocks_of(page: Path, replaced: Mapping[str, str] | None = None) -> Iterator[Block]:
    """Yield each block of a Markdown page, with what can't be so here put as it is here."""
    text = page.read_text("utf-8")
    for found in _BLOCK.finditer(text):
        body = found[2]
        for before, after in (replaced or {}).items():
            body = body.replace(before, after)
        headings = re.findall(r"^## (.+)$", text[: found.start()], re.MULTILINE)
        line = text.count("\n", 0, found.start()) + 1
        yield Block(page.name, line, found[1], body, headings[-1] if headings else "")


class Reader:
    """Someone who does what a page says, in a folder of their own, beside what is installed here.

    `pip install -e` makes a package known to them alone; `answers` are typed where a command asks.
    """

    def __init__(self, folder: Path, *, answers: str = "", knows: tuple[Path, ...] = ()) -> None:
        self._tools, self._beside = folder / "bin", folder / "beside"
        for each in (self._tools, self._beside):
            each.mkdir()
        self.tool("pip", _PIP.format(python=sys.executable, beside=str(self._beside)))
        self._state = folder / "state"
        self._answers = answers
        self.said = ""
        path = (str(self._tools), str(Path(sys.executable).parent), os.environ["PATH"])
        known = (str(each) for each in (self._beside, *knows))
        kept = {name: each for name, each in os.environ.items() if not name.startswith("PALIER_")}
        own = {
            "PATH": os.pathsep.join(path),
            "PYTHONPATH": os.pathsep.join(known),
            "PWD": str(folder),
            "LANG": "C.UTF-8",
            "COLUMNS": "200",
        }
        self.environment = {**kept, **own}

    @property
    def place(self) -> Path:
        """Where the reader stands."""
        return Path(self.environment["PWD"])

    def tool(self, name: str, script: str) -> None:
        """Give the reader a command that stands before the computer's own."""
        path = self._tools / name
        path.write_text(script, encoding="utf-8")
        path.chmod(0o755)

    def does(self, block: Block) -> None:
        """Type a block's commands, compare its answer, or write its file."""
        print(f"{block.page}, line {block.line}")  # noqa: T201 - pytest shows it where a block fails
        if block.language == "sh":
            self.types(block.text)
        elif block.language == "text":
            self.reads(block.text)
        else:
            self.writes(block.text)

    def types(self, lines: str) -> None:
        """Type commands; where one stands then, and what is exported, stays so for the next."""
        command = ["sh", "-ec", f'{lines}\nenv -0 >"{self._state}"']
        done = subprocess.run(  # noqa: S603 - a page of ours
            command, cwd=self.place, env=self.environment, input=self._answers, capture_output=True,
            text=True, check=False, start_new_session=True,
        )  # fmt: skip
        self.said = done.stdout + done.stderr
        assert done.returncode == 0, f"{lines}\n{self.said}"
        told = self._state.read_text("utf-8").split("\0")
        self.environment = dict(each.split("=", 1) for each in told if each)

    def reads(self, answer: str) -> None:
        """Find each line of an answer in what was said last; how wide a column is does not matter."""
        said = " ".join(self.said.split())
        missing = [each for each in answer.splitlines() if " ".join(each.split()) not in said]
        assert missing == [], self.said

    def writes(self, text: str) -> None:
        """Write the file that the first line names."""
        named = _FILE.match(text)
        assert named is not None, "a block of code begins with its file's name"
        (self.place / named[1]).write_text(text, encoding="utf-8")
