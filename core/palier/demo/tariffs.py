"""Brackets, the fund behind them, a household with a paper, another with something on its tab."""

from datetime import datetime, timedelta

from sqlalchemy import select

from palier.demo.people import Home
from palier.demo.roster import serving
from palier.demo.scene import Scene
from palier.desk.membership import sell_membership
from palier.receipts.actions import add_reduced_price, open_fund, pay, put_in
from palier.receipts.models import Funder, PayMode, Price
from palier.residents.actions import note_bracket
from palier.residents.models import Bracket, Colour, Household
from palier.text import Cents

FUND, FUNDER = "Fonds de solidarité", "Ville de Strasbourg"
PAID_IN = Cents(60000)
# A bracket's paper, and how many quarters of the full price it pays.
BRACKETS = {
    Colour.GREEN: ("A", "Quotient familial jusqu’à 500", 2),
    Colour.BLUE: ("B", "Quotient familial jusqu’à 800", 3),
}
ON_TAB = Cents(335)


def set_tariffs(moment: Scene, at: datetime) -> None:
    """Make two brackets that pay less for bikes, and the fund that pays the rest."""
    desk, first = moment.desk, moment.desk.today
    fund = moment.does("sonia", open_fund, None, at, label=FUND)
    funder = desk.add(Funder(name=FUNDER))
    moment.does("sonia", put_in, fund, at, cents=PAID_IN, funder=funder)
    hired = select(Price).where(Price.item.startswith("bike_hire."), Price.bracket_id.is_(None))
    rows = desk.all(hired.where(~Price.item.endswith("late_fee")).order_by(Price.id))
    for position, (colour, (code, label, quarters)) in enumerate(BRACKETS.items(), start=1):
        bracket = desk.add(Bracket(code=code, colour=colour, label=label, position=position))
        for row in rows:
            values = {"bracket": bracket, "fund_ledger": fund, "valid_from": first}
            cents = Cents(row.cents * quarters // 4)
            moment.does("sonia", add_reduced_price, row, at, cents=cents, **values)


def see_paper(moment: Scene, at: datetime, *, home: Home) -> None:
    """Note the green paper that a household shows."""
    desk = moment.desk
    green = desk.session.scalars(select(Bracket).where(Bracket.colour == Colour.GREEN)).one()
    until = moment.desk.today + timedelta(days=365)
    values = {"bracket": green, "bracket_until": until}
    moment.does(serving(at), note_bracket, _household(moment, home), at, **values)


def pay_later(moment: Scene, at: datetime, *, home: Home) -> None:
    """Sell a year, paid in coins but for what goes on the tab."""
    household, person = _household(moment, home), moment.resident(home.people[0])
    who = serving(at)
    moment.does(who, sell_membership, household, at)
    coins = {"mode": PayMode.TAB, "given": ON_TAB, "second_mode": PayMode.CASH}
    moment.does(who, pay, person, at + timedelta(seconds=30), **coins)


def _household(moment: Scene, home: Home) -> Household:
    query = select(Household).where(Household.code == home.code)
    return moment.desk.session.scalars(query).one()
