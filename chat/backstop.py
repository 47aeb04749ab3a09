"""The slow look behind the bells: which conversations changed, and did their bell come?

It finds what a dead broker hides, within a second; how much it finds is counted, because it hides the dead broker too.
"""

import asyncio
from collections.abc import Mapping

import structlog

from chat.topics import CONVERSATIONS, conversation_of, conversation_topic, inbox_topic
from core.bells import Bell
from core.hub import Hub
from core.tasks import end
from core.watchers import is_plain
from db import participants
from db.engine import Database
from db.inbox import Change, Inbox, Place

log = structlog.get_logger()


class Backstop:
    """Looks once in a while, more often while the broker is away, and rings in this process for what it finds.

    `looks` and `failures` count the looks that the database allowed and did not allow, `found` the conversations that
    were rung for. Not every one of these says that the broker is dead: a bell may come a little later than the look.
    So of all that changed `by_bell` counts what bells told of before the next look, `by_poll` what they did not.
    """

    def __init__(self, database: Database, hub: Hub, inbox: Inbox, seconds: float) -> None:
        self._database = database
        self._hub = hub
        self._inbox = inbox
        self._seconds = seconds
        self._heard: dict[str, int] = {}
        self._task: asyncio.Task[None] | None = None
        self.looks = 0
        self.failures = 0
        self.found = 0
        self.by_bell = 0
        self.by_poll = 0
        self._unheard: dict[str, int] = {}
        self._is_ringing = False
        hub.watch(CONVERSATIONS, self._hear, is_plain)

    async def start(self) -> None:
        """Begin to look for what happens from now on: before anybody follows anything."""
        place = await self._database.read(self._inbox.find_head)
        self._task = asyncio.create_task(self._run(place), name="backstop")

    async def stop(self) -> None:
        """Look no more."""
        if self._task is not None:
            await end([self._task])

    def _hear(self, bell: Bell) -> None:
        conversation_id = conversation_of(bell.topic)
        if conversation_id is not None:
            self._heard[conversation_id] = max(bell.position, self._heard.get(conversation_id, 0))
            if not self._is_ringing and bell.position >= self._unheard.get(conversation_id, bell.position + 1):
                del self._unheard[conversation_id]
                self.by_bell += 1

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
                self.failures += 1
                log.warning("backstop.failed", error=type(error).__name__)
                continue
            place = head  # Only now: what was found by a look that failed half-way is found again by the next.
            self.looks += 1
            self.found += len(missed)
            self._settle(changed, missed)
            self._is_ringing = True
            for conversation_id, change in changed.items():
                told = set(change.left)  # Of those a later bell of the conversation, which was heard, told nothing.
                if conversation_id in missed:
                    self._hub.deliver(Bell(conversation_topic(conversation_id), None, change.position))
                    told |= {row.user_id for row in members[conversation_id] if row.left_event is None}
                for user_id in sorted(told):
                    self._hub.deliver(Bell(inbox_topic(user_id)))
            self._is_ringing = False

    def _settle(self, changed: Mapping[str, Change], missed: Mapping[str, Change]) -> None:
        """Who was not heard of since the last look was found by it; who is missed now has until the next."""
        self.by_poll += len(self._unheard)
        # Since they were looked up, a bell may have come.
        heard = self._heard
        self._unheard = {key: new.position for key, new in missed.items() if new.position > heard.get(key, 0)}
        self.by_bell += len(changed) - len(self._unheard)
