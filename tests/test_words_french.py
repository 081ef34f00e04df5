"""The French catalogue as people read it: plural forms, spaces, apostrophes, percent signs."""

from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po

from palier.text import Reader, Text, parted, plural, read_by, typography

PO = (
    Path(__file__).parent.parent / "core" / "palier" / "locale" / "fr" / "LC_MESSAGES" / "palier.po"
)
FRENCH = Reader("fr")
ENGLISH = Reader("en")
NARROW = "\u202f"
NO_BREAK = "\u00a0"
CURLY = "\u2019"
RIGHT_AT_SHOW_TIME = (NARROW, NO_BREAK, CURLY)


def messages() -> list[Message]:
    with PO.open("rb") as lines:
        return [each for each in read_po(lines, locale="fr", abort_invalid=True) if each.id]


def written(message: Message) -> str:
    said = message.string
    forms = said if isinstance(said, tuple | list) else (said,)
    return "\n".join(form or "" for form in forms)


def test_the_catalogue_loads_with_a_french_form_for_each_sentence() -> None:
    found = messages()

    assert len(found) > 500
    assert [each.id for each in found if not all(written(each).splitlines())] == []


def test_the_catalogue_is_written_with_plain_spaces_and_apostrophes() -> None:
    found = messages()

    odd = [each.id for each in found if any(c in written(each) for c in RIGHT_AT_SHOW_TIME)]

    assert odd == []


@pytest.mark.parametrize(
    ("count", "french", "english"),
    [
        (0, "0 chose à payer", "0 things to pay"),
        (1, "1 chose à payer", "1 thing to pay"),
        (2, "2 choses à payer", "2 things to pay"),
    ],
)
def test_a_counted_sentence_takes_the_form_of_its_language(
    count: int, french: str, english: str
) -> None:
    text = plural("%(n)s thing to pay", "%(n)s things to pay", count)

    with read_by(FRENCH):
        in_french = str(text)
    with read_by(ENGLISH):
        in_english = str(text)

    assert in_french == french
    assert in_english == english


@pytest.mark.parametrize(
    ("plain", "shown"),
    [
        ("Merci, et à bientôt !", f"Merci, et à bientôt{NARROW}!"),
        ("Et maintenant ?", f"Et maintenant{NARROW}?"),
        ("Entrée ouvre ; Échap ferme", f"Entrée ouvre{NARROW}; Échap ferme"),
        ("Retirer : un vélo", f"Retirer{NO_BREAK}: un vélo"),
        ("Cherché : « Kern »", f"Cherché{NO_BREAK}: «{NARROW}Kern{NARROW}»"),
        ("l'accueil d'Ampère", f"l{CURLY}accueil d{CURLY}Ampère"),
        ("20 % de 10 €", f"20{NO_BREAK}% de 10{NO_BREAK}€"),
        ("à 14:00 sur palier.example/aide?page=2", "à 14:00 sur palier.example/aide?page=2"),
    ],
)
def test_french_words_get_their_spaces_and_apostrophes(plain: str, shown: str) -> None:
    assert typography(plain) == shown


def test_a_sentence_of_the_catalogue_is_shown_with_right_typography() -> None:
    thanks = Text("Thank you, and see you soon!")
    searched = Text("Searched: “%(words)s”").fill(words="l'eau : 2")

    with read_by(FRENCH):
        shown = str(thanks), str(searched)

    assert shown[0] == f"Merci, et à bientôt{NARROW}!"
    assert shown[1] == f"Recherche{NO_BREAK}: «{NARROW}l'eau : 2{NARROW}»"


def test_a_percent_sign_survives_translation() -> None:
    rate = Text("%(rate)s %%").fill(rate="20")

    with read_by(FRENCH):
        in_french = str(rate)
    with read_by(ENGLISH):
        in_english = str(rate)

    assert in_french == f"20{NO_BREAK}%"
    assert in_english == "20 %"


def test_every_french_sentence_can_be_filled() -> None:
    blanks = {name: "" for each in messages() for name in each_placeholder(each)}

    for message in messages():
        if "%(" in written(message):
            assert "%(" not in typography(written(message)) % blanks


def each_placeholder(message: Message) -> list[str]:
    return [part.split(")")[0] for part in written(message).split("%(")[1:]]


def test_the_source_language_is_shown_as_it_is_written() -> None:
    text = Text("Take out: %(what)s").fill(what="a bike")

    with read_by(ENGLISH):
        shown = str(text)

    assert shown == "Take out: a bike"


def test_words_without_french_are_shown_in_the_source_language() -> None:
    with read_by(FRENCH):
        shown = str(Text("Words that no catalogue knows"))

    assert shown == "Words that no catalogue knows"


@pytest.mark.parametrize(
    ("word", "cut"),
    [
        ("Réservations", "Réserva|tions"),
        ("Prestataires", "Presta|tai|res"),
        ("Données personnelles", "Données person|nel|les"),
        ("Location de vélos", "Location de vélos"),
        ("Aujourd’hui", "Aujourd’hui"),
    ],
)
def test_a_long_word_says_where_it_may_be_cut(word: str, cut: str) -> None:
    assert parted(word).replace("\u00ad", "|") == cut
