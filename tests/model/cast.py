"""The cast of one run, with names of its own so that many runs share a server: everybody has a desk and a telephone."""

from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any

from tests import acts
from tests.client import People, Person, Stream

INBOX = """
subscription Inbox($after: String) {
  inbox(after: $after) { __typename ... on ResumableEvent { cursor } ... on MessageAddedEvent { message { id } } }
}
"""

#: What can be talked about: who is in it, the subject if there is one, and whether it is a booking.
PLACES: dict[str, tuple[tuple[str, ...], str | None]] = {
    "Ann about the bicycle": (("ann", "bob"), "bicycle"),
    "Dan about the bicycle": (("dan", "bob"), "bicycle"),
    "all about the haircut": (("ann", "bob", "dan"), "haircut"),
    "Ann and Dan": (("ann", "dan"), None),
}
NAMES = ("ann", "bob", "dan")


@dataclass(slots=True)
class Follower:
    """Somebody's open inbox. `place` is how much of all that was told lies before it."""

    place: int
    cursor: str
    stream: Stream | None = None
    leaving: AsyncExitStack = field(default_factory=AsyncExitStack)

    async def attach(self, person: Person) -> None:
        """Follow from where it was."""
        if self.stream is None:
            self.stream = await self.leaving.enter_async_context(person.follow(INBOX, after=self.cursor))

    async def next_message(self) -> str:
        """The id of the next message that is told."""
        assert self.stream is not None
        while True:
            event = await self.stream.next()
            self.cursor = event["cursor"]
            if event["__typename"] == "MessageAddedEvent":
                message_id: str = event["message"]["id"]
                return message_id

    async def leave(self) -> None:
        """Follow no more; the place and the cursor stay."""
        await self.leaving.aclose()
        self.stream = None


@dataclass(slots=True)
class Cast:
    """The people of a run, by their short names."""

    people: People
    number: int
    followers: dict[str, Follower] = field(default_factory=dict)

    def sub(self, name: str) -> str:
        """The id of a person or a subject at the host."""
        return f"{name}-{self.number}"

    def person(self, name: str, *, telephone: bool = False) -> Person:
        """Somebody at one of their two devices."""
        role = "seller" if name == "bob" else "buyer"
        return self.people.person(self.sub(name), role, name=name, device="telephone" if telephone else "desk")

    @property
    def host(self) -> Person:
        """The host's server."""
        return self.people.host

    async def tell_subject(self, subject: str, *, state: str) -> None:
        """The host tells of a subject."""
        if subject == "bicycle":
            owner = {"userExternalId": self.sub("bob"), "role": "seller"}
            await acts.list_thing(self.host, self.sub(subject), owner=owner, state=state)
        else:
            await acts.book(self.host, self.sub(subject), *map(self.sub, NAMES), state=state)

    def reference(self, subject: str) -> dict[str, str]:
        """The host's name for a subject."""
        return {"kind": "booking" if subject == "haircut" else "listing", "externalId": self.sub(subject)}

    def opening(self, name: str, place: str) -> dict[str, Any]:
        """How somebody asks for the conversation of a place."""
        members, subject = PLACES[place]
        other = next(member for member in members if member != name)
        if subject is None:
            return {"userExternalId": self.sub(other)}
        about = {"subject": self.reference(subject)}
        is_owner = subject == "bicycle" and name == "bob"
        return {**about, "userExternalId": self.sub(other)} if is_owner else about
