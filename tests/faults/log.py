"""What is stored in the end: the tables as they are, and what the server says of them."""

import base64
import json
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

from db.audit import EntryRow
from tests.faults.changes import Kept
from tests.faults.history import digest
from tests.storage import run_sql_at


@dataclass(frozen=True, slots=True)
class Stored:
    """A message."""

    conversation: str
    seq: int
    position: int
    id: str
    sender: str
    key: str
    body: int


@dataclass(frozen=True, slots=True)
class Entry:
    """An event of a conversation's log."""

    conversation: str
    position: int
    kind: str
    message: str | None
    person: str | None


@dataclass(frozen=True, slots=True)
class Counters:
    """What a conversation's row says of its log."""

    last_event: int
    last_seq: int
    last_message_at: int | None
    newest_at: int | None


@dataclass(frozen=True, slots=True)
class Part:
    """A participant's row."""

    person: str
    conversation: str
    read_seq: int
    is_in: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """What a person is told of a conversation at the end."""

    person: str
    conversation: str
    unread: int
    last_id: str | None
    last_seq: int
    read_seq: int


@dataclass(slots=True)
class Log:
    """The end of a run. Messages and entries are in the order of their places."""

    messages: list[Stored] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    counters: dict[str, Counters] = field(default_factory=dict)
    parts: list[Part] = field(default_factory=list)
    shown: list[Shown] = field(default_factory=list)
    #: The audit log: its entries, the links of its chain (number, entry, hash), and the entries that wait for it.
    noted: list[EntryRow] = field(default_factory=list)
    links: list[tuple[int, str, str]] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    #: What is stored of pairs who change what they said; all else is of the others.
    kept: Kept = field(default_factory=Kept)

    def by_conversation(self) -> dict[str, list[Stored]]:
        """The messages of each conversation."""
        found: dict[str, list[Stored]] = defaultdict(list)
        for message in self.messages:
            found[message.conversation].append(message)
        return found

    def write(self, path: Path) -> None:
        """Keep it as JSON lines."""
        with path.open("w", encoding="utf-8") as file:
            for rows in (self.messages, self.entries, self.parts, self.shown, self.kept.messages):
                for row in rows:
                    values = {name: getattr(row, name) for name in row.__slots__}
                    file.write(json.dumps([type(row).__name__, values]) + "\n")


async def read_log(url: str, aside: Collection[str] = ()) -> Log:
    """The tables, read by nobody's code but the database's; without the conversations `aside`, which are pairs'."""
    messages = await run_sql_at(
        url,
        "select m.conversation_id, m.seq, m.position, m.id, u.external_id, m.client_key, m.body from messages m"
        " join users u on u.id = m.sender_id order by m.conversation_id, m.seq",
    )
    entries = await run_sql_at(
        url,
        "select e.conversation_id, e.position, e.kind, e.message_id, u.external_id from events e"
        " left join users u on u.id = e.user_id order by e.conversation_id, e.position",
    )
    counters = await run_sql_at(
        url,
        "select c.id, c.last_event, c.last_seq, c.last_message_at,"
        " (select max(m.created_at) from messages m where m.conversation_id = c.id) from conversations c",
    )
    parts = await run_sql_at(
        url,
        "select u.external_id, p.conversation_id, p.read_seq, p.left_event is null from participants p"
        " join users u on u.id = p.user_id",
    )
    noted = await run_sql_at(url, f"select {', '.join(EntryRow._fields)} from audit_entries")
    links = await run_sql_at(url, "select number, entry_id, hash from audit_seals order by number")
    waiting = await run_sql_at(url, "select entry_id from audit_unsealed")
    return Log(
        noted=[EntryRow(*row) for row in noted],
        links=[(row[0], row[1], row[2]) for row in links],
        waiting=[row[0] for row in waiting],
        messages=[stored_of(*row) for row in messages if row[0] not in aside],
        entries=[Entry(*row) for row in entries if row[0] not in aside],
        counters={row[0]: Counters(*row[1:]) for row in counters if row[0] not in aside},
        parts=[Part(row[0], row[1], row[2], bool(row[3])) for row in parts if row[1] not in aside],
    )


def stored_of(conversation: str, seq: int, position: int, id: str, sender: str, key: str, body: str) -> Stored:
    """A message of a row."""
    return Stored(conversation, seq, position, id, sender, key, digest(body))


def bare_id(global_id: str) -> str:
    """The database's id in a global one."""
    return base64.urlsafe_b64decode(global_id + "=" * (-len(global_id) % 4)).decode().partition(":")[2]
