"""A row that is written for a record merged meanwhile is led to the one that was kept.

Two desks: one merges two records of a person, the other books for the one that goes. A key alone
would let the booking point at a record that nobody opens any more. So the database leads it on,
whoever writes: on PostgreSQL after waiting for the merge. An erased person gets nothing new.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Table

from palier.db.links import links_in, pairs_in

MERGED = "merged_into_id"
ERASED = "a person whose data were erased"


@dataclass(frozen=True)
class Followed:
    """A column that leads to a table whose records can be merged; of a pair, `kept_in` says so."""

    column: str
    target: Table
    is_key: bool = False
    kept_in: str = ""

    @property
    def refuses(self) -> bool:
        """Whether nothing new may point at a record that was erased."""
        return self.is_key and "state" in self.target.c


def following(table: Table, *, issued: bool) -> Iterator[Followed]:
    """Yield the columns that are led on. The pair of an issued row never changes."""
    for target in table.metadata.sorted_tables:
        if MERGED in target.c:
            for column, is_key in links_in(table, target):
                yield Followed(column.name, target, is_key)
            for column, kept_in in () if issued else pairs_in(table):
                yield Followed(column.name, target, kept_in=kept_in.name)


def on_sqlite(table: Table, *, issued: bool) -> list[str]:
    """Return the triggers: SQLite changes a new row only after it is there."""
    made = []
    for each in following(table, issued=issued):
        here = f'"{table.name}"'
        kept = f'(SELECT {MERGED} FROM "{each.target.name}" WHERE id = NEW."{each.column}")'
        wanted = f"NEW.\"{each.kept_in}\" = '{each.target.name}' AND " if each.kept_in else ""
        lead = (
            f" ON {here} WHEN {wanted}{kept} IS NOT NULL BEGIN UPDATE {here}"
            f' SET "{each.column}" = {kept} WHERE rowid = NEW.rowid; END'
        )
        name = f"{table.name}_follow_{each.column}_{each.target.name}"
        made.append(f"CREATE TRIGGER IF NOT EXISTS {name} AFTER INSERT{lead}")
        changed = f'AFTER UPDATE OF "{each.column}"'
        made.append(f"CREATE TRIGGER IF NOT EXISTS {name}_new {changed}{lead}")
        if each.refuses:
            state = f'(SELECT state FROM "{each.target.name}" WHERE id = NEW."{each.column}")'
            made.append(
                f"CREATE TRIGGER IF NOT EXISTS {name}_none BEFORE INSERT ON {here}"
                f" WHEN {state} = 'erased' BEGIN SELECT RAISE(ABORT, '{ERASED}'); END"
            )
    return made


def on_postgresql(table: Table, *, issued: bool) -> list[str]:
    """Return the function and its trigger. `FOR KEY SHARE` waits for a merge that is going on."""
    found = list(following(table, issued=issued))
    if not found:
        return []
    name = f"{table.name}_follow"
    body = " ".join(map(_lead, found))
    # In quotes: "on" and "at" are column names of ours.
    columns = ", ".join(sorted({f'"{each.column}"' for each in found}))
    return [
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$"
        f" DECLARE kept bigint; word text; BEGIN {body} RETURN NEW; END $$",
        f"CREATE OR REPLACE TRIGGER {name} BEFORE INSERT OR UPDATE OF {columns}"
        f' ON "{table.name}" FOR EACH ROW EXECUTE FUNCTION {name}()',
    ]


def _lead(each: Followed) -> str:
    new, old = f'NEW."{each.column}"', f'OLD."{each.column}"'
    wanted = f" AND NEW.\"{each.kept_in}\" = '{each.target.name}'" if each.kept_in else ""
    stop = (
        f" IF TG_OP = 'INSERT' AND word = 'erased' THEN RAISE EXCEPTION '{ERASED}'"
        " USING ERRCODE = 'foreign_key_violation'; END IF;"
    )
    return (
        # Only what this statement changes: a merge notes each link that it moves.
        f"IF {new} IS NOT NULL{wanted} AND (TG_OP = 'INSERT' OR {new} IS DISTINCT FROM {old}) THEN"
        f" SELECT {MERGED}, {'state' if each.refuses else 'NULL'} INTO kept, word"
        f' FROM "{each.target.name}" WHERE id = {new} FOR KEY SHARE;'
        f" IF kept IS NOT NULL THEN {new} := kept; END IF;{stop if each.refuses else ''} END IF;"
    )
