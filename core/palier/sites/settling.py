"""Settings by command: the same act, its values typed as words."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from palier.context import Context
from palier.deciding import SettingsAct, decided, settings_of
from palier.errors import Refused
from palier.plugins import Registry
from palier.reading import read_values, value_of
from palier.text import _


class NoSettings(Refused):
    text = _("%(name)s is not on here, or has nothing to set. These have: %(known)s.")


class NoSuchSetting(Refused):
    text = _("%(name)s has no setting called %(key)s. It has: %(known)s.")


def to_settle(
    desk: Context, registry: Registry, name: str, wanted: Mapping[str, str], day: date
) -> tuple[SettingsAct, dict[str, Any]]:
    """Return the act of a package's settings and its values: those that hold, and the wanted ones.

    Raises `NoSettings`, `NoSuchSetting`, `Invalid` for a value that can't be read.
    """
    acts = {each.name: each.manifest.change_settings for each in registry.on(desk.site.plugins)}
    act = acts.get(name)
    if act is None:
        known = ", ".join(sorted(each for each, found in acts.items() if found is not None))
        raise NoSettings(name=name, known=known)
    fields = {each.name: each for each in act.fields}
    for key in wanted.keys() - fields.keys():
        raise NoSuchSetting(name=name, key=key, known=", ".join(fields))
    held: Any = desk.settings_on(act.kind, day)
    asked = tuple(fields[key] for key in wanted)
    values = {key: getattr(held, key) for key in fields}
    return act, {**values, **read_values(asked, dict(wanted), desk, json=False)}


def shown_settings(
    desk: Context, act: SettingsAct, wanted: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Return each setting for a list; `wanted` is what would be changed."""
    found = []
    for each in settings_of(desk, act, decided(desk)):
        value = value_of(each.asked)
        coming = "; ".join(f"{day}: {value.to_form(later)}" for day, later in each.coming)
        row = {"setting": each.asked.name, "value": value.to_form(each.now)}
        row |= {"since": each.since.isoformat() if each.since else "", "coming": coming}
        if wanted:
            row["would be"] = wanted.get(each.asked.name, "")
        found.append({**row, "what": str(each.asked.label)})
    return found
