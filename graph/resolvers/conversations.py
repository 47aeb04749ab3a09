"""Verbs about conversations: open one, look one up, list them."""

from typing import Annotated

import strawberry

from chat.conversations import Opened, Opening
from core.ids import key_of
from db.conversation_pages import ConversationFilter as Wanted
from db.conversations import ConversationRow
from db.pages import Page
from graph.context import Context
from graph.declarations import Outcome
from graph.fields import Noun, column
from graph.given import given
from graph.resolvers.messages import SubjectRef, content_of
from graph.schema.conversations import Conversation
from graph.schema.errors import UserError, errors
from graph.schema.inboxes import ConversationEdge, ConversationFilter, load_page
from graph.schema.messages import MessageEdge
from graph.schema.pages import After, Before, First, Last


async def find_conversation(
    context: Context, *, id: Annotated[strawberry.ID, strawberry.argument(description="The conversation's id.")]
) -> ConversationRow | None:
    """A conversation of the viewer's."""
    key = key_of(id, "Conversation")
    return await context.loaders.conversation.load(key) if key is not None else None


async def list_conversations(
    context: Context,
    *,
    first: First = strawberry.UNSET,
    after: After = strawberry.UNSET,
    last: Last = strawberry.UNSET,
    before: Before = strawberry.UNSET,
    filter: Annotated[ConversationFilter | None, strawberry.argument(description="Which ones.")] = strawberry.UNSET,
) -> Page[ConversationRow]:
    """The viewer's conversations."""
    wanted = filter.wanted() if filter else Wanted(is_archived=False)
    return await load_page(context, first, after, last, before, wanted=wanted)


@strawberry.input(description="The first words of a conversation.")
class FirstMessageInput:
    """A message, without a conversation."""

    body: str | None = strawberry.field(default=strawberry.UNSET, description="As in `sendMessage`.")
    attachment_ids: list[strawberry.ID] | None = strawberry.field(
        default=strawberry.UNSET, description="As in `sendMessage`."
    )
    client_message_id: str = strawberry.field(description="As in `sendMessage`; both share one space of keys.")


@strawberry.input(
    description="Name a subject, or a user (by either id), or both (both: the owner picks which contacter)."
)
class OpenConversationInput:
    """What to open."""

    subject: SubjectRef | None = strawberry.field(default=strawberry.UNSET, description="What it is about.")
    user_id: strawberry.ID | None = strawberry.field(default=strawberry.UNSET, description="With whom.")
    user_external_id: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET, description="With whom, by the host's own id."
    )
    first_message: FirstMessageInput | None = strawberry.field(
        default=strawberry.UNSET, description="Sent at once, also when the conversation exists."
    )


@strawberry.type(description="The conversation, new or not.")
class OpenConversationPayload(Noun):
    """What was opened."""

    row: strawberry.Private[Outcome]
    conversation: Conversation | None = column(
        lambda outcome: outcome.value and outcome.value.conversation,
        of=Conversation.of,
        description="The one conversation.",
    )
    conversation_edge: ConversationEdge | None = column(
        lambda outcome: outcome.value and outcome.value.conversation,
        of=ConversationEdge.of,
        description="The same as an edge, to add to a list.",
    )
    message_edge: MessageEdge | None = column(
        lambda outcome: outcome.value and outcome.value.message,
        of=MessageEdge.of,
        description="The first message just sent (or sent before with this key), also when the conversation existed.",
    )
    created: bool = column(
        lambda outcome: outcome.value is not None and outcome.value.is_new,
        description="Is it new? True for one of all who open it; an answer may get lost, so let nothing depend on it.",
    )
    errors: list[UserError] = errors("Why it was not opened; empty when it was.")


async def open_conversation(
    context: Context, *, input: Annotated[OpenConversationInput, strawberry.argument(description="What to open.")]
) -> Opened:
    """Open the conversation, or return the one that exists."""
    first = input.first_message
    opening = Opening(
        subject=input.subject.reference() if input.subject else None,
        user_id=key_of(input.user_id, "User") or "" if isinstance(input.user_id, str) else None,
        user_external_id=given(input.user_external_id),
        first_message=content_of(first.body, first.attachment_ids, first.client_message_id) if first else None,
    )
    opened = await context.palaver.openings.open(context.viewer, opening)
    if opened.message is not None:
        context.palaver.typing.end(context.viewer.id, opened.conversation.id)
    return opened
