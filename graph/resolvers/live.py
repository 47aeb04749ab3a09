"""What can be followed: one conversation, the whole inbox, and people."""

from typing import Annotated

import strawberry

from chat.conversation_stream import ConversationStream
from chat.inbox import InboxStream
from chat.live import PresenceStream
from core.ids import key_of
from graph.context import Context
from graph.errors import BAD_USER_INPUT, NOT_FOUND, problem
from graph.given import given

ConversationId = Annotated[strawberry.ID, strawberry.argument(description="The conversation's id.")]
Resume = Annotated[
    str | None,
    strawberry.argument(
        description="Everything after this cursor first, in order, once each; without it, from now on."
    ),
]


def _key_of(conversation_id: str) -> str:
    key = key_of(conversation_id, "Conversation")
    if key is None:
        raise problem(NOT_FOUND, "There is no such conversation, or you may not see it.")
    return key


def follow_messages(
    context: Context, *, conversation_id: ConversationId, after: Resume = strawberry.UNSET
) -> ConversationStream:
    """Every message after the cursor."""
    key = _key_of(conversation_id)
    return ConversationStream(context.palaver, context.viewer, key, after=given(after), only_messages=True)


def follow_conversation(
    context: Context, *, conversation_id: ConversationId, after: Resume = strawberry.UNSET
) -> ConversationStream:
    """Everything that changes in one conversation."""
    return ConversationStream(context.palaver, context.viewer, _key_of(conversation_id), after=given(after))


def follow_inbox(context: Context, *, after: Resume = strawberry.UNSET) -> InboxStream:
    """Everything for the viewer."""
    return InboxStream(context.palaver, context.viewer, after=given(after))


def follow_presence(
    context: Context,
    *,
    user_ids: Annotated[list[strawberry.ID], strawberry.argument(description="People's ids, at most 100.")],
) -> PresenceStream:
    """Who comes and goes."""
    most = context.palaver.settings.max_page
    if not 1 <= len(user_ids) <= most:
        raise problem(BAD_USER_INPUT, f"Name 1 to {most} people.")
    keys = [key_of(user_id, "User") for user_id in user_ids]
    known = [key for key in keys if key is not None]
    if len(known) < len(keys):
        raise problem(NOT_FOUND, "There is no such person, or you share no conversation with them.")
    return PresenceStream(context.palaver, context.viewer, known)
