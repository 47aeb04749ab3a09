"""The root fields of the naive server."""

import asyncio
import time
from collections.abc import AsyncGenerator

import strawberry
from sqlalchemy import and_, or_, select

from bench.peers.naive.context import followers
from bench.peers.naive.models import ConversationModel, MessageModel, ParticipantModel
from bench.peers.naive.nouns import (
    Conversation,
    ConversationConnection,
    ConversationEdge,
    Info,
    Message,
    PageInfo,
)
from bench.peers.naive.wire import cursor_of, message_cursor, parts_of
from db.ids import new_id


async def find_conversation(info: Info, conversation_id: str) -> ConversationModel | None:
    """A conversation that the viewer is in."""
    viewer = await info.context.viewer()
    kind, key = parts_of(conversation_id)
    if kind != "Conversation":
        return None
    statement = select(ConversationModel).where(ConversationModel.id == key)
    member = ParticipantModel.conversation_id == ConversationModel.id
    async with info.context.sessions() as session:
        return await session.scalar(
            statement.join(ParticipantModel, member).where(ParticipantModel.user_id == viewer.id)
        )


@strawberry.type
class Query:
    """What can be asked."""

    @strawberry.field
    async def conversation(self, info: Info, id: strawberry.ID) -> Conversation | None:
        """A conversation."""
        row = await find_conversation(info, id)
        return None if row is None else Conversation.of(row)

    @strawberry.field
    async def conversations(self, info: Info, first: int, after: str | None = None) -> ConversationConnection:
        """The viewer's conversations."""
        viewer = await info.context.viewer()
        statement = (
            select(ConversationModel)
            .join(ParticipantModel, ParticipantModel.conversation_id == ConversationModel.id)
            .where(ParticipantModel.user_id == viewer.id)
            .order_by(ConversationModel.last_message_at.desc(), ConversationModel.id.desc())
        )
        if after is not None:
            at, key = parts_of(after)
            older = ConversationModel.last_message_at < int(at)
            same = and_(ConversationModel.last_message_at == int(at), ConversationModel.id < key)
            statement = statement.where(or_(older, same))
        async with info.context.sessions() as session:
            found = (await session.scalars(statement.limit(first + 1))).all()
        edges = [
            ConversationEdge(cursor=cursor_of(row.last_message_at, row.id), node=Conversation.of(row))
            for row in found[:first]
        ]
        return ConversationConnection(
            edges=edges,
            page_info=PageInfo(
                has_next_page=len(found) > first,
                has_previous_page=after is not None,
                start_cursor=edges[0].cursor if edges else None,
                end_cursor=edges[-1].cursor if edges else None,
            ),
        )


@strawberry.input
class SendMessageInput:
    """What to send."""

    conversation_id: strawberry.ID
    body: str
    client_message_id: str


@strawberry.type
class UserError:
    """Why not."""

    code: str


@strawberry.type
class SendMessagePayload:
    """What was sent."""

    message: Message | None
    errors: list[UserError]


@strawberry.type
class Mutation:
    """What can be done."""

    @strawberry.mutation
    async def send_message(self, info: Info, input: SendMessageInput) -> SendMessagePayload:
        """Send a message."""
        viewer = await info.context.viewer()
        conversation = await find_conversation(info, input.conversation_id)
        if conversation is None:
            return SendMessagePayload(message=None, errors=[UserError(code="NOT_FOUND")])
        async with writing, info.context.sessions.begin() as session:
            sent = await session.scalar(
                select(MessageModel).where(
                    MessageModel.conversation_id == conversation.id,
                    MessageModel.sender_id == viewer.id,
                    MessageModel.client_key == input.client_message_id,
                )
            )
            if sent is not None:
                return SendMessagePayload(message=Message.of(sent), errors=[])
            row = await session.get_one(ConversationModel, conversation.id)
            row.last_seq += 1
            row.last_message_at = time.time_ns() // 1_000_000
            message = MessageModel(
                id=new_id(),
                conversation_id=row.id,
                seq=row.last_seq,
                sender_id=viewer.id,
                client_key=input.client_message_id,
                kind="TEXT",
                body=input.body,
                created_at=row.last_message_at,
            )
            row.last_message_id = message.id
            session.add(message)
            mine = ParticipantModel.conversation_id == row.id, ParticipantModel.user_id == viewer.id
            for participant in await session.scalars(select(ParticipantModel).where(*mine)):
                participant.read_seq = message.seq
        for queue in followers[row.id]:
            queue.put_nowait(message)
        return SendMessagePayload(message=Message.of(message), errors=[])


#: SQLite has one writer; who waits for it here cannot find it locked.
writing = asyncio.Lock()


@strawberry.type
class MessageAddedEvent:
    """A message was sent."""

    cursor: str
    message: Message


@strawberry.type
class Subscription:
    """What can be followed."""

    @strawberry.subscription
    async def message_added(self, info: Info, conversation_id: strawberry.ID) -> AsyncGenerator[MessageAddedEvent]:
        """The messages of a conversation, from now on."""
        conversation = await find_conversation(info, conversation_id)
        if conversation is None:
            raise LookupError("There is no such conversation.")
        queue: asyncio.Queue[MessageModel] = asyncio.Queue()
        followers[conversation.id].add(queue)
        try:
            while True:
                row = await queue.get()
                yield MessageAddedEvent(cursor=message_cursor(row), message=Message.of(row))
        finally:
            followers[conversation.id].discard(queue)
