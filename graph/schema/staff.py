"""What staff see, and others do not."""

from collections.abc import Sequence
from typing import Annotated

import strawberry

from chat.audit import CONVERSATIONS_LISTED
from chat.users import Viewer
from core.ids import encode_id, key_of
from db import staff
from db.audit import AuditRow
from db.conversations import ConversationRow
from db.pages import Page
from db.reports import ReportRow
from db.staff import StaffFilter
from graph.context import Context
from graph.fields import Noun, column, loaded
from graph.given import given, searched
from graph.schema.audit import AuditConnection, load_log, seal_log
from graph.schema.conversations import Conversation, ConversationState
from graph.schema.inboxes import ConversationConnection
from graph.schema.pages import After, Before, First, Last, page_arguments
from graph.schema.report_queue import ReportConnection, load_queue
from graph.staff_loaders import StaffLoaders


@strawberry.input(description="Which conversations staff look for: all that is given must hold.")
class AdminConversationFilter:
    """What staff look for."""

    state: ConversationState | None = strawberry.field(default=strawberry.UNSET, description="Only those in it.")
    subject_kind: str | None = strawberry.field(
        default=strawberry.UNSET, description="Only those about a subject of this kind."
    )
    query: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="Only those with this in the subject's title or in a participant's name; at most 200 characters.",
    )


def _wanted(filter_: AdminConversationFilter | None, participant_id: str | None) -> StaffFilter:
    """The same for the database; an id that names nobody matches nothing."""
    person = None if participant_id is None else key_of(participant_id, "User") or ""
    if not filter_:
        return StaffFilter(participant_id=person)
    return StaffFilter(
        is_closed=filter_.state is ConversationState.CLOSED if filter_.state else None,
        subject_kind=searched(filter_.subject_kind),
        participant_id=person,
        query=(searched(filter_.query) or "").strip().casefold() or None,
    )


def _loaders_of(context: Context) -> StaffLoaders:
    if not isinstance(context.loaders, StaffLoaders):
        raise TypeError("a field of staff's that is read as others see it")
    return context.loaders


async def _conversations(
    context: Context,
    rows: Sequence[Viewer],
    *,
    first: First = strawberry.UNSET,
    after: After = strawberry.UNSET,
    last: Last = strawberry.UNSET,
    before: Before = strawberry.UNSET,
    filter: Annotated[
        AdminConversationFilter | None, strawberry.argument(description="Which ones.")
    ] = strawberry.UNSET,
    participant_id: Annotated[
        strawberry.ID | None,
        strawberry.argument(description="The id of a user: only those that this person is in, or was in."),
    ] = strawberry.UNSET,
) -> list[Page[ConversationRow]]:
    chosen = page_arguments(context, first, after, last, before)
    cursors = context.palaver.cursors
    window = chosen.window(
        None if chosen.after is None else cursors.read_conversation(chosen.after),
        None if chosen.before is None else cursors.read_conversation(chosen.before),
    )
    page = await staff.page(context.reading, window, _wanted(filter, given(participant_id)))
    context.looks.note(CONVERSATIONS_LISTED)
    _loaders_of(context).note_conversations(page.items)
    return [page for _ in rows]


async def _conversation(
    context: Context,
    rows: Sequence[Viewer],
    *,
    id: Annotated[strawberry.ID, strawberry.argument(description="The conversation's id.")],
) -> list[ConversationRow | None]:
    key = key_of(id, "Conversation")
    found = await _loaders_of(context).conversation.load(key) if key is not None else None
    return [found for _ in rows]


async def _reports(
    context: Context,
    rows: Sequence[Viewer],
    *,
    first: First = strawberry.UNSET,
    after: After = strawberry.UNSET,
    last: Last = strawberry.UNSET,
    before: Before = strawberry.UNSET,
) -> list[Page[ReportRow]]:
    page = await load_queue(context, page_arguments(context, first, after, last, before))
    return [page for _ in rows]


async def _audit_log(
    context: Context,
    rows: Sequence[Viewer],
    *,
    first: First = strawberry.UNSET,
    after: After = strawberry.UNSET,
    last: Last = strawberry.UNSET,
    before: Before = strawberry.UNSET,
) -> list[Page[AuditRow]]:
    page = await load_log(context, page_arguments(context, first, after, last, before))
    return [page for _ in rows]


@strawberry.type(description="What staff see of everybody. Each look is in the audit log before its answer is given.")
class Admin(Noun):
    """Staff's view."""

    row: strawberry.Private[Viewer]
    id: strawberry.ID = column(
        lambda row: encode_id("Admin", row.id), description="Not the user's id, so that caches keep both apart."
    )
    conversations: ConversationConnection = loaded(
        _conversations,
        of=ConversationConnection.of,
        description="Anybody's conversations, the most recently active first.",
    )
    conversation: Conversation | None = loaded(
        _conversation, of=Conversation.of, description="A conversation, whoever is in it."
    )
    reports: ReportConnection = loaded(_reports, of=ReportConnection.of, description="Open ones first, oldest first.")
    audit_log: AuditConnection = loaded(
        _audit_log,
        of=AuditConnection.of,
        before=seal_log,
        description="Oldest first; `last: 50` is the newest fifty.",
    )
