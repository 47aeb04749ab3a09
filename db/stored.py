"""What becomes of an act that has ended its turn: whether the transaction that holds it is on the disk."""

import asyncio
import contextvars
from collections.abc import Callable

from db.writing import NotCommitted


class Stored:
    """Whether the transaction that holds an act is on the disk. Whoever waits for it waits for `end`."""

    __slots__ = ("_context", "end", "failure", "is_over", "tell")

    def __init__(self, tell: Callable[[], None] | None = None) -> None:
        self.tell = tell
        self._context = contextvars.copy_context()  # Of the act: who commits has another.
        self.is_over = False
        self.failure: NotCommitted | None = None
        self.end: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def come_true(self) -> None:
        """It is; whom it concerns is told before whoever waits."""
        self.is_over = True
        try:
            if self.tell is not None:
                self._context.run(self.tell)
        except Exception as error:  # noqa: BLE001 - others of the same transaction wait behind it
            context = {"message": "Nobody could be told of what was committed.", "exception": error}
            asyncio.get_running_loop().call_exception_handler(context)
        if not self.end.done():
            self.end.set_result(None)

    def fail(self, cause: BaseException) -> None:
        """It is not, and never will be."""
        self.is_over = True
        self.failure = NotCommitted()
        self.failure.__cause__ = cause
        if not self.end.done():
            self.end.set_exception(self.failure)
            self.end.exception()  # Who would be told may have been called off.

    async def wait(self) -> None:
        """Wait for it. NotCommitted when it fails."""
        await self.end

    async def wait_to_the_end(self) -> asyncio.CancelledError | None:
        """The same, also when one is called off meanwhile; the answer is what by. That is raised when both happen."""
        called_off: asyncio.CancelledError | None = None
        while not self.is_over:
            try:
                await self.end
            except asyncio.CancelledError as error:
                called_off = error
                # Who is called off takes along what they wait for.
                if not self.is_over:
                    self.end = asyncio.get_running_loop().create_future()
            except NotCommitted:
                pass
        if self.failure is None:
            return called_off
        if called_off is not None:
            raise called_off from None  # Nobody is there any more whom its failure would concern.
        raise self.failure
