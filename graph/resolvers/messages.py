"""Verbs about messages: send, and the host's own words."""

from dataclasses import replace
from typing import Annotated

import strawberry

from chat import sending, system_messages
from chat.references import SubjectReference
from chat.refusals import Invalid, NotFound
from chat.send_rules import Content
from core.ids import key_of
from db.messages import MessageRow
from graph.context import Context
from graph.declarations import Outcome
from graph.fields import Noun, column
from graph.given import given
from graph.schema.errors import UserError, errors
from graph.schema.messages import Message, MessageEdge


@strawberry.input(description="What to send. Words, files, or both.")
class SendMessageInput:
    """A message."""

    conversation_id: strawberry.ID = strawberry.field(description="Where.")
    body: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="1 to 4,000 characters (code points, counted without the white space around them); stored as sent.",
    )
    attachment_ids: list[strawberry.ID] | None = strawberry.field(
        default=strawberry.UNSET,
        description="Files from `uploadAttachment`, each the sender's own and not sent yet.",
    )
    reply_to_id: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET, description="The message that it answers, of the same conversation."
    )
    client_message_id: str = strawberry.field(
        description="The sender's own key, such as a UUID, at most 200 characters. Repeating it with the same content "
        "returns the first result; with other content, IDEMPOTENCY_CONFLICT."
    )


@strawberry.type(description="What was sent.")
class SendMessagePayload(Noun):
    """The stored message."""

    row: strawberry.Private[Outcome]
    message: Message | None = column("value", of=Message.of, description="The message, also when it was sent before.")
    message_edge: MessageEdge | None = column(
        "value",
        of=MessageEdge.of,
        description="The same as an edge, to add to a list. Resume from edges of pages and events only: somebody's "
        "earlier message may not have come yet.",
    )
    errors: list[UserError] = errors("Why it was not sent; empty when it was.")


def content_of(body: str | None, attachment_ids: list[strawberry.ID] | None, client_key: str) -> Content:
    """What somebody sends, with database ids; an id that names no file becomes None."""
    return Content(body or None, tuple(key_of(item, "Attachment") for item in attachment_ids or ()), client_key)


async def send_message(
    context: Context, *, input: Annotated[SendMessageInput, strawberry.argument(description="What to send, and where.")]
) -> MessageRow:
    """Send; typing ends with it."""
    conversation_id = key_of(input.conversation_id, "Conversation")
    content = content_of(input.body, input.attachment_ids, input.client_message_id)
    answered = given(input.reply_to_id)
    if answered is not None:
        content = replace(content, reply_to_id=key_of(answered, "Message") or "")
    palaver = context.palaver
    row = await sending.send_message(palaver.work, palaver.send_rules, context.viewer, conversation_id, content)
    palaver.typing.end(context.viewer.id, row.conversation_id)
    return row


@strawberry.input(description="The host's own name for a subject.")
class SubjectRef:
    """A subject."""

    kind: str = strawberry.field(description="The host's word for what it is.")
    external_id: strawberry.ID = strawberry.field(description="The host's own id of it, within its kind.")

    def reference(self) -> SubjectReference:
        """The same for the floor below."""
        return SubjectReference(self.kind, self.external_id)


@strawberry.input(description="What the host says: in one conversation, or in all about a subject.")
class PostSystemMessageInput:
    """A system message."""

    conversation_id: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET, description="The conversation; or name a subject."
    )
    subject: SubjectRef | None = strawberry.field(
        default=strawberry.UNSET,
        description="All conversations about it; a booking's is opened by it if need be; or name a conversation.",
    )
    body: str = strawberry.field(description="1 to 4,000 characters.")
    client_message_id: str = strawberry.field(
        description="The host's own key for it: repeating it says nothing twice in any conversation."
    )


@strawberry.type(description="What the host said.")
class PostSystemMessagePayload(Noun):
    """The stored messages."""

    row: strawberry.Private[Outcome]
    message_edges: list[MessageEdge] = column(
        lambda outcome: outcome.value or [], of=MessageEdge.of, description="One for each conversation."
    )
    errors: list[UserError] = errors("Why it was not said; empty when it was.")


async def post_system_message(
    context: Context,
    *,
    input: Annotated[PostSystemMessageInput, strawberry.argument(description="What to say, and where.")],
) -> list[MessageRow]:
    """The host says something. FORBIDDEN to others."""
    context.viewer.require_service()
    named = given(input.conversation_id)
    if (named is None) == (given(input.subject) is None):
        raise Invalid(reason="Name either a conversation or a subject.")
    conversation_id = None if named is None else key_of(named, "Conversation")
    if named is not None and conversation_id is None:
        raise NotFound("conversationId")
    return await system_messages.post_system_message(
        context.palaver.work,
        context.palaver.send_rules,
        context.viewer,
        input.body,
        input.client_message_id,
        conversation_id=conversation_id,
        subject=input.subject.reference() if input.subject else None,
    )
