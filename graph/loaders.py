"""Loaders: what many fields ask for one by one is read in one statement. All of them start from the viewer."""

from collections.abc import Mapping, Sequence
from functools import cached_property

from chat.presence import PresenceState
from db import (
    arrangements,
    attachments,
    audit,
    blocks,
    changes,
    message_places,
    messages,
    participants,
    reactions,
    reports,
    subjects,
    templates,
    users,
)
from db.arrangements import ArrangementRow
from db.attachments import AttachmentRow
from db.audit import AuditRow
from db.changes import EditRow
from db.message_places import SeqRange
from db.messages import MessageRow
from db.participants import ParticipantRow
from db.reactions import ReactionRow
from db.reports import ReportRow
from db.subjects import PartyRow, SubjectRow
from db.templates import TemplateRow
from db.users import PersonRow
from graph.gathering import Loader
from graph.glance_loaders import GlanceLoaders


class Loaders(GlanceLoaders):
    """The loaders of one snapshot."""

    @cached_property
    def roles(self) -> Loader[str, list[str] | None]:
        """The listed roles of people, by id; None for none."""
        return self._loader(lambda ids: users.find_roles(self._db, ids))

    @cached_property
    def visible_user(self) -> Loader[str, PersonRow | None]:
        """People whom the viewer may look up, by id."""
        roles = self._palaver.settings.directory_roles
        return self._loader(lambda ids: users.find_visible(self._db, self._viewer.id, roles, ids))

    @cached_property
    def presence(self) -> Loader[str, PresenceState | None]:
        """Whether people are online; None for those whom the viewer shares no conversation with."""

        async def find(ids: Sequence[str]) -> Mapping[str, PresenceState]:
            known = await users.find_acquainted(self._db, self._viewer.id, ids)
            return await self._palaver.presence.find(self._db, known)

        return self._loader(find)

    @cached_property
    def subject(self) -> Loader[str, SubjectRow | None]:
        """Subjects that the viewer may see, by id."""
        return self._loader(lambda ids: subjects.find_visible(self._db, self._viewer.id, ids))

    @cached_property
    def is_party(self) -> Loader[str, bool | None]:
        """Is the viewer a named party of a subject?"""

        async def find(ids: Sequence[str]) -> Mapping[str, bool]:
            return dict.fromkeys(await subjects.find_of_party(self._db, self._viewer.id, ids), True)

        return self._loader(find)

    @cached_property
    def parties(self) -> Loader[str, list[PartyRow] | None]:
        """The named parties of a subject."""
        return self._loader(lambda ids: subjects.find_parties(self._db, ids))

    @cached_property
    def is_bound(self) -> Loader[str, bool | None]:
        """Does a block bind somebody and the viewer?"""

        async def find(ids: Sequence[str]) -> Mapping[str, bool]:
            bound = await blocks.find_bound(self._db, self._viewer.id, ids)
            return {key: key in bound for key in ids}

        return self._loader(find)

    @cached_property
    def is_blocked(self) -> Loader[str, bool | None]:
        """Has the viewer blocked somebody?"""

        async def find(ids: Sequence[str]) -> Mapping[str, bool]:
            blocked = await blocks.find_blocked(self._db, self._viewer.id, ids)
            return {key: key in blocked for key in ids}

        return self._loader(find)

    @cached_property
    def arrangement(self) -> Loader[str, ArrangementRow | None]:
        """What the viewer has arranged in a conversation that they are in."""
        return self._loader(lambda ids: arrangements.find_of(self._db, self._viewer.id, ids))

    @cached_property
    def participants(self) -> Loader[str, list[ParticipantRow] | None]:
        """Everybody who is or was in a conversation that the viewer is in; `user` has them from then on."""

        async def find(ids: Sequence[str]) -> Mapping[str, list[ParticipantRow]]:
            mine = await self.conversation.load_many(list(ids))
            found = await participants.find_all(self._db, [row.id for row in mine if row is not None])
            if not self.for_plan:  # A plan asks for people when it comes to them, all at once.
                await self.user.load_many(list({row.user_id: None for rows in found.values() for row in rows}))
            return found

        return self._loader(find)

    @cached_property
    def participant(self) -> Loader[str, ParticipantRow | None]:
        """Participants of conversations that the viewer is in, by their own id."""
        return self._loader(lambda ids: participants.find_visible(self._db, self._viewer.id, ids))

    @cached_property
    def message(self) -> Loader[str, MessageRow | None]:
        """Messages that the viewer may see, by id."""
        return self._loader(lambda ids: messages.find_visible(self._db, self._viewer.id, ids))

    @cached_property
    def messages(self) -> Loader[SeqRange, list[MessageRow] | None]:
        """The messages of a range of seqs, in order."""
        return self._loader(
            lambda ranges: message_places.find_ranges(self._db, self._viewer.id, ranges, self._kind(MessageRow))
        )

    @cached_property
    def seq_at(self) -> Loader[tuple[str, int], int | None]:
        """The seq of the last message up to a position of a conversation's log."""
        return self._loader(lambda places: message_places.find_seqs_at(self._db, places))

    @cached_property
    def attachments(self) -> Loader[str, list[AttachmentRow] | None]:
        """The files of a message that the viewer sees."""
        return self._loader(lambda ids: attachments.find_of_messages(self._db, ids, self._kind(AttachmentRow)))

    @cached_property
    def edits(self) -> Loader[str, list[EditRow] | None]:
        """What a message said before, which the viewer sees; None for nothing."""
        return self._loader(lambda ids: changes.find_edits(self._db, ids))

    @cached_property
    def reactions(self) -> Loader[str, list[ReactionRow] | None]:
        """The reactions to a message that the viewer sees; None for none."""
        return self._loader(lambda ids: reactions.find_of_messages(self._db, ids))

    @cached_property
    def attachment(self) -> Loader[str, AttachmentRow | None]:
        """Files that the viewer may see, by id."""
        return self._loader(lambda ids: attachments.find_visible(self._db, self._viewer.id, ids))

    @cached_property
    def report(self) -> Loader[str, ReportRow | None]:
        """The viewer's own reports, by id."""
        return self._loader(lambda ids: reports.find_of(self._db, self._viewer.id, ids))

    @cached_property
    def template(self) -> Loader[str, TemplateRow | None]:
        """The viewer's own templates, by id."""
        return self._loader(lambda ids: templates.find_of(self._db, self._viewer.id, ids))

    @cached_property
    def audit_entry(self) -> Loader[str, AuditRow | None]:
        """Entries of the audit log, by id: for staff only."""

        async def find(ids: Sequence[str]) -> Mapping[str, AuditRow]:
            return await audit.find(self._db, ids) if self._viewer.is_staff else {}

        return self._loader(find)
