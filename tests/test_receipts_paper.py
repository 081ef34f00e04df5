"""A receipt on paper: what stands on it, and that it can be read aloud."""

import io
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pypdf import PdfReader
from pypdf.generic import BooleanObject, DictionaryObject, StreamObject

from palier.receipts.paper import Paper, PaperLine, PaperVat, receipt_pdf

PAPER = Paper(
    lang="fr",
    title="Reçu",
    number="AMP-01-2026-000123",
    issued_at=datetime(2026, 10, 6, 13, 12, 8, tzinfo=UTC),
    operator="Conciergerie du quartier",
    operator_lines=("1 place du Marché, 67000 Strasbourg",),
    facts=(
        ("Reçu", "AMP-01-2026-000123"),
        ("Date", "mardi 6 octobre 2026, 15:12:08"),
        ("Caisse", "AMP-01"),
        ("Servi par", "c1"),
    ),
    lines=(
        PaperLine("Lentilles vertes", "2,35 €", "0,480 kg", "4,90 €/kg", ("tare 0,312 kg",)),
        PaperLine("Réglage des freins", "15,00 €"),
    ),
    total=("Total", "17,35 €"),
    payments=(("Espèces", "10,00 €"), ("Carte", "7,35 €")),
)


@pytest.fixture
def fonts(tmp_path: Path) -> Path:
    """A folder without fonts: the compiler's own stand in, as they would for a theme without any."""
    return tmp_path


def read(paper: Paper, fonts: Path) -> PdfReader:
    return PdfReader(io.BytesIO(receipt_pdf(paper, fonts=fonts, family="Atkinson Hyperlegible")))


def words(paper: Paper, fonts: Path) -> str:
    return " ".join(read(paper, fonts).pages[0].extract_text().split())


def entry(reader: PdfReader, *names: str) -> object:
    """Follow names from the document's root to what stands there."""
    found: object = reader.root_object
    for name in names:
        assert isinstance(found, DictionaryObject)
        found = found[name]
    return found


def metadata(reader: PdfReader) -> str:
    stream = entry(reader, "/Metadata")
    assert isinstance(stream, StreamObject)
    return stream.get_data().decode()


@pytest.mark.parametrize(
    "said",
    [
        "Conciergerie du quartier",
        "1 place du Marché, 67000 Strasbourg",
        "Reçu AMP-01-2026-000123",
        "mardi 6 octobre 2026, 15:12:08",
        "Caisse AMP-01",
        "Servi par c1",
        "Lentilles vertes 2,35 € 0,480 kg × 4,90 €/kg tare 0,312 kg",
        "Réglage des freins 15,00 €",
        "Total 17,35 €",
        "Espèces 10,00 € Carte 7,35 €",
    ],
)
def test_the_receipt_says(said: str, fonts: Path) -> None:
    text = words(PAPER, fonts)

    assert said in text


def test_vat_stands_in_a_table_with_a_head(fonts: Path) -> None:
    vat = PaperVat(("Taux", "HT", "TVA"), (("20 %", "12,50 €", "2,50 €"),))

    text = words(replace(PAPER, vat=vat), fonts)

    assert "Taux HT TVA 20 % 12,50 € 2,50 €" in text


def test_the_legal_sentence_stands_in_place_of_vat(fonts: Path) -> None:
    text = words(replace(PAPER, mention="TVA non applicable, article 293 B du CGI"), fonts)

    assert "TVA non applicable, article 293 B du CGI" in text


def test_a_deposit_is_said_under_the_total(fonts: Path) -> None:
    deposit = "Caution reçue : 150,00 €. Elle ne fait pas partie du total."

    text = words(replace(PAPER, under=(deposit,)), fonts)

    assert text.index("Total 17,35 €") < text.index(deposit)


def test_marks_stand_above_all(fonts: Path) -> None:
    text = words(replace(PAPER, marks=("FORMATION", "DUPLICATA 2")), fonts)

    assert text.startswith("FORMATION DUPLICATA 2 Conciergerie du quartier")


def test_the_receipt_is_tagged_titled_and_says_its_language(fonts: Path) -> None:
    reader = read(PAPER, fonts)

    assert entry(reader, "/MarkInfo", "/Marked") == BooleanObject(True)
    assert entry(reader, "/Lang") == "fr"
    assert reader.metadata is not None
    assert reader.metadata.title == "Reçu AMP-01-2026-000123"


def test_the_receipt_is_an_archive_and_can_be_read_aloud(fonts: Path) -> None:
    said = metadata(read(PAPER, fonts))

    assert "<pdfaid:part>2</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>" in said
    assert "<pdfuaid:part>1</pdfuaid:part>" in said


def test_the_paper_is_80_mm_wide_and_as_long_as_it_needs(fonts: Path) -> None:
    many = replace(PAPER, lines=PAPER.lines * 40)

    short, long = (read(paper, fonts).pages for paper in (PAPER, many))

    assert len(long) == 1
    assert round(float(short[0].mediabox.width) / 72 * 25.4) == 80
    assert long[0].mediabox.height > 3 * short[0].mediabox.height


def test_a_sign_that_no_font_has_does_not_stop_the_receipt(fonts: Path) -> None:
    reader = read(replace(PAPER, closing_words=("Merci \U0001fae8\ue123",)), fonts)

    assert entry(reader, "/MarkInfo", "/Marked") == BooleanObject(True)
    assert "Total 17,35 €" in " ".join(reader.pages[0].extract_text().split())


def test_words_are_never_taken_for_layout(fonts: Path) -> None:
    odd = '#panic("no") $x$ *b* _i_ <a> \\'

    text = words(replace(PAPER, lines=(PaperLine(odd, "1,00 €"),)), fonts)

    assert odd in text


def test_large_letters_make_a_longer_paper(fonts: Path) -> None:
    usual, large = (read(replace(PAPER, large=large), fonts) for large in (False, True))

    assert large.pages[0].mediabox.height > usual.pages[0].mediabox.height


def test_many_tills_print_at_once_and_each_gets_its_own(fonts: Path) -> None:
    numbers = [f"AMP-01-2026-{count:06d}" for count in range(1, 17)]
    papers = [replace(PAPER, facts=(("Reçu", number),)) for number in numbers]

    with ThreadPoolExecutor(4) as pool:
        texts = list(pool.map(lambda paper: words(paper, fonts), papers))

    assert all(number in text for number, text in zip(numbers, texts, strict=True))


def test_the_same_receipt_is_the_same_file(fonts: Path) -> None:
    first, second = (receipt_pdf(PAPER, fonts=fonts, family="Any") for _turn in range(2))

    assert first == second
