"""When the database's server is away: it restarts, it cut us off, or the network between did."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

from sqlalchemy.exc import DBAPIError

#: Seconds between two knocks at a server that is away.
PAUSE = 0.1
#: What PostgreSQL says when it shuts down, cuts somebody off, starts up, or has no place left; and lost connections.
AWAY = {"57P01", "57P02", "57P03", "57P05", "53300", "25P03"}

Result = TypeVar("Result")


class DatabaseAway(Exception):
    """The database's server is away. What was under way is rolled back, unless it was in the middle of its commit."""


class ConnectionLost(DatabaseAway):
    """The connection ended in the middle: whoever reads may begin anew at once."""


class DatabaseBusy(DatabaseAway):
    """Others had it all the while: there was no turn to write, no connection or no lock in time. Nothing was done."""


def is_away(error: BaseException) -> bool:
    """Did the connection end, or not come about, rather than a statement fail? A busy one was waited for already."""
    if isinstance(error, DatabaseBusy):
        return False
    if isinstance(error, DatabaseAway | OSError):
        return True
    if not isinstance(error, DBAPIError):
        code = getattr(error, "sqlstate", None)
    elif error.connection_invalidated:
        return True
    else:
        code = getattr(error.orig, "sqlstate", None) or getattr(error.orig, "pgcode", None)
    return isinstance(code, str) and (code in AWAY or code.startswith("08"))


async def knock(attempt: Callable[[], Awaitable[Result]], seconds: float) -> Result:
    """The result of an attempt, tried again while the server is away. DatabaseAway when it stays away for too long."""
    until = time.monotonic() + seconds
    while True:
        try:
            return await attempt()
        except Exception as error:
            if not is_away(error):
                raise
            task = asyncio.current_task()
            if task is not None and task.cancelling():  # A driver may take this for a failure of the network.
                raise asyncio.CancelledError from error
            if time.monotonic() >= until:
                raise DatabaseAway from error
        await asyncio.sleep(PAUSE)
