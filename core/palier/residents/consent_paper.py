"""The paper on which someone agrees: French first, then their own language where we have its words."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from palier.context import Context
from palier.residents.consents import may_agree_alone, youngest
from palier.residents.models import PROOF, Consent, Purpose, Resident
from palier.sites.models import Operator
from palier.text import Reader, Text, _, catalogue, direction, read_by
from palier.typeset import FAMILY, typeset

TEMPLATE = Path(__file__).with_name("consent.typ")
TITLE = _("I agree")
BACK = _("I take it back")
DATE, SIGNED, PARENT = _("Date"), _("Signature"), _("Signature of a parent")
SAYS = {
    Purpose.CALL_IF_NOT_SEEN: _("%(site)s may call me when I was not seen for some time."),
    Purpose.PASS_TO_PROVIDER: _(
        "%(site)s may give my name and my telephone number to a provider whom I ask for."
    ),
    Purpose.PICTURES: _("%(site)s may take pictures on which I can be seen, and show them."),
}
ENDS = _("This holds until %(day)s.")
FREE = _(
    "I am free to say no: every service stays open to me. I can take this back on any day, at the"
    " desk, by telephone or in writing."
)
KEPT = _(
    "This paper is kept for %(years)s years after it has ended, as a proof, and then destroyed."
)
WHO = _("%(operator)s answers for it.")


def consent_pdf(desk: Context, consent: Consent, fonts: Path) -> bytes:
    """Return the paper, tagged, one sheet: to agree above, to take it back below."""
    person = consent.resident
    sheet = {
        "site": desk.site.name,
        "lang": desk.site.locale,
        "name": str(person),
        "child": _is_child(desk, person),
        "parts": parts_of(desk, consent),
    }
    return typeset(TEMPLATE, {"sheet": json.dumps(sheet), "family": FAMILY}, fonts=fonts)


def parts_of(desk: Context, consent: Consent) -> list[dict[str, Any]]:
    """Return what the paper says, once in each language."""
    words = list(_sentences(desk, consent))
    languages = [desk.site.locale]
    own = consent.resident.language.locale
    if own != desk.site.locale and all(catalogue(own).has(each) for each in _all(words)):
        languages.append(own)
    return [_part(desk, words, locale) for locale in languages]


def _all(words: list[Text]) -> Iterator[Text]:
    yield from (*words, TITLE, BACK, DATE, SIGNED, PARENT)


def _sentences(desk: Context, consent: Consent) -> Iterator[Text]:
    yield SAYS[consent.purpose].fill(site=desk.site.name)
    if consent.ends_on is not None:
        yield ENDS.fill(day=consent.ends_on)
    yield FREE
    yield KEPT.fill(years=PROOF.months // 12)
    yield WHO.fill(operator=desk.session.get_one(Operator, desk.site.operator_id).legal_name)


def _is_child(desk: Context, person: Resident) -> bool:
    year = person.birth_year
    return year is not None and not may_agree_alone(youngest(year, desk.today))


def _part(desk: Context, words: list[Text], locale: str) -> dict[str, Any]:
    with read_by(Reader(locale, desk.site.zone)):
        return {
            "lang": locale.partition("-")[0],
            "dir": direction(locale),
            "title": str(TITLE),
            "words": [str(each) for each in words],
            "back": str(BACK),
            "date": str(DATE),
            "signed": str(SIGNED),
            "parent": str(PARENT),
        }
