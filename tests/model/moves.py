"""The moves of the game: what people on two devices, and the host, may do at any time."""

import asyncio
from dataclasses import dataclass
from typing import Any, Protocol

from tests import acts
from tests.model.cast import PLACES, Follower
from tests.model.conversations import Thread
from tests.model.game import Game

MARK_DELIVERED = """
mutation($input: MarkDeliveredInput!) { markDelivered(input: $input) { conversation { id } errors { code } } }
"""
POST = """
mutation($input: PostSystemMessageInput!) {
  postSystemMessage(input: $input) {
    messageEdges { node { id seq body createdAt conversation { id } } } errors { code }
  }
}
"""
OPEN = """
mutation($input: OpenConversationInput!) {
  openConversation(input: $input) {
    created conversation { id createdAt } messageEdge { node { id seq body createdAt } } errors { code }
  }
}
"""


class Move(Protocol):
    """Something that is done on both sides, and compared."""

    async def play(self, game: Game) -> None:
        """Do it."""


@dataclass(frozen=True, slots=True)
class Open:
    """Somebody opens a conversation, perhaps again; perhaps with a first message (its key and body)."""

    name: str
    place: str
    words: tuple[str, str] | None = None
    telephone: bool = False

    async def play(self, game: Game) -> None:
        """The first opening makes it; the owner of a thing cannot, and nobody can while it is closed."""
        members, subject = PLACES[self.place]
        if self.name not in members:
            return
        thread = game.world.threads.get(self.place)
        refusal = self._refusal(game, thread, subject)
        first = None if self.words is None else {"clientMessageId": self.words[0], "body": self.words[1]}
        asked = {**game.cast.opening(self.name, self.place), "firstMessage": first}
        payload = await game.cast.person(self.name, telephone=self.telephone).ask(OPEN, input=asked)
        assert [error["code"] for error in payload["errors"]] == ([refusal] if refusal else [])
        assert payload["created"] is (refusal is None and thread is None)
        if refusal is not None:
            return
        if thread is None:
            conversation = payload["conversation"]
            thread = Thread(conversation["id"], members, subject, conversation["createdAt"])
            game.world.threads[self.place] = thread
        assert payload["conversation"]["id"] == thread.id
        if self.words is not None:
            game.was_said(thread, self.name, *self.words, payload["messageEdge"]["node"])

    def _refusal(self, game: Game, thread: Thread | None, subject: str | None) -> str | None:
        if thread is None:
            is_owner = self.name == "bob" and subject == "bicycle"
            return "CONTACT_REFUSED" if is_owner or subject in game.world.closed else None
        return None if self.words is None else game.world.refusal(thread, self.name, *self.words)


@dataclass(frozen=True, slots=True)
class Write:
    """Somebody writes: something new, or with one of few keys, which first messages use too."""

    name: str
    place: str
    key: str | None
    body: str
    telephone: bool

    async def play(self, game: Game) -> None:
        """Strangers are refused, and everybody when it is closed."""
        key = self.key or game.fresh_key()
        await game.say(self.name, game.thread(self.place), key, self.body, telephone=self.telephone)


@dataclass(frozen=True, slots=True)
class Repeat:
    """One of the last messages is sent again by its author, perhaps with another content."""

    place: str
    nth: int
    other: bool
    telephone: bool

    async def play(self, game: Game) -> None:
        """The first result again, or a conflict; also after closing."""
        thread = game.thread(self.place)
        said = thread.nth_last(self.nth)
        if said is not None and said.by is not None:
            body = "Other words" if self.other else said.body
            await game.say(said.by, thread, said.key, body, telephone=self.telephone)


@dataclass(frozen=True, slots=True)
class WriteAtOnce:
    """Everybody writes at the same time, each from both devices with one key."""

    place: str

    async def play(self, game: Game) -> None:
        """Each key is one message; the order is the server's."""
        thread = game.thread(self.place)
        if game.world.is_closed(thread):
            return
        chosen = {name: game.fresh_key() for name in thread.members}
        sending = [
            game.send(name, thread, key, "Now", telephone=telephone)
            for name, key in chosen.items()
            for telephone in (False, True)
        ]
        answers = [payload["message"] for payload in await asyncio.gather(*sending)]
        told = zip(chosen.items(), answers[0::2], answers[1::2], strict=True)
        for (name, key), one, other in sorted(told, key=lambda item: int(item[1]["seq"])):
            assert one["id"] == other["id"]
            game.was_said(thread, name, key, "Now", one)


@dataclass(frozen=True, slots=True)
class Mark:
    """Somebody has, or has read, everything up to one of the last messages, or all."""

    name: str
    place: str
    nth: int | None
    only_delivered: bool
    telephone: bool

    async def play(self, game: Game) -> None:
        """Marks move forward or not at all; the answer has the counts of afterwards."""
        thread = game.thread(self.place)
        said = None if self.nth is None else thread.nth_last(self.nth)
        fields = {"conversationId": thread.id, "upToMessageId": None if said is None else said.id}
        mutation = MARK_DELIVERED if self.only_delivered else acts.MARK_READ
        payload = await game.cast.person(self.name, telephone=self.telephone).ask(mutation, input=fields)
        if self.name not in thread.members:
            assert [error["code"] for error in payload["errors"]] == ["NOT_FOUND"]
            return
        assert payload["errors"] == []
        move = thread.mark_delivered if self.only_delivered else thread.mark_read
        move(self.name, len(thread.log) if said is None else said.seq)
        if not self.only_delivered:
            assert payload["conversation"]["unreadCount"] == len(thread.unread(self.name))
            assert payload["viewer"] == game.world.unread_counts(self.name)


@dataclass(frozen=True, slots=True)
class Close:
    """A subject is closed or active, perhaps again."""

    subject: str
    closed: bool

    async def play(self, game: Game) -> None:
        """Its conversations follow."""
        await game.cast.tell_subject(self.subject, state="CLOSED" if self.closed else "ACTIVE")
        (game.world.closed.add if self.closed else game.world.closed.discard)(self.subject)


@dataclass(frozen=True, slots=True)
class Announce:
    """The host says something in a conversation, or in all about its subject; perhaps it has said so before."""

    place: str
    about_all: bool
    key: str | None
    body: str

    async def play(self, game: Game) -> None:
        """Once in each; nowhere when one of them heard something else under this key."""
        thread, key = game.thread(self.place), self.key or game.fresh_key()
        targets = [thread]
        where: dict[str, Any] = {"conversationId": thread.id}
        if self.about_all and thread.subject is not None:
            targets = [other for other in game.world.threads.values() if other.subject == thread.subject]
            where = {"subject": game.cast.reference(thread.subject)}
        before = [target.said_with(None, key) for target in targets]
        payload = await game.cast.host.ask(POST, input={**where, "clientMessageId": key, "body": self.body})
        if any(said is not None and said.body != self.body for said in before):
            assert [error["code"] for error in payload["errors"]] == ["IDEMPOTENCY_CONFLICT"]
            return
        assert payload["errors"] == []
        told = [edge["node"] for edge in payload["messageEdges"]]
        assert sorted(node["conversation"]["id"] for node in told) == sorted(target.id for target in targets)
        for node in told:  # in the order in which it was said
            target = next(one for one in targets if one.id == node["conversation"]["id"])
            game.was_said(target, None, key, self.body, node)


@dataclass(frozen=True, slots=True)
class Follow:
    """Somebody's device follows their inbox, or goes away: from now on the first time, later from where it was."""

    name: str
    goes: bool

    async def play(self, game: Game) -> None:
        """What is told meanwhile is heard in `Game.compare`."""
        follower = game.cast.followers.get(self.name)
        if self.goes:
            if follower is not None:
                await follower.leave()
            return
        if follower is None:
            cursor = (await game.cast.person(self.name).ask("{ viewer { inboxCursor } }"))["inboxCursor"]
            follower = game.cast.followers[self.name] = Follower(len(game.world.told), cursor)
        await follower.attach(game.cast.person(self.name))
