"""Adding people who sign in, and changing their passwords."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import delete, func, select

from palier.accounts.actions import clear_code, set_my_code
from palier.accounts.codes import forget_code, keep_code
from palier.accounts.models import Account, SignIn, Staff, StaffRole, StaffSkill
from palier.accounts.passwords import hash_password
from palier.accounts.rules import check_code, works_on
from palier.accounts.signing import sites_of
from palier.context import Context
from palier.db.engine import Database
from palier.db.scope import SiteSession
from palier.errors import Refused
from palier.sites.models import Site, SiteKind
from palier.text import _
from palier.trail import trace


class NoSuchPerson(Refused):
    text = _("Nobody signs in as %(login)s. `palier user list` shows everyone.")


class NoSuchWorkplace(Refused):
    text = _("There is no site called %(slug)s. `palier site list` shows them.")


class WhichSite(Refused):
    text = _("%(login)s works at none or several sites: say which with --site.")


class DoesNotWorkThere(Refused):
    text = _("%(login)s does not work at %(slug)s today.")


class WorksThere(Refused):
    text = _("%(login)s already works at %(slug)s.")


def add_person(
    database: Database,
    login: str,
    name: str,
    password: str,
    now: datetime,
    *,
    site: str = "",
    role: str = "caretaker",
    code: str = "",
    admin: bool = False,
    skills: Sequence[str] = (),
) -> str:
    """Add an account, and its role at a site; return what was done.

    Raises `PasswordTooShort`, `NoSuchWorkplace`, `WorksThere`.
    """
    login = login.strip().lower()
    hashed = hash_password(password)
    with database.write() as session:
        account = _account(session, login, name, hashed, admin=admin)
        if not site:
            return f"{login} can sign in."
        place = session.scalars(select(Site).where(Site.slug == site)).first()
        if place is None:
            raise NoSuchWorkplace(slug=site)
        session.enter(place.id)
        if session.scalars(select(Staff.id).where(Staff.account_id == account.id)).first():
            raise WorksThere(login=login, slug=site)
        staff = Staff(
            account_id=account.id,
            name=name,
            role=StaffRole[role.upper()],
            valid_from=now.astimezone(ZoneInfo(place.timezone)).date(),
            person_code=code or initials(name),
        )
        session.add(staff)
        session.flush()
        session.add_all(StaffSkill(staff_id=staff.id, skill=each) for each in skills)
    return f"{login} is {role} at {site}."


def _account(session: SiteSession, login: str, name: str, hashed: str, *, admin: bool) -> Account:
    account = session.scalars(select(Account).where(Account.login == login)).first()
    if account is None:
        account = Account(login=login, name=name, password_hash=hashed)
        account.network_role = "admin" if admin else None
        session.add(account)
        session.flush()
    return account


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


def site_of(database: Database, login: str) -> str:
    """Return the slug of the only site where someone works.

    Raises `NoSuchPerson`, `WhichSite`.
    """
    with database.read() as session:
        found = select(Account.id).where(Account.login == login.lower())
        account_id = session.scalar(found)
    if account_id is None:
        raise NoSuchPerson(login=login)
    sites = sites_of(database, account_id)
    if len(sites) != 1:
        raise WhichSite(login=login)
    return sites[0][0]


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
        select(Account.login, Account.name, Account.network_role, Site.slug, Staff.role)
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
            }
            for row in session.execute(query)
        ]
