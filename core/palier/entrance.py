"""The pages in front of every site: sign-in, the list of sites, language, display, health."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

from palier.accounts.devices import Device, device_of, shut, sit_down
from palier.accounts.rules import DEVICE
from palier.accounts.signing import (
    NoLongerHere,
    WrongPassword,
    account_of,
    sign_in,
    sign_out,
    sites_of,
)
from palier.context import Cookie
from palier.errors import NotAllowed, NotSignedIn, NotThere, Refused
from palier.house import House
from palier.screens.drawing import LANGUAGES
from palier.screens.views import FieldGroup, FieldView, FormView, Link, Note
from palier.text import Reader, Text, _, direction, read_by
from palier.training.twins import live_site_of, open_twin, remove_twin
from palier.web.asked import (
    Answer,
    Request,
    csrf_fits,
    csrf_of,
    kept_of,
    local_path,
    redirect,
)
from palier.web.wrapper import TOKEN, display_cookie, language_of

CHOICES = {
    "scheme": {"", "light", "dark"},
    "contrast": {"", "more", "normal"},
    "size": {"", "large"},
    "keys": {"", "on", "off"},
}


@dataclass(frozen=True)
class Entrance:
    """Answers what belongs to no site."""

    house: House

    def device(self, request: Request) -> Device | None:
        """Return the device of the day that this browser is, while its day lasts."""
        cookie = request.cookies.get(DEVICE, "")
        return device_of(self.house.database, cookie, self.house.clock()) if cookie else None

    def bare(
        self, request: Request, template: str, values: Mapping[str, Any], status: int = 200
    ) -> Answer:
        """Return a page without menu, in the browser's language."""
        locale = language_of(request)
        around: dict[str, Any] = {
            "locale": locale,
            "direction": direction(locale),
            "theme": "plain",
            "notes": (),
            "languages": tuple(
                Link(
                    name, f"/language/{code}?next={request.path}", lang=code, current=code == locale
                )
                for code, name in LANGUAGES
            ),
        }
        with read_by(Reader(locale)):
            return Answer(self.house.renderer.draw(template, "plain", {**around, **values}), status)

    def sign_in_page(
        self, request: Request, errors: Mapping[str, tuple[Text, ...]], notes: tuple[Note, ...] = ()
    ) -> Answer:
        """Draw the sign-in form; what a lost session had typed travels along."""
        typed = request.form
        fields = (
            FieldView(
                "login", _("Name to sign in"), "text", typed.get("login", ""),
                errors=errors.get("login", ()), autocomplete="username",
            ),
            FieldView(
                "password", _("Password"), "password",
                errors=errors.get("password", ()), autocomplete="current-password",
            ),
        )  # fmt: skip
        hidden = {name: typed[name] for name in ("next", "kept") if typed.get(name)}
        hidden.setdefault("next", local_path(request.query.get("next"), ""))
        form = FormView(
            title=_("Sign in"),
            action="/sign-in",
            submit=_("Sign in"),
            cancel_href="/",
            groups=(FieldGroup(fields),),
            hidden={name: value for name, value in hidden.items() if value},
            notes=notes,
        )
        status = 422 if errors else 200
        return self.bare(request, "palier/sign_in.html", {"form": form, "notes": notes}, status)

    def lost_session(self, request: Request) -> Answer:
        """Ask to sign in again without losing what was typed."""
        if not request.writes:
            return redirect(f"/sign-in?{urlencode({'next': request.with_query()})}")
        form = {"next": request.path, "kept": kept_of(request.form)}
        again = Request(
            "GET", "/sign-in", {}, urlencode(form).encode(), request.headers, request.cookies
        )
        note = Note("wait", _("Your session has ended. Sign in: what you typed is kept."))
        return self.sign_in_page(again, {}, (note,))

    def sign_in(self, request: Request) -> Answer:
        """Check name and password, open a session, go on to where the reader wanted."""
        given, now = request.form, self.house.clock()
        if "login" not in given:
            return self.sign_in_page(request, {})  # from the locked page, with what was typed
        try:
            token, slug = sign_in(
                self.house.database, given["login"], given.get("password", ""), now
            )
        except (WrongPassword, NoLongerHere) as refusal:
            return self.sign_in_page(request, {"password": (refusal.words,)})
        device = self.device(request)
        if device is not None and sit_down(self.house.database, device, token, now):
            slug = device.slug
        account = account_of(self.house.database, token, now)
        path = f"/{slug}/desk" if slug else "/"
        return self.go_on(request, token, path, account.locale if account else "")

    def go_on(self, request: Request, token: str, path: str, locale: str) -> Answer:
        """Lead a new session to where the reader wanted, or to what was typed and not sent."""
        cookie = Cookie(TOKEN, token)
        if request.form.get("kept"):
            return self._send_again(request, token, cookie)
        language = display_cookie("language", locale)
        return redirect(local_path(request.form.get("next"), path), cookie, language)

    def _send_again(self, request: Request, token: str, cookie: Cookie) -> Answer:
        kept = dict(parse_qsl(request.form["kept"], keep_blank_values=True))
        kept["csrf"] = csrf_of(self.house.settings.secret, token)
        path = local_path(request.form.get("next"), "/")
        form = FormView(
            title=_("You are signed in"),
            action=path,
            submit=_("Send what I typed"),
            cancel_href=path,
            hidden=kept,
            help=_("Your answers are still here. They were not sent yet."),
        )
        answer = self.bare(request, "palier/sign_in.html", {"form": form})
        return Answer(answer.body, cookies=(cookie,))

    def train(self, request: Request) -> Answer:
        """Lead into the training twin of a site, made the first time, or anew; and out of it."""
        token = request.cookies.get(TOKEN, "")
        account = account_of(self.house.database, token, self.house.clock())
        slug = request.form.get("site", "")
        if account is None:
            return redirect("/sign-in")
        if not csrf_fits(self.house.settings.secret, token, request.form.get("csrf")):
            return redirect(f"/{slug}/desk")
        if (live := live_site_of(self.house, slug)) is not None and not request.form.get("anew"):
            return redirect(f"/{live}/desk")
        slug = live or slug
        if slug not in {each[0] for each in self._sites_of(account.id)}:
            return self.error(request, NotAllowed())
        if live is not None:
            remove_twin(self.house, live)
        return redirect(f"/{open_twin(self.house, slug)}/desk")

    def _sites_of(self, account_id: int) -> list[tuple[str, str, str]]:
        return sites_of(self.house.database, account_id, self.house.clock())

    def sign_out(self, request: Request) -> Answer:
        """End the session, in the database too; a device of the day is closed with it."""
        token = request.cookies.get(TOKEN, "")
        if not csrf_fits(self.house.settings.secret, token, request.form.get("csrf")):
            return redirect("/")
        device = self.device(request)
        if device is not None:
            shut(self.house.database, device, self.house.clock())
        sign_out(self.house.database, token)
        return redirect("/sign-in", Cookie(TOKEN, ""), Cookie(DEVICE, ""))

    def sites(self, request: Request) -> Answer:
        """List the sites where the reader works; straight on where there is one."""
        token = request.cookies.get(TOKEN, "")
        account = account_of(self.house.database, token, self.house.clock())
        if account is None:
            return redirect("/desk-code" if self.device(request) else "/sign-in")
        found = self._sites_of(account.id)
        if len(found) == 1:
            return redirect(f"/{found[0][0]}/desk")
        links = tuple(
            (Link(name, f"/{slug}/desk", detail=where), f"/{slug}/") for slug, name, where in found
        )
        return self.bare(request, "palier/sites.html", {"sites": links})

    def language(self, request: Request) -> Answer:
        """Change the reader's language, for the account too when signed in."""
        code = request.path.rsplit("/", 1)[-1]
        if code not in {each for each, name in LANGUAGES}:
            return self.error(request, NotThere())
        token = request.cookies.get(TOKEN, "")
        account = account_of(self.house.database, token, self.house.clock())
        if account is not None:
            with self.house.database.write() as session:
                session.merge(account).locale = code
        path = local_path(request.query.get("next"), "/")
        return redirect(path, display_cookie("language", code))

    def display(self, request: Request) -> Answer:
        """Keep how the reader wants to see the screens."""
        given = request.form
        cookies = tuple(
            display_cookie(name, given.get(name, ""))
            for name, allowed in CHOICES.items()
            if given.get(name, "") in allowed
        )
        return redirect(local_path(given.get("next"), "/"), *cookies)

    def error(self, request: Request, refusal: Refused) -> Answer:
        """Return a page that says what is wrong and where to go on."""
        title, status = _("This can't be done"), 409
        if isinstance(refusal, NotThere):
            title, status = _("Not here"), 404
        elif isinstance(refusal, NotAllowed):
            title, status = _("Not for you"), 403
        elif isinstance(refusal, NotSignedIn):
            return self.lost_session(request)
        slug = request.path.split("/")[1]
        act = Link(_("Back to the desk"), f"/{slug}/desk" if slug and status != 404 else "/")
        with read_by(Reader(language_of(request))):
            values = {"title": title, "text": refusal.words, "detail": None, "act": act}
            return self.bare(request, "palier/error.html", values, status)

    def failure(self, request: Request, title: Text, text: Text, status: int) -> Answer:
        """Return a page for what is nobody's refusal: too large, too often, our own fault."""
        act = Link(_("Back to the desk"), "/")
        values = {"title": title, "text": text, "detail": None, "act": act}
        return self.bare(request, "palier/error.html", values, status)
