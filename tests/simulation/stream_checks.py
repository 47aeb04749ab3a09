"""What must be so of every single stream: where it begins, what it tells, to whom, and how it ends."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.simulation.cast import IDS
from tests.simulation.history import Attached, Began, Ended, Fact, History, Logged, Looked, Stored, Told
from tests.simulation.truth import Truth
from tests.simulation.words import Words

CLASSES = {
    "MESSAGE_ADDED": "MessageAdded",
    "MESSAGE_UPDATED": "MessageUpdated",
    "CONVERSATION_UPDATED": "ConversationUpdated",
    "JOINED": "ConversationUpdated",
    "LEFT": "ConversationUpdated",
}


def check_streams(history: History, truth: Truth, words: Words) -> Iterator[str]:
    """Everything about every stream."""
    facts: dict[int, list[Fact]] = defaultdict(list)
    for _, fact in history.facts:
        if isinstance(fact, Attached | Began | Looked | Told | Ended):
            facts[fact.stream].append(fact)
    messages = {stored.id: stored for stored in history.stored}
    for number, own in facts.items():
        stream = _Stream(number, truth, words, messages)
        for fact in own:
            yield from (f"stream {number} of {stream.asked.reader}: {words}" for words in stream.read(fact))


@dataclass(slots=True)
class _Stream:
    """One stream, as far as its facts have been read."""

    number: int
    truth: Truth
    words: Words
    messages: dict[str, Stored]
    asked: Attached = field(init=False)
    place: int | None = None
    looked: int = 0
    looked_before: int = 0
    began_at: int = 0
    is_gone: bool = False

    @property
    def user(self) -> str:
        return IDS[self.asked.user]

    def read(self, fact: Fact) -> Iterator[str]:
        """What is wrong with the next fact."""
        match fact:
            case Attached():
                self.asked = fact
            case Looked():
                self.looked_before, self.looked = self.looked, fact.number
            case Began():
                yield from self._begin(fact.place)
            case Told(what="ReceiptMoved"):
                yield from self._aside(fact)
            case Told(what="ConversationUpdated") if self.asked.conversation is None and fact.place == self.place:
                yield from self._aside(fact)  # What they arranged for themselves is no event, and moves nobody on.
            case Told():
                yield from self._told(fact)
            case Ended():
                yield from self._end(fact.why)

    def _begin(self, place: int) -> Iterator[str]:
        """After the cursor, or with what was there when it looked: nothing that it was asked for is left out."""
        self.place, self.began_at = place, self.looked
        conversation = self.asked.conversation
        if conversation is not None:
            head = self.truth.head(conversation, self.looked)
            if self.truth.joined_at(self.user, conversation, self.looked) is None:
                yield "it began for somebody who is out"
        else:
            head = self.truth.last_id(self.looked)
        if self.looked < self.asked.number:
            yield f"it began with a snapshot of {self.looked} commits, and there had been {self.asked.number}"
        if place != (head if self.asked.after is None else self.asked.after):
            yield f"it was to begin after {self.asked.after} (the head was {head}) and began after {place}"

    def _told(self, told: Told) -> Iterator[str]:
        if self.place is None:
            yield f"{told} before it began"
            return
        if self.is_gone:
            yield f"{told} after it was over"
        if told.what == "ConversationRemoved" and self.asked.conversation is not None:
            yield from self._over(told, self.asked.conversation)
            return
        entry = self._entry_at(told)
        if entry is None:
            yield f"{told} of what was never committed"
            return
        yield from self._order(told, entry)
        yield from self._content(told, entry)
        yield from self._rights(told, entry)
        self.place = told.place

    def _over(self, told: Told, conversation: str) -> Iterator[str]:
        """It is over for somebody who is out, and they may come back to where the telling ended."""
        self.is_gone = True
        if told.place != self.place:
            yield f"{told}, and the telling ended at {self.place}"
        if self.truth.joined_at(self.user, conversation, self.looked) is not None:
            yield f"{told} for somebody who is in"

    def _entry_at(self, told: Told) -> Logged | None:
        if self.asked.conversation is None:
            return next((entry for entry in self.truth.entries if entry.id == told.place), None)
        log = self.truth.log[self.asked.conversation]
        return log[told.place - 1] if 0 < told.place <= len(log) else None

    def _order(self, told: Told, entry: Logged) -> Iterator[str]:
        """The next one: everything between the last one and this was not theirs."""
        place = self.place or 0
        if told.place <= place:
            yield f"{told} after {place}"
        if self.asked.conversation is not None:
            skipped = self.truth.log[self.asked.conversation][place : entry.position - 1]
            owed = [one.position for one in skipped if not self.asked.only_messages or one.kind == "MESSAGE_ADDED"]
        else:
            between = (one for one in self.truth.entries if place < one.id < entry.id)
            owed = [one.id for one in between if self._was_owed(one)]
        if owed:
            yield f"{told} after {place}, and {owed} left out"

    def _was_owed(self, entry: Logged) -> bool:
        """Was it theirs from its commit up to now?"""
        if entry.kind == "LEFT" and entry.user == self.user:
            return True
        first = self.truth.commit_of[entry.id]
        joined = self.truth.joined_at(self.user, entry.conversation, first) or 0
        return entry.position >= joined and self.truth.was_always_in(self.user, entry.conversation, first, self.looked)

    def _content(self, told: Told, entry: Logged) -> Iterator[str]:
        if told.conversation != entry.conversation:
            yield f"{told} is of another conversation"
        if told.what == "ConversationRemoved":
            if (entry.kind, entry.user) != ("LEFT", self.user):
                yield f"{told} for {entry}"
            return
        if told.what != CLASSES[entry.kind]:
            yield f"{told} for {entry}"
        if told.what in ("MessageAdded", "MessageUpdated"):
            stored = self.messages.get(told.message_id)
            if stored is None or (stored.id, stored.seq) != (entry.message_id, told.seq):
                yield f"{told} is stored as {stored}"
            said = self.words.between(told.message_id, self.looked_before, self.looked)
            if told.body not in {body or "" for body in said}:
                yield f"{told} when it said {said}"
        if told.what == "MessageAdded" and told.is_replay != (self.truth.commit_of[entry.id] <= self.began_at):
            yield f"{told}, and the stream began with {self.began_at} commits"

    def _rights(self, told: Told, entry: Logged) -> Iterator[str]:
        """It was looked up after it was there, and the viewer was in then; or out, when told that it is over."""
        if self.looked < self.truth.commit_of[entry.id]:
            yield f"{told} was last checked {self.looked} commits in, before it was there"
        joined = self.truth.joined_at(self.user, entry.conversation, self.looked)
        if told.what == "ConversationRemoved":
            if joined is not None:
                yield f"{told} for somebody who is in"
        elif joined is None:
            yield f"{told} for somebody who had left"
        elif self.asked.conversation is None and not self._was_mine(entry):
            yield f"{told} is from before they came"

    def _was_mine(self, entry: Logged) -> bool:
        """Was it theirs when it was found, or when it was looked up? In between they may have left and come back."""
        return any(self.truth.is_mine(self.user, entry, number) for number in (self.looked_before, self.looked))

    def _aside(self, told: Told) -> Iterator[str]:
        if self.truth.joined_at(self.user, told.conversation, self.looked) is None:
            yield f"{told} for somebody who had left"
        if told.place != self.place:
            yield f"{told} has another cursor than the stream, which is at {self.place}"

    def _end(self, why: str) -> Iterator[str]:
        conversation = self.asked.conversation
        if why == "NotFound" and (
            conversation is None or self.truth.joined_at(self.user, conversation, self.looked) is not None
        ):
            yield "it ended with NotFound for somebody who is in"
