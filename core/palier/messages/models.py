"""Messages: one row for each way that is tried, print runs of papers, text messages by month."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ColumnElement, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from palier.db.fields import Itself, Keep, belongs_to, field
from palier.db.records import SiteRecord
from palier.db.types import Choice, Instant, Key
from palier.residents.languages import Language
from palier.residents.models import Resident
from palier.text import _

TELL = Keep(_("Tell people what concerns them"), months=12, after="made_at")
LONGEST = {"words": 600, "dedupe_key": 160, "gateway_ref": 80}


class Way(Choice):
    """How one message goes: a person's own channels, and the counter itself."""

    SMS = "sms", _("Text message")
    EMAIL = "email", _("E-mail")
    CALL = "call", _("Telephone call")
    LETTER = "letter", _("Paper in the letterbox")
    DESK = "desk", _("At the desk")


class MessageState(Choice):
    QUEUED = "queued", _("Waits to leave")
    SENDING = "sending", _("Leaving now")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Did not leave")
    DOUBTFUL = "doubtful", _("Perhaps sent")
    HELD = "held", _("Would have left")
    TO_CALL = "to_call", _("To call")
    LEFT_WORD = "left_word", _("Word was left")
    REACHED = "reached", _("Reached")
    GIVEN_UP = "given_up", _("Given up")
    TO_PRINT = "to_print", _("To print")
    PRINTED = "printed", _("Printed")
    POSTED = "posted", _("In the letterbox")
    TOLD = "told", _("Told at the desk")
    WITHDRAWN = "withdrawn", _("No longer needed")


# What a message in these states can still become: the rest is over.
WAITING = frozenset(
    {
        MessageState.QUEUED,
        MessageState.TO_CALL,
        MessageState.LEFT_WORD,
        MessageState.TO_PRINT,
        MessageState.PRINTED,
    }
)
STILL = WAITING | {MessageState.SENDING}


class Trouble(Choice):
    """Why a way did not work; what it answered stands beside it as a number."""

    NO_WAY = "no_way", _("Nothing is set up to send it")
    BUDGET = "budget", _("The month's text messages are used up")
    TOO_LONG = "too_long", _("Too long for a text message")
    CLOSED = "closed", _("No answer: nobody was there")
    SILENT = "silent", _("No answer in time: perhaps it was sent")
    FAULT = "fault", _("The other side had a fault")
    BUSY = "busy", _("The other side was busy")
    REFUSED = "refused", _("The number or address was refused")
    NOT_LET_IN = "not_let_in", _("The sign-in was refused")
    UNREADABLE = "unreadable", _("The answer could not be read: perhaps it was sent")
    CUT = "cut", _("Palier stopped while it left: perhaps it was sent")
    BOUNCED = "bounced", _("It came back: the address does not exist")
    GONE = "gone", _("There is no number or address any more")


class Reply(Choice):
    YES = "yes", _("Yes")
    NO = "no", _("No")


class PaperRun(SiteRecord, title="made_at"):
    """Papers printed in one go, then carried round and put into the letterboxes."""

    made_at: Mapped[datetime] = field(_("Printed"), index=True)
    papers: Mapped[int] = field(_("Papers"), default=0, min=0)
    copies: Mapped[int] = field(_("Times printed"), default=1, min=1)
    posted_at: Mapped[datetime | None] = field(_("In the letterbox"), default=None)
    person_code: Mapped[str] = field(_("By"), default="", max=8)


class Message(SiteRecord, title="said"):
    """One thing said to one person by one way. When a way fails, a new row follows on the next.

    `next_at` is the one instant before which nothing happens: quiet hours, a try again, "call again
    at". Words are kept to be said in any language; `said` is what they are in the site's own.
    """

    resident: Mapped[Resident | None] = belongs_to(Resident, _("For"), default=None, keep=TELL)
    said: Mapped[str] = field(_("Message"), max=LONGEST["words"], keep=TELL)
    channel: Mapped[Way] = field(_("Way"))
    state: Mapped[MessageState] = field(_("State"))
    asks: Mapped[bool] = field(_("Asks for a yes or no"), default=False)
    reply: Mapped[Reply | None] = field(_("Answer"), default=None, keep=TELL)
    made_at: Mapped[datetime] = field(_("Made"), index=True)
    next_at: Mapped[datetime] = field(_("Not before"))
    tries: Mapped[int] = field(_("Tries"), default=0, min=0)
    trouble: Mapped[Trouble | None] = field(_("Why it did not leave"), default=None)
    trouble_code: Mapped[int | None] = field(_("Answer's number"), default=None)
    done_at: Mapped[datetime | None] = field(_("Done"), default=None)
    language: Mapped[Language] = field(_("Language"), default=Language.FRENCH, keep=TELL)
    address: Mapped[str | None] = field(
        _("To"), default=None, max=120, keep=TELL
    )  # for a test only
    run: Mapped[PaperRun | None] = belongs_to(PaperRun, _("Print run"), default=None)
    follows: Mapped["Message | None"] = belongs_to(Itself, _("After"), default=None)
    kind: Mapped[str] = mapped_column(String(60))
    words: Mapped[Any] = mapped_column(
        JSON, info={"personal": TELL, "label": _("What is filled in")}
    )
    about_type: Mapped[str] = mapped_column(String(80), default="")
    about_id: Mapped[int] = mapped_column(Key, default=0)
    dedupe_key: Mapped[str] = mapped_column(String(LONGEST["dedupe_key"]))
    sending_at: Mapped[datetime | None] = mapped_column(Instant)
    over_at: Mapped[datetime | None] = mapped_column(Instant)  # what it was about has ended
    gateway_ref: Mapped[str | None] = mapped_column(String(LONGEST["gateway_ref"]))
    account_id: Mapped[int | None] = mapped_column(
        Key, ForeignKey("account.id", ondelete="RESTRICT")
    )
    taken_by: Mapped[str | None] = mapped_column(String(80))  # the desk that calls this person now
    taken_until: Mapped[datetime | None] = mapped_column(Instant)

    @classmethod
    def still_open(cls) -> ColumnElement[bool]:
        """Those that still have to leave, to be called or to be carried round."""
        return cls.state.in_(STILL)

    __table_args__ = (
        UniqueConstraint("site_id", "dedupe_key"),
        Index("ix_message_due", "site_id", "state", "next_at", "id"),
        Index("ix_message_about", "site_id", "about_type", "about_id"),
    )


class SmsMonth(SiteRecord, title="month", unique=("month",)):
    """How many text messages a site sent in a month, each part of a long one counted."""

    month: Mapped[date] = field(_("Month"))
    parts: Mapped[int] = field(_("Text messages"), default=0, min=0)
