"""uvicorn's WebSocket protocol, with an end for clients that take nothing, and a way to write without waiting.

uvicorn waits until a stalled client can be written to, also with the frame that closes it, and so never lets go of it;
and it answers every ping, also of who reads no answer.
"""

import asyncio
import logging
import struct
from functools import partial
from typing import Any, cast

import uvicorn
from uvicorn._types import ASGISendEvent
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from uvicorn.server import ServerState
from websockets.frames import CloseCode, Frame
from websockets.http11 import Request

from core.settings import Settings
from graph.counted import CountedProtocol

#: How long a client may take to read what was written before the close, once the socket is closed.
LINGER_SECONDS = 5.0
#: Bytes that may wait for a client, beyond which nothing is pushed; asyncio's own mark for pausing.
MOST_WAITING = 64 * 1024
#: The extension of a socket's scope that pushes text: a function from bytes to whether they were written.
PUSH = "palaver.push"
_TEXT = 0x81

# uvicorn tells of every socket with its address and its query, in which a careless client has its token.
_log = logging.getLogger("uvicorn.error.sockets")
_log.setLevel(logging.WARNING)


def protocol_of(settings: Settings) -> type[asyncio.Protocol]:
    """What makes the protocol of each connection, for uvicorn; it can be sent to another process."""
    make = partial(Protocol, allowance=settings.socket_messages, stall_seconds=settings.socket_stall_seconds)
    return cast(type[asyncio.Protocol], make)


class Protocol(WebSocketsSansIOProtocol):
    """Counts frames, writes the closing frame at once, and cuts the connection of who reads nothing."""

    def __init__(
        self,
        config: uvicorn.Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        *,
        allowance: str,
        stall_seconds: float,
    ) -> None:
        super().__init__(config, server_state, app_state)
        self.logger = _log
        self.conn = CountedProtocol(allowance, config.ws_max_size, _log)
        self._stall_seconds = stall_seconds
        self._stall: asyncio.TimerHandle | None = None
        self._cut: asyncio.TimerHandle | None = None

    def handle_connect(self, event: Request) -> None:
        """A client asks to be let in."""
        super().handle_connect(event)
        if not self.close_sent:
            self.scope["extensions"][PUSH] = self.push  # type: ignore[assignment]

    @property
    def may_write(self) -> bool:
        """Is the socket open, and has the client taken most of what was written before?"""
        if self.close_sent or self.disconnected or self.transport.is_closing() or not self.handshake_complete:
            return False
        return self.writable.is_set() and self.transport.get_write_buffer_size() <= MOST_WAITING

    def push(self, text: bytes) -> bool:
        """Write a text frame at once; False when the client has not taken what was written before, or is gone."""
        if not self.may_write:
            return False
        size = len(text)
        if size < 126:
            head = bytes((_TEXT, size))
        elif size < 65536:
            head = struct.pack("!BBH", _TEXT, 126, size)
        else:
            head = struct.pack("!BBQ", _TEXT, 127, size)
        self.transport.write(head + text)
        return True

    async def send(self, message: ASGISendEvent) -> None:
        """Take a message of the application."""
        if message["type"] != "websocket.close" or not self.handshake_complete:
            await super().send(message)
            if message["type"] == "websocket.accept":
                # Nobody asks for them again, and they are a twelfth of what a socket weighs that waits all day.
                del self.request, self.response
            return
        if self.close_sent:
            return
        self.writable.set()
        await super().send(message)
        if self.close_timer is not None:
            self.close_timer.cancel()
            self.close_timer = self.loop.call_later(LINGER_SECONDS, self.transport.abort)

    def data_received(self, data: bytes) -> None:
        """Bytes came; those after a fault are nobody's any more."""
        if self.conn.parser_exc is None:
            super().data_received(data)

    def handle_ping(self) -> None:
        """A ping, whose answer waits to be written. Who takes nothing gets none."""
        answers = b"".join(self.conn.data_to_send())
        if self.may_write:
            self.transport.write(answers)

    def handle_cont(self, event: Frame) -> None:
        """A piece of a message; an empty one adds nothing to it, and would not count for its size."""
        if event.data or event.fin:
            super().handle_cont(event)

    def send_receive_event_to_app(self) -> None:
        """A message is whole."""
        if self.curr_msg_data_type == "text" and not self.close_sent:
            try:
                b"".join(self.frames).decode()
            except UnicodeDecodeError:
                # uvicorn logs it as a fault of ours, once for each such frame.
                self.conn.fail(CloseCode.INVALID_DATA, "Text is UTF-8")
                self._end()
                return
        super().send_receive_event_to_app()

    def handle_parser_exception(self) -> None:
        """What came is none of the protocol, too large, or too much."""
        self._end()

    def _end(self) -> None:
        """Write the close that the protocol has decided on, and read on until the client closes too, but not for long.

        Closed at once with bytes unread, a system may tell the client of a broken connection, and of no code.
        """
        close = self.conn.close_sent
        if close is None or not self.handshake_complete:
            self.transport.abort()
            return
        if not self.close_sent:
            self.queue.put_nowait({"type": "websocket.disconnect", "code": int(close.code), "reason": close.reason})
        self.close_sent = True
        self.frames = []
        self.transport.write(b"".join(self.conn.data_to_send()))
        if self.transport.can_write_eof():
            self.transport.write_eof()
        if self.read_paused:
            self.read_paused = False
            self.transport.resume_reading()
        if self.close_timer is not None:
            self.close_timer.cancel()
        self.close_timer = self.loop.call_later(LINGER_SECONDS, self.transport.abort)

    def pause_writing(self) -> None:
        """More waits for the client than may."""
        super().pause_writing()
        self._watch()

    def resume_writing(self) -> None:
        """The client has taken most of it."""
        super().resume_writing()
        self._stop_watching()

    def _watch(self) -> None:
        left = self.transport.get_write_buffer_size()
        self._stall = self.loop.call_later(self._stall_seconds, self._look, left)

    def _stop_watching(self) -> None:
        if self._stall is not None:
            self._stall.cancel()
            self._stall = None

    def _look(self, left: int) -> None:
        """Nothing is pushed nor answered meanwhile: who has not less before them than then has taken nothing."""
        if self.transport.get_write_buffer_size() < left:
            self._watch()
        elif self.close_sent or self.transport.is_closing():
            self.transport.abort()
        else:
            self.conn.fail(CloseCode.TRY_AGAIN_LATER, "The client takes nothing; come back and resume")
            self._end()

    def keepalive_timeout(self) -> None:
        """The client has not answered a ping."""
        self.pong_timer = self.pending_ping_payload = None
        if not self.close_sent and not self.transport.is_closing():
            self.conn.fail(CloseCode.INTERNAL_ERROR, "No answer to a ping")
            self._end()

    def handle_close(self, event: Frame) -> None:
        """The client closes, or has read the close."""
        super().handle_close(event)
        self._cut_later()

    def shutdown(self) -> None:
        """The server ends."""
        super().shutdown()
        self._cut_later()

    def on_task_complete(self, task: asyncio.Task[None]) -> None:
        """The application is done with the socket."""
        super().on_task_complete(task)
        self._cut_later()

    def eof_received(self) -> None:
        """The client says no more, upon which the transport closes."""
        self._cut_later(is_closing=True)

    def _cut_later(self, *, is_closing: bool = False) -> None:
        """A transport that closes waits until all is taken, which may be never."""
        if self._cut is None and (is_closing or self.transport.is_closing()) and not self.disconnected:
            self._cut = self.loop.call_later(LINGER_SECONDS, self.transport.abort)

    def connection_lost(self, exc: Exception | None) -> None:
        """It is over."""
        self._stop_watching()
        if self._cut is not None:
            self._cut.cancel()
        super().connection_lost(exc)
