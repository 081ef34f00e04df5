"""Desk codes as they are kept: one for each person of a site, found by its digest."""

from datetime import date
from typing import NamedTuple

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from palier.accounts.models import Account, DeskCode, SignIn, Staff
from palier.accounts.rules import PURPOSE, CodeCannotBeUsed, code_digest, works_on
from palier.context import Context, key_for
from palier.db.scope import SiteSession


class Known(NamedTuple):
    """Whose code it is."""

    account_id: int
    locale: str


def keep_code(desk: Context, staff: Staff, code: str) -> None:
    """Let a person have this code at the site. Raises `CodeCannotBeUsed` where someone has it."""
    made = code_digest(desk.own_key(PURPOSE), desk.site.id, code)
    _free_of_those_gone(desk, made)
    row = desk.session.get(DeskCode, (desk.site.id, staff.id), with_for_update=True)
    if row is None:
        row = DeskCode(staff_id=staff.id)
        desk.session.add(row)
    row.digest, row.set_at = made, desk.now
    try:
        desk.session.flush()
    except IntegrityError as error:
        raise CodeCannotBeUsed from error


def _free_of_those_gone(desk: Context, made: str) -> None:
    """Give back a code that only someone has who works here no more."""
    gone = select(Staff.id).where(Staff.valid_to <= desk.today)
    theirs = delete(DeskCode).where(DeskCode.digest == made, DeskCode.staff_id.in_(gone))
    desk.session.execute(theirs.execution_options(synchronize_session=False))


def forget_code(desk: Context, staff: Staff) -> bool:
    """Take a person's code away, and end what it opened; return whether there was one."""
    row = desk.session.get(DeskCode, (desk.site.id, staff.id))
    if row is None:
        return False
    desk.session.delete(row)
    opened = (
        SignIn.account_id == staff.account_id,
        SignIn.by_code,
        SignIn.terminal_site_id == desk.site.id,
    )
    desk.session.execute(delete(SignIn).where(*opened))
    return True


def whose(session: SiteSession, secret: bytes, code: str, day: date) -> Known | None:
    """Return who has this code at the session's site, works there today and may sign in."""
    site_id = session.site_id or 0
    made = code_digest(key_for(secret, PURPOSE), site_id, code)
    query = (
        select(Account.id, Account.locale)
        .join(Staff, Staff.account_id == Account.id)
        .join(DeskCode, DeskCode.staff_id == Staff.id)
        .where(
            DeskCode.digest == made,
            Account.disabled_at.is_(None),
            works_on(day),
        )
    )
    row = session.execute(query).first()
    return None if row is None else Known(row.id, row.locale)
