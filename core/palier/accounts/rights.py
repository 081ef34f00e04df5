"""What each role may do at a site: as declared, and as the site changed it, in plain words."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select

from palier.accounts.models import PermissionOverride
from palier.accounts.rules import ROLES, StaysWithManagers
from palier.context import Actor, Context, Role
from palier.db.types import Choice
from palier.plugins import Plugin
from palier.sites.switching import grow
from palier.text import Text, _

WORD_OF = {role: word for word, role in ROLES.items()}
KEPT = frozenset({"accounts", "sites"})  # what is a manager's there is given to nobody else


class Who(Choice):
    """From which role on something may be done."""

    USUAL = "usual", _("As usual")
    TRAINEE = "trainee", _("Everyone on the team")
    CARETAKER = "caretaker", _("Caretakers and managers")
    MANAGER = "manager", _("Managers only")


FROM = {
    Who.TRAINEE: Role.TRAINEE,
    Who.CARETAKER: Role.CARETAKER,
    Who.MANAGER: Role.MANAGER,
}
WORDS = {
    Role.TRAINEE: Who.TRAINEE.label,
    Role.CARETAKER: Who.CARETAKER.label,
    Role.MANAGER: Who.MANAGER.label,
}


@dataclass(frozen=True)
class Right:
    """One act, or one page to read; `words` say who may, `changed` whether the site decided it."""

    permission: str
    label: Text
    least: Role
    is_act: bool
    words: Text = WORDS[Role.MANAGER]
    changed: bool = False


def packages_of(desk: Context) -> dict[str, Text]:
    """Return the packages of the site whose rights may be changed."""
    return {each.name: each.label for each in _on(desk) if any(_declared(each))}


def rights_of(desk: Context, package: str) -> list[Right]:
    """Return what a package lets people do here, in its own order."""
    found = (right for each in _on(desk) if each.name == package for right in _declared(each))
    return [_said(desk, right) for right in found]


def changeable(desk: Context, record: None = None) -> dict[str, Text]:  # noqa: ARG001 - of no record
    """Return every permission that may be changed, with the words for its service and act."""
    words = _("%(service)s: %(act)s")
    return {
        right.permission: words.fill(service=plugin.label, act=right.label)
        for plugin in _on(desk)
        for right in _declared(plugin)
    }


def allow(desk: Context, permission: str, who: Who) -> None:
    """Decide from which role on something may be done here. Raises `StaysWithManagers`."""
    rights = {right.permission: right for each in _on(desk) for right in _declared(each)}
    if permission not in rights:
        raise StaysWithManagers
    usual = rights[permission].least
    wanted = FROM.get(who, usual)
    rows = select(PermissionOverride).where(PermissionOverride.permission == permission)
    known = {row.role: row for row in desk.session.scalars(rows)}
    for role, word in WORD_OF.items():
        row = known.get(word.value)
        if (role >= wanted) == (role >= usual):
            if row is not None:
                desk.session.delete(row)
            continue
        row = row or PermissionOverride(role=word.value, permission=permission)
        row.allowed = role >= wanted
        desk.session.add(row)
    grow(desk)


def who_may(actor: Actor, permission: str, least: Role) -> list[Role]:
    """Return the roles that may do something at the actor's site."""
    changed = actor.overrides
    return [r for r in WORD_OF if changed.get((int(r), permission), r >= least)]


def _said(desk: Context, right: Right) -> Right:
    roles = who_may(desk.actor, right.permission, right.least)
    usual = WORDS[right.least]
    if roles == [r for r in WORD_OF if r >= right.least]:
        return Right(right.permission, right.label, right.least, right.is_act, usual)
    now = WORDS[roles[0]] if roles and roles == list(WORD_OF)[-len(roles) :] else None
    said = now or ", ".join(str(WORD_OF[each].label) for each in roles) or _("Nobody")
    words = _("%(now)s. Usually: %(usual)s.").fill(now=said, usual=usual)
    return Right(right.permission, right.label, right.least, right.is_act, words, changed=True)


def _on(desk: Context) -> list[Plugin]:
    return list(desk.hooks.registry.on(desk.site.plugins)) if desk.hooks is not None else []


def _declared(plugin: Plugin) -> Iterator[Right]:
    """Yield each permission once: acts, then pages and screens, but for what stays with managers."""
    seen = set[str]()
    for right in _all(plugin):
        stays = plugin.name in KEPT and right.least is Role.MANAGER
        if right.permission not in seen and not stays:
            seen.add(right.permission)
            yield right


def _all(plugin: Plugin) -> Iterator[Right]:
    manifest = plugin.manifest
    acts = [*manifest.acts, *(act for screen in manifest.screens for act in screen.acts)]
    acts += [act for extend in manifest.extends for act in extend.acts]
    for act in acts:
        yield Right(act.permission, act.label, act.least, is_act=True)
    for screen in manifest.screens:
        if screen.form:
            label = _("%(list)s: change").fill(list=screen.title)
            yield Right(screen.form_permission, label, screen.form_least, is_act=True)
    for page in manifest.pages:
        yield Right(page.permission, page.label, page.least, is_act=False)
    for screen in manifest.screens:
        yield Right(screen.permission, screen.title, screen.least, is_act=False)
