"""The FastAPI application, with a door of its own for sockets."""

from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import FastAPI
from starlette._utils import get_route_path
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket

ServeSocket = Callable[[WebSocket], Awaitable[None]]


class Application(FastAPI):
    """FastAPI, past which sockets go.

    A socket waits for hours, and all that stands before a route would wait with it: a dozen frames of Python for each.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._sockets: dict[str, ServeSocket] = {}

    def serve_sockets(self, path: str, serve: ServeSocket) -> None:
        """Serve the sockets of a path."""
        self._sockets[path] = serve

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request, a socket, or the life of the application."""
        serve = self._sockets.get(get_route_path(scope)) if scope["type"] == "websocket" else None
        if serve is None:
            await super().__call__(scope, receive, send)
        else:
            await serve(WebSocket(scope, receive, send))
