"""Words as the search knows them: no accents, no capitals, one space."""

import re
import unicodedata

_MORE = str.maketrans(
    {"ı": "i", "ø": "o", "œ": "oe", "æ": "ae", "ł": "l", "đ": "d", "ð": "d", "ħ": "h"}
)
# "N'Diaye" is one word, however it is typed.
_APOSTROPHES = re.compile(r"['\u2019\u02bc\u02bb`\u00b4]+")
_NOT_A_WORD = re.compile(r"[\W_]+")


def normal(words: str) -> str:
    """Return the words without accents or capitals, one space between: "Éloïse" is "eloise"."""
    flat = _plain_letters(_plain_letters(_APOSTROPHES.sub("", words)))
    return _NOT_A_WORD.sub(" ", flat).strip()


def _plain_letters(words: str) -> str:
    """Take letters apart from their marks; twice, because folding can bring new marks."""
    apart = unicodedata.normalize("NFKD", words.casefold())
    letters = "".join(each for each in apart if unicodedata.category(each)[0] != "M")
    return letters.translate(_MORE)


def one_typo(word: str, other: str) -> bool:
    """Whether two words differ by at most one letter: changed, added, dropped or swapped."""
    if word == other:
        return True
    short, long = (word, other) if len(word) <= len(other) else (other, word)
    if len(long) - len(short) > 1:
        return False
    if len(short) > 2 and short[0] != long[0] and short[-1] != long[-1]:
        return False  # two ends that differ are two typos; said first, since most words do
    start = next((i for i, c in enumerate(short) if c != long[i]), len(short))
    if len(short) == len(long):
        swapped = short[start + 1 : start + 2] + short[start : start + 1] + short[start + 2 :]
        return short[start + 1 :] == long[start + 1 :] or swapped == long[start:]
    return short[start:] == long[start + 1 :]
