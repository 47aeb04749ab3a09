"""The moves of the game: what people on two devices, and the host, may do at any time."""

import asyncio
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests import acts
from tests.model.cast import NAMES, PLACES, Follower
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

who = st.sampled_from(NAMES)
where = st.sampled_from(list(PLACES))
subjects = st.sampled_from(["bicycle", "haircut"])
keys = st.sampled_from(["k1", "k2"])
bodies = st.sampled_from(["Hello", "Good day"])
back = st.integers(0, 5)


def something_is_open(machine: Game) -> bool:
    """Is there a conversation yet?"""
    return bool(machine.world.threads)


class Machine(Game):
    """One run."""

    @rule(name=who, place=where, words=st.none() | st.tuples(keys, bodies), telephone=st.booleans())
    def open(self, name: str, place: str, words: tuple[str, str] | None, telephone: bool) -> None:
        """Somebody opens a conversation, perhaps with a first message; they may have done so before."""
        members, subject = PLACES[place]
        if name not in members:
            return
        thread = self.world.threads.get(place)
        refusal = self._refusal_of_opening(name, thread, subject, words)
        first = None if words is None else {"clientMessageId": words[0], "body": words[1]}
        asked = {**self.cast.opening(name, place), "firstMessage": first}
        payload = self.run(self.cast.person(name, telephone=telephone).ask(OPEN, input=asked))
        assert [error["code"] for error in payload["errors"]] == ([refusal] if refusal else [])
        assert payload["created"] is (refusal is None and thread is None)
        if refusal is not None:
            return
        if thread is None:
            conversation = payload["conversation"]
            thread = Thread(conversation["id"], members, subject, conversation["createdAt"])
            self.world.threads[place] = thread
        assert payload["conversation"]["id"] == thread.id
        if words is not None:
            self.was_said(thread, name, *words, payload["messageEdge"]["node"])

    def _refusal_of_opening(
        self, name: str, thread: Thread | None, subject: str | None, words: tuple[str, str] | None
    ) -> str | None:
        if thread is None:
            is_owner = name == "bob" and subject == "bicycle"
            return "CONTACT_REFUSED" if is_owner or subject in self.world.closed else None
        return None if words is None else self.world.refusal(thread, name, *words)

    @precondition(something_is_open)
    @rule(name=who, place=where, telephone=st.booleans())
    def write(self, name: str, place: str, telephone: bool) -> None:
        """Somebody writes something new; strangers are refused, and so is everybody when it is closed."""
        self.say(name, self.thread(place), self.fresh_key(), "Hello", telephone=telephone)

    @precondition(something_is_open)
    @rule(name=who, place=where, key=keys, body=bodies)
    def write_with(self, name: str, place: str, key: str, body: str) -> None:
        """With one of few keys, which first messages use too: new, a repeat, or a conflict."""
        self.say(name, self.thread(place), key, body)

    @precondition(something_is_open)
    @rule(place=where, nth=back, other=st.booleans(), telephone=st.booleans())
    def repeat(self, place: str, nth: int, other: bool, telephone: bool) -> None:
        """One of the last messages is sent again by its author, perhaps with another content."""
        thread = self.thread(place)
        said = thread.nth_last(nth)
        if said is not None and said.by is not None:
            self.say(said.by, thread, said.key, "Other words" if other else said.body, telephone=telephone)

    @precondition(something_is_open)
    @rule(place=where)
    def write_at_once(self, place: str) -> None:
        """Everybody writes at the same time, each from both devices with one key."""
        thread = self.thread(place)
        if self.world.is_closed(thread):
            return
        chosen = {name: self.fresh_key() for name in thread.members}

        async def send_all() -> dict[str, list[dict[str, Any]]]:
            both = (False, True)
            sending = [self.send(name, thread, key, "Now", telephone=at) for name, key in chosen.items() for at in both]
            answers = [payload["message"] for payload in await asyncio.gather(*sending)]
            return {name: answers[2 * at : 2 * at + 2] for at, name in enumerate(chosen)}

        answers = self.run(send_all())
        for name, (one, other) in sorted(answers.items(), key=lambda item: int(item[1][0]["seq"])):
            assert one["id"] == other["id"]
            self.was_said(thread, name, chosen[name], "Now", one)

    @precondition(something_is_open)
    @rule(name=who, place=where, nth=st.none() | back, only_delivered=st.booleans(), telephone=st.booleans())
    def mark(self, name: str, place: str, nth: int | None, only_delivered: bool, telephone: bool) -> None:
        """Somebody has, or has read, everything up to one of the last messages, or all."""
        thread = self.thread(place)
        said = None if nth is None else thread.nth_last(nth)
        fields = {"conversationId": thread.id, "upToMessageId": None if said is None else said.id}
        mutation = MARK_DELIVERED if only_delivered else acts.MARK_READ
        payload = self.run(self.cast.person(name, telephone=telephone).ask(mutation, input=fields))
        if name not in thread.members:
            assert [error["code"] for error in payload["errors"]] == ["NOT_FOUND"]
            return
        assert payload["errors"] == []
        move = thread.mark_delivered if only_delivered else thread.mark_read
        move(name, len(thread.log) if said is None else said.seq)
        if not only_delivered:
            assert payload["conversation"]["unreadCount"] == len(thread.unread(name))
            assert payload["viewer"] == self.world.unread_counts(name)

    @rule(subject=subjects, closed=st.booleans())
    def close_or_reopen(self, subject: str, closed: bool) -> None:
        """A subject is closed or active, perhaps again."""
        self.run(self.cast.tell_subject(subject, state="CLOSED" if closed else "ACTIVE"))
        (self.world.closed.add if closed else self.world.closed.discard)(subject)

    @precondition(something_is_open)
    @rule(place=where, about_all=st.booleans(), key=keys | st.none(), body=bodies)
    def announce(self, place: str, about_all: bool, key: str | None, body: str) -> None:
        """The host says something in a conversation, or in all about its subject; it may have said so before."""
        thread, key = self.thread(place), key or self.fresh_key()
        targets, where_to = [thread], dict[str, Any](conversationId=thread.id)
        if about_all and thread.subject is not None:
            targets = [other for other in self.world.threads.values() if other.subject == thread.subject]
            where_to = {"subject": self.cast.reference(thread.subject)}
        before = [target.said_with(None, key) for target in targets]
        payload = self.run(self.cast.host.ask(POST, input={**where_to, "clientMessageId": key, "body": body}))
        if any(said is not None and said.body != body for said in before):
            assert [error["code"] for error in payload["errors"]] == ["IDEMPOTENCY_CONFLICT"]
            return
        assert payload["errors"] == []
        nodes = {edge["node"]["conversation"]["id"]: edge["node"] for edge in payload["messageEdges"]}
        assert sorted(nodes) == sorted(target.id for target in targets)
        for node in (edge["node"] for edge in payload["messageEdges"]):  # in the order in which it was said
            target = next(one for one in targets if one.id == node["conversation"]["id"])
            self.was_said(target, None, key, body, node)

    @rule(name=who)
    def follow(self, name: str) -> None:
        """Somebody's device follows their inbox: from now on the first time, later from where it was."""
        follower = self.cast.followers.get(name)
        if follower is None:
            cursor = self.run(self.cast.person(name).ask("{ viewer { inboxCursor } }"))["inboxCursor"]
            follower = self.cast.followers[name] = Follower(len(self.world.told), cursor)
        self.run(follower.attach(self.cast.person(name)))

    @rule(name=who)
    def leave(self, name: str) -> None:
        """The device goes away."""
        follower = self.cast.followers.get(name)
        if follower is not None:
            self.run(follower.leave())
