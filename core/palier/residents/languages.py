"""The languages residents are written to and spoken with."""

from dataclasses import dataclass

from palier.db.types import Choice
from palier.text import SOURCE, Text, _, babel_locale, direction, is_spoken, reader


@dataclass(frozen=True)
class LanguageName(Text):
    """A language by its code; Babel knows its name in the reader's language."""

    def __str__(self) -> str:
        """The name as the reader calls it: "Turc"."""
        name = babel_locale(self.words).get_language_name(reader().locale) or self.words
        return name[:1].upper() + name[1:]

    def __hash__(self) -> int:
        """The code decides."""
        return hash(self.words)


class Language(Choice):
    """Stored as the code. To be checked by each site: who lives there decides."""

    FRENCH = "fr", LanguageName("fr")
    # To Babel `gsw` is Swiss German; here it is what is spoken in Alsace.
    ALSATIAN = "gsw", _("Alsatian")
    GERMAN = "de", LanguageName("de")
    ENGLISH = "en", LanguageName("en")
    ARABIC = "ar", LanguageName("ar")
    TURKISH = "tr", LanguageName("tr")
    KABYLE = "kab", LanguageName("kab")
    ALBANIAN = "sq", LanguageName("sq")
    ARMENIAN = "hy", LanguageName("hy")
    CHINESE = "zh-Hans", LanguageName("zh-Hans")
    GEORGIAN = "ka", LanguageName("ka")
    KURDISH = "ku", LanguageName("ku")
    PASHTO = "ps", LanguageName("ps")
    PERSIAN = "fa", LanguageName("fa")
    PORTUGUESE = "pt", LanguageName("pt")
    ROMANIAN = "ro", LanguageName("ro")
    RUSSIAN = "ru", LanguageName("ru")
    SERBIAN = "sr", LanguageName("sr")
    SOMALI = "so", LanguageName("so")
    SORANI = "ckb", LanguageName("ckb")
    UKRAINIAN = "uk", LanguageName("uk")
    VIETNAMESE = "vi", LanguageName("vi")

    @property
    def locale(self) -> str:
        """The locale that writes days and amounts; Alsatian takes the French one."""
        return "fr" if self is Language.ALSATIAN else self.value

    @property
    def direction(self) -> str:
        """`rtl` for a language written from the right, else `ltr`."""
        return direction(self.locale)


def second_of(first: str, language: Language | None) -> str:
    """Return the locale of a paper's second language: the person's own, else English.

    Nothing where no second language was asked for, or the person reads the first one.
    """
    if language is None or language.locale == first:
        return ""
    if is_spoken(language.locale):
        return language.locale
    return SOURCE if first != SOURCE else ""
