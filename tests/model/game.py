"""The board: a real server and the model side by side, and the comparison of both after each move."""

import asyncio
import sys
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any, TypeVar

from hypothesis.stateful import RuleBasedStateMachine, invariant

from tests import acts
from tests.client import People, Person
from tests.model.cast import NAMES, Cast, Follower
from tests.model.conversations import Said, Thread, World
from tests.model.views import expected, seen
from tests.waiting import until

Value = TypeVar("Value")


class Game(RuleBasedStateMachine):
    """One run, without its moves."""

    def __init__(self, runner: asyncio.Runner, people: People, number: int) -> None:
        super().__init__()
        self.runner = runner
        self.cast = Cast(people, number)
        self.world = World()
        self.written = self.moves = 0
        for subject in ("bicycle", "haircut"):
            self.run(self.cast.tell_subject(subject, state="ACTIVE"))

    def run(self, coroutine: Coroutine[Any, Any, Value]) -> Value:
        """Carry something out in the server's own loop."""
        return self.runner.run(coroutine)

    def thread(self, place: str) -> Thread:
        """The conversation of a place; another one while nobody has opened that."""
        return self.world.threads.get(place) or next(iter(self.world.threads.values()))

    def fresh_key(self) -> str:
        """A key that was not used yet."""
        self.written += 1
        return f"w{self.written}"

    async def send(self, name: str, thread: Thread, key: str, body: str, *, telephone: bool) -> dict[str, Any]:
        """Ask the server to send; the payload."""
        fields = {"conversationId": thread.id, "clientMessageId": key, "body": body}
        payload: dict[str, Any] = await self.cast.person(name, telephone=telephone).ask(acts.SEND, input=fields)
        return payload

    def say(self, name: str, thread: Thread, key: str, body: str, *, telephone: bool = False) -> None:
        """Send on both sides."""
        payload = self.run(self.send(name, thread, key, body, telephone=telephone))
        refusal = self.world.refusal(thread, name, key, body)
        assert [error["code"] for error in payload["errors"]] == ([refusal] if refusal else [])
        if refusal is None:
            self.was_said(thread, name, key, body, payload["message"])

    def was_said(self, thread: Thread, name: str | None, key: str, body: str, node: dict[str, Any]) -> None:
        """The server says that this is stored: as what was said before, or as the next."""
        before = thread.said_with(name, key)
        if before is None:
            self.world.say(thread, Said(node["id"], node["seq"], name, key, body), node["createdAt"])
        else:
            assert (node["id"], node["seq"], node["body"]) == (before.id, before.seq, before.body)

    @invariant()
    def everybody_sees_what_the_model_says(self) -> None:
        """Counts, marks, status, order, first unread and last message."""
        self.moves += 1
        # One person after each move, and everybody in the end: what is wrong with anybody stays wrong.
        self.run(self._compare(NAMES[self.moves % len(NAMES)]))

    async def _compare(self, *names: str) -> None:
        is_live = False
        for name, follower in self.cast.followers.items():
            if follower.stream is not None:
                is_live = True
                await self._hear(name, follower)
        for name in names:
            wanted = expected(self.world, self.cast, name)
            person = self.cast.person(name)
            if is_live:
                await _becomes(person, wanted)
            assert await seen(person) == wanted, f"{name} sees something else"

    async def _hear(self, name: str, follower: Follower) -> None:
        """A follower gets what was told since its place, in order, once; and then has it."""
        for thread, said in self.world.told_to(name, follower.place):
            assert await follower.next_message() == said.id, f"{name} should have heard {said}"
            if said.by != name:
                thread.mark_delivered(name, said.seq)
        follower.place = len(self.world.told)

    def teardown(self) -> None:
        """Everybody looks once more, unless something went wrong already, and leaves."""
        try:
            if sys.exception() is None:
                self.run(self._compare(*NAMES))
        finally:
            for follower in self.cast.followers.values():
                self.run(follower.leave())


async def _becomes(person: Person, wanted: dict[str, Any]) -> None:
    """Wait, in vain perhaps: deliveries are gathered for a moment before they are stored."""

    async def agrees() -> bool:
        return await seen(person) == wanted

    with suppress(TimeoutError):
        await until(agrees)
