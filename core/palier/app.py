"""The application: routes, headers, and every road under a site behind the one wrapper."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import structlog
from litestar import Litestar, Response, route
from litestar import Request as LitestarRequest
from litestar.concurrency import sync_to_thread
from litestar.datastructures import Cookie as LitestarCookie
from litestar.exceptions import HTTPException
from litestar.handlers import HTTPRouteHandler
from litestar.middleware.rate_limit import RateLimitConfig
from litestar.params import FromPath, RawBody
from litestar.response import Stream
from litestar.static_files import create_static_files_router

from palier.access import AccessLog
from palier.accounts.identity import AccountIdentity
from palier.context import Place
from palier.db.guards import missing
from palier.entrance import Entrance
from palier.errors import NotAllowed, NotSignedIn, NotThere, Refused, WrongDeclaration
from palier.house import House
from palier.live import Live
from palier.locked import Locked
from palier.public.answering import Public
from palier.screens.api import refused as refused_json
from palier.screens.api import resolve_api
from palier.screens.openapi import describe_api
from palier.screens.routing import resolve
from palier.text import Reader, Text, _, read_by
from palier.web.asked import Answer, Request, as_json, redirect
from palier.web.render import HERE
from palier.web.wrapper import Handler, SignedIn, Wrapper, language_of

log = structlog.get_logger("palier.app")
WRAPPED = "palier_wrapped"
LARGEST = 1_000_000  # bytes of a form; more is refused in words
SECURITY = {
    "content-security-policy": "default-src 'none'; style-src 'self'; script-src 'self';"
    " img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self';"
    " frame-ancestors 'none'; base-uri 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "microphone=(), geolocation=()",
    "cache-control": "no-store",
}
Asked = LitestarRequest[Any, Any, Any]


@dataclass
class Server:
    """Turns the framework's requests into ours, and our answers back."""

    house: House
    entrance: Entrance
    wrapper: Wrapper
    access: AccessLog
    locked: Locked
    live: Live
    public: Public

    def under_site(self, asked: Asked, body: bytes, slug: str, handler: Handler) -> Response[Any]:
        """Answer an address under a site: through the wrapper, always."""
        request = read(asked, body)
        noting = Handler(self._noting(handler.show), handler.act)
        return self.send(self.wrapper.answer(request, slug, noting), request)

    def open_to_all(self, asked: Asked, slug: str, handler: Handler) -> Response[Any]:
        """Answer an address of a site that anyone may open: through the wrapper too."""
        request = read(asked)
        return self.send(self.wrapper.show_anyone(request, slug, handler), request)

    def _noting(self, show: Callable[..., Answer]) -> Callable[..., Answer]:
        def show_and_note(desk: Any, request: Request, refusal: Refused | None) -> Answer:
            answer = show(desk, request, refusal)
            self.access.note(desk.now, desk.site.slug, desk.actor.account_id, desk.noted)
            return answer

        return show_and_note

    def send(self, answer: Answer, request: Request) -> Response[Any]:
        """Return the framework's answer, with cookies and the headers that protect."""
        headers = {**SECURITY, **answer.headers}
        if answer.location is not None:
            headers["location"] = answer.location
            if request.headers.get("palier-dialog"):
                # The dialog's script goes there itself: one page is drawn, not two.
                headers = {**headers, "palier-location": answer.location}
                headers.pop("location")
                answer = Answer(status=200, headers=answer.headers, cookies=answer.cookies)
        secure = self.house.settings.secure_cookies
        cookies = [
            LitestarCookie(
                each.name,
                value=each.value,
                max_age=each.max_age if each.value else 0,
                httponly=each.http_only,
                secure=secure,
                samesite="lax",
            )
            for each in answer.cookies
        ]
        if answer.stream is not None:
            return Stream(answer.stream(), media_type=answer.media_type, headers=headers)
        return Response(
            answer.body,
            status_code=answer.status,
            media_type=answer.media_type,
            headers=headers,
            cookies=cookies,
        )

    def refused(
        self, request: Request, refusal: Refused, _place: Place | None, _signed: SignedIn | None
    ) -> Answer:
        """Answer what never reached a page: not here, not signed in, not allowed."""
        if not request.is_json:
            return self.locked.instead(request, refusal) or self.entrance.error(request, refusal)
        statuses: dict[type[Refused], int] = {NotThere: 404, NotAllowed: 403, NotSignedIn: 401}
        status = next((s for kind, s in statuses.items() if isinstance(refusal, kind)), 0)
        if not status:
            return refused_json(refusal)
        return as_json({"refused": str(refusal.words), "fields": {}}, status)

    def failed(self, request: Request, title: Text, text: Text, status: int) -> Answer:
        """Answer what is nobody's refusal, in words to people and in JSON to programs."""
        if not request.is_json:
            return self.entrance.failure(request, title, text, status)
        with read_by(Reader(language_of(request))):
            return as_json({"refused": str(text), "fields": {}}, status)


def read(asked: Asked, body: bytes = b"") -> Request:
    """Return the request free of the framework."""
    return Request(
        method=str(asked.method),
        path=asked.url.path,
        query={name: ",".join(asked.query_params.getall(name)) for name in asked.query_params},
        body=body,
        headers={name.lower(): value for name, value in asked.headers.items()},
        cookies=dict(asked.cookies),
        client=asked.client.host if asked.client else "",
    )


def create_app(house: House) -> Litestar:
    """Return the ASGI application of one installation.

    Raises `WrongDeclaration` when a route under a site is not behind the wrapper, or when the
    database lacks one of its rules.
    """
    _check_database(house)
    entrance = Entrance(house)
    access, locked = AccessLog(house.settings.access_log), Locked(entrance)
    live = Live(house.database, house.clock)
    public = Public(house.renderer)
    server = Server(house, entrance, None, access, locked, live, public)  # type: ignore[arg-type]  # set below
    server.wrapper = Wrapper(
        house.database,
        AccountIdentity(),
        house.desk,
        server.refused,
        house.settings.secret,
        house.clock,
    )
    app = Litestar(
        route_handlers=[*site_routes(server), *entrance_routes(server), *static_routes(house)],
        exception_handlers={HTTPException: _http_error(server), Exception: _our_fault(server)},
        openapi_config=None,
        request_max_body_size=LARGEST,
        logging_config=None,
    )
    check_wrapped(app)
    return app


def check_wrapped(app: Litestar) -> None:
    """Raise `WrongDeclaration` for a route under a site that is not one of the wrapper's."""
    for each in app.routes:
        for handler in getattr(each, "route_handlers", ()):
            under = each.path.startswith(("/{", "/api/v1/{"))
            if under and handler.http_methods != {"OPTIONS"} and WRAPPED not in handler.opt:
                msg = f"{each.path} is not behind the wrapper"
                raise WrongDeclaration(msg)


def _check_database(house: House) -> None:
    with house.database.reader.connect() as connection:
        lacking = missing(connection)
    if lacking:
        msg = f"the database lacks {', '.join(lacking[:5])}: run `palier upgrade`"
        raise WrongDeclaration(msg)


def site_routes(server: Server) -> list[HTTPRouteHandler]:
    """Return the few routes under a site. Each goes through the wrapper, in one thread."""

    under_site = partial(route, sync_to_thread=True, opt={WRAPPED: True})

    @under_site("/{site:str}/desk", http_method=["GET"])
    def desk_home(request: Asked, site: FromPath[str]) -> Response[Any]:
        return server.under_site(request, b"", site, resolve(server.house.drawing, ""))

    @under_site("/{site:str}/desk/{rest:path}", http_method=["GET", "POST"])
    def desk_page(
        request: Asked, site: FromPath[str], rest: FromPath[str], body: RawBody
    ) -> Response[Any]:
        return server.under_site(request, body, site, resolve(server.house.drawing, rest))

    @under_site("/{site:str}/desk/live", http_method=["GET"])
    def live(request: Asked, site: FromPath[str]) -> Response[Any]:
        return server.under_site(request, b"", site, server.live.handler())

    @under_site("/api/v1/{site:str}/{rest:path}", http_method=["GET", "POST"])
    def api(
        request: Asked, site: FromPath[str], rest: FromPath[str], body: RawBody
    ) -> Response[Any]:
        return server.under_site(request, body, site, resolve_api(server.house.drawing, rest))

    @under_site("/{site:str}", http_method=["GET", "HEAD"])
    def public_page(request: Asked, site: FromPath[str]) -> Response[Any]:
        return server.open_to_all(request, site, server.public.page())

    @under_site("/{site:str}/calendar.ics", http_method=["GET", "HEAD"])
    def calendar(request: Asked, site: FromPath[str]) -> Response[Any]:
        return server.open_to_all(request, site, server.public.calendar())

    return [desk_home, desk_page, live, api, public_page, calendar]


def entrance_routes(server: Server) -> list[HTTPRouteHandler]:
    """Return the routes that belong to no site."""
    entrance = server.entrance

    def answering(
        answer: Callable[[Request], Answer],
    ) -> Callable[[Asked, RawBody], Awaitable[Response[Any]]]:
        def in_thread(ours: Request) -> Response[Any]:
            with read_by(Reader(language_of(ours))):
                return server.send(answer(ours), ours)

        async def handle(request: Asked, body: RawBody) -> Response[Any]:
            return await sync_to_thread(in_thread, read(request, body))

        return handle

    def get(path: str, answer: Callable[[Request], Answer]) -> HTTPRouteHandler:
        return route(path, http_method=["GET"])(answering(answer))

    def post(path: str, answer: Callable[[Request], Answer], **more: Any) -> HTTPRouteHandler:
        return route(path, http_method=["POST"], **more)(answering(answer))

    slow = RateLimitConfig(rate_limit=("minute", 20)).middleware
    return [
        get("/", entrance.sites),
        get("/sign-in", lambda ours: entrance.sign_in_page(ours, {})),
        post("/sign-in", entrance.sign_in, middleware=[slow]),
        post("/sign-out", entrance.sign_out),
        post("/train", entrance.train),
        *(post(path, answer) for path, answer in server.locked.takes.items()),
        get("/desk-code", server.locked.ask),
        get("/language/{code:str}", entrance.language),
        post("/display", entrance.display),
        get("/api/v1/schema", lambda _ours: as_json(describe_api(server.house.registry.working()))),
        get("/health/live", lambda _ours: as_json({"live": True})),
        get("/health/ready", lambda _ours: _ready(server)),
        get("/favicon.ico", lambda _ours: redirect("/static/palier/mark.svg")),
    ]


def _ready(server: Server) -> Answer:
    with server.house.database.reader.connect() as connection:
        connection.exec_driver_sql("SELECT 1")
    return as_json({"ready": True})


def static_routes(house: House) -> list[Any]:
    """Return the files of the core and of every theme, cached for a day."""
    folders = {"palier": HERE / "static"}
    folders |= {f"themes/{t.name}": t.folder / "static" for t in house.renderer.themes.values()}
    return [
        create_static_files_router(
            path=f"/static/{name}",
            directories=[folder],
            include_in_schema=False,
            name=f"static-{name}",
        )
        for name, folder in folders.items()
        if folder.is_dir()
    ]


def _http_error(server: Server) -> Callable[[Asked, HTTPException], Response[Any]]:
    told = {
        413: (
            _("Too large"),
            _("This is too large to be sent. Go back: what you typed is still in the form."),
        ),
        429: (
            _("One moment"),
            _("Too many tries in a short time. Wait a minute, then try again."),
        ),
    }

    def answer(request: Asked, error: HTTPException) -> Response[Any]:
        ours, status = read(request), error.status_code
        if status not in told:
            return server.send(server.refused(ours, NotThere(), None, None), ours)
        return server.send(server.failed(ours, *told[status], status), ours)

    return answer


def _our_fault(server: Server) -> Callable[[Asked, Exception], Response[Any]]:
    def answer(request: Asked, error: Exception) -> Response[Any]:
        log.error("our fault", path=request.url.path, exc_info=error)
        ours = read(request)
        text = _("A fault of Palier's own stopped this page. Nothing was changed. It was noted.")
        return server.send(server.failed(ours, _("That did not work"), text, 500), ours)

    return answer
