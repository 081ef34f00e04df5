"""The training twin of a site: made at the first key, entered by who works there, made anew."""

import shutil
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.orm import aliased

from palier import hookspecs
from palier.accounts.models import Staff, StaffSkill
from palier.context import Context
from palier.db.scope import SiteSession
from palier.demo.arranging import move_in
from palier.demo.people import BENALI, HADDAD, NGUYEN, RITTER, Home, named_people
from palier.errors import Refused
from palier.house import House
from palier.receipts.actions import put_in
from palier.receipts.models import Fund, Funder
from palier.residents.actions import note_bracket
from palier.residents.models import Bracket, Household, Membership
from palier.residents.rules import year_from
from palier.sites.models import Site, SiteKind
from palier.text import Cents, _
from palier.training.copying import Copying, remove_rows

ENDING = "-essai"
LONGEST = 40
PRACTICE, FUNDER = Cents(50000), "Entraînement"
MEMBERS = (RITTER, BENALI, NGUYEN, HADDAD)


class NoTwinOfATwin(Refused):
    text = _("This is already for training. Go back to the desk first.")


class NoTwinThere(Refused):
    text = _("%(slug)s has no training site. It is made when someone presses the key for it.")


def twin_slug(slug: str) -> str:
    """Return the address of a site's twin."""
    return f"{slug[: LONGEST - len(ENDING)]}{ENDING}"


def open_twin(house: House, slug: str) -> str:
    """Return the address of a site's twin, made when there is none yet.

    It has the site's settings, prices, people on the team and things; its residents are invented.
    Who joined the team since may enter too. Raises `NoTwinOfATwin`, `NotThere` by way of the site.
    """
    with house.database.across_sites("training twin", write=True) as session:
        live = session.scalars(select(Site).where(Site.slug == slug)).one()
        if live.kind is SiteKind.TRAINING:
            raise NoTwinOfATwin
        twin = _twin_of(session, live)
        if twin is not None:
            _let_in_the_new(session, live, twin)
            return twin.slug
        twin = _made(session, live, house.clock())
        made = twin.slug
        Copying(session, live.id, twin.id).copy()
    _people(house, made)
    return made


def remove_twin(house: House, slug: str) -> int:
    """Take a site's twin away, with every row and file of it; return how many rows went.

    Raises `NoTwinThere`.
    """
    with house.database.across_sites("training twin removed", write=True) as session:
        live = session.scalars(select(Site).where(Site.slug == slug)).first()
        twin = _twin_of(session, live) if live is not None else None
        if twin is None:
            raise NoTwinThere(slug=slug)
        folder = house.settings.closings / twin.slug
        gone = remove_rows(session, twin.id)
        session.delete(twin)
    shutil.rmtree(folder, ignore_errors=True)
    return gone + 1


def live_site_of(house: House, slug: str) -> str | None:
    """Return the address of the site that a twin stands for; None for one that is no twin."""
    twin = aliased(Site)
    query = select(Site.slug).join(twin, twin.twin_of == Site.id).where(twin.slug == slug)
    with house.database.read() as session:
        return session.scalars(query).first()


def _twin_of(session: SiteSession, live: Site) -> Site | None:
    return session.scalars(select(Site).where(Site.twin_of == live.id)).first()


def _made(session: SiteSession, live: Site, now: datetime) -> Site:
    names = ("name", "operator_id", "address", "timezone", "locale", "department", "local_law")
    kept = {name: getattr(live, name) for name in (*names, "qpv_code", "theme", "state")}
    twin = Site(
        slug=twin_slug(live.slug),
        kind=SiteKind.TRAINING,
        twin_of=live.id,
        # A number that no twin had before: what a process remembers of an older one is not this.
        revision=int(now.timestamp()),
        **kept,
    )
    session.add(twin)
    session.flush()
    return twin


def _let_in_the_new(session: SiteSession, live: Site, twin: Site) -> None:
    """Copy who joined the team since the twin was made, with what they have learnt."""
    staff, skills = Staff.__table__, StaffSkill.__table__
    there = select(staff.c.account_id).where(staff.c.site_id == twin.id)
    mine = staff.c.site_id == live.id, staff.c.account_id.not_in(there)
    for row in session.execute(select(staff).where(*mine)).mappings().all():
        values = {**row, "site_id": twin.id}
        learnt = select(skills.c.skill).where(skills.c.staff_id == values.pop("id"))
        made = session.execute(insert(Staff).values(values).returning(Staff.id)).scalar_one()
        for skill in session.scalars(learnt).all():
            session.execute(insert(StaffSkill).values(site_id=twin.id, staff_id=made, skill=skill))


def _people(house: House, slug: str) -> None:
    """Let invented residents move in, some of them members, and each service show what it does."""
    homes = named_people(house.clock().year)
    move_in(house, slug, homes, set(), house.clock())
    with house.at(slug, "training") as desk:
        for at in MEMBERS:
            _join(desk, homes[at])
        _reduce(desk, homes[RITTER])
        for service in house.registry.services():
            if service.works and service.name in desk.site.plugins:
                house.hooks.answer(hookspecs.demo, desk, only=service.name)


def _reduce(desk: Context, home: Home) -> None:
    """Let every fund have money to practise with, and a household the first bracket's paper."""
    for fund in desk.all(select(Fund).order_by(Fund.id)):
        funder = desk.session.scalars(select(Funder).order_by(Funder.id)).first()
        put_in(desk, fund, cents=PRACTICE, funder=funder or desk.add(Funder(name=FUNDER)))
    bracket = desk.session.scalars(select(Bracket).order_by(Bracket.position, Bracket.id)).first()
    if bracket is not None:
        until = year_from(desk.today)
        note_bracket(desk, _household(desk, home), bracket=bracket, bracket_until=until)


def _household(desk: Context, home: Home) -> Household:
    return desk.session.scalars(select(Household).where(Household.code == home.code)).one()


def _join(desk: Context, home: Home) -> None:
    household = _household(desk, home)
    ends = year_from(desk.today)
    desk.add(Membership(household=household, starts_on=desk.today, ends_on=ends))
