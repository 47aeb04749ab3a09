"""Moves of the game that change what was said: edits, deletions, answers, reactions."""

from dataclasses import dataclass

from tests import changing
from tests.model.conversations import Said, Thread
from tests.model.game import Game


def refusal_of(game: Game, thread: Thread, said: Said, name: str) -> str | None:
    """Why somebody cannot change a message as its sender, whatever they wish."""
    if name not in thread.members:
        return "NOT_FOUND"
    return None if said.by == name else "FORBIDDEN"


@dataclass(frozen=True, slots=True)
class Edit:
    """Somebody edits one of the last messages, their own or not, perhaps to what it says."""

    name: str
    place: str
    nth: int
    body: str

    async def play(self, game: Game) -> None:
        """It says something else from now on, unless it is gone or all is closed."""
        thread = game.thread(self.place)
        said = thread.nth_last(self.nth)
        if said is None:
            return
        fate, now = thread.fate(said), thread.body(said)
        refusal = refusal_of(game, thread, said, self.name) or ("INVALID" if fate.is_gone else None)
        if refusal is None and now != self.body and game.world.is_closed(thread):
            refusal = "CONVERSATION_CLOSED"
        assert await changing.edit_code(game.cast.person(self.name), said.id, self.body) == refusal
        if refusal is None and now != self.body:
            fate.later.append(self.body)


@dataclass(frozen=True, slots=True)
class Delete:
    """Somebody deletes one of the last messages, their own or not, perhaps again."""

    name: str
    place: str
    nth: int

    async def play(self, game: Game) -> None:
        """Nothing is left of it but its place."""
        thread = game.thread(self.place)
        said = thread.nth_last(self.nth)
        if said is None:
            return
        refusal = refusal_of(game, thread, said, self.name)
        assert await changing.delete_code(game.cast.person(self.name), said.id) == refusal
        if refusal is None:
            fate = thread.fate(said)
            fate.is_gone = True
            fate.reactions.clear()


@dataclass(frozen=True, slots=True)
class React:
    """Somebody wishes to have reacted to one of the last messages with an emoji, or not to have."""

    name: str
    place: str
    nth: int
    emoji: str
    reacted: bool

    async def play(self, game: Game) -> None:
        """So it is, unless they are strangers, it is gone, or all is closed and it is not so already."""
        thread = game.thread(self.place)
        said = thread.nth_last(self.nth)
        if said is not None:
            await self.play_about(game, thread, said)

    async def play_about(self, game: Game, thread: Thread, said: Said) -> None:
        """The same, about a certain message."""
        fate, reaction = thread.fate(said), (self.name, self.emoji)
        is_change = (reaction in fate.reactions) != self.reacted
        refusal = None
        if self.name not in thread.members:
            refusal = "NOT_FOUND"
        elif fate.is_gone and self.reacted:
            refusal = "INVALID"
        elif is_change and game.world.is_closed(thread):
            refusal = "CONVERSATION_CLOSED"
        person = game.cast.person(self.name)
        assert await changing.react_code(person, said.id, self.emoji, reacted=self.reacted) == refusal
        if refusal is None:
            (fate.reactions.add if self.reacted else fate.reactions.discard)(reaction)


@dataclass(frozen=True, slots=True)
class TakeBack:
    """Somebody takes back one of the reactions that there are."""

    place: str
    nth: int

    async def play(self, game: Game) -> None:
        """It is gone, and the others stay."""
        thread = game.thread(self.place)
        there = [(said, *reaction) for said in thread.log for reaction in sorted(thread.fate(said).reactions)]
        if there:
            said, name, emoji = there[self.nth % len(there)]
            await React(name, self.place, 0, emoji, reacted=False).play_about(game, thread, said)


@dataclass(frozen=True, slots=True)
class Answer:
    """Somebody answers one of the last messages, perhaps of another conversation."""

    name: str
    place: str
    other_place: str
    nth: int

    async def play(self, game: Game) -> None:
        """It points to what is there, and to nothing elsewhere."""
        thread, other = game.thread(self.place), game.thread(self.other_place)
        said = other.nth_last(self.nth)
        if said is None:
            return
        key = game.fresh_key()
        if other is thread:
            await game.say(self.name, thread, key, "An answer", answers=said)
            return
        payload = await game.send(self.name, thread, key, "An answer", telephone=False, answers=said)
        refusal = game.world.refusal(thread, self.name, key, "An answer") or "NOT_FOUND"
        assert [error["code"] for error in payload["errors"]] == [refusal]
