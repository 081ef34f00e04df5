"""What the exchange remembers: who takes part, offers and wants, the ledger, vouchers, suggestions."""

from datetime import date, datetime
from typing import Any

from palier.api import (
    Choice,
    ColumnElement,
    Keep,
    Mapped,
    Minutes,
    Resident,
    SiteRecord,
    Text,
    _,
    belongs_to,
    field,
    func,
    select,
)


class Category(Choice):
    """What a help is about: a closed list, so that the catalogue reads in two languages."""

    DIGITAL = "digital", _("Telephone and computer")
    LETTERS = "letters", _("Letters and forms")
    COOKING = "cooking", _("Cooking")
    SEWING = "sewing", _("Sewing and knitting")
    REPAIRS = "repairs", _("Small repairs")
    GARDEN = "garden", _("Garden and plants")
    LANGUAGES = "languages", _("Languages")
    SCHOOL = "school", _("Homework")
    COMPANY = "company", _("Company and walks")
    ERRANDS = "errands", _("Errands and lifts")
    ANIMALS = "animals", _("Animals")
    ARTS = "arts", _("Music and arts")
    ROOF = "roof", _("Roof and heights")
    ELECTRICITY = "electricity", _("Electricity")
    GAS = "gas", _("Gas and heating")
    OTHER = "other", _("Something else")

    @property
    def is_dangerous(self) -> bool:
        """Whether the charter of such exchanges leaves it to the trade."""
        return self in {Category.ROOF, Category.ELECTRICITY, Category.GAS}


class Kind(Choice):
    GIFT = "gift", _("A gift")
    HOURS = "hours", _("For hours")
    LEFT = "left", _("Written off")


class Agreed(Choice):
    """How who was helped agreed to what it takes from their hours."""

    NOT_ASKED = "not_asked", _("Not needed")
    SAID = "said", _("Said at the desk")
    SIGNED = "signed", _("Signed on the voucher")


class Limit(Choice):
    """Which limit an exchange passed, at a site that lets it pass with a flag."""

    NONE = "none", _("Within the limits")
    FLOOR = "floor", _("Below the floor")
    CEILING = "ceiling", _("Above the ceiling")


class Hint(Choice):
    """A sentence beside an exchange. It never blocks one."""

    NONE = "none", _("Nothing to say")
    TRADE = (
        "trade",
        _("This is the trade of who helped: such work is declared and taxed. Tell them so."),
    )
    TO_ONE = (
        "to_one",
        _(
            "This person is helped often by the same one. Regular work is declared: talk about it with them."
        ),
    )
    IN_ALL = (
        "in_all",
        _("Who helped does so very often. Regular work is declared: talk about it with them."),
    )
    DANGER = (
        "danger",
        _("Roof, electricity and gas are left to the trade: the exchange insures no such work."),
    )


class Side(Choice):
    OFFER = "offer", _("Offers")
    WANT = "want", _("Asks for")


class ListingState(Choice):
    ACTIVE = "active", _("In the catalogue")
    ENDED = "ended", _("Ended")


class VoucherState(Choice):
    OPEN = "open", _("Not used")
    USED = "used", _("Used")
    CANCELLED = "cancelled", _("Cancelled")


class SuggestionState(Choice):
    OPEN = "open", _("To propose")
    AGREED = "agreed", _("Agreed")
    DISMISSED = "dismissed", _("Not wanted")
    DISSOLVED = "dissolved", _("Dissolved")
    SEEN = "seen", _("Dissolved, seen")


WHO = Keep(_("Know who takes part in the exchange"), months=24, after="left_on")
LISTED = Keep(_("Bring offers and wants together"), months=6, after="ends_on")
# No month counts for these: an hour given is worth an hour as long as its giver takes part.
LEDGER = Keep(_("Keep everybody's hours right"), months=24)
ON_PAPER = Keep(_("Book the hours of a voucher"), months=12, after="ended_at")
PROPOSED = Keep(_("Propose who could help whom"), months=6, after="ended_at")


class Member(SiteRecord, title="resident"):
    """Who takes part in the exchange, from the first listing or exchange until they leave.

    The trade is asked for one reason: help within it is work to be declared, and a sentence says so.
    """

    resident: Mapped[Resident] = belongs_to(Resident, _("Resident"), keep=WHO)
    trade: Mapped[Category | None] = field(
        _("Own trade"), default=None, keep=WHO, help=_("Help within one's trade is to be declared.")
    )
    joined_on: Mapped[date] = field(_("Since"), index=True)
    left_on: Mapped[date | None] = field(_("Left the exchange"), default=None)

    def __str__(self) -> str:
        """Say who."""
        return str(self.resident)


class Listing(SiteRecord, title=("side", "what")):
    """Something that a resident offers or asks for, until a day; renewed at the desk."""

    resident: Mapped[Resident] = belongs_to(Resident, _("Resident"), keep=LISTED)
    side: Mapped[Side] = field(_("Offers or asks for"))
    category: Mapped[Category] = field(_("Category"))
    what: Mapped[str] = field(_("What, in a few words"), max=60, keep=LISTED)
    printed: Mapped[bool] = field(_("Agrees to stand in the printed catalogue"), default=False)
    ends_on: Mapped[date] = field(_("Ends on"), index=True)
    warn_on: Mapped[date] = field(_("Notice on"), index=True)
    state: Mapped[ListingState] = field(_("State"), default=ListingState.ACTIVE)

    @property
    def code(self) -> str:
        """What stands in the catalogue: typed at the desk it opens the listing."""
        return f"ANN-{self.id}"

    def __str__(self) -> str:
        """Say who offers or asks for what."""
        return f"{self.resident}, {str(self.side).lower()} {self.what}"


class Exchange(
    SiteRecord, title="at", issued=True, loose=("giver_id", "receiver_id", "corrected_at")
):
    """One help that one person gave another. Nothing is edited: what was wrong gets its opposite.

    Where nobody stands as giver or receiver it is someone whose data were erased, or the account
    that all share when a leaver's balance is written off.
    """

    giver: Mapped[Resident | None] = belongs_to(
        Resident, _("Who helped"), default=None, keep=LEDGER
    )
    receiver: Mapped[Resident | None] = belongs_to(
        Resident, _("Who was helped"), default=None, keep=LEDGER
    )
    category: Mapped[Category] = field(_("Category"), index=True)
    kind: Mapped[Kind] = field(_("As"))
    minutes: Mapped[Minutes] = field(_("How long"), min=1)
    at: Mapped[datetime] = field(_("Noted"), index=True)
    person_code: Mapped[str] = field(_("Noted by"), max=20, keep=LEDGER)
    agreed: Mapped[Agreed] = field(_("Agreement of who was helped"), default=Agreed.NOT_ASKED)
    hint: Mapped[Hint] = field(_("To know"), default=Hint.NONE)
    beyond: Mapped[Limit] = field(_("Limits"), default=Limit.NONE)
    offer: Mapped[Listing | None] = belongs_to(Listing, _("Offer or want behind it"), default=None)
    is_correction: Mapped[bool] = field(_("Corrects another one"), default=False)
    corrected_at: Mapped[datetime | None] = field(_("Corrected"), default=None)

    def __str__(self) -> str:
        """Say what it was about, and who took part."""
        nobody = _("someone who left")
        return f"{self.category}, {self.giver or nobody} → {self.receiver or nobody}"


class Entry(SiteRecord, title="minutes", issued=True, loose=("resident_id",)):
    """What an exchange for hours adds to one account, or takes from it: two to each, summing to zero.

    Without a resident it is the common account, or someone erased, whose entries sum to zero too.
    """

    known_as = _("Hours given and received")
    exchange: Mapped[Exchange] = belongs_to(Exchange, _("Exchange"))
    resident: Mapped[Resident | None] = belongs_to(
        Resident, _("Resident"), default=None, keep=LEDGER
    )
    minutes: Mapped[Minutes] = field(_("Minutes"))

    @classmethod
    def still_open(cls) -> ColumnElement[bool]:
        """Those of a person whose hours are not even: they were given, and are still to be given back."""
        whose: Any = vars(cls)["resident_id"]
        known = select(whose).where(whose.is_not(None)).group_by(whose)
        uneven: ColumnElement[bool] = whose.in_(known.having(func.sum(cls.minutes) != 0))
        return uneven


class Series(SiteRecord, title="name", unique=("name",)):
    """What is numbered on: its row is held by whoever numbers, so that no number is given twice."""

    name: Mapped[str] = field(_("Series"), max=20)


class Sheet(SiteRecord, title="printed_at"):
    """A sheet of vouchers printed in one go."""

    printed_at: Mapped[datetime] = field(_("Printed"), index=True)
    vouchers: Mapped[int] = field(_("Vouchers"), min=1, max=96)


class Voucher(SiteRecord, title="number", unique=("number",)):
    """A numbered paper that two people sign; scanned at the desk it books its hours once."""

    number: Mapped[int] = field(_("Voucher"), min=1)
    sheet: Mapped[Sheet] = belongs_to(Sheet, _("Sheet"))
    giver: Mapped[Resident | None] = belongs_to(
        Resident, _("Who helped"), default=None, keep=ON_PAPER
    )
    receiver: Mapped[Resident | None] = belongs_to(
        Resident, _("Who was helped"), default=None, keep=ON_PAPER
    )
    category: Mapped[Category | None] = field(_("Category"), default=None)
    state: Mapped[VoucherState] = field(_("State"), default=VoucherState.OPEN)
    ended_at: Mapped[datetime | None] = field(_("Used or cancelled"), default=None, index=True)
    person_code: Mapped[str] = field(_("By"), max=20, default="", keep=ON_PAPER)
    exchange: Mapped[Exchange | None] = belongs_to(Exchange, _("Exchange"), default=None)

    @property
    def code(self) -> str:
        """What is printed on it and scanned: "BON-00231"."""
        return f"BON-{self.number:05}"

    def __str__(self) -> str:
        """Say its number, and for whom it was made out."""
        who = f", {self.giver} → {self.receiver}" if self.giver and self.receiver else ""
        return f"{self.number:05}{who}"


class Suggestion(SiteRecord, title="made_on", unique=("key",)):
    """Two people or a ring of three who could help each other; `key` is the same for the same one."""

    key: Mapped[str | None] = field(_("Suggestion"), default=None, max=120, keep=PROPOSED)
    first: Mapped[Resident] = belongs_to(Resident, _("First"), keep=PROPOSED)
    first_gives: Mapped[Category] = field(_("Gives the second"))
    second: Mapped[Resident] = belongs_to(Resident, _("Second"), keep=PROPOSED)
    second_gives: Mapped[Category | None] = field(_("Gives in turn"), default=None)
    third: Mapped[Resident | None] = belongs_to(Resident, _("Third"), default=None, keep=PROPOSED)
    third_gives: Mapped[Category | None] = field(_("Gives the first"), default=None)
    left: Mapped[Resident | None] = belongs_to(
        Resident, _("Who withdrew"), default=None, keep=PROPOSED
    )
    made_on: Mapped[date] = field(_("Made on"), index=True)
    state: Mapped[SuggestionState] = field(_("State"), default=SuggestionState.OPEN)
    ended_at: Mapped[datetime | None] = field(_("Ended"), default=None)

    @property
    def sentence(self) -> Text:
        """Explain it in one sentence."""
        told = {"first": self.first, "a": self.first_gives, "second": self.second}
        if self.third is not None:
            words = _(
                "Ring of three: %(first)s helps %(second)s (%(a)s), who helps %(third)s (%(b)s), who helps %(first)s (%(c)s)."
            )
            return words.fill(**told, b=self.second_gives, third=self.third, c=self.third_gives)
        if self.second_gives is not None:
            words = _("%(first)s helps %(second)s (%(a)s), who can help in turn (%(b)s).")
            return words.fill(**told, b=self.second_gives)
        return _("%(first)s offers what %(second)s asks for: %(a)s.").fill(**told)

    def __str__(self) -> str:
        """The sentence, in the reader's language."""
        return str(self.sentence)
