"""Asking the plugins of a site, one at a time, so that a failure has a name."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any, TypeVar, cast

import pluggy
import structlog
from sqlalchemy.exc import DBAPIError

from palier import hookspecs
from palier.context import Context
from palier.db.engine import is_passing
from palier.errors import PluginFailed, Refused
from palier.hookspecs import PROJECT, SHOWS, Hook
from palier.plugins import Plugin, Registry, shown_line
from palier.text import _

T = TypeVar("T")
log = structlog.get_logger("palier.hooks")


@dataclass(frozen=True)
class Failure:
    """A plugin that failed where it only shows: one warning in its place."""

    plugin: Plugin


@dataclass(frozen=True)
class Use:
    """A plugin's answer to a hook, and the line on which it begins."""

    plugin: Plugin
    hook: Hook[..., Any]
    place: str


class Hooks:
    """The hooks of every working plugin; checked once, asked per site."""

    def __init__(self, registry: Registry) -> None:
        self.registry = registry
        self._manager = pluggy.PluginManager(PROJECT)
        self._manager.add_hookspecs(_specifications())
        for plugin in registry.working():
            self._register(plugin)
        registry.spread()
        self._callers: dict[tuple[str, str], Callable[..., Any] | None] = {}

    def _register(self, plugin: Plugin) -> None:
        try:
            self._manager.register(plugin.module, name=plugin.name)
            self._manager.check_pending()
        except pluggy.PluginValidationError as error:
            self._manager.unregister(name=plugin.name)
            plugin.quarantine(_("One of its hooks does not fit: %(why)s").fill(why=str(error)))
            return
        for use in self.uses(plugin):
            if use.hook.warns:
                log.warning(
                    "hook will change", plugin=plugin.name, hook=use.hook.name, at=use.place,
                    how=use.hook.warns,
                )  # fmt: skip

    def uses(self, plugin: Plugin) -> Iterator[Use]:
        """Yield each hook that a plugin answers, and where."""
        for hook in hookspecs.ALL:
            for each in getattr(self._manager.hook, hook.name).get_hookimpls():
                if each.plugin is plugin.module:
                    code = each.function.__code__
                    yield Use(plugin, hook, shown_line(code.co_filename, code.co_firstlineno))

    def answering(self, hook: Hook[..., Any]) -> frozenset[str]:
        """Return the names of the plugins that answer a hook at all."""
        plugins = self.registry.working()
        return frozenset(p.name for p in plugins if self._caller(hook, p) is not None)

    def answers(
        self, hook: Hook[..., Iterable[T]], desk: Context, *about: object, only: str = ""
    ) -> list[tuple[Plugin, list[T] | Failure]]:
        """Ask all, or the one named, for many answers each.

        Where it only shows, a failure stands in for a plugin's.
        """
        return [
            (plugin, list(given) if not isinstance(given, Failure) else given)
            for plugin, given in self._asked(hook, desk, about, listed=True, only=only)
            if given
        ]

    def answer(
        self, hook: Hook[..., T | None], desk: Context, *about: object, only: str = ""
    ) -> list[tuple[Plugin, T]]:
        """Ask for at most one answer each, of all or of the one named; silence is left out."""
        return [
            (plugin, cast("T", given))
            for plugin, given in self._asked(hook, desk, about, listed=False, only=only)
            if given is not None and not isinstance(given, Failure)
        ]

    def declared(self, plugin: Plugin, asked: Callable[[Any], T], desk: Context) -> T | Failure:
        """Ask a function that a manifest declares; what it fails at is logged."""
        try:
            return asked(desk)
        except Exception:  # a plugin's own fault, whatever it is, never closes the desk
            log.exception("declaration failed", plugin=plugin.name)
        if not desk.session.writes:
            _fresh(desk)
        return Failure(plugin)

    def _asked(
        self,
        hook: Hook[..., Any],
        desk: Context,
        about: tuple[object, ...],
        *,
        listed: bool,
        only: str = "",
    ) -> list[tuple[Plugin, Any]]:
        arguments = dict(zip(hook.arguments, (desk, *about), strict=True))
        found = []
        for plugin in self.registry.on(desk.site.plugins):
            caller = self._caller(hook, plugin)
            if caller is not None and only in {"", plugin.name}:
                found.append((plugin, self._guarded(hook, plugin, caller, arguments, listed)))
        return found

    def _guarded(
        self,
        hook: Hook[..., Any],
        plugin: Plugin,
        caller: Callable[..., Any],
        arguments: dict[str, Any],
        listed: bool,
    ) -> Any:
        desk: Context = arguments["desk"]
        apart = hook.kind == SHOWS and desk.session.writes
        try:
            with desk.session.begin_nested() if apart else nullcontext():
                given = caller(**arguments)
                # A generator fails while it is read: the list is made inside the guard.
                if listed:
                    return [each for part in given for each in part]
                return next(iter(given), None)
        except Refused:
            if hook.kind != SHOWS:
                raise
            log.exception("hook refused", plugin=plugin.name, hook=hook.name)
        except Exception as error:  # a plugin's own fault, whatever it is, never closes the desk
            log.exception("hook failed", plugin=plugin.name, hook=hook.name)
            if hook.kind != SHOWS:
                if isinstance(error, DBAPIError) and is_passing(error):
                    raise  # nobody's fault: the whole act runs again
                raise PluginFailed(plugin=plugin.label) from error
        if not apart:  # while something is being written, only what the hook did is taken back
            _fresh(desk)
        return Failure(plugin)

    def _caller(self, hook: Hook[..., Any], plugin: Plugin) -> Callable[..., Any] | None:
        known = (hook.name, plugin.name)
        if known not in self._callers:
            others = [p.module for p in self.registry.working() if p is not plugin]
            caller = self._manager.subset_hook_caller(hook.name, others)
            self._callers[known] = caller if caller.get_hookimpls() else None
        return self._callers[known]


def _fresh(desk: Context) -> None:
    """Begin the read transaction anew: a failed statement leaves it dead on PostgreSQL."""
    desk.session.rollback()
    desk.session.enter(desk.site.id)


def _specifications() -> type:
    """Return the functions that pluggy compares implementations with, as one namespace."""
    return type("Specifications", (), {hook.name: hook.specification for hook in hookspecs.ALL})
