"""What PostgreSQL has to be told: that nobody waits for ever."""

from typing import Any


def arguments(wait_seconds: float, idle_seconds: float) -> dict[str, Any]:
    """How to connect. Not for ever to a server that says nothing, nor to one where a process stands still."""
    settings = {
        "application_name": "palaver",
        "lock_timeout": str(round(wait_seconds * 1000)),
        # A transaction that stands still holds locks, and keeps old row versions for everybody.
        "idle_in_transaction_session_timeout": str(round(idle_seconds * 1000)),
    }
    return {"timeout": wait_seconds, "server_settings": settings}
