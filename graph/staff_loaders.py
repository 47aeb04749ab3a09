"""Loaders for what stands below `admin`, and in payloads of staff: everything is there, and what is read is noted."""

from collections.abc import Mapping, Sequence
from functools import cached_property

from chat.audit import CONVERSATION_READ, MESSAGE_READ
from chat.palaver import Palaver
from chat.users import Viewer
from db import staff
from db.conversations import ConversationRow
from db.engine import Reading
from db.message_places import SeqRange
from db.messages import MessageRow
from db.participants import ParticipantRow
from db.subjects import SubjectRow
from graph.gathering import Loader
from graph.loaders import Loaders
from graph.looks import Looks
from graph.needs import Kinds


class StaffLoaders(Loaders):
    """What the loaders of a member find for their conversations, these find for all; the rest is the viewer's own."""

    def __init__(self, palaver: Palaver, viewer: Viewer, db: Reading, looks: Looks, kinds: Kinds | None = None) -> None:
        super().__init__(palaver, viewer, db, kinds)
        viewer.require_staff()
        self._looks = looks

    def note_conversations(self, rows: Sequence[ConversationRow]) -> None:
        """These were found otherwise: they are shown, and known here from now on."""
        self._looks.note(CONVERSATION_READ, "Conversation", [row.id for row in rows])
        for row in rows:
            self.conversation.prime(row.id, row)

    @cached_property
    def conversation(self) -> Loader[str, ConversationRow | None]:
        """Any conversations, by id."""

        async def find(ids: Sequence[str]) -> Mapping[str, ConversationRow]:
            found = await staff.find_conversations(self._db, ids)
            self._looks.note(CONVERSATION_READ, "Conversation", found)
            return found

        return self._loader(find)

    @cached_property
    def participant(self) -> Loader[str, ParticipantRow | None]:
        """Participants of any conversation, by their own id: nothing below `admin` asks for one so."""
        return self._loader(lambda ids: staff.find_participants(self._db, ids))

    @cached_property
    def message(self) -> Loader[str, MessageRow | None]:
        """Any messages, by id."""

        async def find(ids: Sequence[str]) -> Mapping[str, MessageRow]:
            found = await staff.find_messages(self._db, ids)
            self._looks.note(MESSAGE_READ, "Message", found)
            return found

        return self._loader(find)

    @cached_property
    def messages(self) -> Loader[SeqRange, list[MessageRow] | None]:
        """The messages of a range of seqs, in order."""

        async def find(ranges: Sequence[SeqRange]) -> Mapping[SeqRange, list[MessageRow]]:
            found = await staff.find_ranges(self._db, ranges)
            self._looks.note(MESSAGE_READ, "Message", [row.id for rows in found.values() for row in rows])
            return found

        return self._loader(find)

    @cached_property
    def message_at(self) -> Loader[tuple[str, int], MessageRow | None]:
        """The message of a conversation with a seq."""

        async def find(places: Sequence[tuple[str, int]]) -> Mapping[tuple[str, int], MessageRow]:
            found = await staff.find_at(self._db, places)
            self._looks.note(MESSAGE_READ, "Message", [row.id for row in found.values()])
            return found

        return self._loader(find)

    @cached_property
    def subject(self) -> Loader[str, SubjectRow | None]:
        """Any subjects, by id."""
        return self._loader(lambda ids: staff.find_subjects(self._db, ids))
