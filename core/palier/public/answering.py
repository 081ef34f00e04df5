"""The addresses that anyone may open: nobody is asked who they are, and a copy may be kept."""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

from palier.context import Context
from palier.errors import NotThere, Refused
from palier.public.calendar import read_calendar, without_stamps
from palier.public.page import changes_in, read_page
from palier.public.speaking import language_asked
from palier.sites.models import SiteKind
from palier.text import Reader, direction, read_by
from palier.web.asked import Answer, Request
from palier.web.render import PLAIN, Renderer
from palier.web.wrapper import Handler

ICALENDAR = "text/calendar"  # in UTF-8, as all that is text is sent
KEPT = 60  # seconds for which a copy is shown without asking again


@dataclass(frozen=True)
class Public:
    """Answers with what anyone may read of a site."""

    renderer: Renderer

    def page(self) -> Handler:
        """Answer the site's own address."""
        return _in_words(self._page)

    def calendar(self) -> Handler:
        """Answer the site's calendar, or one event of it."""
        return _in_words(_calendar)

    def _page(self, desk: Context, request: Request) -> Answer:
        page = read_page(desk)
        around = {
            "page": page,
            "locale": desk.locale,
            "direction": direction(desk.locale),
            "theme": desk.site.theme if desk.site.theme in self.renderer.themes else PLAIN,
        }
        html = self.renderer.draw("palier/public.html", desk.site.theme, around)
        return kept(request, Answer(html), min(KEPT, changes_in(page, desk.now)))


def _calendar(desk: Context, request: Request) -> Answer:
    only = request.query.get("event", "")
    body = read_calendar(desk, only)
    answer = Answer.file(body, f"{only or desk.site.slug}.ics", media_type=ICALENDAR)
    return kept(request, answer, KEPT, same=without_stamps(body))


def _in_words(show: Callable[[Context, Request], Answer]) -> Handler:
    """Let what is shown be read in the language asked for; where one trains is nobody's page."""

    def speaking(desk: Context, request: Request, _refusal: Refused | None) -> Answer:
        if desk.site.kind == SiteKind.TRAINING.value:
            raise NotThere
        desk.locale = language_asked(request, desk.site.locale)
        with read_by(Reader(desk.locale, desk.site.zone, desk.today.year)):
            return show(desk, request)

    return Handler(speaking)


def kept(request: Request, answer: Answer, seconds: int, same: bytes = b"") -> Answer:
    """Return an answer that may be kept so long, or 304 where the browser has the same already.

    `same` is what two answers have in common that say the same, where that is less than every byte.
    """
    told = same or answer.body
    digest = sha256(told.encode() if isinstance(told, str) else told).hexdigest()[:20]
    headers = {
        **answer.headers,
        "etag": f'W/"{digest}"',
        "cache-control": f"public, max-age={seconds}",
        "vary": "accept-language",
    }
    known = request.headers.get("if-none-match", "")
    if digest in known or known.strip() == "*":
        return Answer(status=304, headers=headers)
    return Answer(answer.body, media_type=answer.media_type, headers=headers)
