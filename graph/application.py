"""The FastAPI application, with doors of their own for what comes all the time: sockets, and operations."""

from typing import Any

from fastapi import FastAPI
from starlette._utils import get_route_path
from starlette.types import ASGIApp, Receive, Scope, Send


class Application(FastAPI):
    """FastAPI, past which sockets and operations go.

    A socket waits for hours, and all that stands before a route would wait with it: a dozen frames of Python for each.
    An operation is quick, and passing through all that would be a good part of it.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._doors: dict[tuple[str, str], ASGIApp] = {}

    def open_door(self, method: str, path: str, serve: ASGIApp) -> None:
        """Serve the requests of a method to a path, or its sockets, for which the method is "websocket"."""
        self._doors[method, path] = serve

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request, a socket, or the life of the application."""
        kind, serve = scope["type"], None
        if kind != "lifespan":
            serve = self._doors.get((scope["method"] if kind == "http" else kind, get_route_path(scope)))
        await (super().__call__ if serve is None else serve)(scope, receive, send)
