"""Verbs that go on: following one conversation, the whole inbox, and people."""

from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager
from typing import Annotated, TypeVar

import strawberry

from chat.events import ConversationStream, Logged
from chat.inbox import InboxStream
from chat.live import follow_presence
from core.ids import key_of
from graph.context import Info
from graph.errors import BAD_USER_INPUT, NOT_FOUND, problem
from graph.given import given
from graph.schema.events import ConversationEvent, InboxEvent, MessageAddedEvent, PresenceEvent, noun_of
from graph.schema.pages import LARGEST_SIZE

ConversationId = Annotated[strawberry.ID, strawberry.argument(description="The conversation's id.")]
Resume = Annotated[
    str | None,
    strawberry.argument(
        description="Everything after this cursor first, in order, once each; without it, from now on."
    ),
]
Event = TypeVar("Event")


def _stream(info: Info, conversation_id: str) -> ConversationStream:
    key = key_of(conversation_id, "Conversation")
    if key is None:
        raise problem(NOT_FOUND, "There is no such conversation, or you may not see it.")
    return ConversationStream(info.context.palaver, info.context.viewer, key)


@asynccontextmanager
async def _fresh(
    info: Info, events: AsyncGenerator[Event, None], look_back: Callable[[], None] = lambda: None
) -> AsyncIterator[AsyncIterator[Event]]:
    """Events, each with a snapshot and loaders of its own; the stream is closed with the block, whoever ends it."""

    async def refreshed() -> AsyncGenerator[Event, None]:
        async for event in events:
            live_since = event.live_since if isinstance(event, Logged) else None
            info.context.wants_again = True
            while info.context.wants_again:
                info.context.wants_again = False
                await info.context.refresh(live_since)
                yield event
            if info.context.lost_sight:
                info.context.lost_sight = False
                look_back()

    async with aclosing(events), aclosing(refreshed()) as fresh:
        yield fresh


async def message_added(
    info: Info, conversation_id: ConversationId, after: Resume = strawberry.UNSET
) -> AsyncGenerator[MessageAddedEvent, None]:
    """Every message after the cursor."""
    stream = _stream(info, conversation_id)
    async with _fresh(info, stream.messages(given(after)), stream.look_back) as events:
        async for event in events:
            yield MessageAddedEvent.of(event)


async def conversation_events(
    info: Info, conversation_id: ConversationId, after: Resume = strawberry.UNSET
) -> AsyncGenerator[ConversationEvent, None]:
    """Everything that changes in one conversation."""
    stream = _stream(info, conversation_id)
    async with _fresh(info, stream.everything(given(after)), stream.look_back) as events:
        async for event in events:
            yield noun_of(event)


async def inbox(info: Info, after: Resume = strawberry.UNSET) -> AsyncGenerator[InboxEvent, None]:
    """Everything for the viewer."""
    stream = InboxStream(info.context.palaver, info.context.viewer)
    async with _fresh(info, stream.everything(given(after)), stream.look_back) as events:
        async for event in events:
            yield noun_of(event)


async def presence(
    info: Info,
    user_ids: Annotated[list[strawberry.ID], strawberry.argument(description="People's ids, at most 100.")],
) -> AsyncGenerator[PresenceEvent, None]:
    """Who comes and goes."""
    if not 1 <= len(user_ids) <= LARGEST_SIZE:
        raise problem(BAD_USER_INPUT, f"Name 1 to {LARGEST_SIZE} people.")
    keys = [key_of(user_id, "User") for user_id in user_ids]
    known = [key for key in keys if key is not None]
    if len(known) < len(keys):
        raise problem(NOT_FOUND, "There is no such person, or you share no conversation with them.")
    async with _fresh(info, follow_presence(info.context.palaver, info.context.viewer, known)) as events:
        async for event in events:
            yield PresenceEvent.of(event)
