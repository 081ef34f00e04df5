"""Values that are chosen: one of a list, lines of a checklist, a record found by search."""

from collections.abc import Mapping
from typing import Any, ClassVar

from palier.context import Context
from palier.db.records import SiteRecord
from palier.db.types import Choice, Ticks, chosen
from palier.text import Text, _
from palier.values import CannotRead, Value, is_id


class OneOf(Value):
    """One of a closed list."""

    widget = "choice"
    shown_as = "state"

    @property
    def choices(self) -> list[Choice]:
        """The list, in its own order."""
        return list(self.asked.kind)

    def offered(self, desk: Context) -> Mapping[str, Text]:
        """Return what may be chosen, word by label."""
        return {each.value: each.label for each in self.choices}

    def from_form(self, typed: str, desk: Context) -> object:
        """Take the stored word."""
        try:
            return chosen(self.asked.kind, typed)
        except ValueError:
            raise CannotRead(_("Choose one of the list.")) from None

    def from_json(self, given: object, desk: Context) -> object:
        """Take the stored word."""
        return self.from_form(str(given), desk)

    def to_form(self, stored: object) -> str:
        """The stored word."""
        return stored.value if isinstance(stored, Choice) else ""

    def to_json(self, stored: object) -> object:
        """The stored word."""
        return self.to_form(stored) or None

    def shown(self, stored: object) -> Text | str:
        """The label."""
        return stored.label if isinstance(stored, Choice) else ""


class Offered(OneOf):
    """One of a list that is known only at the desk: skills, units of a thing."""

    shown_as = "text"

    @property
    def choices(self) -> list[Choice]:
        """All that could be, where the words are a closed list."""
        return [] if self.asked.kind is str else list(self.asked.kind)

    def offered(self, desk: Context) -> Mapping[str, Text]:
        """Return what may be chosen here."""
        return self.asked.offers(desk) if self.asked.offers is not None else {}

    def from_form(self, typed: str, desk: Context) -> object:
        """Take one of the words that are offered."""
        if typed not in self.offered(desk):
            raise CannotRead(_("Choose one of the list."))
        return typed if self.asked.kind is str else chosen(self.asked.kind, typed)

    def to_form(self, stored: object) -> str:
        """The stored word."""
        return stored.value if isinstance(stored, Choice) else str(stored or "")


class Checklist(Value):
    """What was checked: names, who, when. A form sends them with commas between."""

    widget = "ticks"
    json_type: ClassVar[Mapping[str, Any]] = {"type": "array", "items": {"type": "string"}}

    def from_form(self, typed: str, desk: Context) -> object:
        """Take the ticked names, signed by the actor now."""
        return self.from_json([each for each in typed.split(",") if each], desk)

    def from_json(self, given: object, desk: Context) -> object:
        """Take a list of names. A line that asks for a skill is refused to who lacks it."""
        known = {each.name: each for each in self.asked.items}
        if not isinstance(given, list) or not set(given) <= known.keys():
            raise CannotRead(_("Choose lines of this list."))
        for name in given:
            skill = known[name].skill
            if skill is not None and skill.name not in desk.actor.skills:
                words = _("%(check)s: this needs the skill %(skill)s. Ask someone who has it.")
                raise CannotRead(words.fill(check=known[name].label, skill=skill.label))
        return Ticks.made(given, desk.actor.person_code, desk.now)

    def checked(self, stored: object) -> object:
        """Hold what can't be left out."""
        left = [t.label for t in self.asked.items if t.must and t.name not in stored]  # type: ignore[operator]
        if left:
            raise CannotRead(_("Still to check: %(what)s.").fill(what=", ".join(map(str, left))))
        return stored

    def to_form(self, stored: object) -> str:
        """The names, with commas."""
        return ",".join(sorted(stored)) if isinstance(stored, Ticks) else ""

    def to_json(self, stored: object) -> object:
        """The names."""
        return sorted(stored) if isinstance(stored, Ticks) else None

    def shown(self, stored: object) -> Text | str:
        """The labels of what was ticked."""
        ticked = stored if isinstance(stored, Ticks) else Ticks()
        return ", ".join(str(t.label) for t in self.asked.items if t.name in ticked)


class Linked(Value):
    """A record of the same site, chosen by search; JSON carries its id."""

    widget = "record"
    json_type: ClassVar[Mapping[str, Any]] = {"type": "integer"}

    def from_form(self, typed: str, desk: Context) -> object:
        """Find the record; another site's id answers as one that does not exist."""
        found = desk.find(self.asked.kind, int(typed)) if is_id(typed) else None
        kept: int | None = getattr(found, "merged_into_id", None)
        if kept is not None:
            found = desk.find(self.asked.kind, kept)  # the form was open while the two became one
        if found is None:
            raise CannotRead(_("Choose one of the list: this one is not here."))
        return found

    def from_json(self, given: object, desk: Context) -> object:
        """Take an id."""
        return self.from_form(str(given), desk)

    def to_form(self, stored: object) -> str:
        """The id."""
        return str(stored.id) if isinstance(stored, SiteRecord) else ""

    def to_json(self, stored: object) -> object:
        """The id."""
        return stored.id if isinstance(stored, SiteRecord) else None

    def shown(self, stored: object) -> Text | str:
        """The record's title."""
        return "" if stored is None else str(stored)
