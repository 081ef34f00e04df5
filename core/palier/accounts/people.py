"""Adding people who sign in, and changing their passwords."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, delete, func, or_, select

from palier.accounts.actions import clear_code, set_my_code
from palier.accounts.codes import forget_code, keep_code
from palier.accounts.models import Account, SignIn, Staff, StaffRole, StaffSkill
from palier.accounts.passwords import hash_password
from palier.accounts.rules import check_code, works_on
from palier.accounts.signing import sites_of
from palier.acts import Act
from palier.context import Context
from palier.db.engine import Database
from palier.db.scope import SiteSession
from palier.errors import Refused
from palier.receipts.events import note_rights
from palier.sites.models import Site, SiteKind
from palier.text import _
from palier.trail import Changes, note, perform, trace


class NoSuchPerson(Refused):
    text = _("Nobody signs in as %(login)s. `palier user list` shows everyone.")


BEGUN = "accounts.edit_staff.new"  # read as "Made" in the history of the person's record


class WhichSite(Refused):
    text = _("%(login)s works at none or several sites: say which with --site.")


class DoesNotWorkThere(Refused):
    text = _("%(login)s does not work at %(slug)s today.")


class WorksThere(Refused):
    text = _("%(login)s already works at %(slug)s.")


@dataclass(frozen=True)
class Newcomer:
    """Who is to sign in; the password only as its hash."""

    login: str
    name: str
    hashed: str
    admin: bool = False


def newcomer(login: str, name: str, password: str, *, admin: bool = False) -> Newcomer:
    """Return who is to sign in: hashing takes its time before a transaction. Raises `PasswordTooShort`."""
    return Newcomer(login.strip().lower(), name, hash_password(password), admin)


def begin_work(
    desk: Context, who: Newcomer, role: StaffRole, *, code: str = "", skills: Sequence[str] = ()
) -> Staff:
    """Add an account, if there is none, and its role at the desk's site from today on.

    Who worked there before, or was disabled, may come back. Raises `WorksThere`.
    """
    changes = Changes(desk.session)
    with changes:
        account = add_account(desk.session, who)
        if desk.session.scalars(
            _not_over(desk.today).where(Staff.account_id == account.id)
        ).first():
            raise WorksThere(login=who.login, slug=desk.site.slug)
        staff = Staff(
            account_id=account.id,
            name=who.name,
            role=role,
            valid_from=desk.today,
            person_code=code or initials(who.name),
        )
        desk.add(staff)
        desk.session.add_all(StaffSkill(staff_id=staff.id, skill=each) for each in skills)
        desk.session.flush()
    note(desk, BEGUN, staff, changes=changes.found)
    note_rights(desk, staff.person_code, "begun")
    return staff


def add_account(session: SiteSession, who: Newcomer) -> Account:
    """Return the account of this login, made if there is none; from now on it opens again."""
    account = session.scalars(select(Account).where(Account.login == who.login)).first()
    if account is None:
        account = Account(login=who.login, name=who.name, password_hash=who.hashed)
        account.network_role = "admin" if who.admin else None
        session.add(account)
    account.disabled_at = None
    session.flush()
    return account


def _not_over(day: date) -> Select[Staff]:
    return select(Staff).where(or_(Staff.valid_to.is_(None), Staff.valid_to > day))


def initials(name: str) -> str:
    """Return the code that stands on receipts: "Magda Kowalska" is "MK"."""
    letters = "".join(word[0] for word in name.replace(".", " ").split())
    return (letters or name)[:8].upper()


def set_password(database: Database, login: str, password: str) -> int:
    """Change a password; return how many sessions it ended. Raises `NoSuchPerson`."""
    hashed = hash_password(password)
    with database.write() as session:
        account = session.scalars(select(Account).where(Account.login == login.lower())).first()
        if account is None:
            raise NoSuchPerson(login=login)
        account.password_hash = hashed
        open_ones = SignIn.account_id == account.id
        ended = session.scalar(select(func.count(SignIn.id)).where(open_ones)) or 0
        session.execute(delete(SignIn).where(open_ones))
    return ended


def workplaces_of(database: Database, login: str, now: datetime) -> list[str]:
    """Return the slugs of the sites where someone works today. Raises `NoSuchPerson`."""
    with database.read() as session:
        found = select(Account.id).where(Account.login == login.lower())
        account_id = session.scalar(found)
    if account_id is None:
        raise NoSuchPerson(login=login)
    return [each[0] for each in sites_of(database, account_id, now)]


def site_of(database: Database, login: str, now: datetime) -> str:
    """Return the slug of the only site where someone works.

    Raises `NoSuchPerson`, `WhichSite`.
    """
    sites = workplaces_of(database, login, now)
    if len(sites) != 1:
        raise WhichSite(login=login)
    return sites[0]


def does(desk: Context, act: Act[..., Any], login: str, **values: object) -> None:
    """Do an act of the team on who works at the desk's site now or later.

    Raises `DoesNotWorkThere`, and what the act refuses.
    """
    mine = _not_over(desk.today).join(Account, Account.id == Staff.account_id)
    staff = desk.session.scalars(mine.where(Account.login == login.lower())).first()
    if staff is None:
        raise DoesNotWorkThere(login=login, slug=desk.site.slug)
    perform(desk, act, staff, values)


def disable(database: Database, login: str, now: datetime) -> None:
    """Let someone sign in nowhere any more, and end what is open. Raises `NoSuchPerson`."""
    with database.write() as session:
        account = session.scalars(select(Account).where(Account.login == login.lower())).first()
        if account is None:
            raise NoSuchPerson(login=login)
        account.disabled_at = now
        session.execute(delete(SignIn).where(SignIn.account_id == account.id))


def change_code(desk: Context, login: str, code: str) -> None:
    """Set a person's desk code at a site; "" takes it away.

    Raises `DoesNotWorkThere`, `NotFourDigits`, `TooEasy`, `CodeCannotBeUsed`.
    """
    staff = desk.session.scalars(
        select(Staff)
        .join(Account, Account.id == Staff.account_id)
        .where(Account.login == login.lower(), works_on(desk.today))
    ).first()
    if staff is None:
        raise DoesNotWorkThere(login=login, slug=desk.site.slug)
    if code:
        keep_code(desk, staff, check_code(code))
    else:
        forget_code(desk, staff)
    done = set_my_code if code else clear_code
    trace(desk, done, staff, staff, {}, [])


def everyone(database: Database) -> list[dict[str, Any]]:
    """Return every account with its roles."""
    query = (
        select(
            Account.login, Account.name, Account.network_role, Site.slug, Staff.role, Staff.valid_to
        )
        .outerjoin(Staff, Staff.account_id == Account.id)
        .outerjoin(Site, Site.id == Staff.site_id)
        .where(Site.kind.is_distinct_from(SiteKind.TRAINING))
        .order_by(Account.login, Site.slug)
    )
    with database.across_sites("list of people") as session:
        return [
            {
                "login": row[0],
                "name": row[1],
                "site": row[3] or "",
                "role": row[4].value if row[4] else (row[2] or ""),
                "until": row[5].isoformat() if row[5] else "",
            }
            for row in session.execute(query)
        ]
