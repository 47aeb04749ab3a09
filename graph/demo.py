"""GET /demo/people and /demo/market, POST /demo/token: the inbox can be tried as somebody of the demo market.

For development with the development secret, by which anybody can sign tokens anyway. Elsewhere they are not there.
"""

import json
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from chat.market import PEOPLE, SUBJECTS
from core.clock import now_ms
from core.settings import Settings
from core.tokens import sign_development_token
from graph.errors import BAD_REQUEST, NOT_FOUND, format_error, problem
from graph.responses import JSON, answer, encode

DAY = 86_400
MOST_BYTES = 1_000


def has_demo(settings: Settings) -> bool:
    """May a visitor be whom they like? Only where the market is, and with the secret of the source."""
    return settings.has_market and settings.uses_development_secret


def demo_people() -> list[dict[str, object]]:
    """The people of the market: sub, name, roles. Its own server is nobody to be."""
    people = ((sub, fields["name"], fields["roles"]) for sub, fields in PEOPLE.items())
    return [{"sub": sub, "name": name, "roles": roles} for sub, name, roles in people if "service" not in roles]


def demo_token(settings: Settings, sub: str) -> str:
    """A token of one of these people, good for a day. KeyError for anybody else."""
    known = {str(person["sub"]) for person in demo_people()}
    if sub not in known:
        raise KeyError(sub)
    name, roles = PEOPLE[sub]["name"], tuple(PEOPLE[sub]["roles"])
    return sign_development_token(settings, sub, now=now_ms(), seconds=DAY, name=name, roles=roles)


def demo_routes(settings: Settings) -> list[BaseRoute]:
    """Its routes; none where there is no demo."""
    if not has_demo(settings):
        return []
    return [
        Route("/demo/people", _people, methods=["GET"]),
        Route("/demo/market", _market, methods=["GET"]),
        Route("/demo/token", _Token(settings).__call__, methods=["POST"]),
    ]


async def _people(_: Request) -> Response:
    return _fresh(demo_people())


async def _market(_: Request) -> Response:
    return _fresh([{"kind": subject["kind"], "externalId": subject["externalId"]} for subject in SUBJECTS])


@dataclass(frozen=True, slots=True)
class _Token:
    settings: Settings

    async def __call__(self, request: Request) -> Response:
        """{"token": ...} for {"sub": ...}; 404 for who is none of these people, 400 for what is no such question."""
        # A page of another origin cannot send this type without asking first, and is refused then.
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
            return _refuse(BAD_REQUEST, "Send JSON.", 415)
        sub = _sub_in(await _body_of(request))
        if sub is None:
            return _refuse(BAD_REQUEST, 'Send {"sub": "ann"}.', 400)
        try:
            return _fresh({"token": demo_token(self.settings, sub)})
        except KeyError:
            return _refuse(NOT_FOUND, "There is nobody of that name in the demo market.", 404)


async def _body_of(request: Request) -> bytes:
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MOST_BYTES:
            return b""
    return body


def _sub_in(body: bytes) -> str | None:
    try:
        given = json.loads(body)
    except (ValueError, RecursionError):
        return None
    sub = given.get("sub") if isinstance(given, dict) else None
    return sub if isinstance(sub, str) else None


def _fresh(value: object) -> Response:
    return Response(encode(value), headers={"Cache-Control": "no-store"}, media_type=JSON)


def _refuse(code: str, words: str, status: int) -> Response:
    return answer({"errors": [format_error(problem(code, words))]}, status=status)
