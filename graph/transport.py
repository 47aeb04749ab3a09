"""uvicorn's WebSocket protocol, with an end for clients that take nothing.

uvicorn waits until a stalled client can be written to, also with the frame that closes it, and so never lets go of it.
"""

from uvicorn._types import ASGISendEvent
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

#: How long a client may take to read what was written before the close, once the socket is closed.
LINGER_SECONDS = 5.0


class Protocol(WebSocketsSansIOProtocol):
    """Writes the closing frame at once, and cuts the connection when it is not read in time."""

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
