"""The ledger: who takes part, what is booked, what is corrected, what a leaver's balance becomes."""

from dataclasses import dataclass

from palier.api import Desk, Minutes, Resident, Step, select

from . import rules
from .models import (
    Agreed,
    Category,
    Entry,
    Exchange,
    Hint,
    Kind,
    Limit,
    Listing,
    ListingState,
    Member,
    SuggestionState,
    VoucherState,
)
from .queries import (
    balance_of,
    given_by,
    lock_two,
    membership_of,
    open_memberships,
    suggested_with,
    unused_vouchers,
    voucher_behind,
)


@dataclass(frozen=True)
class Help:
    """What one person did for another, before it is booked."""

    giver: Resident
    receiver: Resident
    category: Category
    minutes: Minutes
    kind: Kind
    agreed: Agreed = Agreed.NOT_ASKED
    offer: Listing | None = None


def join(desk: Desk, resident: Resident) -> Member:
    """Return someone's membership, begun now where there is none. Raises `HasLeft`."""
    known = membership_of(desk, resident)
    if known is None:
        return desk.add(Member(resident=resident, joined_on=desk.today))
    if rules.has_left(known):
        raise _has_left(known)
    return known


def _has_left(member: Member) -> rules.HasLeft:
    from .actions import come_back  # late: the act that clears the way uses this ledger itself

    refusal = rules.HasLeft(who=member.resident, day=member.left_on)
    refusal.step = Step(come_back, member)
    return refusal


def book(desk: Desk, done: Help) -> Exchange:
    """Book a help once: a gift moves no balance, hours move two that sum to zero.

    Raises `OwnHelp`, `NotPositive`, `HasLeft`, `OnlyHere`, and at a site that stops there
    `BelowFloor` or `AboveCeiling`.
    """
    rules.check_help(done.giver, done.receiver, done.minutes)
    settings = desk.settings(rules.Settings)
    if done.kind not in settings.mode.kinds:
        raise rules.OnlyHere
    lock_two(desk, done.giver, done.receiver)
    join(desk, done.giver)
    join(desk, done.receiver)
    limit = _limit(desk, done, settings) if done.kind is Kind.HOURS else Limit.NONE
    return _write(desk, done, limit, hint=_hint(desk, done, settings))


def _hint(desk: Desk, done: Help, settings: rules.Settings) -> Hint:
    """Return what there is to say of this help: a sentence, never a block."""
    member = membership_of(desk, done.giver)
    now = rules.Given(done.receiver.id, done.category)
    given = [now, *given_by(desk, done.giver)]
    return rules.hint_of(given, member.trade if member else None, settings.hints)


def _limit(desk: Desk, done: Help, settings: rules.Settings) -> Limit:
    debtor, creditor = balance_of(desk, done.receiver), balance_of(desk, done.giver)
    passed = rules.limit_passed(debtor, creditor, done.minutes, settings.floor, settings.ceiling)
    if settings.over is rules.Over.STOP and passed is Limit.FLOOR:
        raise rules.BelowFloor(who=done.receiver)
    if settings.over is rules.Over.STOP and passed is Limit.CEILING:
        raise rules.AboveCeiling(who=done.giver)
    return passed


def _write(
    desk: Desk,
    done: Help,
    limit: Limit,
    *,
    hint: Hint = Hint.NONE,
    is_correction: bool = False,
) -> Exchange:
    made = desk.add(
        Exchange(
            giver=done.giver,
            receiver=done.receiver,
            category=done.category,
            kind=done.kind,
            minutes=done.minutes,
            at=desk.now,
            person_code=desk.actor.person_code,
            agreed=done.agreed,
            beyond=limit,
            hint=hint,
            offer=done.offer,
            is_correction=is_correction,
        )
    )
    if done.kind is Kind.HOURS:
        _add_entries(desk, made, done.giver, done.receiver)
    return made


def _add_entries(
    desk: Desk, made: Exchange, giver: Resident | None, receiver: Resident | None
) -> None:
    for who, minutes in ((giver, made.minutes), (receiver, Minutes(-made.minutes))):
        desk.add(Entry(exchange=made, resident=who, minutes=minutes))


def undo(desk: Desk, exchange: Exchange) -> Exchange:
    """Book the opposite of an exchange; floor and ceiling do not count. Raises `LastAct`."""
    held = desk.lock(select(Exchange).where(Exchange.id == exchange.id))
    if held is None or not rules.may_correct(held):
        raise rules.CorrectedBefore
    if held.giver is None or held.receiver is None:
        raise rules.LastAct
    lock_two(desk, held.giver, held.receiver)
    if not all(open_memberships(desk, each) for each in (held.giver, held.receiver)):
        raise rules.LastAct
    held.corrected_at = desk.now
    source = voucher_behind(desk, held) or held.offer or held
    desk.takes_back(source, held.at)
    opposite = Help(held.receiver, held.giver, held.category, held.minutes, held.kind)
    return _write(desk, opposite, Limit.NONE, is_correction=True)


def write_off(desk: Desk, resident: Resident) -> None:
    """Bring a leaver's balance to zero against the account that all share: the sum stays zero."""
    left = balance_of(desk, resident)
    if not left:
        return
    ways = (None, resident) if left > 0 else (resident, None)
    made = desk.add(
        Exchange(
            giver=ways[0],
            receiver=ways[1],
            category=Category.OTHER,
            kind=Kind.LEFT,
            minutes=Minutes(abs(left)),
            at=desk.now,
            person_code=desk.actor.person_code,
        )
    )
    _add_entries(desk, made, *ways)


def end_all(desk: Desk, resident: Resident) -> None:
    """End what somebody who leaves had begun: memberships, listings, vouchers, suggestions."""
    for member in open_memberships(desk, resident):
        member.left_on = desk.today
    running = Listing.resident == resident, Listing.state == ListingState.ACTIVE
    for listing in desk.all(select(Listing).where(*running)):
        listing.state, listing.ends_on = ListingState.ENDED, desk.today
    for voucher in unused_vouchers(desk, resident):
        voucher.state, voucher.ended_at = VoucherState.CANCELLED, desk.now
        voucher.person_code = desk.actor.person_code
    for each in suggested_with(desk, resident):
        each.state, each.left, each.ended_at = SuggestionState.DISSOLVED, resident, desk.now
