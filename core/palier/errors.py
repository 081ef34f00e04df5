"""What can go wrong, each with a name."""

from datetime import date
from typing import Any, ClassVar, Self

from palier.text import Text, _


class PalierError(Exception):
    """The root of every error of ours."""


class WrongDeclaration(PalierError):
    """An act, a screen or a manifest is declared wrongly; found at start, never at the desk."""


class NoSiteInScope(PalierError):
    """A site's rows were asked for with no site in scope: a fault of the code, not of the reader."""


class WrongSite(PalierError):
    """A row of another site was about to be written."""


class Refused(PalierError):
    """An act that can't be done, worded for the caretaker.

    Subclass it with `text`; `raise NotEnough(left=3)` fills the words. `field` names the value it
    is about, so that it is shown there. Everything the act did is rolled back and the form comes
    back as it was filled in.
    """

    text: ClassVar[Text] = _("This can't be done.")
    field: ClassVar[str | None] = None
    # Somebody else was faster: the page adds who did the last thing to the record, and when.
    overtaken: ClassVar[bool] = False
    # An act, or its step on a record, that clears the way: offered beside the words, and the form
    # waits as it is.
    step: Any = None

    def __init__(self, **values: object) -> None:
        super().__init__(values)
        self.values = values

    def beside(self, field: str | None) -> Self:
        """Say it beside this value, and return it to be raised: one rule holds for several."""
        self.__dict__["field"] = field
        return self

    @property
    def words(self) -> Text:
        """The refusal, filled."""
        return self.text.fill(**self.values)

    def __str__(self) -> str:
        """The refusal in the reader's language."""
        return str(self.words)

    def __getattr__(self, name: str) -> object:
        """Give back what was filled in: `refusal.value.left`."""
        try:
            return self.__dict__["values"][name]
        except KeyError:
            raise AttributeError(name) from None


class Invalid(Refused):
    """Values of a form that can't be read; all sentences at once, by field."""

    text = _("Some answers need another look.")

    def __init__(self, errors: dict[str, list[Text]]) -> None:
        super().__init__()
        self.errors = errors


class NotThere(Refused):
    """No such page or record here: another site's answers alike."""

    text = _("This page does not exist here.")


class NotAllowed(Refused):
    """The person may not do this at this site."""

    text = _("You may not do this here. A manager can.")


class NotSignedIn(Refused):
    """Nobody is signed in, or the session ended."""

    text = _("Sign in to go on. What you typed was not sent.")


class SomeoneChangedThis(Refused):
    """The record was changed since the form was opened."""

    text = _("Someone changed this meanwhile.")
    overtaken = True


class DayIsOver(Refused):
    """A change would hold from a day that is gone: what was done on it stays as it was written."""

    text = _("This day is over: what held on it stays. Choose today or a later day.")
    field = "valid_from"

    @classmethod
    def check(cls, day: date, today: date) -> None:
        """Raise it for a day before today."""
        if day < today:
            raise cls


class AlreadySent(Refused):
    """A form's key came a second time with other values or from another person."""

    text = _("This form was already sent with other answers. Open it again.")


class NotNow(Refused):
    """An act whose record is no longer in the state it asks for."""

    text = _("This is no longer possible: the record has changed. Look at it again.")
    overtaken = True


class TooBusy(Refused):
    """The database stayed busy or in conflict after several tries."""

    text = _("Too many people wrote at once. Nothing was saved: send it again.")


class DiskFull(Refused):
    """The database could not write: the disk is full or read-only."""

    text = _("The disk is full: nothing was saved. Free some space, then send it again.")


class PluginFailed(Refused):
    """A plugin failed where it could veto or change money."""

    text = _("The service %(plugin)s has a problem: nothing was done. Tell a manager.")
