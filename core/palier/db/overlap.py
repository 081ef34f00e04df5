"""No two rows of one thing at the same time: a rule the database keeps, and how its refusal reads."""

from sqlalchemy.exc import IntegrityError

from palier.db.guards import Guard


def no_overlap(table: str, whose: str, starts: str, ends: str, *, rows: str) -> Guard:
    """Return the rule that two of these rows never share an instant `[starts, ends)`.

    `rows` says which rows count, `{}` standing before each column: `"{}.state = 'out'"`.
    """
    name = f"{table}_no_overlap"
    constraint = (
        f"DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_constraint WHERE conname = '{name}'"
        f" AND conrelid = '{table}'::regclass) THEN"
        f" ALTER TABLE {table} ADD CONSTRAINT {name} EXCLUDE USING gist"
        f" ({whose} WITH =, tstzrange({starts}, {ends}) WITH &&)"
        f" WHERE ({rows.replace('{}.', '')}); END IF; END $$"
    )
    triggers = _triggers(table, whose, starts, ends, rows, name)
    return Guard("no_overlap", table, triggers, (constraint,))


def _triggers(
    table: str, whose: str, starts: str, ends: str, rows: str, name: str
) -> tuple[str, str]:
    same = (
        f"other.site_id = NEW.site_id AND other.{whose} = NEW.{whose}"
        f" AND other.{starts} < NEW.{ends} AND other.{ends} > NEW.{starts}"
        f" AND {rows.replace('{}', 'other')}"
    )
    # Names of our own tables and columns, no one's input.
    refuse = f"SELECT RAISE(ABORT, '{name}') WHERE EXISTS (SELECT 1 FROM {table} other WHERE {same}"  # noqa: S608
    when = rows.replace("{}", "NEW")
    made = f"CREATE TRIGGER IF NOT EXISTS {name}"
    insert = f"{made}_insert BEFORE INSERT ON {table} WHEN {when} BEGIN {refuse}); END"
    update = (
        f"{made}_update BEFORE UPDATE ON {table} WHEN {when}"
        f" BEGIN {refuse} AND other.id <> NEW.id); END"
    )
    return insert, update


def is_overlap(error: IntegrityError, table: str) -> bool:
    """Whether the database refused a row because it overlaps another of its thing."""
    diagnosis = getattr(error.orig, "diag", None)
    named = getattr(diagnosis, "constraint_name", None) or str(error.orig)
    return bool(named == f"{table}_no_overlap")
