"""How long a socket lasts: to the end of its token, to its greatest age, or until nothing runs and nothing is said."""

import asyncio
from types import TracebackType

from core.clock import now_ms
from core.deadlines import Deadline, Deadlines
from core.settings import Settings
from graph.frames import Close


class Lasting(Deadline):
    """Bounds a block: `async with Lasting(...)`. Close when it has lasted long enough.

    Clients come back after each of the codes, and resume; with another token after 4403.
    """

    __slots__ = ("_cancelling", "_deadlines", "_idle_seconds", "_is_of_token", "_is_over", "_last", "_task")

    def __init__(self, settings: Settings, deadlines: Deadlines, expires_at: int) -> None:
        """For a socket that is admitted now, by a token that expires then, in milliseconds."""
        super().__init__()
        of_token = max(0.0, (expires_at - now_ms()) / 1000)
        self._is_of_token = of_token <= settings.socket_age_seconds
        self._last = _now() + min(of_token, settings.socket_age_seconds)
        self._idle_seconds = settings.socket_idle_seconds
        self._deadlines = deadlines
        self._task: asyncio.Task[None] | None = None
        self._is_over = False

    def note(self, *, is_busy: bool) -> None:
        """Something was said, began or ended: while something runs the socket may be silent, and else for a while."""
        if self._task is not None and not self._is_over:
            until = self._last if is_busy else min(self._last, _now() + self._idle_seconds)
            self._deadlines.move(self, until)

    def expire(self) -> None:
        """Call the block off."""
        if self._task is not None:
            self._is_over = True
            self._task.cancel()

    async def __aenter__(self) -> "Lasting":
        self._task = asyncio.current_task()
        if self._task is None:
            raise RuntimeError("A socket is served by a task.")
        self._cancelling = self._task.cancelling()
        self._deadlines.move(self, self._last)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._deadlines.drop(self)
        task, self._task = self._task, None
        # Called off by this, and by nobody else: as asyncio's own timeouts tell it.
        is_ours = self._is_over and task is not None and task.uncancel() <= self._cancelling
        if is_ours and kind is asyncio.CancelledError:
            raise self._close() from error

    def _close(self) -> Close:
        if _now() < self._last:
            return Close(1001, "Nothing runs here; come back when something shall")
        return Close(4403, "The token has expired") if self._is_of_token else Close(1001, "Old; come back and resume")


def _now() -> float:
    """The loop's clock, in seconds."""
    return asyncio.get_running_loop().time()
