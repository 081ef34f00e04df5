"""What happens at two sites: pages, the switch, hooks, the demonstration."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from litestar.testing import TestClient
from sqlalchemy import func, select

from palier import hookspecs
from palier.accounts.rules import Settings as Entry
from palier.asking import Failure
from palier.desk.counter import Desk
from palier.residents.models import Resident
from palier.residents.signing import slip_code
from palier.site_settings import read_settings
from palier.testing.caretaker import words_of
from palier.testing.contract.cloning import clone_rows
from palier.testing.contract.outcome import unless
from palier.testing.contract.stage import OFF, ON, SITES, Filled, Stage, first_ids, rows_of
from palier.testing.contract.walking import Ids, addresses, leaks, page_address
from palier.testing.plugin import counted_statements

MORE = 30  # rows added to a list, to see whether each of them costs a statement
MOST = 2  # statements of a hook
ANSWERED = {200, 422}  # a page, or an act's page that says why it can't be done now
LANGUAGES = ("fr", "en")
# What is asked about no one.
OF_NOBODY: tuple[hookspecs.Hook[..., Any], ...] = (
    hookspecs.today,
    hookspecs.public_blocks,
    hookspecs.public_events,
)


def check_demo(stage: Stage) -> None:
    """Its demonstration makes something for each screen, and nothing twice."""
    with stage.filled() as filled:
        with filled.desk() as desk:
            empty = {
                f"{each.word}: a {each.model.__name__}"
                for each in stage.plugin.manifest.screens
                if not rows_of(desk, each)
            }
        before = contents(stage, filled)
        filled.demonstrate(ON)
        twice = changed(before, contents(stage, filled))
    unless(
        sorted(empty),
        "Let the demo hook make at least one of each, through acts of the plugin's own.",
    )
    unless(twice, "The demo hook ran again and changed tables: let it make only what is missing.")


def contents(stage: Stage, filled: Filled, slug: str = ON) -> dict[str, list[Any]]:
    """Return every row of the plugin's tables at a site."""
    found = {}
    with filled.desk(slug) as desk:
        for model in stage.models():
            columns = sorted(model.__table__.c, key=lambda each: each.name)
            rows = desk.session.execute(select(*columns).where(model.site_id == desk.site.id))
            found[str(model.__tablename__)] = sorted(map(str, rows))
    return found


def changed(before: Mapping[str, list[Any]], after: Mapping[str, list[Any]]) -> list[str]:
    """Return the tables whose rows are not the same, and how many there were and are."""
    return [
        f"{name}: {len(rows)} rows before, {len(after[name])} after"
        for name, rows in before.items()
        if rows != after[name]
    ]


def check_pages(stage: Stage) -> None:
    """Every list, record, form, act, page, file and answer of the API opens, in French and English."""
    with stage.filled() as filled, filled.desk() as desk:
        ids = fitting(desk, stage)
    found: dict[str, None] = {}
    with stage.filled() as filled, filled.browser() as browser:
        manifest = stage.plugin.manifest
        paths = [each for each in addresses(manifest, ON, ids) if not _is_own_page(stage, each)]
        paths += [page_address(f"/{ON}/desk", each, ids) for each in manifest.pages]
        for locale in LANGUAGES:
            filled.speaks(locale)
            found |= dict.fromkeys(_unanswered(browser.client, paths))
    unless(found, "Let each page open: what it needs is in the demonstration.")


def _is_own_page(stage: Stage, path: str) -> bool:
    pages = (f"/{ON}/desk/{stage.name}/{each.name}" for each in stage.plugin.manifest.pages)
    return path in pages


def fitting(desk: Desk, stage: Stage) -> Ids:
    """Return a record's number of each class; for its screens one on which an act can be done."""
    ids: dict[Any, int] = dict(first_ids(desk))
    for screen in stage.plugin.manifest.screens:
        whens = [each.when for each in screen.acts if each.when is not None]
        query = select(screen.model).where(*screen.holds(desk)).order_by(screen.model.id)
        records = desk.all(query)
        fit = (each for each in records if any(when(each) for when in whens))
        if (record := next(fit, None) or next(iter(records), None)) is not None:
            ids[screen] = record.id
            ids[screen.model] = record.id
    return ids


def _unanswered(client: TestClient[Any], paths: list[str]) -> Iterator[str]:
    for path in paths:
        answer = client.get(path)
        fits = ANSWERED if "/api/" not in path else {*ANSWERED, 405}
        if answer.status_code not in fits:
            yield f"{path}: {answer.status_code}, {words_of(answer.text)[:160]}"


def check_off(stage: Stage) -> None:
    """Where it is off, nothing of it answers, shows or is asked."""
    with stage.filled() as filled, filled.browser() as browser:
        with filled.desk(OFF) as desk:
            ids = fitting(desk, stage)
            residents = desk.all(select(Resident).order_by(Resident.id))
            asked = [
                hook.name
                for hook in (hookspecs.desk_cards, *OF_NOBODY)
                for plugin, _said in filled.house.hooks.answers(
                    hook, desk, *_about(hook, residents)
                )
                if plugin.name == stage.name
            ]
        found = leaks(browser.client, OFF, addresses(stage.plugin.manifest, OFF, ids))
        for path in ("", "/desk/card?resident=", "/residents/resident/"):
            whole = f"/{OFF}/desk{path}{residents[0].id if path else ''}"
            if f"/{stage.name}/" in browser.client.get(whole).text:
                found.append(f"{whole} leads to it")
    unless(
        [*found, *asked],
        "Where it is off it must not exist: declare pages, acts and panels, register nothing yourself.",
    )


def _about(hook: hookspecs.Hook[..., Any], residents: list[Resident]) -> tuple[object, ...]:
    return (residents[0],) if hook is hookspecs.desk_cards else ()


def check_switch(stage: Stage) -> None:
    """On, off and on again keeps every row; preparing twice and a day twice change nothing."""
    with stage.filled() as filled:
        before = contents(stage, filled)
        filled.switch_off(ON)
        filled.switch_on(ON)
        kept = changed(before, contents(stage, filled))
        twice = [
            *_again(stage, filled, hookspecs.on_enabled),
            *_again(stage, filled, hookspecs.daily),
        ]
    unless(kept, "Switching off and on again must keep every row as it was.")
    unless(twice, "A hook that runs again must change nothing: make only what is missing.")


def _again(stage: Stage, filled: Filled, hook: hookspecs.Hook[..., Any]) -> Iterator[str]:
    """Run a hook twice and yield what the second time changed."""

    def run() -> None:
        with filled.desk(ON, write=True) as desk:
            filled.house.hooks.answer(hook, desk, only=stage.name)

    run()
    before = contents(stage, filled)
    run()
    yield from (f"{hook.name}: {each}" for each in changed(before, contents(stage, filled)))


@dataclass(frozen=True)
class Asked:
    """A hook as it is asked, in words and as a call."""

    words: str
    call: Callable[[Desk], object]


def check_hooks(stage: Stage) -> None:
    """What it shows at the desk comes in at most two statements, however much there is."""
    found: dict[str, None] = {}
    with stage.filled() as filled:
        for rows in ("", f", with {MORE} more rows"):
            if rows:
                _add_rows(stage, filled)
            found |= dict.fromkeys(f"{each}{rows}" for each in _too_much(stage, filled))
    unless(
        found, f"A hook may send {MOST} statements: read all it says in one query, links loaded."
    )


def _too_much(stage: Stage, filled: Filled) -> Iterator[str]:
    with filled.desk() as desk:
        asked = list(_questions(stage, filled, desk))
    for each in asked:
        with filled.desk() as desk:
            read_settings(desk.session, Entry, desk.today)  # the core's statement, for all services
            with counted_statements(filled.house.database) as sent:
                said = each.call(desk)
        if isinstance(said, Failure):
            yield f"{each.words} failed: the log above says why"
        elif len(sent) > MOST:
            yield f"{each.words}: {len(sent)} statements"


def _questions(stage: Stage, filled: Filled, desk: Desk) -> Iterator[Asked]:
    hooks, name = filled.house.hooks, stage.name

    def ask(hook: hookspecs.Hook[..., Any], *about: object) -> Callable[[Desk], object]:
        def call(desk: Desk) -> object:
            if hook is hookspecs.resolve_scan:
                return hooks.answer(hook, desk, *about, only=name)
            answers = hooks.answers(hook, desk, *about, only=name)
            return next((said for _plugin, said in answers), None)

        return call

    for hook in OF_NOBODY:
        yield Asked(hook.name, ask(hook))
    for resident in _residents_of(stage, desk):
        yield Asked(f"desk_cards of resident {resident.id}", ask(hookspecs.desk_cards, resident))
    codes = [slip_code(each) for each in _one_of_each(stage, desk)]
    yield from (
        Asked(f"resolve_scan of {each}", ask(hookspecs.resolve_scan, each))
        for each in (*codes, "NOTHING-1", "3017620422003")
    )


def _residents_of(stage: Stage, desk: Desk) -> list[Resident]:
    """Return those its rows speak of, the one with most rows first."""
    counts: dict[int, int] = {}
    for model in stage.models():
        for name, link in model.links.items():
            if link.target is Resident:
                column = getattr(model, f"{name}_id")
                query = select(column, func.count()).where(column.is_not(None)).group_by(column)
                for resident, count in desk.session.execute(query):
                    counts[resident] = counts.get(resident, 0) + count
    wanted = sorted(counts, key=lambda each: -counts[each])[:3] or [1]
    return [each for id in wanted if (each := desk.find(Resident, id))]


def _one_of_each(stage: Stage, desk: Desk) -> Iterator[Any]:
    for model in stage.models():
        yield from desk.session.scalars(select(model).order_by(model.id).limit(1))


def _add_rows(stage: Stage, filled: Filled) -> None:
    with filled.house.database.write(SITES[ON]) as session:
        for model in stage.models():
            clone_rows(session, model, MORE)


def check_lists(stage: Stage) -> None:
    """A list costs the same statements for one row and for many, as a page, a file and JSON."""
    manifest = stage.plugin.manifest
    with stage.filled() as filled, filled.browser() as browser:
        with filled.desk() as desk:
            ids = fitting(desk, stage)
        paths = [page_address(f"/{ON}/desk", each, ids) for each in manifest.pages]
        for screen in manifest.screens:
            base = f"{screen.package}/{screen.word}"
            paths += [f"/{ON}/desk/{base}", f"/{ON}/desk/{base}/export.csv", f"/api/v1/{ON}/{base}"]
        few = _costs(filled, browser.client, paths)
        _add_rows(stage, filled)
        many = _costs(filled, browser.client, paths)
    unless(
        (
            f"{path}: {few[path]} statements, {many[path]} with {MORE} more rows"
            for path in paths
            if many[path] > few[path]
        ),
        "Load what the rows link to in the statement that reads them: desk.all(query, Model.link).",
    )


def _costs(filled: Filled, client: TestClient[Any], paths: list[str]) -> dict[str, int]:
    found = {}
    for path in paths:
        client.get(path)  # what the site switched is read once
        with counted_statements(filled.house.database) as sent:
            client.get(path)
        found[path] = len(sent)
    return found
