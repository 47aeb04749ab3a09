"""Loaders of conversations, and of what is shown of each in a list: by one statement, where a plan asks for it."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import cached_property
from typing import TypeVar

from chat.palaver import Palaver
from chat.users import Viewer
from db import conversations, glances, message_places, messages, participants, users
from db.conversations import ConversationRow
from db.engine import Reading
from db.glances import Glance, Glances
from db.messages import MessageRow
from db.participants import ParticipantRow
from db.users import PersonRow
from graph.gathering import Gathering, Gatherings, Loader, Memo
from graph.needs import WHOLE, Kinds

Key = TypeVar("Key")
Value = TypeVar("Value")
Row = TypeVar("Row")


class GlanceLoaders:
    """Loaders of one snapshot. A missing answer is None: not there, or not for the viewer.

    For a plan, which asks for whole levels, they are memos, and read its `kinds` of rows; else they gather what many
    fields ask for one by one.
    """

    def __init__(self, palaver: Palaver, viewer: Viewer, db: Reading, kinds: Kinds | None = None) -> None:
        self._palaver, self._viewer, self._db = palaver, viewer, db
        self.for_plan = kinds is not None
        self._kinds = WHOLE if kinds is None else kinds
        self._gatherings = Gatherings() if kinds is None else None

    async def end(self) -> None:
        """Whoever asked is answered, or gone: nothing is read any more. It may be ended again."""
        gatherings: Gatherings | None = vars(self).get("_gatherings")
        if gatherings is not None:
            await gatherings.end()
        else:
            vars(self).clear()  # They refer to each other: it would all stay until the garbage collector comes by.

    def _loader(self, find: Callable[[Sequence[Key]], Awaitable[Mapping[Key, Value]]]) -> Loader[Key, Value | None]:
        return Memo(find) if self._gatherings is None else Gathering(find, self._gatherings)

    def _kind(self, whole: type[Row]) -> type[Row]:
        return self._kinds.get(whole, whole)

    def are_seen_at_a_glance(self, part: str) -> bool:
        """Is a part of conversations (`db.glances`) asked for with another one, so that both are read together?"""
        parts = self._kind(Glance)._fields if Glance in self._kinds else ()
        return part in parts and len(parts) > 1

    async def _look(self, ids: Sequence[str]) -> Glances:
        """All that is wanted of conversations; the loaders of each part know it from then on, and people."""
        mine = {row.id: row.last_seq for row in await self.conversation.load_many(ids) if row is not None}
        kinds = glances.Kinds(
            self._kind(Glance), self._kind(ParticipantRow), self._kind(MessageRow), self._kinds.get(PersonRow)
        )
        found = await glances.find(self._db, self._viewer.id, mine, kinds)
        self.user.prime_all(found.people)
        nothing: dict[str, None] = dict.fromkeys(ids)
        if self.are_seen_at_a_glance("counterpart"):
            self.counterpart.prime_all({**nothing, **found.counterparts})
        if self.are_seen_at_a_glance("last_message"):
            self.last_message.prime_all({**nothing, **found.last_messages})
            self.message_at.prime_all({(key, mine[key]): row for key, row in found.last_messages.items()})
        if self.are_seen_at_a_glance("unread_count"):
            self.unread_count.prime_all({**nothing, **found.unread_counts})
        return found

    @cached_property
    def user(self) -> Loader[str, PersonRow | None]:
        """People who are part of something that the viewer sees, by id."""
        return self._loader(lambda ids: users.find(self._db, ids, self._kind(PersonRow)))

    @cached_property
    def conversation(self) -> Loader[str, ConversationRow | None]:
        """Conversations that the viewer is in, by id."""
        return self._loader(
            lambda ids: conversations.find_of(self._db, self._viewer.id, ids, self._kind(ConversationRow))
        )

    @cached_property
    def counterpart(self) -> Loader[str, ParticipantRow | None]:
        """The other person of a conversation of two that the viewer is in; None when there is not exactly one."""

        async def find(ids: Sequence[str]) -> Mapping[str, ParticipantRow]:
            if self.are_seen_at_a_glance("counterpart"):
                return (await self._look(ids)).counterparts
            mine = [row.id for row in await self.conversation.load_many(ids) if row is not None]
            return await participants.find_others(self._db, self._viewer.id, mine, self._kind(ParticipantRow))

        return self._loader(find)

    @cached_property
    def message_at(self) -> Loader[tuple[str, int], MessageRow | None]:
        """The message of a conversation with a seq."""
        return self._loader(
            lambda places: message_places.find_at(self._db, self._viewer.id, places, self._kind(MessageRow))
        )

    @cached_property
    def last_message(self) -> Loader[str, MessageRow | None]:
        """The last message of a conversation that the viewer is in, for who looks at a glance."""

        async def find(ids: Sequence[str]) -> Mapping[str, MessageRow]:
            return (await self._look(ids)).last_messages

        return self._loader(find)

    @cached_property
    def unread_count(self) -> Loader[str, int | None]:
        """How many messages of a conversation the viewer has not read; None for none."""

        async def find(ids: Sequence[str]) -> Mapping[str, int]:
            if self.are_seen_at_a_glance("unread_count"):
                return (await self._look(ids)).unread_counts
            return await messages.count_unread(self._db, self._viewer.id, ids)

        return self._loader(find)

    @cached_property
    def first_unread(self) -> Loader[str, int | None]:
        """The seq of the first message that the viewer has not read."""
        return self._loader(lambda ids: messages.find_first_unread(self._db, self._viewer.id, ids))

    @cached_property
    def all_unread(self) -> Loader[str, dict[str, int] | None]:
        """Unread counts of all the viewer's conversations, under the viewer's id."""

        async def find(ids: Sequence[str]) -> Mapping[str, dict[str, int]]:
            return dict.fromkeys(ids, await messages.count_unread(self._db, self._viewer.id))

        return self._loader(find)
