"""The first wall between sites: every statement of a session is bound to its site."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Executable, TextClause, event, inspect, text
from sqlalchemy.orm import ORMExecuteState, Session, with_loader_criteria
from sqlalchemy.orm.session import SessionTransaction
from sqlalchemy.sql import visitors

from palier.db.records import Base, SiteRow
from palier.errors import NoSiteInScope, WrongSite


class SiteSession(Session):
    """A session of one site. Made by `Database`, never by hand."""

    @property
    def site_id(self) -> int | None:
        """The site in scope; None before it is known, and across sites."""
        found: int | None = self.info.get("site_id")
        return found

    @property
    def across(self) -> bool:
        """Whether this session was opened by `across_sites`."""
        return bool(self.info.get("across"))

    @property
    def writes(self) -> bool:
        """Whether its transaction may change something."""
        options = self.get_bind().get_execution_options()
        return bool(options.get("palier_write"))

    def enter(self, site_id: int) -> None:
        """Bind what follows to one site; on PostgreSQL the database hears of it as well."""
        self.info["site_id"] = site_id
        self.info["criteria"] = with_loader_criteria(
            SiteRow,
            lambda cls: cls.site_id == site_id,
            include_aliases=True,
            propagate_to_loaders=False,
        )
        connection = self.connection()
        if connection.dialect.name == "postgresql":
            setting = text("SELECT set_config('palier.site_id', :site, true)")
            connection.execute(setting, {"site": str(site_id)})


def scoped_tables() -> frozenset[str]:
    """Return the names of the tables whose rows belong to one site."""
    return frozenset(name for name, table in Base.metadata.tables.items() if "site_id" in table.c)


def _tables_in(statement: Executable) -> Iterable[str]:
    for element in visitors.iterate(statement):  # type: ignore[arg-type]  # Executable is traversible
        if element.__visit_name__ == "table":
            yield element.name  # type: ignore[attr-defined]  # a Table has a name


def _refuse_core(state: ORMExecuteState) -> None:
    if isinstance(state.statement, TextClause):
        msg = "text SQL passes by the site filter: use across_sites(reason) or the ORM"
        raise NoSiteInScope(msg)
    named = scoped_tables().intersection(_tables_in(state.statement))
    if named:
        msg = f"Core statement on {', '.join(sorted(named))}: use the ORM, which knows the site"
        raise NoSiteInScope(msg)


def _refuse_without_site(state: ORMExecuteState) -> None:
    named = scoped_tables().intersection(_tables_in(state.statement))
    if named:
        msg = f"{', '.join(sorted(named))}: no site in scope"
        raise NoSiteInScope(msg)


def _stamped(state: ORMExecuteState, site_id: int) -> Any:
    """Give bulk inserts their site; one that names another is refused."""
    mapper = state.bind_mapper
    if mapper is None or not issubclass(mapper.class_, SiteRow):
        return None
    given = state.parameters
    if not given:
        statement = state.statement.values(site_id=site_id)  # type: ignore[attr-defined]  # an Insert
        return state.invoke_statement(statement=statement)
    rows: list[Any] = [given] if isinstance(given, dict) else list(given)
    if any(row.get("site_id", site_id) != site_id for row in rows):
        raise WrongSite(mapper.class_.__name__)
    for row in rows:
        row["site_id"] = site_id
    return None


def _moves_site(state: ORMExecuteState) -> bool:
    values = getattr(state.statement, "_values", None) or {}
    return any(getattr(column, "key", column) == "site_id" for column in values)


@event.listens_for(SiteSession, "do_orm_execute")
def within_site(state: ORMExecuteState) -> Any:
    """Add the site to every ORM statement; refuse what can't be bound to one."""
    session = state.session
    if session.info.get("across"):
        return None
    if not state.is_orm_statement:
        _refuse_core(state)
        return None
    site_id = session.info.get("site_id")
    if site_id is None:
        _refuse_without_site(state)
        return None
    if state.is_insert:
        return _stamped(state, site_id)
    if state.is_update and _moves_site(state):
        msg = "a row never moves to another site"
        raise WrongSite(msg)
    state.statement = state.statement.options(session.info["criteria"])
    return None


@event.listens_for(SiteSession, "before_flush")
def stamp_site(session: SiteSession, _context: Any, _instances: Any) -> None:
    """Give new rows their site; refuse rows of another."""
    site_id = session.info.get("site_id")
    for record in session.new:
        if isinstance(record, SiteRow):
            _stamp(record, site_id, across=session.across)
    for record in session.dirty:
        if isinstance(record, SiteRow) and inspect(record).attrs.site_id.history.has_changes():
            msg = f"{type(record).__name__} never moves to another site"
            raise WrongSite(msg)


def _stamp(record: SiteRow, site_id: int | None, *, across: bool) -> None:
    given: int | None = record.site_id
    if given is None and site_id is not None:
        record.site_id = site_id
    elif given is None or (not across and given != site_id):
        msg = f"{type(record).__name__} for site {given}, in scope is {site_id}"
        raise WrongSite(msg)


@event.listens_for(SiteSession, "after_transaction_end")
def forget_site(session: SiteSession, transaction: SessionTransaction) -> None:
    """A session never outlives its transaction: what follows has no site."""
    if transaction.parent is None:
        for name in ("site_id", "criteria"):
            session.info.pop(name, None)
