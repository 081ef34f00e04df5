"""A scan of a test says what to mend: keys, capital lock, Enter, speed. No database."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palier.codes.drawing import bars, squares
from palier.codes.keyboard import locked, written
from palier.codes.reading import GS, LONGEST
from palier.codes.trying import Trial, Trouble, judge

FOLDER = Path(__file__).parent / "vectors"


def vectors(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
    return found


GS1 = vectors("gs1")
NUMBERS = [
    *(each["number"] for each in vectors("s10")["valid"]),
    *(each["number"] for each in vectors("laposte_domestic")["valid"]),
    *(each["sscc"] for each in GS1["sscc"] if each["valid"]),
    *(each["code"] for name in ("ean13", "ean8") for each in GS1[name] if each["valid"]),
    *(e["raw"] for e in GS1["element_strings"] if e["raw"][:2] in {"00", "01"}),
]


def locked_letters(code: str) -> str:
    """What a computer writes where the lock turns letters alone."""
    return code.swapcase()


@pytest.mark.parametrize("number", [*NUMBERS, *(each.value for each in Trial)], ids=repr)
def test_a_code_read_right_needs_no_advice(number: str) -> None:
    verdict = judge(number)

    assert verdict.is_read
    assert verdict.troubles == ()


@pytest.mark.parametrize("number", [*NUMBERS, *(each.value for each in Trial)], ids=repr)
def test_other_keys_are_put_right_and_said(number: str) -> None:
    verdict = judge(written(number))

    assert verdict.is_read
    assert verdict.code == number
    assert verdict.troubles == (Trouble.OTHER_KEYS,)


@pytest.mark.parametrize("trial", Trial)
@pytest.mark.parametrize("keys", [locked, locked_letters])
def test_the_capital_lock_is_said(trial: Trial, keys: Any) -> None:
    verdict = judge(keys(trial.value), locked=True)

    assert verdict.trial is trial
    assert verdict.troubles == (Trouble.LOCKED,)


@pytest.mark.parametrize("trial", [Trial.LETTERS, Trial.POST, Trial.SQUARES])
@pytest.mark.parametrize("keys", [locked, locked_letters])
def test_letters_show_the_lock_that_the_computer_does_not_tell(trial: Trial, keys: Any) -> None:
    verdict = judge(keys(trial.value))

    assert verdict.is_read
    assert verdict.troubles == (Trouble.LOCKED,)


def test_other_keys_and_the_lock_are_both_said() -> None:
    verdict = judge(written(Trial.LETTERS.value, locked=True))

    assert verdict.trial is Trial.LETTERS
    assert verdict.troubles == (Trouble.LOCKED, Trouble.OTHER_KEYS)


def test_a_separator_that_was_lost_is_said() -> None:
    verdict = judge(Trial.SEPARATOR.value.replace(GS, ""))

    assert verdict.trial is Trial.SEPARATOR
    assert verdict.troubles == (Trouble.NO_SEPARATOR,)


def test_the_kind_of_barcode_in_front_does_no_harm() -> None:
    verdict = judge(f"]C1{Trial.SEPARATOR.value}")

    assert verdict.trial is Trial.SEPARATOR
    assert verdict.troubles == ()


def test_no_enter_and_slow_keys_are_said_last() -> None:
    verdict = judge(written("RR473124829FR"), ended=False, slow=True)

    assert verdict.troubles == (Trouble.OTHER_KEYS, Trouble.NO_ENTER, Trouble.SLOW)


@pytest.mark.parametrize(
    ("typed", "trouble"),
    [
        ("Bonjour", Trouble.UNKNOWN),
        ("RR473124828FR", Trouble.UNKNOWN),
        (written("RR473124829FR")[:9], Trouble.MISREAD),
        ("x" * (LONGEST + 1), Trouble.TOO_LONG),
        ("9" * 4096, Trouble.TOO_LONG),
    ],
)
def test_what_is_no_code_is_said_calmly(typed: str, trouble: Trouble) -> None:
    verdict = judge(typed)

    assert not verdict.is_read
    assert verdict.troubles == (trouble,)


@given(st.text(max_size=400), st.booleans())
def test_whatever_comes_is_judged(typed: str, is_locked: bool) -> None:
    assert judge(typed, locked=is_locked).code == judge(typed).code


def test_bars_are_those_of_the_standard() -> None:
    # Code 128: every sign is 11 modules wide, the stop 13, and 10 of white on each side.
    assert bars("PJJ123C").wide == (1 + 7 + 1) * 11 + 13 + 20
    assert bars(f"01{GS}2").wide == (1 + 5 + 1) * 11 + 13 + 20
    assert bars("A").path.startswith("M10 0h2v40h-2zM13 0h1v40h-1zM16 0h1v40h-1z")


def test_bars_hold_no_sign_that_a_keyboard_lacks() -> None:
    with pytest.raises(ValueError, match="ASCII"):
        bars("é")


def test_a_square_code_has_its_white_border() -> None:
    drawn = squares("H-4TRX92QB")

    assert drawn.wide == drawn.high == 21 + 8
    assert drawn.path.startswith("M4 4h7v1h-7z")
    assert drawn.svg.startswith("<svg xmlns=")
