"""The board: a real server and the model side by side, and the comparison of both after each move."""

from contextlib import suppress
from typing import Any

from tests import acts
from tests.client import People, Person
from tests.model.cast import NAMES, Cast, Follower
from tests.model.conversations import Said, Thread, World
from tests.model.views import differences, expected, seen
from tests.waiting import until


class Game:
    """One run."""

    def __init__(self, people: People, number: int) -> None:
        self.cast = Cast(people, number)
        self.world = World()
        self._keys = 0

    async def begin(self) -> None:
        """The host tells of what can be talked about."""
        for subject in ("bicycle", "haircut"):
            await self.cast.tell_subject(subject, state="ACTIVE")

    async def end(self) -> None:
        """Everybody leaves."""
        for follower in self.cast.followers.values():
            await follower.leave()

    def thread(self, place: str) -> Thread:
        """The conversation of a place; the first one while nobody has opened that."""
        return self.world.threads.get(place) or next(iter(self.world.threads.values()))

    def fresh_key(self) -> str:
        """A key that was not used yet."""
        self._keys += 1
        return f"w{self._keys}"

    async def send(
        self, name: str, thread: Thread, key: str, body: str, *, telephone: bool, answers: Said | None = None
    ) -> dict[str, Any]:
        """Ask the server to send; the payload."""
        fields = {"conversationId": thread.id, "clientMessageId": key, "body": body}
        fields |= {} if answers is None else {"replyToId": answers.id}
        payload: dict[str, Any] = await self.cast.person(name, telephone=telephone).ask(acts.SEND, input=fields)
        return payload

    async def say(
        self,
        name: str,
        thread: Thread,
        key: str,
        body: str,
        *,
        telephone: bool = False,
        answers: Said | None = None,
    ) -> None:
        """Send on both sides."""
        payload = await self.send(name, thread, key, body, telephone=telephone, answers=answers)
        seq = None if answers is None else answers.seq
        refusal = self.world.refusal(thread, name, key, body, seq)
        assert [error["code"] for error in payload["errors"]] == ([refusal] if refusal else [])
        if refusal is None:
            self.was_said(thread, name, key, body, payload["message"], seq)

    def was_said(
        self,
        thread: Thread,
        name: str | None,
        key: str,
        body: str,
        node: dict[str, Any],
        answers: int | None = None,
    ) -> None:
        """The server says that this is stored: as what was said before, or as the next."""
        before = thread.said_with(name, key)
        if before is None:
            self.world.say(thread, Said(node["id"], node["seq"], name, key, body, answers), node["createdAt"])
        else:
            assert (node["id"], node["seq"], node["body"]) == (before.id, before.seq, thread.body(before))

    async def compare(self, *names: str) -> None:
        """People see what the model says: counts, marks, status, order, first unread and last message."""
        for name, follower in self.cast.followers.items():
            if follower.stream is not None:
                await self._hear(name, follower)
        for name in names or NAMES:
            wanted = expected(self.world, self.cast, name)
            person = self.cast.person(name)
            if self.cast.followers:
                await _becomes(person, wanted)
            wrong = list(differences(await seen(person), wanted))
            assert not wrong, f"{name}: {wrong}"

    async def _hear(self, name: str, follower: Follower) -> None:
        """A follower gets what was told since its place, in order, once; and then has it."""
        for thread, said in self.world.told_to(name, follower.place):
            assert await follower.next_message() == said.id, f"{name} should have heard {said}"
            if said.by != name:
                thread.mark_delivered(name, said.seq)
        follower.place = len(self.world.told)


async def _becomes(person: Person, wanted: dict[str, Any]) -> None:
    """Wait, in vain perhaps: deliveries are gathered for a moment before they are stored."""

    async def agrees() -> bool:
        return await seen(person) == wanted

    with suppress(TimeoutError):
        await until(agrees)
