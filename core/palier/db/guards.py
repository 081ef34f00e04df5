"""What the database itself refuses: made again from this one place after every migration.

An Alembic batch rebuild on SQLite drops triggers in silence, so `install` runs after each upgrade
and `missing` is asked at every start.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Table, text

from palier.db.following import on_postgresql, on_sqlite
from palier.db.records import Base, SiteRecord, SiteRow


@dataclass(frozen=True)
class Guard:
    """A named rule of one table. `sqlite` and `postgresql` are the statements that make it.

    On SQLite each is one trigger; on PostgreSQL statements that can be run again.
    """

    name: str
    table: str
    sqlite: Sequence[str] = ()
    postgresql: Sequence[str] = ()


_more: list[Guard] = []


def add_guard(guard: Guard) -> None:
    """Add a table's own rule; the package that owns the table says so in its models.py."""
    _more.append(guard)


def guards(tables: Iterable[Table] | None = None) -> Iterator[Guard]:
    """Yield every rule of these tables, of all by default."""
    wanted = {each.name for each in (Base.metadata.sorted_tables if tables is None else tables)}
    for mapper in sorted(Base.registry.mappers, key=lambda m: m.local_table.name):  # type: ignore[attr-defined]
        kind, table = mapper.class_, mapper.local_table
        if not isinstance(table, Table) or table.name not in wanted:
            continue
        if issubclass(kind, SiteRecord) and kind.issued:
            yield _append_only(table, kind.loose)
        if "norm" in table.c:
            yield _searched(table)
        if "site_id" in table.c:
            yield _walled(table)
        if issubclass(kind, SiteRow) and not getattr(kind, "stays", False):
            yield from _led(table, issued=getattr(kind, "issued", False))
    yield from (each for each in _more if each.table in wanted)


def install(connection: Connection) -> None:
    """Make every rule of the tables that exist; run again, it changes nothing."""
    existing = _tables(connection)
    if connection.dialect.name == "postgresql":
        for each in guards():
            if each.table in existing:
                for statement in each.postgresql:
                    connection.execute(text(statement))
        return
    kept = _written(connection)
    for each in guards():
        if each.table in existing:
            _install_here(connection, each, kept)


def _install_here(connection: Connection, guard: Guard, kept: Mapping[str, str]) -> None:
    """Make what SQLite lacks of a rule; a trigger that says something else is made anew."""
    lacking = [each for each in _triggers(guard) if not _is_kept(each, kept)]
    for statement in lacking:
        connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {_trigger_name(statement)}")
    for statement in guard.sqlite:
        connection.exec_driver_sql(statement)
    if guard.name == "words" and lacking:
        # What was written while nothing watched is not in the index.
        words = f"{guard.table}_words"
        connection.exec_driver_sql(f"INSERT INTO {words}({words}) VALUES ('rebuild')")


def _is_kept(statement: str, kept: Mapping[str, str]) -> bool:
    stored = kept.get(_trigger_name(statement))
    return stored == statement.replace("IF NOT EXISTS ", "", 1)


def let_go(connection: Connection) -> None:
    """Drop the rules that name another table: while one stands, SQLite renames none of the two.

    A batch rebuild does rename. `install` makes them again after the upgrade.
    """
    if connection.dialect.name == "sqlite":
        for name in _written(connection):
            if "_follow_" in name:
                connection.exec_driver_sql(f"DROP TRIGGER {name}")


def _written(connection: Connection) -> dict[str, str]:
    """Return SQLite's triggers by name, as they were written."""
    query = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
    return {str(name): str(sql) for name, sql in connection.exec_driver_sql(query)}


def missing(connection: Connection) -> list[str]:
    """Return the names of the rules a database lacks, of the tables it has."""
    existing = _tables(connection)
    here = [each for each in guards() if each.table in existing]
    if connection.dialect.name == "sqlite":
        kept = _written(connection)
        lacking = (g for g in here if not all(_is_kept(s, kept) for s in _triggers(g)))
    else:
        present = _present(connection)
        lacking = (g for g in here if g.postgresql and f"{g.table}_{g.name}" not in present)
    return [f"{each.table}.{each.name}" for each in lacking]


def _triggers(guard: Guard) -> list[str]:
    return [each for each in guard.sqlite if "TRIGGER" in each]


def _trigger_name(statement: str) -> str:
    words = statement.split()
    return words[words.index("EXISTS") + 1]


def _present(connection: Connection) -> set[str]:
    query = (
        "SELECT tgname FROM pg_trigger UNION SELECT polname FROM pg_policy"
        " UNION SELECT conname FROM pg_constraint UNION SELECT relname FROM pg_class"
    )
    return {str(row[0]) for row in connection.execute(text(query))}


def _tables(connection: Connection) -> set[str]:
    if connection.dialect.name == "sqlite":
        query = "SELECT name FROM sqlite_master WHERE type = 'table'"
    else:
        query = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
    return {str(row[0]) for row in connection.execute(text(query))}


def _append_only(table: Table, loose: Sequence[str]) -> Guard:
    """Refuse UPDATE but of the link columns, and DELETE but at a training or demonstration site."""
    fixed = [column.name for column in table.c if column.name not in loose]
    name = table.name
    changed_lite = " OR ".join(f'OLD."{each}" IS NOT NEW."{each}"' for each in fixed)
    changed_pg = " OR ".join(
        f'OLD."{each}"::text IS DISTINCT FROM NEW."{each}"::text' for each in fixed
    )
    live = "(SELECT kind FROM site WHERE id = OLD.site_id) = 'live'"
    words = f"{name} is append-only"
    lite = (
        f'CREATE TRIGGER IF NOT EXISTS {name}_keep_update BEFORE UPDATE ON "{name}"'
        f" WHEN {changed_lite} BEGIN SELECT RAISE(ABORT, '{words}'); END",
        f'CREATE TRIGGER IF NOT EXISTS {name}_keep_delete BEFORE DELETE ON "{name}"'
        f" WHEN {live} BEGIN SELECT RAISE(ABORT, '{words}'); END",
    )
    function = (
        f"CREATE OR REPLACE FUNCTION {name}_keep() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        f" IF TG_OP = 'UPDATE' THEN IF {changed_pg} THEN RAISE EXCEPTION '{words}'; END IF;"
        f" RETURN NEW; END IF; IF {live} THEN RAISE EXCEPTION '{words}'; END IF; RETURN OLD; END $$"
    )
    trigger = (
        f'CREATE OR REPLACE TRIGGER {name}_keep BEFORE UPDATE OR DELETE ON "{name}"'
        f" FOR EACH ROW EXECUTE FUNCTION {name}_keep()"
    )
    return Guard("keep", name, lite, (function, trigger))


def _searched(table: Table) -> Guard:
    """Keep the trigram index beside a table that is searched by words."""
    name = table.name
    fts = f"{name}_words"
    lite = (
        f"CREATE VIRTUAL TABLE IF NOT EXISTS {fts} USING fts5"
        f"(norm, content='{name}', content_rowid='id', tokenize='trigram')",
        f'CREATE TRIGGER IF NOT EXISTS {fts}_in AFTER INSERT ON "{name}" BEGIN'
        f" INSERT INTO {fts}(rowid, norm) VALUES (NEW.id, NEW.norm); END",
        f'CREATE TRIGGER IF NOT EXISTS {fts}_out AFTER DELETE ON "{name}" BEGIN'
        f" INSERT INTO {fts}({fts}, rowid, norm) VALUES ('delete', OLD.id, OLD.norm); END",
        f'CREATE TRIGGER IF NOT EXISTS {fts}_new AFTER UPDATE OF norm ON "{name}" BEGIN'
        f" INSERT INTO {fts}({fts}, rowid, norm) VALUES ('delete', OLD.id, OLD.norm);"
        f" INSERT INTO {fts}(rowid, norm) VALUES (NEW.id, NEW.norm); END",
        f'CREATE INDEX IF NOT EXISTS {fts}_norm ON "{name}" (site_id, norm)',
    )
    return Guard("words", name, lite, _trigrams(name))


def _trigrams(name: str) -> tuple[str, ...]:
    """Return PostgreSQL's index, and the function that asks it.

    The wall around a site is looked at before any LIKE, so that no index on words could serve the
    application's role. The function is the owner's and looks at the site itself: it gives nothing
    but keys, of the site that the transaction has entered.
    """
    here = "nullif(current_setting('palier.site_id', true), '')::bigint"
    return (
        "CREATE EXTENSION IF NOT EXISTS btree_gin",
        "DO $$ BEGIN IF EXISTS (SELECT FROM pg_class c JOIN pg_am a ON a.oid = c.relam"
        f" WHERE c.relname = '{name}_words' AND a.amname = 'gist')"
        f" THEN DROP INDEX {name}_words; END IF; END $$",
        f'CREATE INDEX IF NOT EXISTS {name}_words ON "{name}"'
        " USING gin (site_id, norm gin_trgm_ops)",
        f"CREATE OR REPLACE FUNCTION {name}_fits(likes text[], fits text) RETURNS bigint[]"
        " LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS"
        f' $$ SELECT ARRAY(SELECT id FROM "{name}" WHERE site_id = {here}'
        # Not to be asked of the index: to take such an expression apart costs it seconds.
        " AND norm LIKE ANY (likes) AND (fits = '' OR norm || '' ~ fits)) $$",
    )


def _led(table: Table, *, issued: bool) -> Iterator[Guard]:
    """Lead what is written for a merged record to the one that was kept."""
    if lite := on_sqlite(table, issued=issued):
        yield Guard("follow", table.name, lite, on_postgresql(table, issued=issued))


def _walled(table: Table) -> Guard:
    """Row-level security: a net under a forgotten filter, no defence against hostile SQL."""
    name = table.name
    site = "site_id = nullif(current_setting('palier.site_id', true), '')::bigint"
    return Guard(
        "wall",
        name,
        (),
        (
            f'ALTER TABLE "{name}" ENABLE ROW LEVEL SECURITY',
            f'DROP POLICY IF EXISTS {name}_wall ON "{name}"',
            f'DROP POLICY IF EXISTS {name}_network ON "{name}"',
            f'CREATE POLICY {name}_wall ON "{name}" TO palier_app USING ({site})'
            f" WITH CHECK ({site})",
            f'CREATE POLICY {name}_network ON "{name}" TO palier_network USING (true)'
            " WITH CHECK (true)",
        ),
    )
