"""Coins and notes: what a currency has, what was counted of each, what it comes to."""

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import msgspec

from palier.dated import Rows
from palier.errors import Refused
from palier.text import Cents, Money, _, show

MOST = 9999  # pieces of one kind that a drawer can hold
# "5000x2": two of 50.00; a form sends what each kind is in one value and its number in the next.
_COUNTED = re.compile(r"([0-9]{1,6})x,?[ ]*([^ ,]*)")


class NothingCounted(Refused):
    text = _("Write what was counted: the total, or each coin and note. An empty drawer is 0.")


class NotANumberOfCoins(Refused):
    text = _("%(what)s is no number of coins. Write how many there are, for instance 3.")


class NoSuchCoin(Refused):
    text = _("There is no coin or note of %(cents)s.")


class CoinsMakeAnother(Refused):
    text = _(
        "Coins and notes come to %(coins)s, the total says %(total)s. Correct one, or empty the"
        " total."
    )


class Currency(msgspec.Struct, frozen=True):
    """The notes and coins of a currency, the largest first; from `note_from` on they are notes."""

    code: str
    cents: tuple[int, ...]
    note_from: int
    valid_from: date
    source: str

    @property
    def notes(self) -> tuple[int, ...]:
        """The notes, in cents."""
        return tuple(each for each in self.cents if each >= self.note_from)

    @property
    def coins(self) -> tuple[int, ...]:
        """The coins, in cents."""
        return tuple(each for each in self.cents if each < self.note_from)


CURRENCIES = Rows(Path(__file__).parent / "data" / "denominations.toml", "currency", Currency)


def currencies() -> frozenset[str]:
    """Return the codes of the currencies whose coins are written down."""
    return frozenset(each.code for each in CURRENCIES.all)


def currency_on(code: str, day: date) -> Currency:
    """Return a currency as it is on a day. Raises `LookupError` for one that nobody wrote down."""
    held = CURRENCIES.on(day, lambda each: each.code == code)
    if held is None:
        msg = f"{code} has no coins on {day}"
        raise LookupError(msg)
    return held


def typed_coins(typed: str) -> dict[int, str]:
    """Return what was typed beside each coin and note, by its cents, as it stands there."""
    return {int(cents): number for cents, number in _COUNTED.findall(typed) if number}


def read_coins(typed: str, currency: Currency, *, field: str) -> dict[int, int]:
    """Return how many of each coin and note were counted, by its cents.

    `field` is its name in the form. Raises `NotANumberOfCoins`, `NoSuchCoin`.
    """
    found = {}
    for cents, number in typed_coins(typed).items():
        if not (number.isascii() and number.isdigit() and int(number[:6]) <= MOST):
            raise NotANumberOfCoins(what=number).beside(field)
        if cents not in currency.cents:
            raise NoSuchCoin(cents=Money(cents)).beside(field)
        if int(number):
            found[cents] = int(number)
    return found


def written_coins(counted: Mapping[int, int]) -> str:
    """Return a count as it is kept: `5000x2 100x3`, the largest first."""
    return " ".join(f"{cents}x{counted[cents]}" for cents in sorted(counted, reverse=True))


def in_words(written: str) -> str:
    """Say a count that was kept: 2 × 50.00, 3 × 1.00."""
    kept = typed_coins(written).items()
    return ", ".join(f"{number} × {show(Money(cents))}" for cents, number in kept)


def total_of(counted: Mapping[int, int]) -> Cents:
    """Return what coins and notes come to, in cents."""
    return Cents(sum(cents * number for cents, number in counted.items()))


def agreed_total(
    total: Cents | None, typed: str | None, currency: Currency, *, field: str
) -> tuple[Cents, str | None]:
    """Return what was counted in cents, and each coin as it is kept, None for a total alone.

    One of both is enough; both must say the same. `field` is the name of the total in its form.
    Raises `NothingCounted`, `CoinsMakeAnother`, and what `read_coins` refuses.
    """
    counted = read_coins(typed or "", currency, field=field.replace("_cents", "_coins"))
    if not counted:
        if total is None:
            raise NothingCounted().beside(field)
        return total, None
    coins = total_of(counted)
    if total is not None and total != coins:
        raise CoinsMakeAnother(coins=Money(coins), total=Money(total)).beside(field)
    return coins, written_coins(counted)
