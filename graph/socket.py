"""GraphQL over WebSocket, by the graphql-transport-ws protocol: many operations at a time, none harming another."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import structlog
from graphql import GraphQLError, OperationType
from starlette.websockets import WebSocket, WebSocketDisconnect

from chat.palaver import Palaver
from chat.users import Viewer
from core.tokens import TokenError
from db.away import DatabaseAway
from graph.admission import Admission, NotAdmitted
from graph.context import Context
from graph.doorkeeper import Doorkeeper
from graph.endpoint import base_url_of
from graph.errors import RATE_LIMITED, fault, problem
from graph.execution import answer_of, execute
from graph.feeds import Feeds
from graph.follower import Follower
from graph.frames import Close, Frame, authorization_in, database_is_away
from graph.journal import Entry, Journal
from graph.lasting import Lasting
from graph.meters import Meters
from graph.operations import Operations
from graph.outlet import Outlet
from graph.plan.plans import Plans
from graph.requests import Refused, read_asked
from graph.sockets import Sockets
from graph.subscription import Over, Subscription
from graph.transport import PUSH
from graph.wire import Wire

PROTOCOL = "graphql-transport-ws"

log = structlog.get_logger()


@dataclass(slots=True)
class Socket:
    """One client's socket."""

    palaver: Palaver
    plans: Plans
    admission: Admission
    doorkeeper: Doorkeeper
    sockets: Sockets
    feeds: Feeds
    meters: Meters
    journal: Journal
    websocket: WebSocket
    viewer: Viewer | None = None
    _is_admitting: bool = False
    _operations: Operations = field(init=False)
    _wire: Wire = field(init=False)
    _lasting: Lasting | None = None

    def __post_init__(self) -> None:
        self._operations = Operations(self._note_idle)
        self._wire = Wire(self.websocket, self.palaver.settings)

    async def run(self) -> None:
        """Serve the socket until it is closed, and leave nothing behind."""
        ending, refusal = Close(1000, ""), self.sockets.come()
        try:
            if PROTOCOL not in self.websocket.scope["subprotocols"]:
                await self.websocket.accept()
                raise Close(4406, "Only the subprotocol graphql-transport-ws is spoken here")
            await self.websocket.accept(PROTOCOL)
            if refusal is not None:
                raise refusal
            await self._serve()
        except Close as close:
            ending = close
        except WebSocketDisconnect as gone:
            self._wire.ended_with = self._wire.ended_with or gone.code
        except DatabaseAway:
            ending = database_is_away()
        except Exception:
            log.exception("socket.failed")
            ending = Close(4500, "Something went wrong on our side")
        finally:
            try:
                await self._leave()
                await self._wire.close(ending)
            finally:
                self.sockets.go()
                self.meters.count_close(self._wire.ended_with or 1006)

    async def _serve(self) -> None:
        settings = self.palaver.settings
        try:
            async with asyncio.timeout(settings.socket_init_seconds):
                await self._begin()
        except TimeoutError as error:
            late = database_is_away() if self._is_admitting else Close(4408, "Connection initialisation timeout")
            raise late from error
        if self.viewer is None:
            raise Close(4401, "Unauthorized")
        self._lasting = Lasting(settings, self.sockets.deadlines, self.viewer.expires_at)
        async with self._lasting:
            while True:
                self._lasting.note(is_busy=len(self._operations) > 0)
                # Not kept in a name, where it would stay until the next one comes.
                await self._take(await self._wire.receive())

    async def _begin(self) -> None:
        """Wait for connection_init with a good token."""
        while True:
            frame = await self._wire.receive()
            if frame.type == "subscribe":
                raise Close(4401, "Unauthorized")
            if frame.type == "connection_init":
                break
            await self._wire.answer_ping(frame)
        self._is_admitting = True
        try:
            self.viewer = await self.doorkeeper.admit(authorization_in(frame.payload))
        except TokenError as error:
            raise Close(4403, str(error)[:120]) from error
        refusal = self.sockets.enter(self.viewer.id)
        if refusal is not None:
            self.viewer = None
            raise refusal
        await self._wire.send({"type": "connection_ack"})

    async def _take(self, frame: Frame) -> None:
        if frame.type == "connection_init":
            raise Close(4429, "Too many initialisation requests")
        if frame.type == "subscribe":
            await self._subscribe(frame)
        elif frame.type == "complete":
            self._operations.cancel(frame.id or "")
        else:
            await self._wire.answer_ping(frame)

    async def _subscribe(self, frame: Frame) -> None:
        operation_id = frame.id or ""
        if operation_id in self._operations:
            raise Close(4409, f"Subscriber for {operation_id[:80]} already exists")
        if self.viewer is None:
            raise Close(4401, "Unauthorized")
        entry = self.journal.begin("socket", self.viewer.id)
        if len(self._operations) >= self.palaver.settings.max_operations_per_socket:
            too_many = problem(RATE_LIMITED, "Too many operations on this socket.")
            try:
                await self._send_errors(operation_id, [too_many], entry)
            finally:
                entry.end()
            return
        execute_it = partial(self._execute, operation_id, frame.payload, self.viewer, entry)
        self._operations.start(operation_id, lambda: self._operate(operation_id, entry, execute_it), entry.end)

    def _note_idle(self) -> None:
        if self._lasting is not None:
            self._lasting.note(is_busy=False)

    async def _operate(self, operation_id: str, entry: Entry, work: Callable[[], Awaitable[bool]]) -> None:
        """Work on one operation; `work` says whether it rests then, and is not over.

        Whatever goes wrong in it is told under its id, and stays there.
        """
        rests = False
        try:
            with suppress(Close, WebSocketDisconnect):  # Nobody is there any more who could be told.
                try:
                    rests = await work()
                except (Close, WebSocketDisconnect):
                    raise
                except Exception as error:  # noqa: BLE001 - whatever it is, it is told or logged
                    errors = errors_of(error)
                    if errors:
                        await self._send_errors(operation_id, errors, entry)
        finally:
            if not rests:
                entry.end()

    async def _execute(self, operation_id: str, payload: dict[str, Any], viewer: Viewer, entry: Entry) -> bool:
        entry.operation = operation = await self.admission.admit(read_asked(payload), viewer)
        settings = self.palaver.settings
        context = Context(self.palaver, viewer, base_url_of(self.websocket, settings.public_url), self.meters)
        if operation.chosen.operation is OperationType.SUBSCRIPTION:
            outlet = Outlet(operation_id, self._wire.send, self.websocket.scope.get("extensions", {}).get(PUSH))
            subscription = Subscription.of(self.plans, operation)
            follower = Follower.begin(operation_id, subscription, context, outlet, self.feeds, entry, self._wake)
            return await self._follow(follower)
        # A client that goes away does not tear an act in two: it is finished, and its retry finds the result.
        answer = await self.sockets.finish(execute(self.plans, context, operation))
        self.meters.count_errors("socket", answer)
        entry.see(answer, context)
        if "data" not in answer:
            await self._finish(operation_id, {"type": "error", "payload": answer["errors"]})
            return False
        await self._wire.send({"id": operation_id, "type": "next", "payload": answer})
        await self._finish(operation_id, {"type": "complete"})
        return False

    async def _follow(self, follower: Follower) -> bool:
        await follower.run()
        self._operations.rest(follower.operation_id, follower)
        return True

    def _wake(self, follower: Follower) -> None:
        follow = partial(self._follow, follower)
        self._operations.start(
            follower.operation_id,
            lambda: self._operate(follower.operation_id, follower.entry, follow),
            follower.call_off,
        )

    async def _finish(self, operation_id: str, frame: dict[str, Any]) -> None:
        """The last frame of an operation; its id is free again before the client can know."""
        self._operations.free(operation_id)
        await self._wire.send({"id": operation_id, **frame})

    async def _send_errors(self, operation_id: str, errors: list[GraphQLError], entry: Entry) -> None:
        answer = answer_of(None, errors, self.palaver.settings.max_errors)
        entry.see(answer)
        self.meters.count_errors("socket", answer)
        await self._finish(operation_id, {"type": "error", "payload": answer["errors"]})

    async def _leave(self) -> None:
        self._lasting = None
        await self._operations.end()
        if self.viewer is not None:
            self.sockets.leave(self.viewer.id)


def errors_of(error: Exception) -> list[GraphQLError]:
    """What a client is told of what ended its operation; nothing when there is nothing to tell."""
    if isinstance(error, Over | NotAdmitted):
        return error.errors
    if isinstance(error, Refused):
        return [error.error]
    return [error if isinstance(error, GraphQLError) else fault(error)]
