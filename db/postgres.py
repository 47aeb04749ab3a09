"""What PostgreSQL has to be told: that nobody waits for ever; and what is asked of a connection before it is used."""

import time
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry

#: Seconds after which an idle connection is asked whether its server is still there: that takes three round trips.
IDLE = 5.0
_USED = "used"


def arguments(wait_seconds: float, idle_seconds: float) -> dict[str, Any]:
    """How to connect. Not for ever to a server that says nothing, nor to one where a process stands still."""
    settings = {
        "application_name": "palaver",
        # What is no transaction of several statements relies upon seeing what was committed while it waited.
        "default_transaction_isolation": "read committed",
        # Nothing that is asked here is worth compiling; how much a search finds is guessed, and guessed high.
        "jit": "off",
        "lock_timeout": str(round(wait_seconds * 1000)),
        # A transaction that stands still holds locks, and keeps old row versions for everybody.
        "idle_in_transaction_session_timeout": str(round(idle_seconds * 1000)),
    }
    return {"timeout": wait_seconds, "server_settings": settings}


def check_idle(engine: Engine) -> None:
    """Take another connection for one that has ended, or that was idle for long and whose server does not answer.

    One that was used a moment ago is not asked: whoever takes it sends something that can be sent again.
    """

    @event.listens_for(engine, "checkin")
    def on_checkin(_: DBAPIConnection | None, entry: ConnectionPoolEntry) -> None:
        entry.info[_USED] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def on_checkout(connection: DBAPIConnection, entry: ConnectionPoolEntry, _: object) -> None:
        asked: Any = connection
        if asked.driver_connection.is_closed():
            raise DisconnectionError
        used = entry.info.get(_USED)  # Not there when it is new.
        if used is not None and time.monotonic() - used > IDLE:
            try:
                engine.dialect.do_ping(connection)
            except Exception as error:
                raise DisconnectionError from error
