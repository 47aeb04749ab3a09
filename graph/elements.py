"""`/elements/palaver.js`: our elements for pages of the host's application, and whether such a page may use them."""

from functools import cache
from gzip import compress
from hashlib import sha256
from importlib.resources import files

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from core.settings import Settings
from graph.compressed import VARY, takes_gzip, weak
from graph.endpoint import base_url_of

#: The script says nothing about anybody, so a page of any origin may read it. What it can ask then is another question.
#: Browsers fetch a script of type="module" by the rules of CORS, and CORSMiddleware speaks to listed origins alone:
#: without the header a page that is not listed would have no element to tell it what to set.
FOR_EVERYBODY = {
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "X-Content-Type-Options": "nosniff",
}


def element_routes(settings: Settings) -> list[BaseRoute]:
    """The script under a name that never changes, so it is kept for long and asked about by its ETag."""
    content, small, etag = _script()
    headers = {**FOR_EVERYBODY, **VARY, "ETag": weak(etag), "Cache-Control": "public, no-cache"}

    async def script(request: Request) -> Response:
        known = request.headers.get("if-none-match", "")
        if known.strip() == "*" or etag in (one.strip().removeprefix("W/") for one in known.split(",")):
            return Response(status_code=304, headers=headers)
        if takes_gzip(request.headers):
            return Response(small, media_type="text/javascript", headers={**headers, "Content-Encoding": "gzip"})
        return Response(content, media_type="text/javascript", headers=headers)

    async def welcome(request: Request) -> Response:
        """A browser does not tell a page why it may not ask here; the element can say what to set."""
        headers = {**FOR_EVERYBODY, "Cache-Control": "no-store"}
        return JSONResponse({"isWelcome": _is_welcome(request, settings)}, headers=headers)

    return [
        Route("/elements/palaver.js", script, methods=["GET"]),
        Route("/elements/welcome", welcome, methods=["GET"]),
    ]


@cache
def _script() -> tuple[bytes, bytes, str]:
    """The script, the same compressed, and its ETag: of the content, so that all machines behind one name agree."""
    content = (files("graph") / "static" / "elements" / "palaver.js").read_bytes()
    return content, compress(content), f'"{sha256(content).hexdigest()[:32]}"'


def _is_welcome(request: Request, settings: Settings) -> bool:
    """May a page of this origin ask the endpoint? As CORSMiddleware and `may_come_from` have it."""
    origin, allowed = request.headers.get("origin"), settings.allowed_origins
    return origin is None or "*" in allowed or origin in allowed or origin == base_url_of(request, settings.public_url)
