"""Lists of conversations: edges, pages and filters."""

from collections.abc import Sequence

import strawberry

from core.ids import key_of
from db import conversation_pages
from db.conversation_pages import ConversationFilter as Wanted
from db.conversations import ConversationRow
from db.pages import Page
from graph.context import Context
from graph.fields import Noun, column, computed, itself
from graph.given import searched
from graph.schema.conversations import Conversation, ConversationState
from graph.schema.pages import PageInfo, PlaceOfPage, page_arguments


def _cursor(row: ConversationRow, context: Context) -> str:
    return context.palaver.cursors.of_conversation(row.active_at, row.id)


@strawberry.type(description="A conversation in a list.")
class ConversationEdge(Noun):
    """Relay's edge."""

    row: strawberry.Private[ConversationRow]
    cursor: str = computed(
        _cursor,
        needs=("id", "active_at"),
        description="Names the conversation's place in any list of conversations.",
    )
    node: Conversation = column(itself, of=Conversation.of, needs=(), description="The conversation.")


@strawberry.type(description="A page of conversations, the most recently active first.")
class ConversationConnection(Noun):
    """Relay's connection."""

    row: strawberry.Private[Page[ConversationRow]]
    edges: list[ConversationEdge] = column(
        "items", of=ConversationEdge.of, description="The conversations of this page."
    )
    page_info: PageInfo = computed(PlaceOfPage(_cursor), of=PageInfo.of, description="Where the page stands.")


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
        default=False,
        description="Only those that the viewer has put away, or has not: false by default; null means both.",
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
            is_archived=self.archived,
        )


async def load_page(
    context: Context,
    first: int | None,
    after: str | None,
    last: int | None,
    before: str | None,
    *,
    wanted: Wanted,
) -> Page[ConversationRow]:
    """A page of the viewer's conversations."""
    chosen = page_arguments(context, first, after, last, before)
    cursors = context.palaver.cursors
    window = chosen.window(
        None if chosen.after is None else cursors.read_conversation(chosen.after),
        None if chosen.before is None else cursors.read_conversation(chosen.before),
    )
    kind = context.kinds.get(ConversationRow, ConversationRow)
    page = await conversation_pages.page(context.reading, context.viewer.id, window, wanted, kind)
    context.loaders.conversation.prime_all({row.id: row for row in page.items})
    return page


async def load_pages_about(
    context: Context,
    subject_ids: Sequence[str],
    first: int | None,
    after: str | None,
    last: int | None,
    before: str | None,
) -> list[Page[ConversationRow]]:
    """A page of the viewer's conversations about each subject. Pages without a cursor take one statement together."""
    chosen = page_arguments(context, first, after, last, before)
    if len(subject_ids) == 1 or chosen.after is not None or chosen.before is not None:
        return [
            await load_page(context, first, after, last, before, wanted=Wanted(subject_id=subject_id))
            for subject_id in subject_ids
        ]
    pages = await conversation_pages.first_pages_about(
        context.reading, context.viewer.id, {*subject_ids}, chosen.size, backward=chosen.backward
    )
    for page in pages.values():
        for row in page.items:
            context.loaders.conversation.prime(row.id, row)
    return [pages[subject_id] for subject_id in subject_ids]
