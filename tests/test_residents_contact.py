"""Numbers, addresses and languages: one spelling each."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from palier.residents import contact
from palier.residents.languages import Language
from palier.residents.models import Channel, Resident
from palier.text import Reader, read_by

FOLDER = Path(__file__).parent / "vectors"
PHONES = json.loads((FOLDER / "phones.json").read_text(encoding="utf-8"))["cases"]
LANGUAGES = json.loads((FOLDER / "languages.json").read_text(encoding="utf-8"))["languages"]
MOBILE, FIXED = "+33612345678", "+33388609090"


def make_resident(**more: Any) -> Resident:
    return Resident(given_name="Odile", family_name="Kern", card_code="H-1", **more)


@pytest.mark.parametrize("case", [each for each in PHONES if each["valid"]])
def test_a_number_is_kept_in_one_spelling(case: dict[str, Any]) -> None:
    assert contact.read_phone(case["input"]) == case["e164"]


@pytest.mark.parametrize("case", [each for each in PHONES if not each["valid"]])
def test_what_is_no_number_is_refused(case: dict[str, Any]) -> None:
    with pytest.raises(contact.NotAPhoneNumber):
        contact.read_phone(case["input"])


@pytest.mark.parametrize("case", [c for c in PHONES if (c["e164"] or "").startswith("+33")])
def test_a_french_number_is_read_aloud_in_pairs(case: dict[str, Any]) -> None:
    assert contact.show_phone(case["e164"]) == case["national"]


def test_a_number_from_abroad_is_shown_with_its_country() -> None:
    assert contact.show_phone("+497851880") == "+49 7851 880"


def test_a_resident_is_never_called_at_an_extra_cost() -> None:
    with pytest.raises(contact.CostsExtra):
        make_resident(phone="08 90 12 34 56")


def test_a_form_and_an_import_write_the_same_number() -> None:
    resident = make_resident(phone="06 12 34 56 78", email=" odile@exemple.fr ")

    resident.phone = "0033 6 12 34 56 78"

    assert (resident.phone, resident.email) == (MOBILE, "odile@exemple.fr")


def test_an_empty_number_is_none() -> None:
    resident = make_resident(phone="", email="")

    assert (resident.phone, resident.email) == (None, None)


@pytest.mark.parametrize(
    "words", ["odile", "odile@", "odile@exemple", "a b@c.fr", "a@b@c.fr", "a@b..fr"]
)
def test_what_is_no_email_is_refused(words: str) -> None:
    with pytest.raises(contact.NotAnEmail):
        contact.read_email(words)


@pytest.mark.parametrize("words", ["o.kern+a@mairie.strasbourg.eu", "élodie@château.fr"])
def test_an_email_is_taken_as_it_is(words: str) -> None:
    assert contact.read_email(words) == words


@pytest.mark.parametrize(
    ("phone", "email", "channel"),
    [
        (MOBILE, "a@b.fr", Channel.SMS),
        (FIXED, "a@b.fr", Channel.CALL),
        (None, "a@b.fr", Channel.EMAIL),
        (None, None, Channel.LETTER),
    ],
)
def test_the_best_way_is_one_that_can_be_used(
    phone: str | None, email: str | None, channel: Channel
) -> None:
    assert contact.best_channel(phone, email) is channel
    contact.check_channel(channel, phone, email)


@pytest.mark.parametrize(
    ("channel", "phone", "refusal"),
    [
        (Channel.SMS, None, contact.NoPhone),
        (Channel.CALL, None, contact.NoPhone),
        (Channel.SMS, FIXED, contact.NotAMobile),
        (Channel.EMAIL, MOBILE, contact.NoEmail),
    ],
)
def test_a_way_that_cannot_be_used_is_refused(
    channel: Channel, phone: str | None, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        contact.check_channel(channel, phone, None)


def test_the_ways_are_in_the_persons_own_order() -> None:
    resident = make_resident(phone=MOBILE, channel=Channel.CALL, channel_2=Channel.SMS)

    contact.check_ways(resident)

    assert contact.ways_of(resident) == (Channel.CALL, Channel.SMS)


@pytest.mark.parametrize(
    ("ways", "refusal", "field"),
    [
        ({"channel": Channel.SMS, "channel_2": Channel.SMS}, contact.TwiceTheSameWay, "channel_2"),
        (
            {"channel": Channel.SMS, "channel_2": Channel.CALL, "channel_3": Channel.SMS},
            contact.TwiceTheSameWay,
            "channel_3",
        ),
        ({"channel": Channel.SMS, "channel_3": Channel.CALL}, contact.NoWayBefore, "channel_3"),
        ({"channel": Channel.SMS, "channel_2": Channel.EMAIL}, contact.NoEmail, "email"),
    ],
)
def test_an_order_that_cannot_be_followed_is_refused(
    ways: dict[str, Channel], refusal: type[Exception], field: str
) -> None:
    resident = make_resident(phone=MOBILE, **ways)

    with pytest.raises(refusal) as refused:
        contact.check_ways(resident)

    assert refused.value.field == field  # type: ignore[attr-defined]  # a refusal of ours


def test_a_second_way_that_gets_no_messages_says_so_beside_itself() -> None:
    resident = make_resident(phone=FIXED, channel=Channel.CALL, channel_2=Channel.SMS)

    with pytest.raises(contact.NotAMobile) as refusal:
        contact.check_ways(resident)

    assert refusal.value.field == "channel_2"


def test_a_new_address_may_be_reached_again() -> None:
    resident = make_resident(email="a@b.fr")
    resident.no_mail_since = date(2026, 10, 6)

    resident.email = "a@b.fr"
    known = resident.no_mail_since
    resident.email = "b@b.fr"

    assert known is not None
    assert resident.no_mail_since is None


def test_every_language_of_the_list_can_be_chosen() -> None:
    assert {each.value for each in Language} == {each["code"] for each in LANGUAGES}


@pytest.mark.parametrize("row", [each for each in LANGUAGES if each["code"] != "gsw"])
def test_a_language_has_its_name_and_direction(row: dict[str, Any]) -> None:
    language = next(each for each in Language if each.value == row["code"])

    with read_by(Reader("fr")):
        name = str(language)

    assert name.lower() == row["fr"]
    assert {"rtl": "right-to-left", "ltr": "left-to-right"}[language.direction] == row["direction"]


def test_alsatian_is_written_as_french() -> None:
    assert Language.ALSATIAN.locale == "fr"
