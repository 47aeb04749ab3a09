"""Waiting for conditions, never for times."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

#: Only a test that is going to fail waits this long.
PATIENCE = 20.0

Value = TypeVar("Value")


async def soon(awaitable: Awaitable[Value]) -> Value:
    """The result, or a failure when it does not come."""
    async with asyncio.timeout(PATIENCE):
        return await awaitable


async def until(condition: Callable[[], Awaitable[Value] | Value], *, pause: float = 0.01) -> Value:
    """Ask again and again until the answer is true, and return it."""
    async with asyncio.timeout(PATIENCE):
        while True:
            answer = condition()
            value: Value = await answer if isinstance(answer, Awaitable) else answer
            if value:
                return value
            await asyncio.sleep(pause)
