"""What can be read without running anything: manifest, imports, tables, personal data, order."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from datetime import date, datetime
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Index, Table, UniqueConstraint

import palier
from palier.asking import Hooks
from palier.db.fields import Keep
from palier.db.records import SiteRecord
from palier.plugins import every_act
from palier.screens.catalogue import Catalogue
from palier.screens.declared import Screen
from palier.testing.contract.outcome import Failing, unless
from palier.testing.contract.stage import Stage

PEOPLE = ("resident", "household")
# Names of columns that say something about a person, wherever they stand.
PERSONAL = re.compile(
    r"(^|_)(given|family|first|last|maiden)_name$|(^|_)(phone|mobile|email|e_mail|birth|born|iban|"
    r"passport|street|signature|nationality)(_|$)"
)
HERE = Path(palier.__file__).parent
DRAWINGS = HERE / "templates" / "palier" / "icons.html"


def check_manifest(stage: Stage) -> None:
    """It is found, read, and says what people need to know."""
    plugin = stage.plugin
    Hooks(stage.registry)  # which sets aside a plugin whose hooks do not fit
    if plugin.trouble is not None:
        raise Failing(f"Mend this first; nothing of it works: {plugin.trouble}")
    unless(_amiss(stage), "Complete what the plugin says of itself.")


def _amiss(stage: Stage) -> Iterator[str]:
    manifest = stage.plugin.manifest
    for what in ("label", "summary"):
        if not getattr(manifest, what).words.strip():
            yield f"plugin.py: the manifest's {what} is empty"
    if manifest.icon not in _icons():
        yield f"plugin.py: there is no drawing called {manifest.icon!r}: {', '.join(sorted(_icons()))}"
    for gone in Catalogue(stage.registry).gone(stage.plugin):
        yield f"plugin.py: it extends {gone}, and no package that is here has such a screen"
    others = {c.name: p.name for p in stage.others() for c in p.manifest.counts}
    for count in manifest.counts:
        if count.name in others:
            yield f"plugin.py: {others[count.name]} counts {count.name!r} too: choose another word"
    yield from (
        f"{each.permission}: a docstring, whose first line is the help that people read"
        for each in every_act(manifest)
        if each.package == manifest.name and not each.help
    )
    if stage.project is not None:
        yield from _amiss_in_project(stage, stage.project)


@cache
def _icons() -> frozenset[str]:
    return frozenset(re.findall(r'^  "([\w-]+)":', DRAWINGS.read_text("utf-8"), re.MULTILINE))


def _amiss_in_project(stage: Stage, project: Path) -> Iterator[str]:
    name = stage.name
    told = tomllib.loads((project / "pyproject.toml").read_text("utf-8")).get("project", {})
    wanted = f"palier-{name.replace('_', '-')}"
    if told.get("name") != wanted:
        yield f"pyproject.toml: the distribution is called {wanted}, not {told.get('name')!r}"
    if not (project / "README.md").exists():
        yield "README.md: what residents and caretakers get, in ten lines"
    if not list((project / "tests").glob(f"test_{name}_*.py")):
        yield f"tests: files called test_{name}_….py"
    if not (stage.folder / "py.typed").exists():
        yield f"{stage.folder.name}/py.typed: an empty file, so that its types are read"


def check_imports(stage: Stage) -> None:
    """It uses what is promised and what its pyproject.toml names, and nothing else."""
    found = [each for path in stage.sources() for each in _strange(stage, path)]
    unless(
        found,
        "Import palier.api only, in tests palier.testing too; name other packages in pyproject.toml.",
    )


def _strange(stage: Stage, path: Path) -> Iterator[str]:
    in_tests = stage.folder not in path.parents
    promised = {"palier.api", "palier.testing"} if in_tests else {"palier.api"}
    for line, module in imported(path):
        first = module.partition(".")[0]
        if first == "palier":
            fits = any(module == each or module.startswith(f"{each}.") for each in promised)
            if not fits and not (in_tests and stage.is_ours):
                yield f"{stage.shown(path)}:{line}: {module}"
        elif not _may_use(stage, first, in_tests=in_tests):
            yield f"{stage.shown(path)}:{line}: {module}, which pyproject.toml does not name"


def imported(path: Path) -> Iterator[tuple[int, str]]:
    """Yield line and module of everything a file imports, those of its own package left out."""
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, each.name) for each in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            if node.module == "palier":
                yield from ((node.lineno, f"palier.{each.name}") for each in node.names)
            else:
                yield node.lineno, node.module


def _may_use(stage: Stage, first: str, *, in_tests: bool) -> bool:
    if first in sys.stdlib_module_names or first == stage.folder.name:
        return True
    # What every installation has through Palier itself; a test has its own tools beside.
    if in_tests or first in {"sqlalchemy", "alembic", "jinja2"}:
        return True
    needed = {f"palier_{each}" for each in stage.plugin.manifest.needs}
    names = {_plain(each) for each in packages_distributions().get(first, [first])}
    return first in needed or bool(names & stage.dependencies())


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def check_tables(stage: Stage) -> None:
    """Its tables bear its name, each row belongs to a site, and no other plugin has them."""
    names = {table.name for table in stage.tables()}
    found = [
        f"{each}: begin its name with {stage.name}_" for each in names if not _bears(stage, each)
    ]
    found += [
        f"{model.__name__}: derive it from SiteRecord"
        for model in stage.all_models()
        if not issubclass(model, SiteRecord)
    ]
    unless(sorted(found), "Let each table carry the plugin's name and the site.")


def _bears(stage: Stage, table: str) -> bool:
    return table.startswith(f"{stage.name}_")


def check_personal_data(stage: Stage) -> None:
    """Each column about a person says why it is kept, for how long, and from which day."""
    found = [each for model in stage.models() for each in _unsaid(model)]
    unless(
        found,
        'Say why and how long: keep=Keep(_("…"), months=…, after="a day of this table").',
    )


def _unsaid(model: type[SiteRecord]) -> Iterator[str]:
    table = model.__table__
    assert isinstance(table, Table)
    about = {column.name for column in table.c if _leads_to_person(column)}
    for column in table.c:
        keep = column.info.get("personal")
        if keep is None and column.name in about:
            yield f"{model.__name__}.{column.name.removesuffix('_id')} leads to a person"
        elif keep is None and PERSONAL.search(column.name):
            yield f"{model.__name__}.{column.name} speaks of a person, by its name"
        elif keep is None and about and _is_free_text(model, column):
            yield f"{model.__name__}.{column.name} is text beside a person"
        if isinstance(keep, Keep):
            yield from _wrong_day(model, column.name, keep)


def _leads_to_person(column: Column[Any]) -> bool:
    return any(key.column.table.name in PEOPLE for key in column.foreign_keys) and (
        column.name != "site_id"
    )


def _is_free_text(model: type[SiteRecord], column: Column[Any]) -> bool:
    declared = model.fields.get(column.name)
    return declared is not None and declared.kind is str and not declared.impersonal


def _wrong_day(model: type[SiteRecord], name: str, keep: Keep) -> Iterator[str]:
    where = f"{model.__name__}.{name.removesuffix('_id')}"
    if keep.months < 1:
        yield f"{where}: months must be at least 1"
    if keep.after and keep.after not in model.__table__.c:
        yield f"{where}: after={keep.after!r} is no column of its table"
    elif keep.after and keep.after in model.fields and not _is_day(model, keep.after):
        yield f"{where}: after={keep.after!r} is no day"


def _is_day(model: type[SiteRecord], name: str) -> bool:
    return model.fields[name].kind in {date, datetime}


def check_order(stage: Stage) -> None:
    """What a list is sorted by when it opens has an index that begins with the site."""
    screens = stage.plugin.manifest.screens
    unless(
        (f"{each.word}: {_sorted_by(each)}" for each in screens if not _is_indexed(each)),
        "Declare what the list is sorted by with index=True, and add a migration.",
    )


def _sorted_by(screen: Screen[Any]) -> str:
    own = screen.newest_first if screen.newest_first is not None else screen.sort
    column = own if own is not None else screen.columns[0]
    return column.key or ""


def _is_indexed(screen: Screen[Any]) -> bool:
    key, model = _sorted_by(screen), screen.model
    attribute = getattr(model, f"{key}_id" if key in model.links else key, None)
    columns = getattr(getattr(attribute, "property", None), "columns", None)
    if not columns:
        return key in {"id", None}
    column = columns[0]
    return key == "id" or any(
        each[:2] == ["site_id", column.name] for each in _indexes(column.table)
    )


def _indexes(table: Table) -> Iterator[list[str]]:
    for each in (*table.indexes, *table.constraints):
        if isinstance(each, Index | UniqueConstraint):
            yield [column.name for column in each.columns]
