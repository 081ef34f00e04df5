"""Who asks and where: two statements for every request, rights kept per revision of the site."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.exc import DBAPIError

from palier.accounts.models import Account, PermissionOverride, SignIn, Staff, StaffSkill
from palier.accounts.passwords import digest
from palier.accounts.rules import ROLES, role_on, works_on
from palier.context import Actor, Place, Role
from palier.db.engine import Database
from palier.db.scope import SiteSession
from palier.receipts.models import TillSession
from palier.sites.models import Site, SitePlugin
from palier.web.wrapper import SignedIn, is_idle

# Which till is open, in the statement that asks who and where: every page says it in its bar.
TILL = select(func.min(TillSession.id)).where(TillSession.closed_at.is_(None)).scalar_subquery()
Overrides = dict[tuple[int, str], bool]
log = structlog.get_logger("palier.accounts")


def overrides_of(session: SiteSession) -> Overrides:
    """Return what the site decided of its roles: one statement."""
    return {
        (int(Role[each.role.upper()]), each.permission): each.allowed
        for each in session.scalars(select(PermissionOverride))
    }


class AccountIdentity:
    """Answers the wrapper's two questions. What a site switched is kept until its revision grows."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[int, frozenset[str], Overrides]] = {}

    def site_and_account(
        self, session: SiteSession, slug: str, token: str, now: datetime
    ) -> tuple[Place | None, SignedIn | None]:
        """Read site, session and account in one statement."""
        # A desk code is worth something at its own site only, and where that site trains.
        sites = SignIn.terminal_site_id.in_((Site.id, Site.twin_of))
        here = or_(SignIn.by_code.is_(False), sites)
        valid = and_(SignIn.token_hash == digest(token), SignIn.expires_at > now, here)
        query = (
            select(
                Site.id,
                Site.slug,
                Site.name,
                Site.kind,
                Site.timezone,
                Site.locale,
                Site.theme,
                Site.revision,
                Site.operator_id,
                SignIn.id,
                SignIn.seen_at,
                Account.id,
                Account.name,
                Account.locale,
                Account.network_role,
                SignIn.terminal_id,
                SignIn.terminal_site_id,
                SignIn.by_code,
                SignIn.locks_after,
            )  # fmt: skip
            .select_from(Site)
            .outerjoin(SignIn, valid)
            .outerjoin(
                Account, and_(Account.id == SignIn.account_id, Account.disabled_at.is_(None))
            )
            .where(Site.slug == slug)
        )
        row = session.execute(query).first()
        return (None, None) if row is None else (_place(row), _signed(row, token, now))

    def rights(
        self, session: SiteSession, place: Place, signed: SignedIn, now: datetime
    ) -> tuple[Place, Actor]:
        """Read the role and skills in one statement; switches only when the revision grew."""
        day = now.astimezone(place.zone).date()
        query = (
            select(
                Staff.id,
                Staff.role,
                Staff.next_role,
                Staff.next_role_from,
                Staff.person_code,
                Staff.name,
                StaffSkill.skill,
                TILL.label("till"),
            )
            .outerjoin(
                StaffSkill,
                and_(StaffSkill.staff_id == Staff.id, StaffSkill.site_id == Staff.site_id),
            )
            .where(Staff.account_id == signed.account_id, works_on(day))
        )
        rows = session.execute(query).all()
        plugins, overrides = self._switched(session, place)
        is_open = None if not rows else rows[0].till is not None
        place = replace(place, plugins=plugins, till_open=is_open)
        actor = Actor(signed.name, signed.account_id, admin=signed.admin, overrides=overrides)
        if not rows:
            return place, actor
        skills = frozenset(row.skill for row in rows if row.skill)
        roles = [ROLES[role_on(day, row[1], row[2], row[3])] for row in rows]
        first = rows[roles.index(max(roles))]
        return place, replace(
            actor,
            name=first.name,
            role=max(roles),
            staff_id=first.id,
            person_code=first.person_code,
            skills=skills,
        )

    def switched(self, session: SiteSession, place: Place) -> Place:
        """Return the site with its plugins; a statement only when its revision grew."""
        return replace(place, plugins=self._switched(session, place)[0])

    def _switched(self, session: SiteSession, place: Place) -> tuple[frozenset[str], Overrides]:
        known = self._known.get(place.id)
        if known is None or known[0] != place.revision:
            on = select(SitePlugin.name).where(SitePlugin.state == "on")
            plugins = frozenset(session.scalars(on))
            overrides = overrides_of(session)
            known = self._known[place.id] = (place.revision, plugins, overrides)
        return known[1], known[2]

    def touch(self, database: Database, signed: SignedIn, now: datetime) -> None:
        """Note that the session was used, in a transaction of its own."""
        seen = update(SignIn).where(SignIn.id == signed.sign_in_id).values(seen_at=now)
        try:
            with database.write() as session:
                session.execute(seen)
        except DBAPIError:
            # The page is read already: a full disk or a busy database takes it from nobody.
            log.warning("session not touched", exc_info=True)


def _place(row: Any) -> Place:
    return Place(
        row[0], row[1], row[2], row[3].value, ZoneInfo(row[4]), row[5], row[6], row[7], row[8]
    )


def _signed(row: Any, token: str, now: datetime) -> SignedIn | None:
    if row[9] is None or row[11] is None:
        return None
    if is_idle(row[10], row[18], now):
        return None
    return SignedIn(
        row[11], row[12], row[13], token, row[9], row[10],
        admin=row[14] == "admin",
        on_device=row[15] is not None,
        terminal_id=row[15] if row[16] == row[0] else None,
        by_code=row[17],
        locks_after=row[18],
    )  # fmt: skip


def place_of(session: SiteSession, slug: str) -> Place | None:
    """Return a site with the services that are on, for commands and jobs; enters its scope."""
    site = session.scalars(select(Site).where(Site.slug == slug)).first()
    if site is None:
        return None
    session.enter(site.id)
    on = frozenset(session.scalars(select(SitePlugin.name).where(SitePlugin.state == "on")))
    return Place(
        site.id, site.slug, site.name, site.kind.value, ZoneInfo(site.timezone), site.locale,
        site.theme, site.revision, site.operator_id, on,
    )  # fmt: skip
