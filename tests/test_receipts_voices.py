"""A paper in French and a second language; what the law asks for stays in French."""

import io
import re
from collections import Counter
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader
from pypdf.generic import DictionaryObject
from sqlalchemy import select

from palier.context import Context
from palier.db.engine import Database
from palier.receipts.actions import pay, print_receipt
from palier.receipts.models import PaperShape, Receipt, ReceiptPrint, VatClass
from palier.receipts.printing import receipt_pdf, sheet_of
from palier.receipts.voices import usual_language
from palier.residents.languages import Language, second_of
from palier.residents.models import Resident
from palier.sites.models import OperatorVat
from palier.testing.caretaker import Browser, hidden_of, words_of
from palier.testing.plugin import At
from palier.testing.till import make_resident, owe
from palier.text import is_spoken
from palier.voices import Said

FONTS = Path(str(files("palier_theme_plain"))) / "static" / "fonts"
RECEIPT = "/ampere/desk/desk/receipt?receipt=1"
PRINT = "/ampere/desk/receipts/receipt/1/print_receipt"
LARGE_PDF, PDF, TICKET = PaperShape.LARGE_PDF, PaperShape.PDF, PaperShape.TICKET


@pytest.fixture
def sold(at: At) -> int:
    """A receipt of Mr Yilmaz, who reads Turkish, and its id."""
    with at() as desk:
        resident = make_resident(desk)
        resident.language = Language.TURKISH
        owe(desk, resident, 400, quantity=3, what="hire")
        owe(desk, resident, 95, what="bread", vat_class=VatClass.REDUCED)
        return pay(desk, resident).id


def paper_of(
    desk: Context, receipt_id: int, language: Language | None, shape: PaperShape = TICKET
) -> ReceiptPrint:
    receipt = desk.session.get_one(Receipt, receipt_id)
    return print_receipt(desk, receipt, shape=shape, language=language)


def pdf_of(at: At, receipt_id: int, language: Language | None, shape: PaperShape) -> PdfReader:
    with at() as desk:
        copy = paper_of(desk, receipt_id, language, shape)
        return PdfReader(io.BytesIO(receipt_pdf(desk, copy.receipt, FONTS, copy)))


def said_by(reader: PdfReader) -> str:
    return " ".join(reader.pages[0].extract_text().split())


def test_without_a_second_language_a_paper_is_in_the_sites_own(at: At, sold: int) -> None:
    with at() as desk:
        copy = paper_of(desk, sold, None)
        sheet = sheet_of(desk, copy.receipt, copy)

    assert (sheet.lang, sheet.also_lang) == ("fr", "")
    assert sheet.total == ("Total", "12,95\u00a0€")
    assert (sheet.title, sheet.payments) == ("Reçu", (("Espèces", "12,95\u00a0€"),))


def test_a_paper_says_its_words_in_french_and_in_the_persons_language(at: At, sold: int) -> None:
    with at() as desk:
        copy = paper_of(desk, sold, Language.TURKISH)
        sheet = sheet_of(desk, copy.receipt, copy)

    assert (sheet.lang, sheet.also_lang) == ("fr", "tr")
    assert sheet.title == Said("Reçu", "Fiş")
    assert sheet.total[0] == Said("Total", "Toplam")
    assert sheet.payments[0][0] == Said("Espèces", "Nakit")
    assert sheet.facts[1] == (
        Said("Date", "Tarih"),
        Said("mardi 6 octobre 2026, 09:05:00", "6 Ekim 2026 Salı, 09:05:00"),
    )


@pytest.mark.parametrize(
    ("language", "second"),
    [
        (None, ""),
        (Language.FRENCH, ""),
        (Language.ALSATIAN, ""),  # who speaks it reads French
        (Language.ENGLISH, "en"),
        (Language.ARABIC, "ar"),
        (Language.GEORGIAN, "en"),  # no catalogue: French and English
    ],
)
def test_the_second_language_is_the_persons_else_english(
    language: Language | None, second: str
) -> None:
    assert second_of("fr", language) == second


@pytest.mark.parametrize("language", [Language.GERMAN, Language.TURKISH, Language.ARABIC])
def test_a_paper_leaves_no_word_of_ours_in_french_alone(
    language: Language, at: At, sold: int
) -> None:
    with at() as desk:
        copy = paper_of(desk, sold, language)
        sheet = sheet_of(desk, copy.receipt, copy)

    assert is_spoken(language.value)
    words = [*(word for word, _value in (*sheet.facts, sheet.total)), sheet.closing_words[1]]
    assert all(isinstance(each, Said) for each in words)


@pytest.mark.parametrize(
    ("regime", "mention"),
    [
        ("franchise", "TVA non applicable, article 293 B du CGI"),
        ("none", "Exonération de TVA, article 261-7-1° du CGI"),
    ],
)
def test_the_legal_sentence_is_french_on_every_paper(
    at: At, database: Database, regime: str, mention: str
) -> None:
    with database.across_sites("test", write=True) as session:
        session.scalars(select(OperatorVat)).one().regime = regime
    with at() as desk:
        resident = make_resident(desk)
        owe(desk, resident, 400)
        receipt = pay(desk, resident)
        copy = paper_of(desk, receipt.id, Language.ARABIC, PDF)
        reader = PdfReader(io.BytesIO(receipt_pdf(desk, receipt, FONTS, copy)))

    assert mention in said_by(reader)


@pytest.mark.parametrize("shape", [PDF, LARGE_PDF])
@pytest.mark.parametrize("language", [None, Language.ENGLISH, Language.TURKISH, Language.ARABIC])
def test_the_file_is_an_archive_read_aloud_in_its_languages(
    at: At, sold: int, language: Language | None, shape: PaperShape
) -> None:
    reader = pdf_of(at, sold, language, shape)

    root: Any = reader.root_object
    said = root["/Metadata"].get_data().decode()
    assert root["/Lang"] == "fr"
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata is not None
    assert reader.metadata.title == "Reçu AMPERE-01-2026-000001"
    assert "<pdfaid:part>2</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>" in said
    assert "<pdfuaid:part>1</pdfuaid:part>" in said
    assert languages_in(reader) == ({language.value} if language else set())


@pytest.mark.parametrize("language", [Language.TURKISH, Language.ARABIC])
def test_every_letter_of_the_file_is_in_the_file(at: At, sold: int, language: Language) -> None:
    reader = pdf_of(at, sold, language, PDF)

    fonts = list(fonts_in(reader))
    assert len(fonts) >= 2
    assert all(each & {"/FontFile", "/FontFile2", "/FontFile3"} for each in fonts)


def test_arabic_is_set_in_its_own_letters(at: At, sold: int) -> None:
    with at() as desk:
        copy = paper_of(desk, sold, Language.ARABIC, PDF)
        reader = PdfReader(io.BytesIO(receipt_pdf(desk, copy.receipt, FONTS, copy)))

    names = {str(each["/BaseFont"]) for each in font_objects(reader)}
    assert any("NotoSansArabic" in each for each in names)
    assert set("المجموع") <= set(said_by(reader))


@pytest.mark.parametrize("language", [None, Language.ENGLISH, Language.TURKISH, Language.GERMAN])
@pytest.mark.parametrize("shape", [PDF, LARGE_PDF])
def test_the_page_and_the_file_say_the_same_words(
    at: At, browser: Browser, sold: int, language: Language | None, shape: PaperShape
) -> None:
    file = said_by(pdf_of(at, sold, language, shape))
    page = browser.opens("/ampere/desk/receipts/printed?made=1")

    article = re.search(r"<article.*?</article>", page, re.DOTALL)
    assert article is not None
    assert Counter(words_of(article[0]).split()) == Counter(file.split())


def test_the_receipts_page_offers_the_residents_language(browser: Browser, sold: int) -> None:
    page = browser.opens(RECEIPT)

    assert sold
    assert '<option value="tr" selected>Turkish</option>' in page
    assert '<option value="ka"' not in page


def test_the_second_language_chosen_at_the_receipt_is_printed(browser: Browser, sold: int) -> None:
    form = hidden_of(browser.opens(RECEIPT)) | {"shape": "ticket", "language": "ar"}

    page = browser.client.post(PRINT, data=form).text

    assert sold
    assert '<span lang="ar" dir="rtl">المجموع</span>' in page
    assert 'lang="fr"' in page


def test_a_person_without_a_catalogue_is_offered_english(at: At, sold: int) -> None:
    with at(write=False) as desk:
        usual = usual_language(desk, Language.GEORGIAN)
        none = usual_language(desk, Language.FRENCH)
        people = desk.all(select(Resident))

    assert (usual, none) == (Language.ENGLISH, None)
    assert (sold, len(people)) == (1, 1)


def languages_in(reader: PdfReader) -> set[str]:
    """Every language that a tagged part of the file names besides the file's own."""
    found = {str(each["/Lang"]) for each in dictionaries(reader) if "/Lang" in each}
    return found - {"fr"}


def font_objects(reader: PdfReader) -> Iterator[Any]:
    for each in dictionaries(reader):
        if each.get("/Type") == "/Font" and "/DescendantFonts" in each:
            yield each


def fonts_in(reader: PdfReader) -> Iterator[set[str]]:
    for each in dictionaries(reader):
        if each.get("/Type") == "/FontDescriptor":
            yield {str(name) for name in each}


def dictionaries(reader: PdfReader) -> Iterator[Any]:
    size: Any = reader.trailer["/Size"]
    for number in range(1, int(size)):
        found = reader.get_object(number)
        if isinstance(found, DictionaryObject):
            yield found
