"""The operations of one socket, by their ids: those that run, each in a task, and the subscriptions that rest."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import structlog

from graph.follower import Follower

log = structlog.get_logger()


class Operations:
    """Begins operations, and leaves nothing of them behind."""

    __slots__ = ("_all", "_when_idle")

    def __init__(self, when_idle: Callable[[], None]) -> None:
        """`when_idle` is called when the last one has ended."""
        self._all: dict[str, asyncio.Task[None] | Follower] = {}
        self._when_idle = when_idle

    def __len__(self) -> int:
        return len(self._all)

    def __contains__(self, operation_id: str) -> bool:
        return operation_id in self._all

    def start(
        self,
        operation_id: str,
        work: Callable[[], Coroutine[Any, Any, None]],
        when_called_off: Callable[[], None] | None = None,
    ) -> None:
        """Begin to work on one; its id is taken until the work is done.

        `when_called_off` is called after work that was called off, perhaps before it began.
        """
        # Called in the task, so that one which is called off before it has begun leaves nothing that waits to be run.
        task = self._all[operation_id] = asyncio.create_task(_run(work))
        task.add_done_callback(lambda done: self._forget(operation_id, done))
        if when_called_off is not None:
            task.add_done_callback(lambda done: when_called_off() if done.cancelled() else None)

    def rest(self, operation_id: str, follower: Follower) -> None:
        """One needs no task for a while; its id is still taken."""
        self._all[operation_id] = follower

    def free(self, operation_id: str) -> None:
        """The id may be used again, before the task that asks for it has quite ended."""
        if self._all.get(operation_id) is asyncio.current_task():
            del self._all[operation_id]

    def cancel(self, operation_id: str) -> None:
        """Call one off, if there is such."""
        operation = self._all.pop(operation_id, None)
        if operation is not None:
            operation.cancel()

    async def end(self) -> None:
        """Call all off, and wait until they have ended."""
        all_, self._all = list(self._all.values()), {}
        for operation in all_:
            operation.cancel()
        running = [operation for operation in all_ if isinstance(operation, asyncio.Task)]
        await asyncio.gather(*running, return_exceptions=True)

    def _forget(self, operation_id: str, task: "asyncio.Task[None]") -> None:
        if self._all.get(operation_id) is task:
            del self._all[operation_id]
        if not self._all:
            self._when_idle()
        if not task.cancelled() and task.exception() is not None:
            log.error("operation.broke", exc_info=task.exception())


async def _run(work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    await work()
