"""A scan is read right through the wrong keys, and a name stays a name. No database."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from palier.codes import own
from palier.codes.keyboard import Keyboard, meant, written
from palier.codes.numbers import is_domestic, is_element_string, is_gtin, is_s10, is_sscc
from palier.codes.reading import GS, LONGEST, Kind, likely, looks_misread, normalise_scan

FOLDER = Path(__file__).parent / "vectors"


def vectors(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
    return found


S10, GS1, DOMESTIC = vectors("s10"), vectors("gs1"), vectors("laposte_domestic")
ELEMENTS = [each["raw"] for each in GS1["element_strings"] if each["raw"][:2] in {"00", "01"}]
UNITS = [each["sscc"] for each in GS1["sscc"] if each["valid"]]
PRODUCTS = [each["code"] for name in ("ean13", "ean8") for each in GS1[name] if each["valid"]]
NUMBERS = [
    *(each["number"] for each in S10["valid"]),
    *(each["number"] for each in DOMESTIC["valid"]),
    *UNITS,
    *(f"00{each}" for each in UNITS),
    *PRODUCTS,
    *ELEMENTS,
]
OURS = {
    Kind.CARD: st.from_regex(own.CARD, fullmatch=True),
    Kind.HOUSEHOLD: st.from_regex(own.HOUSEHOLD, fullmatch=True),
    Kind.BOOKING: st.from_regex(own.BOOKING, fullmatch=True),
    Kind.RECEIPT: st.from_regex(r"[A-Z0-9]{2,12}-[0-9]{2}-[0-9]{4}-[0-9]{6}", fullmatch=True),
    Kind.SLIP: st.from_regex(r"[A-Z][A-Z_]{4,20}-[1-9][0-9]{0,9}", fullmatch=True),
    Kind.TAG: st.from_regex(r"[A-Z]{1,3}[0-9]{2,6}", fullmatch=True),
}
NAMES = (
    "Ampère", "Odile Kern", "Zoé", "zoé", "José", "JOSé", "RENÉE", "N'Diaye", "Éloïse Müller", "Aïcha",
    "d'Hérouville-Prêcheur", "François-Régis", "Béatrice (4e)", "Qaçem", "Là-bas", "Ünal", "王伟",
    "Noé & Chloé", "40 rue de Wattwiller", "ker", "a", "çà et là", "L'Hôpital",
)  # fmt: skip


def codes(typed: str) -> tuple[str, ...]:
    return likely(normalise_scan(typed))


@pytest.mark.parametrize("number", [each["number"] for each in S10["valid"]])
def test_a_post_s_number_proves_itself(number: str) -> None:
    assert is_s10(number)


@pytest.mark.parametrize("wrong", S10["invalid"], ids=lambda each: each["reason"])
def test_a_wrong_post_s_number_is_none(wrong: dict[str, str]) -> None:
    assert not is_s10(wrong["number"])


@pytest.mark.parametrize("case", S10["normalise"], ids=lambda each: repr(each["input"]))
def test_spaces_and_dashes_in_a_post_s_number_are_forgiven(case: dict[str, str]) -> None:
    assert codes(case["input"])[0] == case["normalised"]


@pytest.mark.parametrize("case", [*DOMESTIC["valid"], *DOMESTIC["invalid"]])
def test_a_parcel_of_the_french_post_has_its_check_digit(case: dict[str, Any]) -> None:
    assert is_domestic(case["number"]) is ("reason" not in case)


@pytest.mark.parametrize("case", GS1["sscc"], ids=lambda each: each["sscc"])
def test_a_logistic_unit_has_its_check_digit(case: dict[str, Any]) -> None:
    assert is_sscc(case["sscc"]) is case["valid"]


@pytest.mark.parametrize("case", [*GS1["ean13"], *GS1["ean8"]], ids=lambda each: each["code"])
def test_a_product_has_its_check_digit(case: dict[str, Any]) -> None:
    assert is_gtin(case["code"]) is case["valid"]


@pytest.mark.parametrize("text", ELEMENTS)
def test_elements_begin_with_a_proven_number(text: str) -> None:
    assert is_element_string(text)
    assert not is_element_string(text.replace(text[15:16], "x", 1))


@pytest.mark.parametrize("number", NUMBERS, ids=repr)
def test_a_number_is_read_through_azerty_keys(number: str) -> None:
    assert codes(written(number))[0] == number


@pytest.mark.parametrize("number", [*UNITS, *PRODUCTS])
def test_digits_are_right_with_the_capital_lock_on(number: str) -> None:
    assert codes(written(number, locked=True)) == (number,)


@pytest.mark.parametrize("number", NUMBERS, ids=repr)
def test_digits_through_azerty_are_no_digits_yet_the_reading_says_which_keys(number: str) -> None:
    first, *others = normalise_scan(written(number))

    assert first.keyboard is Keyboard.RIGHT
    assert [each.keyboard for each in others] == [Keyboard.AZERTY]


@pytest.mark.parametrize("kind", OURS, ids=lambda each: each.value)
@given(data=st.data())
def test_our_own_codes_are_read_through_azerty_keys(kind: Kind, data: st.DataObject) -> None:
    code = data.draw(OURS[kind])

    found = normalise_scan(written(code))

    assert likely(found)[0] == code
    assert found[-1].keyboard is Keyboard.AZERTY
    assert codes(code.lower())[0] == code


@pytest.mark.parametrize("kind", [each for each in OURS if each is not Kind.TAG])
@given(data=st.data())
def test_a_code_with_a_dash_is_read_with_the_capital_lock_on(
    kind: Kind, data: st.DataObject
) -> None:
    code = data.draw(OURS[kind])

    assert codes(written(code, locked=True))[0] == code


@given(st.text(max_size=300))
@example("[)>\x1e06\x1d")
def test_whatever_is_typed_is_first_read_as_typed(typed: str) -> None:
    first = normalise_scan(typed)[0]

    assert first.keyboard is Keyboard.RIGHT
    assert all(each.isprintable() or each == GS for each in first.code)


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=60))
def test_the_keys_lead_back(text: str) -> None:
    assert meant(written(text), Keyboard.AZERTY) == text
    assert meant(written(text, locked=True), Keyboard.AZERTY_LOCKED) == text


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_a_name(name: str) -> None:
    assert codes(name) == (name,)


NAME = r"[A-ZÉÈÀÇ][a-zéèàçêïü]{0,6}[a-z][a-zéèàçêïü]{0,6}"


@given(st.from_regex(rf"{NAME}([ '-]{NAME}){{0,2}}", fullmatch=True))
def test_no_name_is_taken_for_a_code(name: str) -> None:
    assert codes(name) == (name,)


def test_a_valid_code_is_never_doubted() -> None:
    # Its letters take no part in the check digit: "RQ" would be "RA" on other keys, and as right.
    assert codes("RQ123456785FR") == ("RQ123456785FR",)
    assert codes("q12") == ("Q12", "q12")


@pytest.mark.parametrize(
    "prefix",
    ["]C1", "]d2", "]Q3", "]e0", "]E0", "]C0", written("]C1"), written("]d2"), written("]Q3")],
)
def test_the_kind_of_barcode_in_front_is_no_part_of_the_code(prefix: str) -> None:
    keys = written if prefix[0] == "$" else str
    plain = "]C1" if prefix[0] == "$" else prefix

    assert plain.startswith("]")
    assert codes(prefix + keys("RR473124829FR"))[0] == "RR473124829FR"
    assert codes(prefix + keys("H-4TRX92QB"))[0] == "H-4TRX92QB"


@pytest.mark.parametrize("sign", ["\x1d", "<GS>", "<gs>", "{GS}", "[GS]", "\\x1d", "\u241d", "^]"])
def test_a_group_separator_is_one_however_it_is_written(sign: str) -> None:
    text = f"01037600000000171527063010A1B2C3{sign}3024"

    assert codes(text) == (f"01037600000000171527063010A1B2C3{GS}3024",)


@pytest.mark.parametrize("sign", ["\x1d", "<GS>", "{GS}"])
def test_a_group_separator_comes_through_azerty_keys(sign: str) -> None:
    typed = written(f"]C101037600000000171527063010A1b2C3{sign}3024")

    assert codes(typed)[0] == f"01037600000000171527063010A1b2C3{GS}3024"


def test_what_stands_around_a_code_is_left_out() -> None:
    assert codes(" \tRR473124829FR\r\n\x00\u200e") == ("RR473124829FR",)
    assert codes(f"{GS}00376130321109103420{GS}")[0] == "00376130321109103420"


@pytest.mark.parametrize("typed", ["", " ", "\x00\x1b", "\u202e", "\r\n"])
def test_nothing_is_nothing(typed: str) -> None:
    assert codes(typed) == ()


@pytest.mark.parametrize(
    "typed",
    ["x" * 4096, "9" * 4096, "A-" * 2048, '"' * 4096, "-" * LONGEST, "A" * LONGEST, "0" * LONGEST],
)
def test_what_is_too_long_for_a_code_is_asked_of_nobody(typed: str) -> None:
    assert len(normalise_scan(typed)) == 1
    assert all(len(each) <= LONGEST for each in codes(typed))


def test_new_codes_have_their_shape() -> None:
    assert own.CARD.fullmatch(own.new_card_code())
    assert own.HOUSEHOLD.fullmatch(own.new_household_code())
    assert own.BOOKING.fullmatch(own.new_booking_code())


def test_a_code_can_be_read_aloud() -> None:
    assert not set(own.SIGNS) & set("01ILOSUAEY")


@pytest.mark.parametrize("number", NUMBERS)
def test_a_code_cut_short_looks_misread_a_name_does_not(number: str) -> None:
    assert looks_misread(written(number)[:9])
    assert not any(looks_misread(name) for name in NAMES)
