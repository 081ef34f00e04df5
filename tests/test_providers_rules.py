"""The rules of providers: numbers that prove themselves, and those that need not be there."""

import json
from pathlib import Path
from typing import Any

import pytest

from palier.providers import rules
from palier.providers.models import Provider, ProviderState

FOLDER = Path(__file__).parent / "vectors"


def vectors(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return found


SIRET = vectors("siret")
RNA = vectors("rna")["cases"]
IBAN = vectors("iban")["cases"]
NOBODY = "000000000"


@pytest.mark.parametrize("row", SIRET["siret_valid"])
def test_a_siret_is_accepted(row: dict[str, Any]) -> None:
    assert rules.read_siret(row["siret"]) == row["siret"]


@pytest.mark.parametrize("row", SIRET["siret_invalid"])
def test_a_wrong_siret_is_refused(row: dict[str, Any]) -> None:
    with pytest.raises(rules.NotASiret):
        rules.read_siret(row["siret"])


@pytest.mark.parametrize("row", SIRET["normalise"])
def test_a_siret_is_kept_without_spaces(row: dict[str, Any]) -> None:
    assert rules.read_siret(row["input"]) == row["output"]


@pytest.mark.parametrize("row", [each for each in SIRET["siren"] if each["vat"]])
def test_the_vat_number_follows_from_the_siren(row: dict[str, Any]) -> None:
    assert rules.vat_number(row["siren"]) == row["vat"]


@pytest.mark.parametrize(
    "row", [each for each in SIRET["siren"] if each["valid"] and each["siren"] != NOBODY]
)
def test_a_siren_is_accepted(row: dict[str, Any]) -> None:
    assert rules.read_siren(row["siren"]) == row["siren"]


@pytest.mark.parametrize(
    "digits", [NOBODY, *(each["siren"] for each in SIRET["siren"] if not each["valid"])]
)
def test_a_wrong_siren_is_refused(digits: str) -> None:
    with pytest.raises(rules.NotASiren):
        rules.read_siren(digits)


def test_zeros_are_nobody() -> None:
    with pytest.raises(rules.NotASiret):
        rules.read_siret("0" * 14)


@pytest.mark.parametrize("row", [each for each in RNA if each["valid"]])
def test_an_rna_number_is_kept_in_one_spelling(row: dict[str, Any]) -> None:
    assert rules.read_rna(row["input"]) == row["normalised"]


@pytest.mark.parametrize("row", [each for each in RNA if not each["valid"]])
def test_what_is_no_rna_number_is_refused(row: dict[str, Any]) -> None:
    with pytest.raises(rules.NotAnRna) as refusal:
        rules.read_rna(row["input"])

    assert refusal.value.field == "rna"


@pytest.mark.parametrize("row", [each for each in IBAN if each["valid"]])
def test_an_iban_is_accepted(row: dict[str, Any]) -> None:
    assert rules.read_iban(row["iban"]) == row["iban"]


@pytest.mark.parametrize("row", [each for each in IBAN if not each["valid"]])
def test_a_wrong_iban_is_refused(row: dict[str, Any]) -> None:
    with pytest.raises(rules.NotAnIban):
        rules.read_iban(row["iban"])


def test_an_association_of_alsace_has_no_rna() -> None:
    provider = Provider(name="Les Doigts d'or", register_ref="Strasbourg, vol. 92, folio 14")

    assert (provider.rna, provider.siret) == (None, None)
    assert rules.is_listed(provider)


def test_a_form_and_an_import_write_the_same_numbers() -> None:
    provider = Provider(name="Cordonnerie", siret="732 829 320 00074", phone="03 88 60 90 90")

    provider.rna = "w 751 000 001"

    assert provider.siret == "73282932000074"
    assert (provider.rna, provider.phone) == ("W751000001", "+33388609090")


@pytest.mark.parametrize("state", list(ProviderState))
def test_each_state_can_be_left(state: ProviderState) -> None:
    provider = Provider(name="Pressing", state=state)

    ways = (rules.is_listed, rules.is_not_struck_off, rules.is_not_listed)

    assert any(way(provider) for way in ways)
