"""Pairs who change what they said: they edit, delete, react and block, and staff remove, close and reopen.

What they do is done until it is acknowledged, at whichever server answers; then they look, and look for the words.
"""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from tests.changing import DELETE, EDIT, REACT
from tests.faults.changes import Changes, Done, Saw, Searched, Tried
from tests.faults.history import History, Refused
from tests.faults.log import bare_id
from tests.faults.people import Declined, Person
from tests.faults.writers import SEND, Gate
from tests.staff import REMOVE, SET_STATE

BLOCK = "mutation($input: BlockUserInput!) { blockUser(input: $input) { user { id } errors { code } } }"
LOOK = """
query($id: ID!) {
  node(id: $id) {
    ... on Message { body deletedAt edits { body } reactions { emoji users { externalId } } }
  }
}
"""
SEARCH = """
query($word: String!, $id: ID!) {
  searchMessages(query: $word, conversationId: $id, first: 20) { edges { node { id } } }
}
"""


@dataclass(slots=True)
class Said:
    """A message of a pair that is there: its global id, who sent it, its words now and before, and its emoji."""

    id: str
    sender: Person
    words: list[str]
    emoji: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Changer:
    """Drives one pair. `people` are the two with their global ids, `conversation` is a global id."""

    name: str
    people: tuple[tuple[Person, str], tuple[Person, str]]
    staff: Person
    conversation: str
    history: History
    gate: Gate
    rest: float = 0.1
    _number: int = 0
    _said: list[Said] = field(default_factory=list)

    @property
    def _changes(self) -> Changes:
        return self.history.changes

    async def change(self) -> None:
        """Go on until cancelled; whenever the gate holds, all may speak."""
        acts = (self._edit, self._edit, self._delete, self._remove, self._react, self._react, self._block, self._close)
        while True:
            for act in random.sample(acts, len(acts)):
                async with self.gate:
                    await act()
                await asyncio.sleep(self.rest * random.uniform(0.5, 1.5))

    def _new_word(self) -> str:
        self._number += 1
        return f"{self.name}x{self._number}x"

    def _anybody(self) -> Person:
        return random.choice(self.people)[0]

    async def _ask(
        self, what: str, person: Person, query: str, message: str = "", text: str = "", **given: Any
    ) -> None:
        """One act that must succeed."""
        asked_at = time.monotonic()
        try:
            await person.insist(query, input=given)
        except Declined as declined:
            self.history.refused.append(Refused(f"{what} by {person.sub}", declined.code, time.monotonic()))
            return
        place = bare_id(self.conversation)
        self._changes.done.append(Done(what, place, message, text, asked_at, time.monotonic()))

    async def _say(self, person: Person) -> Said | None:
        """Something new; None when that is refused, whether it had to be or not."""
        key, place, asked_at = self._new_word(), bare_id(self.conversation), time.monotonic()
        given = {"conversationId": self.conversation, "clientMessageId": key, "body": key}
        try:
            payload = await person.insist(SEND, input=given)
        except Declined as declined:
            self._changes.tried.append(Tried(place, key, declined.code, asked_at, time.monotonic()))
            return None
        said = Said(payload["message"]["id"], person, [key])
        now = time.monotonic()
        self._changes.tried.append(Tried(place, key, "", asked_at, now))
        self._changes.done.append(Done("say", place, bare_id(said.id), key, asked_at, now))
        self._said.append(said)
        return said

    async def _some(self) -> Said | None:
        """A message that is there, old or new."""
        if self._said and random.random() < 0.5:
            return random.choice(self._said)
        return await self._say(self._anybody())

    async def _edit(self) -> None:
        if (said := await self._some()) is not None:
            word = self._new_word()
            await self._ask("edit", said.sender, EDIT, bare_id(said.id), word, messageId=said.id, body=word)
            said.words.append(word)
            await self._look(said)

    async def _react(self) -> None:
        if (said := await self._some()) is not None:
            (person, _), emoji = self.people[0], random.choice("👍🎉")
            what = "take back" if emoji in said.emoji else "react"
            given = {"messageId": said.id, "emoji": emoji, "reacted": what == "react"}
            await self._ask(what, person, REACT, bare_id(said.id), emoji, **given)
            said.emoji ^= {emoji}
            await self._look(said)

    async def _delete(self) -> None:
        if (said := await self._some()) is not None:
            await self._ask("delete", said.sender, DELETE, bare_id(said.id), messageId=said.id)
            self._said.remove(said)
            await self._look(said)

    async def _remove(self) -> None:
        if (said := await self._some()) is not None:
            await self._ask("remove", self.staff, REMOVE, bare_id(said.id), messageId=said.id, reason="It was rude.")
            self._said.remove(said)
            await self._look(said)

    async def _block(self) -> None:
        (one, _), (_, other) = people = random.sample(self.people, 2)
        await self._silence(
            lambda: self._ask("block", one, BLOCK, userId=other, blocked=True),
            lambda: self._ask("unblock", one, BLOCK, userId=other, blocked=False),
            people[1][0],
        )

    async def _close(self) -> None:
        def turn(what: str, state: str) -> Awaitable[None]:
            return self._ask(what, self.staff, SET_STATE, conversationId=self.conversation, state=state)

        await self._silence(lambda: turn("close", "CLOSED"), lambda: turn("reopen", "OPEN"), self._anybody())

    async def _silence(
        self, begin: Callable[[], Awaitable[None]], end: Callable[[], Awaitable[None]], person: Person
    ) -> None:
        """While it begins one of them speaks, who may be heard or not; from then on nobody is, until it ends."""
        await asyncio.gather(begin(), self._say(person))
        for one, _ in self.people:
            await self._say(one)
        if self._said:
            await self._try_edit(random.choice(self._said))
        await end()
        await self._say(person)

    async def _try_edit(self, said: Said) -> None:
        asked_at, code, word = time.monotonic(), "", self._new_word()
        try:
            await said.sender.insist(EDIT, input={"messageId": said.id, "body": word})
        except Declined as declined:
            code = declined.code
        self._changes.tried.append(Tried(bare_id(self.conversation), "", code, asked_at, time.monotonic()))

    async def _look(self, said: Said) -> None:
        """One of the two looks at a message, and looks for what it says and for what it said before."""
        person, asked_at = self._anybody(), time.monotonic()
        shown = await person.insist(LOOK, id=said.id)
        self._changes.saw.append(saw_of(person.sub, bare_id(said.id), shown, asked_at))
        for word in said.words[-2:]:
            asked_at = time.monotonic()
            found = await person.insist(SEARCH, word=f'"{word}"', id=self.conversation)
            is_found = said.id in {edge["node"]["id"] for edge in found["edges"]}
            self._changes.searched.append(Searched(person.sub, bare_id(said.id), word, is_found, asked_at))


def saw_of(person: str, message: str, shown: dict[str, Any] | None, asked_at: float) -> Saw:
    """What a person was shown of a message, which may not be there at all."""
    if shown is None:
        return Saw(person, message, "", (), (), asked_at, is_there=False)
    return Saw(
        person,
        message,
        None if shown["deletedAt"] is not None and shown["body"] is None else shown["body"] or "",
        tuple(edit["body"] for edit in shown["edits"]),
        tuple(sorted(each["emoji"] for each in shown["reactions"] for _ in each["users"])),
        asked_at,
    )
