"""The line to one client's socket: frames in, frames out, and the code that it ends with."""

import asyncio
from contextlib import suppress
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from core.limit_settings import LimitSettings
from graph.frames import Close, Frame, read_frame
from graph.responses import encode


class Wire:
    """Reads and writes frames. A client that takes nothing for too long is closed, so that it can come back."""

    __slots__ = ("_settings", "_websocket", "_writing", "ended_with")

    def __init__(self, websocket: WebSocket, settings: LimitSettings) -> None:
        self._websocket = websocket
        self._settings = settings
        self._writing = asyncio.Lock()
        #: What closed it, once something has.
        self.ended_with: int | None = None

    async def receive(self) -> Frame:
        """The next frame. Close when it is none; WebSocketDisconnect when the client has gone."""
        message = await self._websocket.receive()
        if message["type"] == "websocket.disconnect":
            code = message.get("code", 1005)
            self.ended_with = self.ended_with or code
            raise WebSocketDisconnect(code)
        text = message.get("text")
        if text is None:
            raise Close(4400, "Frames are text")
        return read_frame(text, self._settings.max_objects)

    async def send(self, frame: dict[str, Any]) -> None:
        """Write a frame. Close when the client takes nothing; WebSocketDisconnect when it has gone."""
        try:
            async with asyncio.timeout(self._settings.socket_stall_seconds), self._writing:
                await self._websocket.send_text(encode(frame).decode())
        except TimeoutError as error:
            await self.close(Close(1013, "The client takes nothing; come back and resume"))
            raise Close(1013, "stalled") from error
        except RuntimeError as error:
            raise WebSocketDisconnect(1006) from error

    async def answer_ping(self, frame: Frame) -> None:
        """Answer a ping, with what it brought; a pong needs no answer."""
        if frame.type == "ping":
            payload = {} if frame.payload is None else {"payload": frame.payload}
            await self.send({"type": "pong", **payload})

    async def close(self, close: Close) -> None:
        """Close it, unless it is closed."""
        if self._websocket.application_state is WebSocketState.CONNECTED:
            self.ended_with = self.ended_with or close.code
            with suppress(RuntimeError, WebSocketDisconnect, OSError):
                await self._websocket.close(close.code, close.reason)
