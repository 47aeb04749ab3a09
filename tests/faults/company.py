"""Who takes part in a run, and where everybody sits."""

from dataclasses import dataclass, field

import httpx

from tests.acts import OPEN, UPSERT_SUBJECT
from tests.faults.changers import Changer
from tests.faults.doorman import booking_of
from tests.faults.fleet import Fleet
from tests.faults.ground import Ground
from tests.faults.history import Follower, History
from tests.faults.log import bare_id
from tests.faults.memory import Memory
from tests.faults.onlookers import Onlooker
from tests.faults.people import Person
from tests.faults.readers import Habits, Reader
from tests.faults.watchers import Watcher
from tests.faults.writers import Gate, Writer
from tests.live.asks import CURSOR, INBOX_CURSOR

ANN, BOB, GUS = "ann", "bob", "gus"
BOOKING = "haircut"
#: The number of the first who follows a pair; there are fewer others.
WATCHERS = 10_000


@dataclass(frozen=True, slots=True)
class Cast:
    """Who takes part. `listings` are conversations of two, beside one booking with a guest who comes and goes, and
    `pairs` who change what they said in conversations of their own."""

    listings: int = 3
    writers: int = 4
    rest: float = 0.15
    length: int = 40
    inboxes: int = 1
    followers: int = 1
    crowd: int = 0
    slow: bool = True
    restless: bool = True
    onlookers: int = 1
    booking: bool = True
    doorman_rests: float = 0.5
    pairs: int = 1


@dataclass(slots=True)
class Company:
    """The people of a run; nobody does anything yet."""

    ground: Ground
    fleet: Fleet
    cast: Cast
    http: httpx.AsyncClient
    patience: float
    history: History = field(default_factory=History)
    memory: Memory = field(default_factory=Memory)
    gate: Gate = field(default_factory=Gate)
    host: Person = field(init=False)
    people: dict[str, Person] = field(default_factory=dict)
    conversations: list[str] = field(default_factory=list)
    writers: list[Writer] = field(default_factory=list)
    readers: list[Reader] = field(default_factory=list)
    onlookers: list[Onlooker] = field(default_factory=list)
    changers: list[Changer] = field(default_factory=list)
    watchers: list[Watcher] = field(default_factory=list)
    _beginnings: dict[tuple[str, str | None], str] = field(default_factory=dict)

    def person(self, sub: str, *roles: str) -> Person:
        """Somebody with a token."""
        return Person(sub, self.fleet.servers, self.http, roles)

    async def open(self) -> None:
        """The conversations are opened, and everybody takes their place; nobody writes yet."""
        self.host = self.person("market", "service")
        self.people = {sub: self.person(sub) for sub in (ANN, BOB, GUS)}
        for number in range(self.cast.listings):
            await self.host.insist(UPSERT_SUBJECT, input=listing_of(f"thing-{number}", BOB))
            self.conversations.append(await self._open("listing", f"thing-{number}"))
        if self.cast.booking:
            await self.host.insist(UPSERT_SUBJECT, input=booking_of(BOOKING, (ANN, BOB, GUS)))
            self.conversations.append(await self._open("booking", BOOKING))
        await self._seat_readers()
        for number in range(self.cast.writers):
            person = self.people[(ANN, BOB)[number % 2]]
            writer = Writer(
                f"{person.sub}-{number}", person, self.conversations, self.history, self.gate, self.cast.length
            )
            writer.rest, writer.number = self.cast.rest, number
            self.writers.append(writer)
        for number in range(self.cast.pairs):
            await self._open_pair(number)
        self.onlookers = [
            Onlooker(person, self.history, self.gate, marks=person.sub != GUS)
            for person in self.people.values()
            for _ in range(self.cast.onlookers)
        ]

    async def _open_pair(self, number: int) -> None:
        """Two others with a conversation of their own, which both follow."""
        names, thing = (f"dee-{number}", f"eve-{number}"), f"pair-{number}"
        one, other = (self.person(name) for name in names)
        await self.host.insist(UPSERT_SUBJECT, input=listing_of(thing, names[1]))
        payload = await one.insist(OPEN, input={"subject": {"kind": "listing", "externalId": thing}})
        conversation: str = payload["conversation"]["id"]
        self.history.changes.places.add(bare_id(conversation))
        ids = [(await person.insist("{ viewer { user { id } } }"))["user"]["id"] for person in (one, other)]
        staff, beginning = self.person("sue", "admin"), await self._cursor(one, conversation)
        people = ((one, ids[0]), (other, ids[1]))
        self.changers.append(Changer(f"p{number}", people, staff, conversation, self.history, self.gate))
        for place, person in enumerate((one, other)):
            follower = Follower(WATCHERS + 2 * number + place, person.sub, "watch", bare_id(conversation))
            habits = Habits(leaves_after=0.9) if place and self.cast.restless else Habits()
            self.watchers.append(Watcher(follower, person, conversation, self.history, beginning, habits))

    async def _open(self, kind: str, name: str) -> str:
        payload = await self.people[ANN].insist(OPEN, input={"subject": {"kind": kind, "externalId": name}})
        conversation_id: str = payload["conversation"]["id"]
        return conversation_id

    async def _seat_readers(self) -> None:
        for conversation in self.conversations:
            for _ in range(self.cast.followers):
                await self.seat(BOB, "added", conversation)
                await self.seat(ANN, "events", conversation)
        first, booking = self.conversations[0], self.conversations[-1]
        for _ in range(self.cast.inboxes):
            await self.seat(ANN, "inbox")
            await self.seat(BOB, "inbox")
        if self.cast.booking:
            for stream, place in (("added", booking), ("events", booking), ("inbox", None)):
                await self.seat(GUS, stream, place)
        if self.cast.slow:
            await self.seat(BOB, "events", first, Habits(each=0.004))
            await self.seat(ANN, "inbox", None, Habits(each=0.004))
        if self.cast.restless:
            await self.seat(ANN, "added", first, Habits(leaves_after=0.7))
            await self.seat(BOB, "inbox", None, Habits(leaves_after=1.1))
        for number in range(self.cast.crowd):
            await self.seat(BOB, ("added", "events")[number % 2], self.conversations[number % self.cast.listings])

    async def seat(
        self,
        sub: str,
        stream: str,
        conversation: str | None = None,
        habits: Habits | None = None,
    ) -> Reader:
        """Somebody is to follow a stream from its beginning, before anything was said."""
        person, is_guest = self.people[sub], sub == GUS
        if (sub, conversation) not in self._beginnings:
            self._beginnings[sub, conversation] = await self._cursor(person, conversation)
        place = None if conversation is None else bare_id(conversation)
        follower = Follower(len(self.readers), sub, stream, place, is_guest, not is_guest and habits is None)
        self.history.followers.append(follower)
        reader = Reader(
            follower, person, conversation, self.history, self._beginnings[sub, conversation], habits or Habits()
        )
        self.readers.append(reader)
        return reader

    async def _cursor(self, person: Person, conversation: str | None) -> str:
        if conversation is None:
            inbox: str = (await person.insist(INBOX_CURSOR))["inboxCursor"]
            return inbox
        cursor: str = (await person.insist(CURSOR, id=conversation))["cursor"]
        return cursor


def listing_of(name: str, owner: str) -> dict[str, object]:
    """What the host tells of somebody's listing."""
    return {
        "kind": "listing",
        "externalId": name,
        "title": "A thing",
        "owner": {"userExternalId": owner, "role": "seller"},
    }
