"""The papers of a loan: printed with a code, signed by hand, filed with one scan."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date, timedelta

import pytest

from palier.api import DepositForm, Desk, Household, Resident, Ticks, select, slip_code
from palier.residents.languages import Language
from palier.residents.models import Membership
from palier.site_settings import decide
from palier.sites.models import SitePlugin
from palier.testing.caretaker import Browser, words_of
from palier.testing.plugin import NOW, At
from palier_bike_hire import actions, papers, plugin, rules
from palier_bike_hire.fleet import make_fleet
from palier_bike_hire.models import Bike, Loan, Paper

CHECKED = Ticks.made(("brakes", "lights"), "MK", NOW)
Lent = Callable[..., AbstractContextManager[Desk]]


@pytest.fixture
def lent(at: At) -> Callable[..., int]:
    """Lend V07 to Théo, as a site decides about papers; the loan's id."""

    def lend(language: Language = Language.FRENCH, **decided: object) -> int:
        with at() as desk:
            desk.site = replace(desk.site, plugins=frozenset({"bike_hire"}))
            desk.session.add(SitePlugin(name="bike_hire", state="on", since_at=NOW, prepared=True))
            decide(desk.session, "bike_hire", decided, desk.today, None)
            make_fleet(desk)
            home = desk.add(Household(code="F-1"))
            year = {"starts_on": date(2026, 1, 1), "ends_on": date(2027, 1, 1)}
            desk.add(Membership(household=home, **year))
            theo = desk.add(
                Resident(
                    given_name="Théo",
                    family_name="Ritter",
                    household=home,
                    card_code="C-1",
                    language=language,
                )
            )
            bike = desk.session.scalars(select(Bike).where(Bike.code == "V07")).one()
            return actions.lend(
                desk,
                bike,
                resident=theo,
                due_at=desk.now + timedelta(days=7),
                before=CHECKED,
                deposit=DepositForm.CASH,
            ).id

    return lend


def loan_of(desk: Desk, id: int) -> Loan:
    return desk.session.get_one(Loan, id)


def next_act(desk: Desk, loan: Loan) -> str:
    step = plugin.scanned(desk, slip_code(loan))
    assert step is not None
    return step.act.name


def cards_of(desk: Desk, loan: Loan) -> list[str]:
    return [each.step.act.name for each in plugin.bikes_of(desk, loan.resident) if each.step]


def test_a_signed_contract_is_filed_with_one_scan(at: At, lent: Callable[..., int]) -> None:
    id = lent()
    with at() as desk:
        loan = loan_of(desk, id)

        before = next_act(desk, loan)
        actions.print_contract(desk, loan)
        printed = next_act(desk, loan)
        actions.file_contract(desk, loan)
        filed = next_act(desk, loan)

        assert (before, printed, filed) == ("take_back", "file_contract", "take_back")


def test_the_card_asks_for_the_contract_until_it_is_filed(at: At, lent: Callable[..., int]) -> None:
    id = lent()
    with at() as desk:
        loan = loan_of(desk, id)

        to_print = cards_of(desk, loan)
        actions.print_contract(desk, loan)
        to_file = cards_of(desk, loan)
        actions.file_contract(desk, loan)

        assert to_print == ["take_back", "print_contract"]
        assert to_file == ["take_back", "file_contract"]
        assert cards_of(desk, loan) == ["take_back"]
        assert not rules.contract_prints(loan)


def test_a_site_that_signs_nothing_is_asked_for_nothing(at: At, lent: Callable[..., int]) -> None:
    id = lent(contract=False)
    with at() as desk:
        loan = loan_of(desk, id)

        assert cards_of(desk, loan) == ["take_back"]
        actions.take_back(desk, loan)
        assert loan.return_slip is Paper.NONE


def test_a_return_slip_is_signed_where_the_site_wants_it(at: At, lent: Callable[..., int]) -> None:
    id = lent(return_slip=True)
    with at() as desk:
        loan = loan_of(desk, id)
        actions.take_back(desk, loan)

        wanted = loan.return_slip
        actions.print_return(desk, loan)
        printed = next_act(desk, loan)
        actions.file_return(desk, loan)

        assert (wanted, printed) == (Paper.TO_PRINT, "file_return")
        assert next_act(desk, loan) == "lend"  # already back since, then the next loan


def test_a_parent_signs_with_who_may_be_a_minor(at: At, lent: Callable[..., int]) -> None:
    id = lent()
    with at() as desk:
        loan = loan_of(desk, id)
        signers = []
        for year in (None, desk.today.year - 30, desk.today.year - 18, desk.today.year - 12):
            loan.resident.birth_year = year
            signers.append(len(papers.contract_of(desk, loan).signers))

        assert signers == [2, 2, 3, 3]


def test_a_site_s_own_sentences_stand_in_the_contract(at: At, lent: Callable[..., int]) -> None:
    id = lent(terms="Casque conseillé.\n\nPas de sable.")
    with at() as desk:
        terms = papers.contract_of(desk, loan_of(desk, id)).terms

        assert [str(each) for each in terms] == ["Casque conseillé.", "Pas de sable."]


def test_the_paper_says_what_is_agreed_in_both_languages(
    browser: Browser, lent: Callable[..., int]
) -> None:
    id = lent(language=Language.ENGLISH)
    shown = browser.sends(f"/ampere/desk/bike_hire/loan/{id}/print_contract")
    paper = words_of(shown)

    assert "Prêt d’un vélo" in paper
    assert "Loan of a bike" in paper
    assert f"BIKE_HIRE_LOAN-{id}" in paper
    assert "150,00 €" in paper
    assert 'lang="en"' in shown
    assert "print.js" in shown
