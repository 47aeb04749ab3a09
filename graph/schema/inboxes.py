"""Lists of conversations: edges, pages and filters."""

import strawberry

from core.ids import key_of
from db import conversations
from db.conversations import ConversationFilter as Wanted
from db.conversations import ConversationRow
from graph.context import Info
from graph.given import searched
from graph.schema.conversations import Conversation, ConversationState
from graph.schema.pages import PageInfo, page_arguments


@strawberry.type(description="A conversation in a list.")
class ConversationEdge:
    """Relay's edge."""

    cursor: str = strawberry.field(description="Names the conversation's place in any list of conversations.")
    node: Conversation = strawberry.field(description="The conversation.")

    @classmethod
    def of(cls, info: Info, row: ConversationRow) -> "ConversationEdge":
        """The edge of a row."""
        cursor = info.context.palaver.cursors.of_conversation(row.active_at, row.id)
        return cls(cursor=cursor, node=Conversation.of(row))


@strawberry.type(description="A page of conversations, the most recently active first.")
class ConversationConnection:
    """Relay's connection."""

    edges: list[ConversationEdge] = strawberry.field(description="The conversations of this page.")
    page_info: PageInfo = strawberry.field(description="Where the page stands.")


@strawberry.input(description="Which conversations to list: all that is given must hold. Pins do not change the order.")
class ConversationFilter:
    """What the viewer looks for."""

    unread_only: bool | None = strawberry.field(
        default=strawberry.UNSET, description="Only those with something unread."
    )
    state: ConversationState | None = strawberry.field(default=strawberry.UNSET, description="Only those in it.")
    subject_kind: str | None = strawberry.field(
        default=strawberry.UNSET, description="Only those about a subject of this kind."
    )
    with_user_id: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET, description="Only those that this person is in too."
    )
    archived: bool | None = strawberry.field(
        default=False, description="`archived`: false by default; null means both. Nothing is archived yet."
    )
    query: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="Only those with this in the subject's title or in somebody's name; at most 200 characters.",
    )

    def wanted(self) -> Wanted:
        """The same for the database; an id that names nobody matches nothing."""
        return Wanted(
            unread_only=bool(self.unread_only),
            is_closed=self.state is ConversationState.CLOSED if self.state else None,
            subject_kind=searched(self.subject_kind),
            with_user_id=key_of(self.with_user_id, "User") or "" if isinstance(self.with_user_id, str) else None,
            query=(searched(self.query) or "").strip().casefold() or None,
            archived_only=self.archived is True,
        )


async def page_of_conversations(
    info: Info,
    first: int | None,
    after: str | None,
    last: int | None,
    before: str | None,
    *,
    wanted: Wanted | None = None,
    subject_id: str | None = None,
) -> ConversationConnection:
    """A page of the viewer's conversations."""
    chosen = page_arguments(first, after, last, before)
    cursors = info.context.palaver.cursors
    window = chosen.window(
        None if chosen.after is None else cursors.read_conversation(chosen.after),
        None if chosen.before is None else cursors.read_conversation(chosen.before),
    )
    page = await conversations.page(
        info.context.reading, info.context.viewer.id, window, wanted or Wanted(subject_id=subject_id)
    )
    for row in page.items:
        info.context.loaders.conversation.prime(row.id, row)
    edges = [ConversationEdge.of(info, row) for row in page.items]
    return ConversationConnection(
        edges=edges,
        page_info=PageInfo.of([edge.cursor for edge in edges], has_next=page.has_next, has_previous=page.has_previous),
    )
