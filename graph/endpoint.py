"""GraphQL over HTTP: one POST, one operation, one answer, and never a 500 for what a client sent."""

import asyncio
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from graphql import GraphQLError, OperationType
from starlette.datastructures import URL
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from chat.palaver import Palaver
from chat.uploads import UPLOAD_WAIT
from chat.users import Viewer
from core.tokens import TokenError
from db.away import DatabaseAway
from graph.admission import Admission, NotAdmitted
from graph.context import Context
from graph.doorkeeper import Doorkeeper
from graph.errors import BAD_REQUEST, INTERNAL, TIMEOUT, UNAUTHENTICATED, fault, format_error, problem, too_many_uploads
from graph.execution import answer_of, execute
from graph.journal import Entry, Journal
from graph.meters import Meters
from graph.multipart import read_upload
from graph.plan.plans import Plans
from graph.requests import Asked, Refused, bad_request, read_address, read_asked, read_body, read_json
from graph.responses import GRAPHQL, JSON, answer, choose_media_type

PREFLIGHTS = ("graphql-require-preflight", "apollo-require-preflight")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Answers POST /graphql; and GET, when the settings allow it."""

    palaver: Palaver
    plans: Plans
    admission: Admission
    doorkeeper: Doorkeeper
    meters: Meters
    journal: Journal

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, whatever it is."""
        response = await self.respond(Request(scope, receive))
        await response(scope, receive, send)

    async def respond(self, request: Request) -> Response:
        """The answer to a request, whatever it is."""
        if request.method not in self.methods:
            error = problem(BAD_REQUEST, f"Operations are taken by {' and '.join(self.methods)}.")
            return self._refuse(error, status=405, Allow=", ".join(self.methods))
        media_type = choose_media_type(request.headers.get("accept"))
        if media_type is None:
            return self._refuse(problem(BAD_REQUEST, f"Accept must allow {JSON} or {GRAPHQL}."), status=406)
        try:
            return await self._answer(request, media_type)
        except Refused as refused:
            headers = {"Allow": "POST"} if refused.status == 405 else refused.headers
            return self._refuse(refused.error, status=refused.status, media_type=media_type, **headers)
        except TokenError as error:
            headers = {"WWW-Authenticate": "Bearer"}
            return self._refuse(problem(UNAUTHENTICATED, str(error)), status=401, media_type=media_type, **headers)
        except TimeoutError:
            return self._refuse(problem(TIMEOUT, "The body took too long."), status=408, media_type=media_type)
        except DatabaseAway as error:
            return self._refuse(fault(error), status=503, media_type=media_type, Retry_After="1")
        except Exception as error:  # noqa: BLE001 - whatever it is, it is logged and not shown
            return self._refuse(fault(error), status=500, media_type=media_type)

    def _refuse(self, error: GraphQLError, *, status: int, media_type: str = JSON, **headers: str) -> Response:
        """An answer that is nothing but an error."""
        return self._tell({"errors": [format_error(error)]}, status=status, media_type=media_type, **headers)

    def _tell(self, value: dict[str, Any], *, status: int, media_type: str, **headers: str) -> Response:
        self.meters.count_errors("http", value)
        return answer(value, status=status, media_type=media_type, **headers)

    @property
    def methods(self) -> tuple[str, ...]:
        """How operations are taken."""
        return ("GET", "POST") if self.palaver.settings.get_queries == "on" else ("POST",)

    async def _answer(self, request: Request, media_type: str) -> Response:
        viewer = await self.doorkeeper.admit(request.headers.get("authorization"))
        settings = self.palaver.settings
        if request.method == "GET":
            asked = read_address(request.scope["query_string"], settings.max_objects)
            return await self._execute(request, viewer, asked, media_type)
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind == "application/json":
            with self.palaver.body_time():
                body = await read_body(request, settings.max_body)
            asked = read_asked(read_json(body, settings.max_objects))
            return await self._execute(request, viewer, asked, media_type)
        if kind == "multipart/form-data":
            if not any(name in request.headers for name in PREFLIGHTS):
                raise bad_request("An upload needs the header GraphQL-Require-Preflight.")
            return await self._upload(request, viewer, media_type)
        raise Refused(problem(BAD_REQUEST, "The Content-Type must be application/json or multipart/form-data."), 415)

    async def _upload(self, request: Request, viewer: Viewer, media_type: str) -> Response:
        settings = self.palaver.settings
        with self.palaver.uploads.arriving.begin(viewer.id) as may_begin:
            if not may_begin:
                raise Refused(too_many_uploads(UPLOAD_WAIT), 429, Retry_After=str(UPLOAD_WAIT // 1000))
            async with asyncio.timeout(settings.upload_seconds) as patience:
                async with read_upload(request, settings) as asked:
                    patience.reschedule(None)  # The body is here; executing has a limit of its own.
                    return await self._execute(request, viewer, asked, media_type)

    async def _execute(self, request: Request, viewer: Viewer, asked: Asked, media_type: str) -> Response:
        entry = self.journal.begin("http", viewer.id)
        try:
            return await self._answer_to(request, viewer, asked, media_type, entry)
        except Refused as refused:
            entry.see({"errors": [format_error(refused.error)]})
            raise
        except Exception:
            entry.note(INTERNAL)
            raise
        finally:
            entry.end()

    async def _answer_to(
        self, request: Request, viewer: Viewer, asked: Asked, media_type: str, entry: Entry
    ) -> Response:
        # Clients of the older media type expect 200 for whatever is a well-formed request.
        status = 400 if media_type == GRAPHQL else 200
        try:
            entry.operation = operation = await self.admission.admit(asked, viewer)
        except NotAdmitted as refusal:
            return self._turn_away(refusal, entry, status, media_type)
        if operation.chosen.operation is OperationType.SUBSCRIPTION:
            raise bad_request("Subscriptions go over a WebSocket, with the subprotocol graphql-transport-ws.")
        if operation.chosen.operation is OperationType.MUTATION and request.method == "GET":
            raise Refused(problem(BAD_REQUEST, "Mutations are taken by POST."), 405)
        base_url = base_url_of(request, self.palaver.settings.public_url)
        context = Context(self.palaver, viewer, base_url, self.meters)
        result = await execute(self.plans, context, operation)
        entry.see(result, context)
        return self._tell(result, status=200 if "data" in result else status, media_type=media_type)

    def _turn_away(self, refusal: NotAdmitted, entry: Entry, status: int, media_type: str) -> Response:
        result, headers = answer_of(None, refusal.errors, self.palaver.settings.max_errors), {}
        entry.see(result)
        if refusal.retry_after_ms:
            status = 429 if media_type == GRAPHQL else status
            headers["Retry_After"] = str(-(-refusal.retry_after_ms // 1000))
        return self._tell(result, status=status, media_type=media_type, **headers)


def base_url_of(connection: HTTPConnection, public_url: str | None) -> str:
    """How clients reach this server, without a slash at the end: the setting, else the host they named themselves."""
    if public_url is not None:
        return public_url.rstrip("/")
    scope = connection.scope
    return _address(scope["scheme"], connection.headers.get("host"), scope["server"] and tuple(scope["server"]))


@lru_cache(maxsize=256)
def _address(scheme: str, host: str | None, server: tuple[str, int] | None) -> str:
    headers = [] if host is None else [(b"host", host.encode("latin-1"))]
    url = URL(scope={"scheme": scheme, "server": server, "path": "/", "headers": headers})
    return f"{'https' if scheme in ('https', 'wss') else 'http'}://{url.netloc}"
