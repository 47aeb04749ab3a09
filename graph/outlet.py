"""Where the answers of one running operation go: frames under its id."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

#: Writes the text of a frame at once; False when that is not possible just now.
Push = Callable[[bytes], bool]


class Outlet:
    """Writes `next` frames."""

    __slots__ = ("_head", "_id", "_push", "_send")

    def __init__(self, operation_id: str, send: Callable[[dict[str, Any]], Awaitable[None]], push: Push | None) -> None:
        self._id = operation_id
        self._send = send
        self._push = push
        self._head = f'{{"id":{json.dumps(operation_id)},"type":"next","payload":'.encode()

    @property
    def can_push(self) -> bool:
        """Can answers be written without waiting?"""
        return self._push is not None

    def push(self, payload: bytes) -> bool:
        """Write an answer that is JSON already, at once; False when that is not possible just now."""
        return self._push is not None and self._push(b"%b%b}" % (self._head, payload))

    async def send(self, answer: dict[str, Any]) -> None:
        """Write an answer, waiting for a slow client."""
        await self._send({"id": self._id, "type": "next", "payload": answer})
