"""How long a socket lasts: to the end of its token, to its greatest age, or until nothing runs and nothing is said."""

import asyncio
from types import TracebackType

from core.clock import now_ms
from core.settings import Settings
from graph.frames import Close


class Lasting:
    """Bounds a block: `async with Lasting(...)`. Close when it has lasted long enough.

    Clients come back after each of the codes, and resume; with another token after 4403.
    """

    __slots__ = ("_idle_seconds", "_is_of_token", "_last", "_timeout")

    def __init__(self, settings: Settings, expires_at: int) -> None:
        """For a socket that is admitted now, by a token that expires then, in milliseconds."""
        of_token = max(0.0, (expires_at - now_ms()) / 1000)
        self._is_of_token = of_token <= settings.socket_age_seconds
        self._last = _now() + min(of_token, settings.socket_age_seconds)
        self._idle_seconds = settings.socket_idle_seconds
        self._timeout = asyncio.timeout_at(self._last)

    def note(self, *, is_busy: bool) -> None:
        """Something was said, began or ended: while something runs the socket may be silent, and else for a while."""
        if not self._timeout.expired():
            self._timeout.reschedule(self._last if is_busy else min(self._last, _now() + self._idle_seconds))

    async def __aenter__(self) -> "Lasting":
        await self._timeout.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            await self._timeout.__aexit__(kind, error, trace)
        except TimeoutError as over:
            raise self._close() from over

    def _close(self) -> Close:
        if _now() < self._last:
            return Close(1001, "Nothing runs here; come back when something shall")
        return Close(4403, "The token has expired") if self._is_of_token else Close(1001, "Old; come back and resume")


def _now() -> float:
    """The loop's clock, in seconds."""
    return asyncio.get_running_loop().time()
