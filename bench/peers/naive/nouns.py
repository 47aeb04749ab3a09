"""The types of the market, each field resolved on its own."""

from enum import Enum
from typing import TypeAlias

import strawberry
from sqlalchemy import select
from strawberry.types import Info as AnyInfo

from bench.peers.naive.context import Context
from bench.peers.naive.models import AttachmentModel, ConversationModel, MessageModel, ParticipantModel, UserModel
from bench.peers.naive.wire import address_of, id_of, message_cursor, parts_of, time_of

Info: TypeAlias = AnyInfo[Context, None]


@strawberry.enum
class AttachmentKind(Enum):
    """How to show a file."""

    IMAGE = "IMAGE"
    DOCUMENT = "DOCUMENT"
    VOICE = "VOICE"


@strawberry.enum
class MessageKind(Enum):
    """What a message holds."""

    TEXT = "TEXT"
    IMAGE = "IMAGE"
    FILE = "FILE"
    VOICE = "VOICE"
    SYSTEM = "SYSTEM"


@strawberry.type
class User:
    """A person."""

    id: strawberry.ID
    name: str
    avatar_url: str | None

    @classmethod
    def of(cls, row: UserModel) -> "User":
        """From the model."""
        return cls(id=id_of("User", row.id), name=row.name, avatar_url=row.avatar_url)


@strawberry.type
class Attachment:
    """A file."""

    id: strawberry.ID
    kind: AttachmentKind
    file_name: str
    mime_type: str
    byte_size: int
    url: str
    width: int | None
    height: int | None

    @classmethod
    def of(cls, row: AttachmentModel, context: Context, viewer: UserModel) -> "Attachment":
        """From the model, with an address that is signed for the viewer."""
        return cls(
            id=id_of("Attachment", row.id),
            kind=AttachmentKind[row.kind],
            file_name=row.file_name,
            mime_type=row.mime_type,
            byte_size=row.byte_size,
            url=address_of(context.base_url, row, viewer.id),
            width=row.width,
            height=row.height,
        )


@strawberry.type
class Message:
    """A message."""

    row: strawberry.Private[MessageModel]
    id: strawberry.ID
    seq: int
    kind: MessageKind
    body: str | None
    created_at: str
    client_message_id: str | None

    @classmethod
    def of(cls, row: MessageModel) -> "Message":
        """From the model."""
        return cls(
            row=row,
            id=id_of("Message", row.id),
            seq=row.seq,
            kind=MessageKind[row.kind],
            body=row.body,
            created_at=time_of(row.created_at),
            client_message_id=row.client_key,
        )

    @strawberry.field
    async def sender(self, info: Info) -> User | None:
        """Who sent it."""
        return User.of(await info.context.loaders.user.load(self.row.sender_id))

    @strawberry.field
    async def attachments(self, info: Info) -> list[Attachment]:
        """Its files."""
        viewer = await info.context.viewer()
        rows = await info.context.loaders.attachments.load(self.row.id)
        return [Attachment.of(row, info.context, viewer) for row in rows]


@strawberry.type
class PageInfo:
    """Where a page stands."""

    has_next_page: bool
    has_previous_page: bool
    start_cursor: str | None
    end_cursor: str | None


@strawberry.type
class MessageEdge:
    """A message in a list."""

    cursor: str
    node: Message


@strawberry.type
class MessageConnection:
    """A page of messages."""

    edges: list[MessageEdge]
    page_info: PageInfo


@strawberry.type
class Participant:
    """Somebody's part."""

    row: strawberry.Private[ParticipantModel]
    id: strawberry.ID
    role: str

    @strawberry.field
    async def user(self, info: Info) -> User:
        """The person."""
        return User.of(await info.context.loaders.user.load(self.row.user_id))


@strawberry.type
class Conversation:
    """A conversation."""

    row: strawberry.Private[ConversationModel]
    id: strawberry.ID
    state: str
    last_message_at: str | None

    @classmethod
    def of(cls, row: ConversationModel) -> "Conversation":
        """From the model."""
        return cls(
            row=row, id=id_of("Conversation", row.id), state=row.state, last_message_at=time_of(row.last_message_at)
        )

    @strawberry.field
    async def counterpart(self, info: Info) -> Participant | None:
        """The other person."""
        row = await info.context.loaders.counterpart.load(self.row.id)
        return Participant(row=row, id=id_of("Participant", row.id), role=row.role)

    @strawberry.field
    async def last_message(self, info: Info) -> Message | None:
        """The newest message."""
        if self.row.last_message_id is None:
            return None
        return Message.of(await info.context.loaders.message.load(self.row.last_message_id))

    @strawberry.field
    async def unread_count(self, info: Info) -> int:
        """How many messages the viewer has not read."""
        return await info.context.loaders.unread.load(self.row.id)

    @strawberry.field
    async def messages(self, info: Info, last: int, before: str | None = None) -> MessageConnection:
        """The messages before a cursor."""
        statement = select(MessageModel).where(MessageModel.conversation_id == self.row.id)
        if before is not None:
            statement = statement.where(MessageModel.seq < int(parts_of(before)[1]))
        async with info.context.sessions() as session:
            found = (await session.scalars(statement.order_by(MessageModel.seq.desc()).limit(last + 1))).all()
        edges = [MessageEdge(cursor=message_cursor(row), node=Message.of(row)) for row in reversed(found[:last])]
        return MessageConnection(
            edges=edges,
            page_info=PageInfo(
                has_next_page=before is not None,
                has_previous_page=len(found) > last,
                start_cursor=edges[0].cursor if edges else None,
                end_cursor=edges[-1].cursor if edges else None,
            ),
        )


@strawberry.type
class ConversationEdge:
    """A conversation in a list."""

    cursor: str
    node: Conversation


@strawberry.type
class ConversationConnection:
    """A page of conversations."""

    edges: list[ConversationEdge]
    page_info: PageInfo
