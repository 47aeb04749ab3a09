"""The frames of the graphql-transport-ws protocol, and the codes that close a socket."""

from dataclasses import dataclass
from typing import Any

from core.strict_json import TooManyObjects, read_strictly

#: Every code that closes a socket here: ours, uvicorn's, and what browsers and broken connections say.
CODES = (
    1000, 1001, 1002, 1005, 1006, 1007, 1008, 1009, 1011, 1012, 1013,
    4400, 4401, 4403, 4406, 4408, 4409, 4429, 4500
)  # fmt: skip

#: The room for a reason in the frame that closes a socket (RFC 6455, 5.5).
REASON_BYTES = 123


class Close(Exception):
    """The socket is to be closed with this code; the reason is short, for developers."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        # What is longer, or no text that can be written, would be no close at all; a reason may quote a client.
        self.reason = reason.encode("utf-8", "replace")[:REASON_BYTES].decode("utf-8", "ignore")


@dataclass(frozen=True, slots=True)
class Frame:
    """A message of the protocol."""

    type: str
    id: str | None
    payload: Any


def read_frame(text: str, most_objects: int) -> Frame:
    """A frame of the protocol. Close 4400 for anything else."""
    try:
        value = read_strictly(text, most_objects)
    except TooManyObjects as error:
        raise Close(4400, f"The frame has more than {most_objects} objects") from error
    except (ValueError, RecursionError) as error:
        raise Close(4400, "The frame is no JSON") from error
    if not isinstance(value, dict) or not isinstance(value.get("type"), str):
        raise Close(4400, "The frame has no type")
    frame = Frame(value["type"], value.get("id"), value.get("payload"))
    if frame.type in ("subscribe", "complete"):
        if not isinstance(frame.id, str) or not 1 <= len(frame.id) <= 200:
            raise Close(4400, "The frame has no id of 1 to 200 characters")
        if frame.type == "subscribe" and not isinstance(frame.payload, dict):
            raise Close(4400, "The frame has no payload")
    elif frame.type in ("connection_init", "ping", "pong"):
        if frame.payload is not None and not isinstance(frame.payload, dict):
            raise Close(4400, "The payload is no object")
    else:
        raise Close(4400, "The type of the frame is unknown")
    return frame


def authorization_in(payload: Any) -> str | None:
    """The Authorization in connection_init's payload, whatever the case of its name."""
    for name, value in (payload or {}).items():
        if name.lower() == "authorization" and isinstance(value, str):
            return value
    return None


def database_is_away() -> Close:
    """Not 4500, which clients take for final: the database comes back."""
    return Close(1013, "The database is away; come back later")
