"""The slow look behind the bells: which conversations changed, and did their bell come?

It finds what a dead broker hides, within a second; how much it finds is counted, because it hides the dead broker too.
"""

import asyncio

import structlog

from chat.topics import conversation_of, conversation_topic, inbox_topic
from core.bells import Bell
from core.hub import Hub
from db import participants
from db.engine import Database
from db.inbox import Inbox, Place

log = structlog.get_logger()


class Backstop:
    """Looks once in a while, more often while the broker is away, and rings in this process for what it finds."""

    def __init__(self, database: Database, hub: Hub, inbox: Inbox, seconds: float) -> None:
        self._database = database
        self._hub = hub
        self._inbox = inbox
        self._seconds = seconds
        self._heard: dict[str, int] = {}
        self._task: asyncio.Task[None] | None = None
        self.looks = 0
        self.found = 0
        hub.watch(self._hear)

    async def start(self) -> None:
        """Begin to look for what happens from now on: before anybody follows anything."""
        async with self._database.reading() as db:
            place = await self._inbox.find_head(db)
        self._task = asyncio.create_task(self._run(place), name="backstop")

    async def stop(self) -> None:
        """Look no more."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def _hear(self, bell: Bell) -> None:
        conversation_id = conversation_of(bell.topic)
        if conversation_id is not None and bell.hint is None:
            self._heard[conversation_id] = max(bell.position, self._heard.get(conversation_id, 0))

    async def _run(self, place: Place) -> None:
        while True:
            heard, self._heard = self._heard, {}
            await asyncio.sleep(self._seconds if self._hub.is_connected else self._seconds / 4)
            try:
                async with self._database.reading() as db:
                    changed, head = await self._inbox.find_changed(db, place)
                    missed = {
                        conversation_id: change
                        for conversation_id, change in changed.items()
                        if change.position > max(heard.get(conversation_id, 0), self._heard.get(conversation_id, 0))
                    }
                    members = await participants.find_all(db, missed) if missed else {}
            except Exception as error:  # noqa: BLE001 - the next look finds it
                log.warning("backstop.failed", error=type(error).__name__)
                continue
            place = head  # Only now: what was found by a look that failed half-way is found again by the next.
            self.looks += 1
            self.found += len(missed)
            for conversation_id, change in changed.items():
                told = set(change.left)  # Of those a later bell of the conversation, which was heard, told nothing.
                if conversation_id in missed:
                    self._hub.deliver(Bell(conversation_topic(conversation_id), None, change.position))
                    told |= {row.user_id for row in members[conversation_id] if row.left_event is None}
                for user_id in sorted(told):
                    self._hub.deliver(Bell(inbox_topic(user_id)))
