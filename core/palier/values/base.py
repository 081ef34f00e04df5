"""What each kind of value has, and the plainest of them: words, secrets, yes or no."""

from collections.abc import Mapping
from typing import Any, ClassVar

from palier.context import Context
from palier.errors import PalierError
from palier.signature import Asked
from palier.text import Text, _, show


class CannotRead(PalierError):
    """A value that can't be read, with the sentence for its field."""

    def __init__(self, words: Text) -> None:
        super().__init__(words)
        self.words = words


def is_id(typed: str) -> bool:
    """Whether this can be a record's id; digits of other scripts are none."""
    return typed.isascii() and typed.isdigit() and len(typed) < 18


class Value:
    """A kind of value. `typed` comes from a form, `given` from JSON, `stored` is Python's."""

    widget: ClassVar[str] = "text"
    shown_as: ClassVar[str] = "text"
    json_type: ClassVar[Mapping[str, Any]] = {"type": "string"}

    def __init__(self, asked: Asked) -> None:
        self.asked = asked

    def from_form(self, typed: str, desk: Context) -> object:
        """Read what was typed. Raises `CannotRead` with the sentence for the field."""
        return typed

    def from_json(self, given: object, desk: Context) -> object:
        """Read what a program sent. Raises `CannotRead`."""
        if not isinstance(given, str):
            raise CannotRead(_("Send text here."))
        return given

    def checked(self, stored: object) -> object:
        """Hold the limits. Raises `CannotRead`."""
        return stored

    def to_form(self, stored: object) -> str:
        """Return what stands in the input."""
        return "" if stored is None else str(stored)

    def to_json(self, stored: object) -> object:
        """Return what a program reads."""
        return stored

    def shown(self, stored: object) -> Text | str:
        """Return what people read."""
        return show(stored)


class Words(Value):
    """A short text."""

    def checked(self, stored: object) -> object:
        """Hold the length."""
        most = self.asked.max
        if most is not None and len(str(stored)) > most:
            words = _("This has %(long)s letters. At most %(most)s fit.")
            raise CannotRead(words.fill(long=len(str(stored)), most=most))
        return stored


class Unseen(Value):
    """A password or a code: typed as it is, never shown again."""

    widget = "password"

    def to_form(self, stored: object) -> str:
        """Nothing: it is typed anew each time."""
        return ""

    def shown(self, stored: object) -> Text | str:
        """Nothing."""
        return ""


class Tickbox(Value):
    """Yes or no. An empty form sends nothing, which is no."""

    widget = "tick"
    json_type: ClassVar[Mapping[str, Any]] = {"type": "boolean"}

    def from_form(self, typed: str, desk: Context) -> object:
        """Anything sent is a yes."""
        return bool(typed)

    def from_json(self, given: object, desk: Context) -> object:
        """Take true or false."""
        if not isinstance(given, bool):
            raise CannotRead(_("Send true or false here."))
        return given

    def to_form(self, stored: object) -> str:
        """1 for yes."""
        return "1" if stored else ""
