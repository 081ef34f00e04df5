"""A word one typo away: as an expression, and as what the trigram indexes are asked for."""

from collections.abc import Iterator

INDEXED = 3  # a trigram index knows nothing of shorter words
# From five letters on, a typo is also forgiven in the beginning of a longer word.
_BEGINNING = 5
_ALPHABET = "abcdefghijklmnopqrstuvwxyz"


def typo_pattern(word: str) -> str:
    """Return the expression for a word as it is typed, or one typo away, for both databases.

    Codes (words with a digit) and words of one or two letters are taken as they are: one sign more
    or less makes them another.
    """
    if len(word) < INDEXED:
        return f"(^| ){word}"
    if not word.isalpha():
        return word
    ending = "" if len(word) >= _BEGINNING else "( |$)"
    letter = f"[{_ALPHABET}]" if word.isascii() else "[^ ]"
    forms = sorted({letter.join(each) for each in _forms(word)} | {word})
    return f"{word}|(^| )({'|'.join(forms)}){ending}"


def may_typo(word: str) -> bool:
    """Whether the indexes know what is one typo away: words in our letters, three at least."""
    return len(word) >= INDEXED and word.isalpha() and word.isascii()


def terms_of(word: str) -> str:
    """Return what SQLite's index is asked for: every row that `typo_pattern` fits, and some more."""
    terms = {f'"{word}"'}
    for form in _forms(word):
        if max(map(len, form)) >= INDEXED:
            terms.add(f"({' AND '.join(_known(form))})")
        elif len(form) > 1:
            terms |= {f'"{letter.join(form)}"' for letter in _ALPHABET}
        else:
            terms |= {f'" {form[0]}"', f'"{form[0]} "'}
    return " OR ".join(sorted(terms))


def short_forms(word: str) -> list[str]:
    """Return the words of two letters that are one typo away: alone in a row they have no trigram."""
    return sorted({f[0] for f in _forms(word) if len(f) == 1 and len(f[0]) < INDEXED})


def likes_of(word: str) -> list[str]:
    """Return the same for PostgreSQL, as patterns of LIKE."""
    found = {f"%{word}%"}
    for form in _forms(word):
        if len(form) == 1 and len(form[0]) < INDEXED:
            found |= {f"{form[0]}%", f"% {form[0]}%"}
        elif max(map(len, form)) >= INDEXED:
            found.add(f"%{'%'.join(each for each in form if each)}%")
        else:
            found |= {f"%{letter.join(form)}%" for letter in _ALPHABET}
    return sorted(found)


def _known(form: tuple[str, ...]) -> Iterator[str]:
    """Yield what the index knows of the parts around any letter; two letters go with that one."""
    for at, part in enumerate(form):
        if len(part) >= INDEXED:
            yield f'"{part}"'
        elif len(part) == INDEXED - 1:
            three = (f'"{part}{each}"' if at == 0 else f'"{each}{part}"' for each in _ALPHABET)
            yield f"({' OR '.join(three)})"


def _forms(word: str) -> Iterator[tuple[str, ...]]:
    """Yield a word one typo away, cut where any letter may stand."""
    for i in range(len(word) + 1):
        before, after = word[:i], word[i:]
        yield before, after
        if after:
            yield before, after[1:]
            yield (before + after[1:],)
        if len(after) > 1:
            yield (before + after[1] + after[0] + after[2:],)
