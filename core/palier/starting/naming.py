"""What a new plugin may be called: its tables, permissions and addresses follow from the name."""

import keyword
import re
from importlib.metadata import PackageNotFoundError, distribution
from importlib.util import find_spec

from palier.errors import Refused
from palier.plugins import NAME, RESERVED
from palier.text import _

LONGEST = 28  # letters: the names of indexes begin with it, and PostgreSQL cuts at 63
_TITLE = re.compile(r"[^\W_][^\"\\%{}<>\[\]\x00-\x1f]{0,58}")


class NotAName(Refused):
    text = _(
        "%(name)s can't be the name of a plugin: small letters and digits without accents, beginning"
        " with a letter, with _ between words. For instance repair_cafe."
    )


class TooLong(Refused):
    text = _("%(name)s is too long for the name of a plugin: at most %(most)s letters.")


class NotFree(Refused):
    text = _("The name %(name)s belongs to Palier or to Python. Choose another one.")


class NameTaken(Refused):
    text = _("There is a plugin %(name)s already: %(found)s is installed. Choose another name.")


class NotATitle(Refused):
    text = _(
        "This can't be a title: begin with a letter or a digit, write at most 59 signs, and leave"
        " out quotation marks, brackets, percent signs, backslashes and line breaks."
    )


def check_name(name: str) -> None:
    """Raise the refusal that says what is wrong with a name, or who has it already."""
    if not NAME.fullmatch(name):
        raise NotAName(name=name)
    if len(name) > LONGEST:
        raise TooLong(name=name, most=LONGEST)
    if name in RESERVED or keyword.iskeyword(name) or name.startswith("theme_"):
        raise NotFree(name=name)
    dashed = f"palier-{name.replace('_', '-')}"
    if find_spec(f"palier_{name}") is not None:
        raise NameTaken(name=name, found=f"palier_{name}")
    try:
        distribution(dashed)
    except PackageNotFoundError:
        return
    raise NameTaken(name=name, found=dashed)


def check_title(title: str) -> None:
    """Raise `NotATitle` for what can't stand in code, catalogue and page alike."""
    if not _TITLE.fullmatch(title):
        raise NotATitle


def title_of(name: str) -> str:
    """Return the title that a name suggests: "Repair cafe"."""
    return name.replace("_", " ").capitalize()
