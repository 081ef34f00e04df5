"""Plugins: found by entry point, checked, ordered by their needs, quarantined when they fail."""

import importlib
import re
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field
from graphlib import CycleError, TopologicalSorter
from importlib.metadata import EntryPoint, entry_points, version
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import structlog
from packaging.specifiers import InvalidSpecifier, SpecifierSet

from palier.acts import Act, Count
from palier.db.types import Skill
from palier.deciding import SettingsAct
from palier.errors import WrongDeclaration
from palier.rhythm import Job
from palier.text import Text, _, add_words

if TYPE_CHECKING:
    from palier.screens.declared import Extend, Page, Panel, Screen

log = structlog.get_logger("palier.plugins")
GROUP = "palier.plugins"

# The core's own rooms, in the order in which their tables need each other.
AREAS = (
    "sites",
    "accounts",
    "residents",
    "messages",
    "providers",
    "visits",
    "receipts",
    "bookings",
    "rosters",
    "privacy",
    "desk",
)
RESERVED = {*AREAS, "palier", "core", "find", "api", "static", "do"}
NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")


@dataclass(frozen=True)
class Manifest:
    """What the plugin is and brings. The version comes from the distribution.

    `forms` are pages of its own that ask for an act: given desk, record and what was typed, they
    return a `Page` whose template posts the act's form.
    """

    name: str
    label: Text
    summary: Text
    _: KW_ONLY
    icon: str
    screens: "Sequence[Screen[Any]]" = ()
    pages: Sequence[Act[..., Any]] = ()
    panels: "Sequence[Panel]" = ()
    extends: "Sequence[Extend]" = ()
    acts: Sequence[Act[..., Any]] = ()
    forms: "Mapping[Act[..., Any], Callable[[Any, Any, Mapping[str, str]], Page]]" = field(
        default_factory=dict
    )
    counts: Sequence[Count] = ()
    skills: Sequence[Skill] = ()
    settings: type | None = None
    jobs: Sequence[Job] = ()
    needs: Sequence[str] = ()
    requires_core: str = ""
    # Whether the demonstration's first site has it on from its first day.
    in_demo: bool = True
    # Whether its acts `for_members` need a membership: always, or as the site's settings say.
    membership_required: "bool | Callable[[Any], bool]" = False
    # What follows at once when settings that hold today were changed.
    settings_follow: "Callable[[Any], None] | None" = None

    def __post_init__(self) -> None:
        """Let the settings be changed by an act, as everything is."""
        if self.settings is not None:
            change = SettingsAct(self.name, self.label, self.settings, self.settings_follow)
            others = (each for each in self.acts if not isinstance(each, SettingsAct))
            object.__setattr__(self, "acts", (*others, change))

    @property
    def change_settings(self) -> SettingsAct | None:
        """The act that changes its settings, where it has some."""
        return next((each for each in self.acts if isinstance(each, SettingsAct)), None)


@dataclass
class Plugin:
    """One package with a manifest: an area of the core or an installed service line."""

    name: str
    module: ModuleType | None = None
    version: str = ""
    is_core: bool = False
    trouble: Text | None = None

    @property
    def manifest(self) -> Manifest:
        """What it declares. Raises `WrongDeclaration` when plugin.py has none."""
        found = getattr(self.module, "manifest", None)
        if not isinstance(found, Manifest):
            msg = f"{self.name}: plugin.py needs `manifest = Manifest(…)`"
            raise WrongDeclaration(msg)
        return found

    @property
    def label(self) -> Text:
        """Its name in words, or its plain name while it can't be read."""
        return self.manifest.label if self.works else Text(self.name)

    @property
    def accepts(self) -> str:
        """Which versions of the core it says it works with; empty for any, and while it can't be read."""
        found = getattr(self.module, "manifest", None)
        return found.requires_core if isinstance(found, Manifest) else ""

    @property
    def works(self) -> bool:
        """Whether it may be used: found, checked and migrated."""
        return self.trouble is None

    @property
    def folder(self) -> Path | None:
        """The package's folder, with its templates, words and migrations."""
        file = getattr(self.module, "__file__", None)
        return Path(file).parent if file else None

    def quarantine(self, why: Text) -> None:
        """Set it aside, with the reason people read; the rest goes on."""
        log.error("plugin quarantined", plugin=self.name, reason=str(why))
        self.trouble = why


@dataclass
class Registry:
    """Every package there is, made once at start; a site's row says which are on."""

    plugins: dict[str, Plugin] = field(default_factory=dict)

    def working(self) -> list[Plugin]:
        """Return the packages that can be used: the core's first, needs before those who need."""
        return [each for each in self.plugins.values() if each.works]

    def services(self) -> list[Plugin]:
        """Return the installed service lines, those in quarantine too."""
        return [each for each in self.plugins.values() if not each.is_core]

    def on(self, names: frozenset[str]) -> Iterator[Plugin]:
        """Yield the core's areas, and those of these plugins that work."""
        for plugin in self.plugins.values():
            if plugin.works and (plugin.is_core or plugin.name in names):
                yield plugin

    def title_of(self, model: type) -> Text:
        """Return what people call the records of a model: its screen's title, else its own word."""
        screens = (s for p in self.working() for s in p.manifest.screens)
        found = next((each.title for each in screens if each.model is model), None)
        return found or getattr(model, "known_as", None) or Text(model.__name__)

    def needed_with(self, name: str) -> list[str]:
        """Return what must be on before this plugin, itself last. Raises `KeyError` if unknown.

        The core's areas are on everywhere: they are left out.
        """
        order: list[str] = []
        for need in self.plugins[name].manifest.needs:
            if not self.plugins[need].is_core:
                order += [each for each in self.needed_with(need) if each not in order]
        return [*order, name]

    def needing(self, name: str) -> list[str]:
        """Return the working plugins that need this one, directly."""
        return [p.name for p in self.services() if p.works and name in p.manifest.needs]

    def spread(self) -> None:
        """Quarantine what needs a quarantined one; run again after each later quarantine."""
        _follow(self.plugins, list(self.plugins))


def discover(found: Iterable[EntryPoint] | None = None) -> Registry:
    """Find, import, check and order every package.

    A service line that fails is kept with its reason; a core area that fails is an error.
    """
    registry = Registry()
    for name in AREAS:
        module = importlib.import_module(f"palier.{name}.plugin")
        plugin = Plugin(name, module, version("palier"), is_core=True)
        check_manifest(plugin)
        registry.plugins[name] = plugin
    entries = list(entry_points(group=GROUP) if found is None else found)
    names = Counter(each.name for each in entries)
    lines = {each.name: _load(each, names[each.name]) for each in sorted(entries, key=str)}
    for plugin in _ordered(lines):
        # One that takes an area's name is in quarantine: it must not take the area's place too.
        taken = plugin.name in registry.plugins
        registry.plugins[f"palier_{plugin.name}" if taken else plugin.name] = plugin
    return registry


def _load(entry: EntryPoint, of_that_name: int) -> Plugin:
    plugin = Plugin(entry.name, version=entry.dist.version if entry.dist else "")
    if of_that_name > 1:
        plugin.quarantine(_("Two installed packages have this name. Uninstall one of them."))
        return plugin
    try:
        plugin.module = entry.load()
        check_manifest(plugin)
    except WrongDeclaration as error:
        plugin.quarantine(_("It is declared wrongly: %(why)s").fill(why=str(error)))
    except (
        Exception
    ) as error:  # whatever an import does, the plugin is set aside and the desk opens
        log.exception("plugin import", plugin=entry.name)
        plugin.quarantine(_("It can't be read: %(why)s").fill(why=_why(error)))
    if plugin.works and plugin.folder:
        add_words(plugin.folder.name, plugin.folder / "locale")
    return plugin


def _why(error: Exception) -> str:
    """Say what went wrong in a plugin's file, and in which line of it."""
    if isinstance(error, SyntaxError):
        return f"SyntaxError: {error.msg} ({shown_line(error.filename or '', error.lineno or 0)})"
    frames = traceback.extract_tb(error.__traceback__)
    own = [each for each in frames if _begins_in(Path(each.filename).parts) is not None]
    place = f" ({shown_line(own[-1].filename, own[-1].lineno or 0)})" if own else ""
    return f"{type(error).__name__}: {error}{place}"


def shown_line(file: str, line: int) -> str:
    """Return a line of a plugin as people look for it: `palier_toy/rules.py:12`."""
    parts = Path(file).parts
    return f"{'/'.join(parts[_begins_in(parts) or -1 :])}:{line}"


def _begins_in(parts: Sequence[str]) -> int | None:
    """Return where in a path a plugin's package begins."""
    found = [at for at, part in enumerate(parts) if part.startswith("palier_")]
    return found[-1] if found else None


def check_manifest(plugin: Plugin) -> None:
    """Raise `WrongDeclaration` with the sentence that says what to mend."""
    manifest = plugin.manifest
    if manifest.name != plugin.name:
        raise _wrong(
            plugin, f"the manifest says {manifest.name!r}, the entry point {plugin.name!r}"
        )
    if not plugin.is_core:
        _check_names(plugin, manifest)
    for each in every_act(manifest):
        signature = each.signature
        if each.counts and each.counts not in manifest.counts:
            raise _wrong(
                plugin, f"{each.name} counts {each.counts.name!r}: list it in the manifest"
            )
        if each.when and signature.record is None:
            raise _wrong(plugin, f"{each.name} has `when` but no record")
    for screen in manifest.screens:
        screen.check()
    _check_places(plugin, manifest)


def _check_places(plugin: Plugin, manifest: Manifest) -> None:
    words = Counter(each.word for each in manifest.screens)
    words.update(each.name for each in manifest.pages)
    for word, times in words.items():
        if times > 1:
            raise _wrong(plugin, f"two screens or pages are called {word!r}")
    if len({each.name for each in manifest.jobs}) < len(manifest.jobs):
        raise _wrong(plugin, "two jobs have one name")
    for panel in manifest.panels:
        if panel.same is None and panel.link.key not in panel.screen.model.links:
            raise _wrong(
                plugin, f"the panel {panel.screen.word} needs a link, {panel.link} is none"
            )


def _check_names(plugin: Plugin, manifest: Manifest) -> None:
    package = plugin.folder.name if plugin.folder else ""
    if not NAME.fullmatch(plugin.name) or plugin.name in RESERVED:
        raise _wrong(plugin, "choose another name: small letters, not one of the core's")
    if package != f"palier_{plugin.name}":
        raise _wrong(plugin, f"its package must be called palier_{plugin.name}, not {package}")
    try:
        accepted = SpecifierSet(manifest.requires_core)
    except InvalidSpecifier as error:
        raise _wrong(plugin, f"requires_core: {error}") from error
    if version("palier") not in accepted:
        raise _wrong(
            plugin, f"it needs palier {manifest.requires_core}, this is {version('palier')}"
        )


def every_act(manifest: Manifest) -> Iterator[Act[..., Any]]:
    """Yield the acts and pages of a plugin, wherever the manifest brings them."""
    yield from manifest.acts
    yield from manifest.pages
    for screen in manifest.screens:
        yield from screen.acts
    for extend in manifest.extends:
        yield from extend.acts


def _ordered(lines: dict[str, Plugin]) -> list[Plugin]:
    working = {name: each for name, each in lines.items() if each.works}
    graph = {name: set(each.manifest.needs) - set(AREAS) for name, each in working.items()}
    for name, needs in graph.items():
        for missing in sorted(needs - lines.keys()):
            words = _("It needs the service %(name)s, which is not here.")
            working[name].quarantine(words.fill(name=missing))
    order = [each for each in _sorted(graph, lines) if each in lines]
    _follow(lines, order)
    return [lines[name] for name in [*order, *sorted(lines.keys() - set(order))]]


def _sorted(graph: dict[str, set[str]], lines: dict[str, Plugin]) -> list[str]:
    """Return the names, needs first; those in a circle are quarantined, the rest keeps its order."""
    graph = dict(graph)
    while True:
        try:
            return list(TopologicalSorter(graph).static_order())
        except CycleError as error:
            circle = sorted(set(error.args[1]))
        for name in circle:
            words = _("It needs itself in a circle: %(names)s.")
            lines[name].quarantine(words.fill(names=", ".join(circle)))
            del graph[name]


def _follow(lines: dict[str, Plugin], order: list[str]) -> None:
    """Quarantine what needs a quarantined one, in order, so that trouble travels all the way."""
    for plugin in (lines[name] for name in order):
        if not plugin.works:
            continue
        for need in plugin.manifest.needs:
            if need in lines and not lines[need].works:
                words = _("It needs the service %(name)s, which has a problem.")
                plugin.quarantine(words.fill(name=need))
                break


def _wrong(plugin: Plugin, words: str) -> WrongDeclaration:
    return WrongDeclaration(f"{plugin.name}: {words}")
