"""Residents: addresses, households, people, memberships."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    Index,
    String,
    UniqueConstraint,
    and_,
    exists,
    func,
)
from sqlalchemy.orm import Mapped, mapped_column

from palier.db.fields import Basis, Itself, Keep, belongs_to, field
from palier.db.records import SiteRecord
from palier.db.types import Choice, Key
from palier.residents.languages import Language
from palier.text import _

# CNIL reference table for social support, decision 2023-095: two years after the last contact.
KNOW = Keep(_("Know who is served"), months=24, after="last_contact_on")
REACH = Keep(_("Reach the person"), months=24, after="last_contact_on")
# What a household pays is forgotten a year after the paper that it showed has ended.
REDUCED = Keep(_("Charge the reduced price"), months=12, after="bracket_until")


class Address(SiteRecord, title=("number", "street", "stairwell")):
    """Where a household lives. The priority area comes from here; no screen asks for it."""

    street: Mapped[str] = field(_("Street"), max=80, search=True)
    number: Mapped[str] = field(_("Number"), max=10, search=True)
    stairwell: Mapped[str | None] = field(_("Stairwell"), max=10, default=None)
    floor: Mapped[str | None] = field(_("Storey"), max=20, default=None)
    qpv_code: Mapped[str | None] = mapped_column(String(10))


class Colour(Choice):
    """The only word that a desk says of a bracket."""

    GREEN = "green", _("Green")
    BLUE = "blue", _("Blue")
    YELLOW = "yellow", _("Yellow")
    PURPLE = "purple", _("Purple")
    BROWN = "brown", _("Brown")


class Bracket(SiteRecord, title="colour", unique=("code",), copied=True):
    """A level of price. Others only ever see its colour: `label` is for managers."""

    __table_args__ = (UniqueConstraint("site_id", "colour"),)
    code: Mapped[str] = field(_("Code"), max=12)
    colour: Mapped[Colour] = field(_("Colour"))
    label: Mapped[str] = field(
        _("For managers"), max=80, help=_("Which paper gives right to it. Only managers read this.")
    )
    position: Mapped[int] = field(_("Place in the list"), default=1, min=1, max=99, index=True)


class Household(SiteRecord, title="code", unique=("code",)):
    """People who live together: the membership and the bracket are theirs.

    Its card has a code of its own, made when it is printed: `code` stands on papers and stays.

    Of the paper that gives right to a bracket only this is kept: seen on which day, and until when
    it holds.
    """

    code: Mapped[str] = field(_("Household"), max=12, search=True, index=True)
    address: Mapped[Address | None] = belongs_to(Address, _("Address"), default=None, keep=REACH)
    bracket: Mapped[Bracket | None] = belongs_to(Bracket, _("Bracket"), default=None, keep=REDUCED)
    bracket_seen_on: Mapped[date | None] = field(_("Paper seen"), default=None, keep=REDUCED)
    bracket_until: Mapped[date | None] = field(
        _("Holds until"), default=None, help=_("The last day on the paper"), keep=REDUCED
    )
    card_code: Mapped[str | None] = field(_("Card"), default=None, max=20, keep=KNOW)
    merged_into_id: Mapped[int | None] = mapped_column(Key, info={"refers": "household"})
    __table_args__ = (Index("uq_household_site_id_card_code", "site_id", "card_code", unique=True),)
    if TYPE_CHECKING:  # made by the links above
        bracket_id: Mapped[int | None] = mapped_column()

    @property
    def detail(self) -> str:
        """Where it is, for a picker: nobody knows a code by heart."""
        return str(self.address or "")


class ResidentState(Choice):
    ACTIVE = "active", _("Active")
    LEFT = "left", _("Has left")
    MERGED = "merged", _("Merged")
    ERASED = "erased", _("Erased")


class Channel(Choice):
    SMS = "sms", _("Text message")
    EMAIL = "email", _("E-mail")
    CALL = "call", _("Telephone call")
    LETTER = "letter", _("Paper in the letterbox")


class Unseen(Choice):
    """After how many days without a sign someone wants to be called; they ask for it themselves."""

    NEVER = "never", _("Never")
    THREE = "3", _("3 days")
    SEVEN = "7", _("A week")
    FOURTEEN = "14", _("Two weeks")
    THIRTY = "30", _("A month")

    @property
    def days(self) -> int:
        """The days, 0 for never."""
        return 0 if self is Unseen.NEVER else int(self.value)


class Resident(SiteRecord, title=("given_name", "family_name"), unique=("card_code",)):
    """A person of the neighbourhood. No free text, no health, no origin, no document number."""

    household: Mapped[Household | None] = belongs_to(
        Household, _("Household"), default=None, keep=KNOW
    )
    given_name: Mapped[str] = field(_("Given name"), max=60, keep=KNOW, search=True)
    family_name: Mapped[str] = field(_("Family name"), max=60, keep=KNOW, search=True, index=True)
    birth_year: Mapped[int | None] = field(
        _("Year of birth"), default=None, min=1900, max=2100, keep=KNOW
    )
    phone: Mapped[str | None] = field(_("Telephone"), default=None, max=20, keep=REACH, index=True)
    email: Mapped[str | None] = field(_("E-mail"), default=None, max=120, keep=REACH)
    language: Mapped[Language] = field(_("Language"), default=Language.FRENCH, keep=REACH)
    # The ways to reach someone, in the order that they wish.
    channel: Mapped[Channel] = field(_("Reached by"), default=Channel.LETTER, keep=REACH)
    channel_2: Mapped[Channel | None] = field(_("If that fails"), default=None, keep=REACH)
    channel_3: Mapped[Channel | None] = field(_("If that fails too"), default=None, keep=REACH)
    contact_via: Mapped["Resident | None"] = belongs_to(
        Itself, _("Messages go to"), default=None, keep=REACH
    )
    large_type: Mapped[bool] = field(_("Papers in large letters"), default=False, keep=REACH)
    no_mail_since: Mapped[date | None] = field(
        _("No e-mail arrives since"), default=None, keep=REACH
    )
    unseen: Mapped[Unseen] = field(_("Call when not seen for"), default=Unseen.NEVER, keep=REACH)
    card_code: Mapped[str] = field(_("Card"), max=20, keep=KNOW)
    state: Mapped[ResidentState] = field(_("State"), default=ResidentState.ACTIVE)
    last_contact_on: Mapped[date | None] = field(_("Last contact"), default=None, index=True)
    merged_into_id: Mapped[int | None] = mapped_column(Key, info={"refers": "resident"})
    if TYPE_CHECKING:  # made by the link above
        household_id: Mapped[int | None] = mapped_column()

    @classmethod
    def in_use(cls) -> ColumnElement[bool]:
        """Those who live here."""
        return cls.state == ResidentState.ACTIVE

    @property
    def detail(self) -> str:
        """What tells two of one name apart in a picker: the household's code, the year of birth."""
        parts = (self.household.code if self.household else None, self.birth_year)
        return ", ".join(str(each) for each in parts if each)


class Membership(SiteRecord, title=("starts_on", "ends_on")):
    """A household's year, `ends_on` no longer in it. "Is a member today" is a query, never a flag."""

    household: Mapped[Household] = belongs_to(Household, _("Household"), keep=KNOW)
    starts_on: Mapped[date] = field(_("From"), index=True)
    ends_on: Mapped[date] = field(_("Ends on"), index=True)
    cancelled_on: Mapped[date | None] = field(_("Cancelled"), default=None)
    __table_args__ = (CheckConstraint("ends_on > starts_on", name="span"),)


class Merge(SiteRecord, title="gone", stays=True):
    """Two records that turned out to be one person: everything of `gone` went to `kept`.

    The households are named where they were one as well. It can be undone.
    """

    kept: Mapped[Resident] = belongs_to(Resident, _("Kept record"))
    gone: Mapped[Resident] = belongs_to(Resident, _("Merged record"))
    kept_household: Mapped[Household | None] = belongs_to(
        Household, _("Kept household"), default=None
    )
    gone_household: Mapped[Household | None] = belongs_to(
        Household, _("Merged household"), default=None
    )
    at: Mapped[datetime] = field(_("At"), index=True)
    moved: Mapped[int] = field(_("Moved records"), default=0)
    undone_at: Mapped[datetime | None] = field(_("Undone"), default=None)

    def __str__(self) -> str:
        """Say who became who."""
        return f"{self.gone} → {self.kept}"


class MergeMove(SiteRecord):
    """One link that a merge moved, or one value it chose: undoing moves exactly these back.

    `former` is the value that stood there before; for a link it is the record that was merged.
    """

    known_as = _("Merged records")
    merge: Mapped[Merge] = belongs_to(Merge, _("Merge"))
    table_name: Mapped[str] = mapped_column(String(80))
    column_name: Mapped[str] = mapped_column(String(80))
    row_id: Mapped[int] = mapped_column(Key)
    former: Mapped[str | None] = mapped_column(
        String(200), info={"personal": KNOW, "label": _("What stood before")}
    )


class ToldApart(SiteRecord, title=("one", "other"), unique=("one", "other"), stays=True):
    """Two records that look like one person and are two: never offered again."""

    one: Mapped[Resident] = belongs_to(Resident, _("Resident"))
    other: Mapped[Resident] = belongs_to(Resident, _("Resident"))


PROOF = Keep(_("Prove what the person agreed to"), months=60, after="withdrawn_on", basis=Basis.LAW)


class Purpose(Choice):
    """What a person may agree to; without it, what needs it is refused."""

    CALL_IF_NOT_SEEN = "call_if_not_seen", _("Be called when not seen for some time")
    PASS_TO_PROVIDER = "pass_to_provider", _("Name and number given to a provider")
    PICTURES = "pictures", _("Pictures taken and shown")


class How(Choice):
    SIGNED = "signed", _("Signed on paper")
    SAID = "said", _("Said at the desk")


class Consent(SiteRecord, title="purpose"):
    """What a person agreed to: for what, since when, until when; it can be withdrawn any day."""

    resident: Mapped[Resident] = belongs_to(Resident, _("Resident"), keep=PROOF)
    purpose: Mapped[Purpose] = field(_("For"))
    given_on: Mapped[date] = field(_("Given"), index=True)
    how: Mapped[How] = field(_("How"), default=How.SIGNED)
    by_parent: Mapped[bool] = field(_("A parent agrees too"), default=False)
    ends_on: Mapped[date | None] = field(
        _("Ends on"), default=None, help=_("The first day on which it no longer holds.")
    )
    withdrawn_on: Mapped[date | None] = field(_("Withdrawn"), default=None)

    @classmethod
    def still_open(cls) -> ColumnElement[bool]:
        """Those that hold: what is agreed to is proved as long as it is made use of."""
        return and_(cls.withdrawn_on.is_(None), cls.ends_on.is_(None))

    @classmethod
    def kept_from(cls, keep: Keep) -> ColumnElement[Any] | None:  # noqa: ARG003 - one reason only
        """The day on which it was withdrawn, or ended."""
        return func.coalesce(cls.withdrawn_on, cls.ends_on)


PRINTED = Keep(_("Print member cards"), months=24, after="printed_on")
REPLACED = Keep(_("Know that a card was replaced"), months=24, after="replaced_on")


class CardRun(SiteRecord, title="made_at"):
    """Member cards that are printed in one go; `printed` of them have come out of the printer."""

    made_at: Mapped[datetime] = field(_("At"), index=True)
    cards: Mapped[int] = field(_("Cards"), min=1)
    printed: Mapped[int] = field(_("Printed"), default=0, min=0)
    person_code: Mapped[str] = field(_("By"), max=8)
    __table_args__ = (CheckConstraint("printed <= cards", name="printed_most"),)


class PrintedCard(SiteRecord, title="place", unique=("run", "place")):
    """One card of a run, a resident's or a household's; its code is theirs, and random.

    That someone has a card is known as long as they are.
    """

    known_as = _("Printed cards")
    run: Mapped[CardRun] = belongs_to(CardRun, _("Cards printed in one go"))
    place: Mapped[int] = field(_("Place"), min=1)
    resident: Mapped[Resident | None] = belongs_to(
        Resident, _("Resident"), default=None, keep=PRINTED
    )
    household: Mapped[Household | None] = belongs_to(
        Household, _("Household"), default=None, keep=PRINTED
    )
    printed_on: Mapped[date] = field(_("Printed on"))
    if TYPE_CHECKING:  # made by the links above
        resident_id: Mapped[int | None] = mapped_column()

    @classmethod
    def still_open(cls) -> ColumnElement[bool]:
        """Those in the hands of someone who is known: they are not printed once more."""
        known = Resident.state.in_((ResidentState.ACTIVE, ResidentState.LEFT))
        return exists().where(Resident.id == cls.resident_id, known)


class ReplacedCard(SiteRecord, title="code", unique=("code",)):
    """A card that opens nobody any more, because another one took its place."""

    code: Mapped[str | None] = field(_("Card"), default=None, max=20, keep=REPLACED)
    resident: Mapped[Resident | None] = belongs_to(
        Resident, _("Resident"), default=None, keep=REPLACED
    )
    household: Mapped[Household | None] = belongs_to(
        Household, _("Household"), default=None, keep=REPLACED
    )
    replaced_on: Mapped[date] = field(_("Replaced"), index=True)
