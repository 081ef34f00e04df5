"""The page of a device of the day: four digits say who acts. It shows nobody's data."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

from palier.accounts.devices import Device, enter, lock
from palier.accounts.rules import LONG, DeviceIsShut, PasswordNeeded
from palier.accounts.signing import account_of
from palier.context import Cookie
from palier.entrance import Entrance
from palier.errors import NotSignedIn, Refused
from palier.screens.views import FieldView, FormView, Link, Note
from palier.text import _
from palier.training.twins import live_site_of
from palier.web.asked import Answer, Request, csrf_fits, csrf_of, kept_of, local_path, redirect
from palier.web.wrapper import TOKEN, WrongToken

LOCKED = {"palier-locked": "1"}  # so that a script keeps what was typed on its own page


@dataclass(frozen=True)
class Locked:
    """Answers for a browser that is open for the day and has nobody before it."""

    entrance: Entrance

    @property
    def takes(self) -> dict[str, Callable[[Request], Answer]]:
        """What is sent here, by its address."""
        return {"/desk-code": self.enter, "/lock": self.lock}

    def instead(self, request: Request, refusal: Refused) -> Answer | None:
        """Return the page of a locked device, for a session that has ended there."""
        if not isinstance(refusal, NotSignedIn) or request.is_json:
            return None
        device = self.entrance.device(request)
        slug = request.path.split("/")[1]
        if device is None or device.slug not in {slug, live_site_of(self.entrance.house, slug)}:
            return None
        if not request.writes:
            return redirect(f"/desk-code?next={quote(request.with_query(), safe='/')}")
        kept = {"next": request.path, "kept": kept_of(request.form)}
        note = Note("wait", _("The device was locked. Type your code: what you typed is kept."))
        return self._page(request, device, kept, notes=(note,))

    def ask(self, request: Request) -> Answer:
        """Ask for a code, whoever acts now."""
        device = self.entrance.device(request)
        path = local_path(request.query.get("next"), "")
        if device is None:
            return redirect(f"/sign-in?next={quote(path, safe='/')}" if path else "/sign-in")
        return self._page(request, device, {"next": path or f"/{device.slug}/desk"})

    def enter(self, request: Request) -> Answer:
        """Let act whoever has the code."""
        house, given = self.entrance.house, request.form
        device = self.entrance.device(request)
        if device is None:
            return self.entrance.sign_in_page(request, {}, (note_of(DeviceIsShut()),))
        hidden = {name: given[name] for name in ("next", "kept") if given.get(name)}
        try:
            if not csrf_fits(house.settings.secret, device.token, given.get("csrf")):
                raise WrongToken
            before = request.cookies.get(TOKEN, "")
            entered = enter(
                house.database, house.settings.secret, device, given.get("code", ""), before,
                house.clock(),
            )  # fmt: skip
        except Refused as refusal:
            return self._page(request, device, hidden, refusal)
        return self.entrance.go_on(request, entered.token, f"/{device.slug}/desk", entered.locale)

    def lock(self, request: Request) -> Answer:
        """End the session; the device stays open for the next code."""
        house, token = self.entrance.house, request.cookies.get(TOKEN, "")
        device = self.entrance.device(request)
        path = local_path(request.form.get("next"), "/")
        fits = csrf_fits(house.settings.secret, token, request.form.get("csrf"))
        if device is None or not fits:
            return redirect(path)
        lock(house.database, device, token)
        return redirect(f"/desk-code?next={quote(path, safe='/')}", Cookie(TOKEN, ""))

    def _page(
        self,
        request: Request,
        device: Device,
        hidden: dict[str, str],
        refusal: Refused | None = None,
        notes: tuple[Note, ...] = (),
    ) -> Answer:
        house, next_ = self.entrance.house, hidden.get("next", "/")
        account = account_of(house.database, request.cookies.get(TOKEN, ""), house.clock())
        form = FormView(
            title=_("Type your code"),
            action="/desk-code",
            submit=_("Go on"),
            cancel_href=next_,
            hidden={"csrf": csrf_of(house.settings.secret, device.token), **hidden},
            help=_("Device: %(name)s.").fill(name=device.name),
            notes=(*notes, *_notes(device, refusal)),
        )
        values = {
            "form": form,
            "field": _field(refusal),
            "by_password": device.needs_password or isinstance(refusal, PasswordNeeded),
            "stay": Link(_("Stay %(name)s").fill(name=account.name), next_) if account else None,
            "site_name": device.site_name,
            "theme": device.theme,
        }
        status = 422 if refusal else 200
        answer = self.entrance.bare(request, "palier/desk_code.html", values, status)
        return Answer(answer.body, answer.status, headers={} if account else LOCKED)


def _field(refusal: Refused | None) -> FieldView:
    wrong = (refusal.words,) if refusal is not None and refusal.field == "code" else ()
    return FieldView(
        "code",
        _("Four-digit code"),
        "password",
        errors=wrong,
        longest=LONG,
        autocomplete="one-time-code",
    )


def _notes(device: Device, refusal: Refused | None) -> tuple[Note, ...]:
    if refusal is not None and refusal.field != "code":
        return (note_of(refusal),)
    return (note_of(PasswordNeeded()),) if device.needs_password else ()


def note_of(refusal: Refused) -> Note:
    """Return a refusal as a note."""
    return Note("stop", refusal.words)
