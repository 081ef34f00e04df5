"""What a switch does, in sentences, shown before it is done."""

from collections.abc import Iterator

from sqlalchemy import func, select

from palier.accounts.models import Staff, StaffSkill
from palier.accounts.rules import works_on
from palier.context import Context
from palier.db.fields import Keep
from palier.db.records import all_tables
from palier.plugins import Plugin
from palier.screens.views import Line
from palier.sites.actions import hooks_of
from palier.sites.switching import Plan
from palier.text import Text, _, plural


def lines_on(desk: Context, plan: Plan, name: str) -> Iterator[Line]:
    """Yield what switching on does: what it needs, what appears, what is kept about people."""
    known = hooks_of(desk).registry.plugins
    for each in plan.names[:-1]:
        words = _("%(other)s is switched on first: %(name)s needs it.")
        yield Line(words.fill(other=known[each].label, name=known[name].label), icon="plus")
    for each in plan.names:
        yield from _appears(desk, known[each])
    yield Line(_("No message leaves. Nobody at another desk is interrupted."), icon="info")


def _appears(desk: Context, plugin: Plugin) -> Iterator[Line]:
    manifest = plugin.manifest
    if any(screen.menu for screen in manifest.screens):
        words = _("One more entry in the menu: %(name)s.")
        yield Line(words.fill(name=plugin.label), icon="plus")
    lists = {str(each.title or each.screen.title): each for each in manifest.panels}
    for panel in lists.values():
        words = _("On the page of a record: %(list)s.")
        yield Line(words.fill(list=panel.title or panel.screen.title), icon="plus")
    for skill in manifest.skills:
        yield _skill(desk, skill.name, skill.label)
    for purpose, months in _kept(plugin.name).items():
        words = _("Kept about people: %(why)s, %(months)s.")
        kept = plural("%(n)s month", "%(n)s months", months)
        yield Line(words.fill(why=purpose, months=kept), icon="lock")


def _skill(desk: Context, name: str, label: Text) -> Line:
    learnt = (
        select(func.count())
        .select_from(StaffSkill)
        .join(Staff, Staff.id == StaffSkill.staff_id)
        .where(StaffSkill.skill == name, works_on(desk.today))
    )
    count = desk.session.scalar(learnt) or 0
    if count:
        people = plural("%(n)s person has learnt it", "%(n)s people have learnt it", count)
        return Line(
            _("Asks for a skill: %(skill)s. %(people)s.").fill(skill=label, people=people),
            icon="key",
        )
    words = _("Asks for a skill that nobody has learnt yet: %(skill)s. Note it in Team.")
    return Line(words.fill(skill=label), icon="warn", kind="soon")


def _kept(name: str) -> dict[Text, int]:
    """Return why a service keeps something about people, and for how many months at most."""
    found: dict[Text, int] = {}
    for table in all_tables():
        if table.name.startswith(f"{name}_"):
            for column in table.columns:
                keep: Keep | None = column.info.get("personal")
                if keep is not None:
                    found[keep.purpose] = max(keep.months, found.get(keep.purpose, 0))
    return found


def lines_off(desk: Context, name: str) -> Iterator[Line]:
    """Yield what switching off does."""
    plugin = hooks_of(desk).registry.plugins.get(name)
    label = plugin.label if plugin is not None else Text(name)
    gone = _("%(name)s leaves the menu, the desk and the pages of records.")
    yield Line(gone.fill(name=label), icon="minus")
    yield Line(_("Its data stay, and come back with it."), icon="lock")
    open_ = _("What is still out or promised can't be ended while it is off: end it first.")
    yield Line(open_, icon="warn", kind="soon")
