"""Writing a new plugin's files, all of them or none."""

import shutil
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from jinja2 import Environment, StrictUndefined

from palier.errors import Refused
from palier.starting.naming import check_name, check_title, title_of
from palier.text import Text, _, catalogue

SKELETON = Path(__file__).parent / "skeleton"
ENDING = ".in"  # so that nobody takes a file of the skeleton for code
STANDS_FOR = "NAME"


class AlreadyThere(Refused):
    text = _(
        "%(folder)s is there already, and nothing is written over. Remove it, or choose --into."
    )


class NoFolder(Refused):
    text = _("%(folder)s is no folder. Make it first, or choose another one with --into.")


class CannotWrite(Refused):
    text = _("Nothing can be written in %(folder)s: %(why)s. Nothing was left there.")


def make_plugin(name: str, into: Path, title: str = "") -> Path:
    """Write a plugin into a new folder of its name, and return that folder.

    Raises `NotAName`, `TooLong`, `NotFree`, `NameTaken`, `NotATitle`, `NoFolder`, `AlreadyThere`,
    `CannotWrite`.
    """
    check_name(name)
    title = title.strip() or title_of(name)
    check_title(title)
    if not into.is_dir():
        raise NoFolder(folder=into)
    folder = into / name
    try:
        folder.mkdir()
    except FileExistsError:
        raise AlreadyThere(folder=folder) from None
    except OSError as error:
        raise CannotWrite(folder=into, why=error.strerror) from error
    try:
        for place, text in files_of(name, title):
            path = folder / place
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    except OSError as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise CannotWrite(folder=into, why=error.strerror) from error
    return folder


def built_for() -> str:
    """Return the Palier that a plugin made now is written for: "0.1" of 0.1.3."""
    return ".".join(version("palier").split(".")[:2])


def files_of(name: str, title: str) -> Iterator[tuple[str, str]]:
    """Yield each file's place in the new folder, and what is written in it."""
    # Brackets of their own: the skeleton has templates of pages in it.
    drawing = Environment(
        variable_start_string="[[",
        variable_end_string="]]",
        block_start_string="[%",
        block_end_string="%]",
        comment_start_string="[#",
        comment_end_string="#]",
        undefined=StrictUndefined,
        trim_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701 - code, not pages
    )
    # What the core says already it says in its own French; a second one would be a clash.
    known = catalogue("fr").has(Text(title))
    for path in sorted(SKELETON.rglob(f"*{ENDING}")):
        place = path.relative_to(SKELETON).as_posix().removesuffix(ENDING)
        text = drawing.from_string(path.read_text("utf-8")).render(
            name=name, title=title, title_is_known=known, core=built_for()
        )
        yield place.replace(STANDS_FOR, name), text
