"""Sockets that follow conversations, and count what they are told."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Protocol

from bench.load.socket import Socket

TOGETHER = 50
#: Seconds without a frame after which a server has told all that it had to tell.
SILENCE = 0.8


class Follows(Protocol):
    """The part of a dialect that is about sockets."""

    @property
    def socket_path(self) -> str:
        """Where sockets are."""

    @property
    def subprotocol(self) -> str | None:
        """What they speak."""

    async def follow(self, socket: Socket, token: str, thread: str) -> None:
        """Sign in, and follow a conversation."""

    def is_event(self, text: bytes) -> bool:
        """Does a frame tell of a message?"""


class Audience:
    """So many sockets of one person, each following one of some conversations in turn."""

    def __init__(self, port: int, dialect: Follows, token: str, threads: Sequence[str]) -> None:
        self._port = port
        self._dialect = dialect
        self._token = token
        self._threads = threads
        self._sockets: list[Socket] = []
        self._deaf: set[int] = set()
        self.heard = 0
        self.heard_at = 0.0
        self.lost = 0
        #: Called with the place of the conversation that was told of.
        self.on_event: Callable[[int], None] = lambda _: None

    def __len__(self) -> int:
        return len(self._sockets)

    async def open(self, count: int) -> None:
        """Connect so many sockets, some at a time."""
        for start in range(0, count, TOGETHER):
            await asyncio.gather(*(self._open() for _ in range(min(TOGETHER, count - start))))

    async def _open(self) -> None:
        socket = await Socket.connect(self._port, self._dialect.socket_path, self._dialect.subprotocol)
        number = len(self._sockets)
        self._sockets.append(socket)
        place = number % len(self._threads)
        await self._dialect.follow(socket, self._token, self._threads[place])
        self._deaf.add(number)
        is_event, deaf = self._dialect.is_event, self._deaf

        def hear(text: bytes) -> None:
            if is_event(text):
                self.heard += 1
                deaf.discard(number)
                self.on_event(place)
            else:
                socket.answer(text)

        def lose() -> None:
            self.lost += 1

        socket.on_text, socket.on_lost = hear, lose

    async def wake(self, tell: Callable[[int], object], seconds: float = 60) -> None:
        """Have every conversation told of until every socket has heard something, and then until all is quiet.

        No server says when it has begun to listen. TimeoutError when a socket stays deaf.
        """
        async with asyncio.timeout(seconds):
            while self._deaf:
                for place in sorted({number % len(self._threads) for number in self._deaf}):
                    told = tell(place)
                    if asyncio.iscoroutine(told):
                        await told
                await self._until(lambda: not self._deaf, 1)
            await self._quiet()
        self._deaf.update(range(len(self._sockets)))

    async def reach(self, count: int, seconds: float = 60) -> None:
        """Wait until so much was heard, and a moment longer for what should not come."""
        await self._until(lambda: self.heard >= count, seconds)
        await asyncio.sleep(0.2)

    async def _quiet(self) -> None:
        before = -1
        while before != self.heard:
            before = self.heard
            await asyncio.sleep(SILENCE)

    async def _until(self, is_so: Callable[[], bool], seconds: float) -> None:
        for _ in range(int(seconds / 0.02)):
            if is_so():
                return
            await asyncio.sleep(0.02)

    def close(self) -> None:
        """Leave."""
        for socket in self._sockets:
            socket.close()
