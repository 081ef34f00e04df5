"""E-mail that came back: which address it was, and what then becomes of what was sent there."""

from datetime import timedelta
from email import message_from_bytes
from email.message import Message as Part
from email.policy import default

from sqlalchemy import func, select

from palier.context import Context
from palier.errors import Refused
from palier.messages.models import Message, MessageState, Trouble, Way
from palier.messages.telling import go_on
from palier.residents.models import Resident
from palier.text import _

LATELY = timedelta(days=7)  # what went to an address since is told by another way


class NoBounce(Refused):
    text = _("This mail says of no address that nothing arrives there.")


def addresses_in(mail: bytes) -> list[str]:
    """Return the addresses that a mail server reports as failed for ever (RFC 3464).

    Raises `NoBounce` for any other mail.
    """
    found = []
    for part in message_from_bytes(mail, policy=default).walk():
        if part.get_content_type() == "message/delivery-status":
            reports = part.get_payload()
            found += [_failed(each) for each in reports if isinstance(each, Part)]
    addresses = sorted({each for each in found if each})
    if not addresses:
        raise NoBounce
    return addresses


def _failed(report: Part) -> str:
    for_ever = str(report.get("status", "")).strip().startswith("5")
    failed = str(report.get("action", "")).strip().lower() == "failed"
    address = str(report.get("final-recipient", "")).partition(";")[2].strip()
    return address if failed and for_ever else ""


def came_back(desk: Context, resident: Resident) -> int:
    """Remember that no mail arrives; tell by the next way what went there lately. Return how many."""
    resident.no_mail_since = desk.today
    desk.session.flush()
    lately = select(Message).where(
        Message.resident == resident,
        Message.channel == Way.EMAIL,
        Message.state == MessageState.SENT,
        Message.done_at > desk.now - LATELY,
    )
    back = desk.all(lately)
    for each in back:
        each.state, each.trouble = MessageState.FAILED, Trouble.BOUNCED
        go_on(desk, each)
    return len(back)


def all_came_back(desk: Context, addresses: list[str]) -> int:
    """Note these addresses of whoever has them at the site; return how many messages go on."""
    wanted = [each.lower() for each in addresses]
    people = desk.all(select(Resident).where(func.lower(Resident.email).in_(wanted)))
    return sum(came_back(desk, each) for each in people)
