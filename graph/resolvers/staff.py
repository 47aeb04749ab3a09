"""Verbs of staff: look at everything, join and leave, close and reopen, take a message away."""

from typing import Annotated

import strawberry

from chat import staff
from chat.audit import REPORT_READ
from chat.users import Viewer
from core.ids import key_of
from db.conversations import ConversationRow
from db.messages import MessageRow
from db.reports import ReportRow
from graph.context import Context
from graph.declarations import Outcome
from graph.fields import Noun, column
from graph.given import given
from graph.schema.conversations import Conversation, ConversationState
from graph.schema.errors import UserError, errors
from graph.schema.messages import Message
from graph.schema.reports import Report


async def find_admin(context: Context) -> Viewer:
    """Staff's view. FORBIDDEN to others."""
    context.viewer.require_staff()
    return context.viewer


@strawberry.input(description="Which conversation to join.")
class JoinConversationInput:
    """A conversation."""

    conversation_id: strawberry.ID = strawberry.field(description="The conversation.")


@strawberry.type(description="The conversation that staff are in now.")
class JoinConversationPayload(Noun):
    """A conversation."""

    row: strawberry.Private[Outcome]
    conversation: Conversation | None = column("value", of=Conversation.of, description="The conversation.")
    errors: list[UserError] = errors("Why it was not joined; empty when it was.")


async def join_conversation(
    context: Context,
    *,
    input: Annotated[JoinConversationInput, strawberry.argument(description="Which conversation.")],
) -> ConversationRow:
    """Join, for all to see. FORBIDDEN to others."""
    key = key_of(input.conversation_id, "Conversation")
    return await staff.join_conversation(context.palaver.work, context.viewer, key)


@strawberry.input(description="Which conversation to leave.")
class LeaveConversationInput:
    """A conversation."""

    conversation_id: strawberry.ID = strawberry.field(description="The conversation.")


@strawberry.type(description="The conversation that staff are in no more.")
class LeaveConversationPayload(Noun):
    """A conversation."""

    row: strawberry.Private[Outcome]
    conversation: Conversation | None = column("value", of=Conversation.of, description="The conversation.")
    errors: list[UserError] = errors("Why it was not left; empty when it was.")


async def leave_conversation(
    context: Context,
    *,
    input: Annotated[LeaveConversationInput, strawberry.argument(description="Which conversation.")],
) -> ConversationRow:
    """Leave, for all to see. FORBIDDEN to others."""
    key = key_of(input.conversation_id, "Conversation")
    return await staff.leave_conversation(context.palaver.work, context.viewer, key)


@strawberry.input(description="The state that a conversation is to be in.")
class SetConversationStateInput:
    """A wish."""

    conversation_id: strawberry.ID = strawberry.field(description="The conversation.")
    state: ConversationState = strawberry.field(
        description="CLOSED closes it; OPEN lifts that, though never what was closed with its subject."
    )
    reason: str | None = strawberry.field(
        default=strawberry.UNSET, description="Why, for the audit log; 1 to 1,000 characters."
    )


@strawberry.type(description="The conversation as it is now.")
class SetConversationStatePayload(Noun):
    """A conversation."""

    row: strawberry.Private[Outcome]
    conversation: Conversation | None = column("value", of=Conversation.of, description="The conversation.")
    errors: list[UserError] = errors("Why it stayed as it was; empty otherwise.")


async def set_conversation_state(
    context: Context,
    *,
    input: Annotated[SetConversationStateInput, strawberry.argument(description="The wished state.")],
) -> ConversationRow:
    """Close or reopen. FORBIDDEN to others."""
    return await staff.set_conversation_state(
        context.palaver.work,
        context.viewer,
        key_of(input.conversation_id, "Conversation"),
        closed=input.state is ConversationState.CLOSED,
        reason=given(input.reason),
    )


@strawberry.input(description="Which message to take away, and why.")
class RemoveMessageInput:
    """A message."""

    message_id: strawberry.ID = strawberry.field(description="The message.")
    reason: str = strawberry.field(description="Why, for the audit log; 1 to 1,000 characters.")


@strawberry.type(description="What is left of the message.")
class RemoveMessagePayload(Noun):
    """A message."""

    row: strawberry.Private[Outcome]
    message: Message | None = column("value", of=Message.of, description="The message, without its words.")
    errors: list[UserError] = errors("Why it was not taken away; empty when it was.")


async def remove_message(
    context: Context,
    *,
    input: Annotated[RemoveMessageInput, strawberry.argument(description="Which one, and why.")],
) -> MessageRow:
    """Take a message away, for everybody. FORBIDDEN to others."""
    key = key_of(input.message_id, "Message")
    return await staff.remove_message(context.palaver.work, context.viewer, key, input.reason)


@strawberry.input(description="Which report staff are done with.")
class ResolveReportInput:
    """A report."""

    report_id: strawberry.ID = strawberry.field(description="The report.")
    note: str | None = strawberry.field(
        default=strawberry.UNSET, description="What was done about it, for the audit log; 1 to 1,000 characters."
    )


@strawberry.type(description="The report that staff are done with.")
class ResolveReportPayload(Noun):
    """A report."""

    row: strawberry.Private[Outcome]
    report: Report | None = column("value", of=Report.of, description="The report.")
    errors: list[UserError] = errors("Why it was not resolved; empty when it was.")


async def resolve_report(
    context: Context, *, input: Annotated[ResolveReportInput, strawberry.argument(description="Which one.")]
) -> ReportRow:
    """Be done with a report. FORBIDDEN to others."""
    key = key_of(input.report_id, "Report")
    row = await staff.resolve_report(context.palaver.work, context.viewer, key, given(input.note))
    context.looks.note(REPORT_READ, "Report", [row.id])
    return row
