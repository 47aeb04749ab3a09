"""uvicorn's WebSocket protocol, with an end for clients that take nothing, and a way to write without waiting.

uvicorn waits until a stalled client can be written to, also with the frame that closes it, and so never lets go of it.
"""

import struct

from uvicorn._types import ASGISendEvent
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.http11 import Request

#: How long a client may take to read what was written before the close, once the socket is closed.
LINGER_SECONDS = 5.0
#: Bytes that may wait for a client, beyond which nothing is pushed; asyncio's own mark for pausing.
MOST_WAITING = 64 * 1024
#: The extension of a socket's scope that pushes text: a function from bytes to whether they were written.
PUSH = "palaver.push"
_TEXT = 0x81


class Protocol(WebSocketsSansIOProtocol):
    """Writes the closing frame at once, and cuts the connection when it is not read in time."""

    def handle_connect(self, event: Request) -> None:
        """A client asks to be let in."""
        super().handle_connect(event)
        if not self.close_sent:
            self.scope["extensions"][PUSH] = self.push  # type: ignore[assignment]

    def push(self, text: bytes) -> bool:
        """Write a text frame at once; False when the client has not taken what was written before, or is gone."""
        if self.close_sent or self.disconnected or self.transport.is_closing() or not self.handshake_complete:
            return False
        if not self.writable.is_set() or self.transport.get_write_buffer_size() > MOST_WAITING:
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
        if message["type"] != "websocket.close" or not self.handshake_complete or self.close_sent:
            await super().send(message)
            return
        self.writable.set()
        await super().send(message)
        if self.close_timer is not None:
            self.close_timer.cancel()
            self.close_timer = self.loop.call_later(LINGER_SECONDS, self.transport.abort)
