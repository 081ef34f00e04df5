"""The box of deposits equals its register, and a count says by name what is missing or too many."""

from palier.context import Context
from palier.receipts.box import missing_of, read_box
from palier.receipts.deposits import give_deposit_back, hold_deposit
from palier.receipts.models import DepositForm
from palier.testing.caretaker import Browser, words_of
from palier.testing.plugin import At
from palier.testing.till import counts_the_till, make_resident
from palier.text import Cents
from palier.visits.models import Visit

BOX = "/ampere/desk/receipts/box"


def leaves(desk: Context, code: str, cents: int, reference: str | None = None) -> Visit:
    """Let someone leave a deposit: a cheque with its number, else cash."""
    resident = make_resident(desk, code)
    thing = desk.add(Visit(at=desk.now, on=desk.today, resident=resident))
    form = DepositForm.CHEQUE if reference else DepositForm.CASH
    hold_deposit(desk, thing, Cents(cents), form, reference)
    return thing


def test_the_box_is_what_the_ledgers_say(at: At) -> None:
    with at() as desk:
        leaves(desk, "B1", 15000, "0045128")
        gone = leaves(desk, "B2", 10000, "0045129")
        leaves(desk, "B3", 2000)
        give_deposit_back(desk, gone)

        box = read_box(desk)

    assert [(each.form, each.cents, each.ledger_cents) for each in box] == [
        (DepositForm.CHEQUE, 15000, 15000),
        (DepositForm.CASH, 2000, 2000),
    ]


def test_what_is_not_ticked_is_missing_by_name(at: At) -> None:
    with at() as desk:
        leaves(desk, "B1", 15000, "0045128")
        leaves(desk, "B3", 2000)
        box = read_box(desk)
        there = str(box[1].deposits[0].id)

        missing = missing_of(box, there)

    assert [str(each).split(":")[0] for each in missing] == ["€150.00, Cheque 0045128"]


def test_the_page_compares_what_was_ticked_and_what_is_strange(at: At, browser: Browser) -> None:
    empty = words_of(browser.opens(BOX))
    with at() as desk:
        leaves(desk, "B1", 15000, "0045128")
        gone = leaves(desk, "B2", 10000, "0045129")
        leaves(desk, "B3", 2000)
        give_deposit_back(desk, gone)
        ids = [each.id for part in read_box(desk) for each in part.deposits]

    whole = words_of(browser.opens(f"{BOX}?counted=1&there={ids[0]}&there={ids[1]}"))
    wrong = words_of(browser.opens(f"{BOX}?counted=1&there={ids[0]}&others=0045129+7777777"))

    assert "The box is empty." in empty
    assert "The box holds what it should." in whole
    assert "€20.00, Cash : Rose Kern" in wrong
    assert "Cheque 0045129: Rose Kern should have it back" in wrong
    assert "Cheque 7777777: nobody left it here." in wrong


def test_the_till_page_says_its_state_and_the_next_act(at: At, browser: Browser) -> None:
    before = browser.opens("/ampere/desk/receipts/till")
    counts_the_till(at)
    after = browser.opens("/ampere/desk/receipts/till")

    assert "Count and close" in words_of(before)
    assert "Turnover: €0.00" in words_of(before)
    assert "Till closed" in words_of(after)
    assert "till_session/open_till?" in after
    assert "receipt/close_day?" in after
