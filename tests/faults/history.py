"""What happened in a run, as those who took part saw it: records that are only ever added.

Times are seconds of one monotonic clock, that of the process which drives the run. Conversations and messages are named
by the database's ids.
"""

import json
import zlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from tests.faults.changes import Changes


@dataclass(frozen=True, slots=True)
class Attempt:
    """A writer began to send, for the first time or again."""

    writer: str
    sender: str
    key: str
    conversation: str
    body: int
    at: float


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """The server answered that a message is stored. A key that is repeated is acknowledged again."""

    key: str
    conversation: str
    id: str
    seq: int
    at: float


@dataclass(frozen=True, slots=True)
class Refused:
    """The server answered no to something that it had to do."""

    what: str
    code: str
    at: float


@dataclass(frozen=True, slots=True)
class Follower:
    """Somebody at a stream. `conversation` is None for an inbox; `since` is where a live start began (a seq)."""

    number: int
    person: str
    stream: str
    conversation: str | None
    is_guest: bool = False
    is_measured: bool = True


@dataclass(frozen=True, slots=True)
class Connected:
    """A follower's socket took a subscription, with the cursor of the last event that was consumed, or live."""

    reader: int
    connection: int
    is_live: bool
    at: float


@dataclass(frozen=True, slots=True)
class Heard:
    """A follower consumed a message. `position` is its cursor's place in the log, 0 where a cursor has none."""

    reader: int
    connection: int
    conversation: str
    seq: int
    position: int
    id: str
    key: str
    sender: str
    body: int
    at: float
    is_replay: bool


@dataclass(frozen=True, slots=True)
class Broke:
    """A follower's socket or stream ended: by the network, a close code or an error's code."""

    reader: int
    connection: int
    why: str
    at: float


@dataclass(frozen=True, slots=True)
class Moved:
    """The host let somebody in or out of a conversation."""

    person: str
    conversation: str
    is_in: bool
    asked_at: float
    acknowledged_at: float


@dataclass(frozen=True, slots=True)
class Marked:
    """A person's reading up to a message was acknowledged."""

    person: str
    conversation: str
    seq: int
    at: float


@dataclass(frozen=True, slots=True)
class Looked:
    """A query's answer about one conversation: its newest messages, what is counted, and how the newest is dated."""

    person: str
    conversation: str
    asked_at: float
    last_seq: int
    page: tuple[tuple[int, str, str], ...]
    unread: int
    read_seq: int
    last_at: str | None
    newest_at: str | None


@dataclass(frozen=True, slots=True)
class Stuck:
    """When everybody was quiet, a follower had not heard what there was."""

    reader: int
    conversation: str
    heard: int
    head: int
    at: float


@dataclass(frozen=True, slots=True)
class Fault:
    """Something was done to the servers or to what they stand on, until `over_at`."""

    name: str
    at: float
    over_at: float


@dataclass(slots=True)
class History:
    """All records of a run, each kind in its order."""

    attempts: list[Attempt] = field(default_factory=list)
    acknowledged: list[Acknowledged] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    followers: list[Follower] = field(default_factory=list)
    connected: list[Connected] = field(default_factory=list)
    heard: list[Heard] = field(default_factory=list)
    broke: list[Broke] = field(default_factory=list)
    moved: list[Moved] = field(default_factory=list)
    marked: list[Marked] = field(default_factory=list)
    looked: list[Looked] = field(default_factory=list)
    stuck: list[Stuck] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    changes: Changes = field(default_factory=Changes)

    def records(self) -> Iterator[tuple[str, Any]]:
        """Everything, kind by kind."""
        for whole in (self, self.changes):
            for name in whole.__slots__:
                records = getattr(whole, name)
                if isinstance(records, list):
                    yield from ((name, record) for record in records)

    def write(self, path: Path) -> None:
        """Keep it as JSON lines, for whoever has to find out what went wrong."""
        with path.open("w", encoding="utf-8") as file:
            for name, record in self.records():
                file.write(json.dumps([name, asdict(record)]) + "\n")


def digest(body: str) -> int:
    """A body in a few bytes: enough to see that another one came."""
    return zlib.crc32(body.encode())
