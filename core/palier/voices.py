"""Words of a paper in one language or in two: the site's, and that of the person it is for."""

from collections.abc import Callable
from dataclasses import dataclass

from palier.text import Reader, Text, read_by


@dataclass(frozen=True, slots=True)
class Said:
    """Words of a paper, and the same in its second language."""

    text: str
    also: str


Words = str | Said


class Voice:
    """Says words for whoever reads now, and for a second reader where there is one."""

    def __init__(self, second: Reader | None = None) -> None:
        self.second = second

    @property
    def also(self) -> str:
        """The code of the second language, or nothing."""
        return self.second.locale if self.second else ""

    def __call__(self, words: Text | Callable[[], str]) -> Words:
        """Say words, or what a function makes of the reader of the moment."""
        say = words if callable(words) else words.__str__
        text = say()
        if self.second is None:
            return text
        with read_by(self.second):
            also = say()
        return text if also == text else Said(text, also)
