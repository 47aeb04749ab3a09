"""Which requests are looked at at all: by the host that they are for, and by the page that a socket comes from."""

from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from core.hosts import is_trusted
from core.settings import Settings
from graph.endpoint import base_url_of
from graph.errors import BAD_REQUEST, NOT_FOUND, format_error, problem
from graph.responses import answer

#: Who looks after processes asks them by address, and is told nothing but whether they are well.
FOR_ANY_HOST = frozenset({"/healthz", "/readyz", "/metrics"})


def may_come_from(connection: HTTPConnection, settings: Settings) -> bool:
    """May a page of this origin open a socket? Programs without an origin, our own pages, and the listed ones."""
    origin = connection.headers.get("origin")
    if origin is None or "*" in settings.allowed_origins or origin in settings.allowed_origins:
        return True
    if origin == base_url_of(connection, settings.public_url):
        return True
    return not settings.is_production and not settings.allowed_origins


def is_for_us(connection: HTTPConnection, settings: Settings) -> bool:
    """Is it for one of the trusted hosts, if any are listed? Of two hosts each reader could take another one."""
    if not settings.trusted_hosts:
        return True
    hosts = connection.headers.getlist("host")
    return len(hosts) == 1 and is_trusted(hosts[0], settings.trusted_hosts)


class HostGate:
    """Refuses requests for other hosts, in JSON, before anything else is looked at. Sockets do not come by here."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it."""
        if (
            scope["type"] == "http"
            and scope["path"] not in FOR_ANY_HOST
            and not is_for_us(HTTPConnection(scope), self._settings)
        ):
            refusal = format_error(problem(BAD_REQUEST, "This server is not called by the name in Host."))
            await answer({"errors": [refusal]}, status=421)(scope, receive, send)
            return
        await self._app(scope, receive, send)


async def tell_as_json(_: Request, error: Exception) -> Response:
    """What Starlette refuses by itself, an unknown address or method, in the shape of every other refusal."""
    if not isinstance(error, HTTPException):
        raise error
    code = NOT_FOUND if error.status_code == 404 else BAD_REQUEST
    response = answer({"errors": [format_error(problem(code, error.detail))]}, status=error.status_code)
    response.headers.update(error.headers or {})
    return response
