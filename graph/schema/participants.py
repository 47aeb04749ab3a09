"""Who takes part in a conversation, and how far they have it."""

import strawberry

from core.ids import encode_id
from db.messages import SeqRange
from db.participants import ParticipantRow
from graph.context import Info
from graph.schema.messages import Message
from graph.schema.nodes import Node
from graph.schema.scalars import DateTime
from graph.schema.users import User, load_user


async def load_message_at(info: Info, conversation_id: str, seq: int) -> Message | None:
    """The message of a seq; None for 0, and for who is not in the conversation."""
    rows = await info.context.loaders.messages.load(SeqRange(conversation_id, seq, seq)) if seq > 0 else None
    return Message.of(rows[0]) if rows else None


async def _participant_user(root: strawberry.Parent["Participant"], info: Info) -> User:
    return await load_user(info, root.row.user_id)


async def _last_read_message(root: strawberry.Parent["Participant"], info: Info) -> Message | None:
    return await load_message_at(info, root.row.conversation_id, root.row.read_seq)


async def _last_delivered_message(root: strawberry.Parent["Participant"], info: Info) -> Message | None:
    return await load_message_at(info, root.row.conversation_id, root.row.delivered_seq)


@strawberry.type(description="One person's part in one conversation.")
class Participant(Node):
    """A member, and their marks."""

    row: strawberry.Private[ParticipantRow]
    user: User = strawberry.field(resolver=_participant_user, description="The person.")
    role: str = strawberry.field(
        description="Host's word for the part they play: the subject's owner and party roles, `contacterRole` for who "
        "wrote first; in a bare pair the first of the person's token roles, else member; staff for staff who joined."
    )
    joined_at: DateTime = strawberry.field(description="Since when they are in it.")
    last_read_message: Message | None = strawberry.field(
        resolver=_last_read_message, description="The last message they have read."
    )
    last_read_seq: int = strawberry.field(description="0 = nothing. Compare with Message.seq for live ticks.")
    last_read_at: DateTime | None = strawberry.field(description="When they last read something.")
    last_delivered_message: Message | None = strawberry.field(
        resolver=_last_delivered_message, description="The last message that a device of theirs has."
    )
    last_delivered_seq: int = strawberry.field(description="0 = nothing. Never behind lastReadSeq.")

    @classmethod
    def of(cls, row: ParticipantRow) -> "Participant":
        """The noun of a row."""
        return cls(
            id=strawberry.ID(encode_id("Participant", row.id)),
            row=row,
            role=row.role,
            joined_at=DateTime(row.joined_at),
            last_read_seq=row.read_seq,
            last_read_at=None if row.read_at is None else DateTime(row.read_at),
            last_delivered_seq=row.delivered_seq,
        )
