"""The papers of a loan that are signed: the contract, and the slip of the return."""

from collections.abc import Iterator, Sequence

from palier.api import Charge, DepositForm, Desk, Money, Text, Tick, Ticks, ToSign, _, select

from . import rules
from .models import ON_RETURN, TO_LEAVE, Loan

TERMS = (
    _("What is lent is for this person only and is not lent on."),
    _("It comes back on the day above. Each late day costs what the price list says."),
    _("Who signs answers for damage and theft."),
    _("If it is stolen or breaks, tell the desk at once."),
)


def contract_of(desk: Desk, loan: Loan) -> ToSign:
    """Return what is agreed when something leaves: who, which, when, checked, price and deposit."""
    who = [_("Resident"), _("For the service")]
    if rules.needs_parent(loan.resident.birth_year, desk.today):
        who.insert(1, _("A parent"))
    own = desk.settings(rules.Settings).terms.splitlines()
    facts = [*_loan_facts(loan), *_prices(desk, loan), *_deposit(loan)]
    terms = [Text(each) for each in own if each.strip()] or TERMS
    title = _("Loan of a bike") if loan.bike.kind.has_brakes else _("Loan of a thing")
    return ToSign(title, loan, facts, terms, who)


def return_of(loan: Loan) -> ToSign:
    """Return what is said of what is back: when, its problem, what the deposit paid."""
    facts: list[tuple[Text, object]] = [
        *_loan_facts(loan),
        (_("Came back"), loan.back_at),
        (_("Checked on return"), _ticked(ON_RETURN, loan.after)),
    ]
    if loan.pieces_in is not None:
        facts.append((_("Pieces that came back"), _counted(loan, loan.pieces_in)))
    facts.append((_("Problem"), loan.problem.label))
    if loan.damage:
        facts.append((_("Damage"), Money(loan.damage)))
    if loan.still_owed:
        facts.append((_("Not covered by the deposit"), Money(loan.still_owed)))
    title = _("Return of a bike") if loan.bike.kind.has_brakes else _("Return of a thing")
    return ToSign(title, loan, facts, (), [_("Resident"), _("For the service")])


def _loan_facts(loan: Loan) -> Iterator[tuple[Text, object]]:
    yield _("Resident"), str(loan.resident)
    words = _("Bike") if loan.bike.kind.has_brakes else _("Thing")
    yield words, " ".join(filter(None, (loan.bike.code, loan.bike.name, loan.bike.identifier)))
    yield _("Left"), loan.lent_at
    yield _("Due back"), loan.due_at
    yield _("Checked before it left"), _ticked(TO_LEAVE, loan.before)
    if loan.pieces_out is not None:
        yield _("Pieces that left"), _counted(loan, loan.pieces_out)


def _counted(loan: Loan, pieces: int) -> Text:
    return _("%(piece)s: %(n)s").fill(piece=loan.bike.kind.counted, n=pieces)


def _prices(desk: Desk, loan: Loan) -> Iterator[tuple[Text, object]]:
    query = select(Charge).where(Charge.source_type == loan.path, Charge.source_id == loan.id)
    for charge in desk.all(query.order_by(Charge.id)):
        yield Text(charge.label), Money(charge.total_cents)


def _deposit(loan: Loan) -> Iterator[tuple[Text, object]]:
    if loan.deposit is DepositForm.WAIVED:
        yield _("Deposit"), loan.deposit.label
    else:
        how = _("%(amount)s, %(how)s").fill(amount=Money(loan.held), how=loan.deposit.label)
        yield _("Deposit"), how


def _ticked(items: Sequence[Tick], ticks: Ticks | None) -> tuple[Text, ...]:
    return tuple(each.label for each in items if ticks and each.name in ticks)
