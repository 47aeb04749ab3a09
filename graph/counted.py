"""The WebSocket protocol of one connection, in which every frame counts, also those that no application ever sees."""

import logging

from websockets.exceptions import ProtocolError
from websockets.frames import CloseCode, Frame, Opcode
from websockets.server import ServerProtocol

from core.limits import Burst


class CountedProtocol(ServerProtocol):
    """Takes at most `allowance` frames ("60 per 2 seconds"), from the first on: text and its pieces, pings and pongs.

    A ping costs an answer and an empty continuation a place in a list, before anybody has said who they are.
    """

    def __init__(self, allowance: str, max_size: int, logger: logging.Logger) -> None:
        super().__init__(max_size=max_size, logger=logger)
        self._burst = Burst(allowance)

    def recv_frame(self, frame: Frame) -> None:
        """A frame came. ProtocolError, after a close with 1008, when it is one too many."""
        if frame.opcode is not Opcode.CLOSE and not self._burst.take():
            self.fail(CloseCode.POLICY_VIOLATION, "Too many frames")
            # Else the rest of what came with it would be read all the same.
            raise ProtocolError("too many frames")
        super().recv_frame(frame)
