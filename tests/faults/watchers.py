"""Those who follow a pair's conversation, and note each event of its log."""

import time
from typing import Any

from core.cursors import decode_cursor
from tests.faults.changes import Told
from tests.faults.log import bare_id
from tests.faults.readers import Reader

#: The kinds of the log, by the events that tell of them; marks are in no log.
KINDS = {
    "MessageAddedEvent": "MESSAGE_ADDED",
    "MessageUpdatedEvent": "MESSAGE_UPDATED",
    "ConversationUpdatedEvent": "CONVERSATION_UPDATED",
}


class Watcher(Reader):
    """A reader of whatever happens in one conversation; `heads` are positions."""

    __slots__ = ()

    def take(self, event: dict[str, Any]) -> None:
        """One event."""
        kind = KINDS.get(event["__typename"])
        if kind is None or self.conversation is None:
            return
        place, message = bare_id(self.conversation), event.get("message")
        position = int(decode_cursor(event["cursor"]).key[1])
        self.heads[place] = position
        self.history.changes.told.append(
            Told(
                reader=self.number,
                connection=self.connection,
                place=place,
                position=position,
                kind=kind,
                message=None if message is None else bare_id(message["id"]),
                body=None if message is None else message["body"],
                at=time.monotonic(),
            )
        )
