"""The host's server, which lets a guest out of a booking and in again, all the time."""

import asyncio
import random
import time
from dataclasses import dataclass

from tests.acts import UPSERT_SUBJECT
from tests.faults.history import History, Moved
from tests.faults.people import Person
from tests.faults.writers import Gate


@dataclass(slots=True)
class Doorman:
    """Knows one booking and its guest. `conversation` is the database's id."""

    host: Person
    booking: str
    members: tuple[str, ...]
    guest: str
    conversation: str
    history: History
    gate: Gate
    rest: float = 0.5

    async def work(self) -> None:
        """Go on until cancelled; whenever the gate holds, the guest is in."""
        while True:
            async with self.gate:
                await asyncio.sleep(self.rest * random.uniform(0.5, 1.5))
                await self._let(is_in=False)
                await asyncio.sleep(self.rest * random.uniform(0.5, 1.5))
                await self._let(is_in=True)

    async def _let(self, *, is_in: bool) -> None:
        asked_at = time.monotonic()
        people = self.members + ((self.guest,) if is_in else ())
        await self.host.insist(UPSERT_SUBJECT, input=booking_of(self.booking, people))
        self.history.moved.append(Moved(self.guest, self.conversation, is_in, asked_at, time.monotonic()))


def booking_of(name: str, people: tuple[str, ...]) -> dict[str, object]:
    """What the host tells of a booking."""
    return {
        "kind": "booking",
        "externalId": name,
        "title": "A haircut",
        "policy": "PARTIES",
        "owner": None,
        "parties": [{"userExternalId": person, "role": "party"} for person in people],
    }
