"""Waiting for conditions, never for times."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar, overload

#: Only a test that is going to fail waits this long.
PATIENCE = 45.0

Value = TypeVar("Value")


async def soon(awaitable: Awaitable[Value]) -> Value:
    """The result, or a failure when it does not come."""
    async with asyncio.timeout(PATIENCE):
        return await awaitable


@overload
async def until(condition: Callable[[], Awaitable[Value]], *, pause: float = 0.01) -> Value: ...
@overload
async def until(condition: Callable[[], bool | int], *, pause: float = 0.01) -> bool | int: ...
async def until(condition: Callable[[], Any], *, pause: float = 0.01) -> Any:
    """Ask again and again until the answer is true, and return it."""
    async with asyncio.timeout(PATIENCE):
        while True:
            answer = condition()
            value = await answer if isinstance(answer, Awaitable) else answer
            if value:
                return value
            await asyncio.sleep(pause)
