"""What workshops remember: wishes and their votes, sessions, who comes, how many came unnamed."""

from datetime import date, datetime

from palier.api import (
    Choice,
    ColumnElement,
    Keep,
    Mapped,
    Priced,
    Provider,
    Resident,
    SiteRecord,
    _,
    belongs_to,
    field,
)


class Kind(Choice):
    WORKSHOP = "workshop", _("A workshop or an outing")
    SERVICE = "service", _("A service")


class WishState(Choice):
    OPEN = "open", _("Open")
    PLANNED = "planned", _("Planned")
    DONE = "done", _("Fulfilled")
    DECLINED = "declined", _("Can't be met")
    MERGED = "merged", _("Merged into another")


class State(Choice):
    OPEN = "open", _("To come")
    DONE = "done", _("Took place")
    CANCELLED = "cancelled", _("Cancelled")


class Mark(Choice):
    """What stands beside a name on the list."""

    ENROLLED = "enrolled", _("Enrolled")
    PRESENT = "present", _("Present")
    EXCUSED = "excused", _("Excused")
    NO_SHOW = "no_show", _("Did not come")
    CALLED_OFF = "called_off", _("Cancelled by us")


class Sex(Choice):
    """`key` is the letter that is typed for it, the French word's first."""

    WOMAN = "woman", _("Women")
    MAN = "man", _("Men")
    OTHER = "other", _("Others")
    NOT_SAID = "not_said", _("Not said")


class Band(Choice):
    """Years of age; the values begin with the digits that are typed for them."""

    CHILD = "0", _("0 to 11")
    YOUNG = "12", _("12 to 17")
    GROWN = "18", _("18 to 25")
    ADULT = "26", _("26 to 39")
    MIDDLE = "40", _("40 to 59")
    OLDER = "60", _("60 to 69")
    OLD = "70", _("70 and more")
    NOT_SAID = "not_said", _("Not said")


VOTED = Keep(_("Tell who wished for it what became of it"), months=24, after="voted_on")
COMES = Keep(_("Know who comes to a workshop"), months=12, after="held_on")
HOSTS = Keep(_("Know who leads a workshop"), months=12, after="ends_at")


class Wish(SiteRecord, title="title", unique=("number",)):
    """Something that residents wish for. `votes` counts households: those named, and those on paper."""

    number: Mapped[int] = field(_("Number"), min=1)
    title: Mapped[str] = field(_("Wish"), max=60)
    kind: Mapped[Kind] = field(_("What is wished for"), default=Kind.WORKSHOP)
    asked_on: Mapped[date] = field(_("Asked on"), index=True)
    state: Mapped[WishState] = field(_("State"), default=WishState.OPEN)
    households: Mapped[int] = field(_("Households on paper"), default=0, min=0)
    votes: Mapped[int] = field(_("Households in all"), default=0, min=0, index=True)
    merged_into: Mapped[int | None] = field(_("Merged into wish"), default=None)

    def __str__(self) -> str:
        """Say number and words, as on the wall."""
        return f"{self.number}. {self.title}"


class Vote(SiteRecord, title="resident"):
    """A resident who wishes for it too, and is told what becomes of it."""

    wish: Mapped[Wish] = belongs_to(Wish, _("Wish"))
    resident: Mapped[Resident] = belongs_to(Resident, _("Resident"), keep=VOTED)
    would_host: Mapped[bool] = field(_("Would lead it"), default=False)
    voted_on: Mapped[date] = field(_("Voted on"), index=True)

    def __str__(self) -> str:
        """Say who, and for what."""
        return f"{self.resident}, {self.wish.title}"


class Workshop(Priced, title="title"):
    """A session with seats: in the house, or an outing at a partner's venue. Without a price it is free."""

    title: Mapped[str] = field(_("Workshop"), max=60, impersonal=True)
    wish: Mapped[Wish | None] = belongs_to(Wish, _("Wish"), default=None)
    starts_at: Mapped[datetime] = field(_("Begins"), index=True)
    ends_at: Mapped[datetime] = field(_("Ends"))
    place: Mapped[str] = field(_("Where it is"), default="", max=80, impersonal=True)
    provider: Mapped[Provider | None] = belongs_to(Provider, _("Partner or venue"), default=None)
    host: Mapped[Resident | None] = belongs_to(
        Resident, _("Resident who leads it"), default=None, keep=HOSTS
    )
    seats: Mapped[int] = field(_("Seats"), min=1, max=500)
    taken: Mapped[int] = field(_("Seats taken"), default=0, min=0)
    first_until: Mapped[date | None] = field(_("Only for who wished it, until"), default=None)
    state: Mapped[State] = field(_("State"), default=State.OPEN)


class Enrolment(SiteRecord, title="resident"):
    """One resident's seat in a workshop, and whether they came."""

    workshop: Mapped[Workshop] = belongs_to(Workshop, _("Workshop"))
    resident: Mapped[Resident] = belongs_to(Resident, _("Resident"), keep=COMES)
    held_on: Mapped[date] = field(_("Day"), index=True)
    enrolled_at: Mapped[datetime] = field(_("Enrolled"))
    mark: Mapped[Mark] = field(_("Attendance"), default=Mark.ENROLLED)
    came_at: Mapped[datetime | None] = field(_("Came at"), default=None)
    marked_at: Mapped[datetime | None] = field(_("Keyed"), default=None)

    def __str__(self) -> str:
        """Say who, and to what."""
        return f"{self.resident}, {self.workshop.title}"

    @classmethod
    def still_open(cls) -> ColumnElement[bool]:
        """Those that wait for their day."""
        return cls.mark == Mark.ENROLLED


class HeadCount(SiteRecord, title=("sex", "band"), unique=("workshop", "sex", "band")):
    """How many came without giving a name, by sex and age."""

    workshop: Mapped[Workshop] = belongs_to(Workshop, _("Workshop"))
    sex: Mapped[Sex] = field(_("Sex"))
    band: Mapped[Band] = field(_("Age"))
    people: Mapped[int] = field(_("People"), default=0, min=0)
