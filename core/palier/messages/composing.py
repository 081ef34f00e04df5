"""What is written to someone: the same words as a text message, an e-mail, a paper."""

from dataclasses import dataclass

from palier.context import Place
from palier.messages.models import Message
from palier.messages.rules import for_telephone, receiver_of
from palier.messages.wording import from_stored, say, written_in
from palier.residents.languages import Language
from palier.residents.models import Resident
from palier.text import Text, _


@dataclass(frozen=True)
class Letter:
    """An e-mail's words, and the language they are in."""

    subject: str
    body: str
    lang: str


def text_of(message: Message, receiver: Resident | None) -> Text:
    """Return what is said; where a relative hears it, for whom it is."""
    words = from_stored(message.words)
    person = message.resident
    if person is None or receiver is None or receiver is person:
        return words
    return _("For %(name)s: %(words)s").fill(name=str(person), words=words)


def locale_of(message: Message, site: Place) -> str:
    """Return the locale a message is written in."""
    return written_in(from_stored(message.words), message.language, site.locale)


def as_sms(message: Message, site: Place, year: int) -> str:
    """Return the message as a text message: who writes, then what."""
    words = _("%(site)s: %(words)s").fill(site=site.name, words=text_of(message, _to(message)))
    return for_telephone(say(words, locale_of(message, site), site.zone, year))


def as_mail(message: Message, site: Place, year: int) -> Letter:
    """Return the message as an e-mail, plain."""
    locale = locale_of(message, site)
    receiver = _to(message)
    who = str(receiver) if receiver is not None else message.address or ""
    parts = (
        _("Hello %(name)s,").fill(name=who),
        text_of(message, receiver),
        _("Your concierge service %(site)s").fill(site=site.name),
    )
    subject = say(_("A message from %(site)s").fill(site=site.name), locale, site.zone)
    body = "\n\n".join(say(each, locale, site.zone, year) for each in parts)
    return Letter(subject, f"{body}\n", locale)


def _to(message: Message) -> Resident | None:
    return receiver_of(message.resident) if message.resident is not None else None


def as_paper(message: Message, site: Place, year: int) -> tuple[str, str, str]:
    """Return a paper's words in the site's language, in the person's own, and that one's locale.

    The second is empty where both are one, or where we have no words in it.
    """
    words = text_of(message, _to(message))
    here = say(words, site.locale, site.zone, year)
    locale = locale_of(message, site)
    if locale == site.locale:
        return here, "", ""
    return here, say(words, locale, site.zone, year), locale


def language_named(language: Language) -> Text:
    """Return the language to speak with someone, as words."""
    return language.label
