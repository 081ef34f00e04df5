"""The papers of the exchange: the catalogue, the vouchers, a member's statement."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any, NamedTuple

from palier.api import Desk, Duration, Language, Page, Paper, Resident, Text, _, paper_of

from . import queries, rules
from .models import Exchange, Kind, Listing, Member, Sheet, Voucher

ON_A_PAGE = 8
TERMS = (
    _("One hour is one hour, whatever the help."),
    _(
        "It is help between neighbours, now and then. Regular work, or one's own trade, is declared."
    ),
    _("Roof, electricity and gas are left to the trade."),
)


class Block(NamedTuple):
    """Some listings under one heading."""

    title: Any
    lines: list[tuple[str, str, str]]


def catalogue_page(desk: Desk, language: Language | None) -> Page:
    """Return the booklet: given names only, and a code that the desk opens. Three statements."""
    paper = paper_of(desk, language)
    return Page(
        "skills_exchange/catalogue.html",
        paper=paper,
        title=paper(_("We help each other")),
        printed=paper(_("Printed on %(day)s").fill(day=desk.today)),
        ask=paper(_("Ask at the desk, with the number on the line.")),
        empty=paper(_("Nothing stands in the catalogue yet.")),
        blocks=list(_blocks(paper, queries.printed_listings(desk))),
        terms=[paper(each) for each in TERMS],
        languages=list(Language),
        language=language,
        address=f"/{desk.site.slug}/desk/skills_exchange/catalogue",
        back=f"/{desk.site.slug}/desk/skills_exchange/listing",
    )


def _blocks(paper: Paper, listings: Iterable[Listing]) -> Iterator[Block]:
    for (side, category), group in groupby(listings, key=lambda each: (each.side, each.category)):
        heading = _("%(side)s: %(what)s").fill(side=side.label, what=category.label)
        lines = [(each.what, each.resident.given_name, each.code) for each in group]
        yield Block(paper(heading), lines)


def vouchers_page(desk: Desk, sheet: Sheet) -> Page:
    """Return a sheet's vouchers, in the language of who stands on them as well."""
    vouchers = queries.vouchers_of(desk, sheet)
    paper = paper_of(desk, _language(vouchers))
    words = {
        "title": _("Voucher of the exchange"),
        "giver": _("Who helped"),
        "receiver": _("Who was helped"),
        "category": _("What"),
        "minutes": _("How long"),
        "day": _("Day"),
        "signature": _("Signature"),
    }
    return Page(
        "skills_exchange/vouchers.html",
        paper=paper,
        pages=[vouchers[at : at + ON_A_PAGE] for at in range(0, len(vouchers), ON_A_PAGE)],
        said={name: paper(each) for name, each in words.items()},
        back=f"/{desk.site.slug}/desk/skills_exchange/voucher",
    )


def _language(vouchers: list[Voucher]) -> Language | None:
    people = [who for each in vouchers for who in (each.receiver, each.giver) if who is not None]
    other = (each.language for each in people if each.language is not Language.FRENCH)
    return next(other, None)


def statement_page(desk: Desk, member: Member) -> Page:
    """Return what one person gave and received. It alone says a balance: it is their paper."""
    who = member.resident
    done = queries.exchanges_of(desk, who)
    paper = paper_of(desk, who.language)
    counted = [each for each in done if not each.is_correction and each.corrected_at is None]
    settings = desk.settings(rules.Settings)
    facts: list[tuple[Text, object]] = [
        (_("Gave in 12 months"), sum(each.giver is who for each in counted)),
        (_("Received in 12 months"), sum(each.receiver is who for each in counted)),
    ]
    if Kind.HOURS in settings.mode.kinds:
        facts.append((_("Balance of hours"), Duration(queries.balance_of(desk, who))))
        facts.append((_("Lowest balance"), Duration(settings.floor)))
        facts.append((_("Highest balance"), Duration(settings.ceiling)))
    return Page(
        "skills_exchange/statement.html",
        paper=paper,
        large=who.large_type,
        title=paper(_("Statement of the exchange")),
        name=str(who),
        facts=[(paper(word), paper(value)) for word, value in facts],
        heads=[paper(each) for each in (_("Day"), _("What"), _("With"), _("Hours"))],
        rows=[_row(paper, desk, each, who) for each in done],
        terms=[paper(each) for each in TERMS],
        back=f"/{desk.site.slug}/desk/desk/card?resident={who.id}",
    )


def _row(paper: Paper, desk: Desk, done: Exchange, who: Resident) -> list[Any]:
    gave = done.giver is who
    words = _("%(what)s, given") if gave else _("%(what)s, received")
    if done.is_correction:
        words = _("%(what)s, corrected")
    if done.kind is Kind.LEFT:
        words = _("Written off on leaving")
    other = done.receiver if gave else done.giver
    return [
        paper(desk.local(done.at).date()),
        paper(words.fill(what=done.category.label)),
        str(other or ""),
        paper(_("a gift") if done.kind is Kind.GIFT else Duration(_moved(done, gave=gave))),
    ]


def _moved(done: Exchange, *, gave: bool) -> int:
    return done.minutes if gave else -done.minutes
