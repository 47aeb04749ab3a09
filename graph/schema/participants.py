"""Who takes part in a conversation, and how far they have it."""

from collections.abc import Sequence

import strawberry

from db.messages import MessageRow
from db.participants import ParticipantRow
from db.users import PersonRow
from graph.context import Context
from graph.fields import column, loaded
from graph.schema.messages import Message
from graph.schema.nodes import Node
from graph.schema.scalars import DateTime
from graph.schema.users import User, load_users


async def load_messages_at(context: Context, places: Sequence[tuple[str, int]]) -> list[MessageRow | None]:
    """The messages of (conversation, seq); None for seq 0, and for who is not in the conversation."""
    there = [place for place in places if place[1] > 0]
    if len(there) == len(places):
        return await context.loaders.message_at.load_many(there)
    found = dict(zip(there, await context.loaders.message_at.load_many(there), strict=True)) if there else {}
    return [found.get(place) for place in places]


async def _people(context: Context, rows: Sequence[ParticipantRow]) -> list[PersonRow]:
    return await load_users(context, [row.user_id for row in rows])


def _expect_people(context: Context, rows: Sequence[ParticipantRow]) -> None:
    context.loaders.user.expect(row.user_id for row in rows)


async def _last_read(context: Context, rows: Sequence[ParticipantRow]) -> list[MessageRow | None]:
    return await load_messages_at(context, [(row.conversation_id, row.read_seq) for row in rows])


async def _last_delivered(context: Context, rows: Sequence[ParticipantRow]) -> list[MessageRow | None]:
    return await load_messages_at(context, [(row.conversation_id, row.delivered_seq) for row in rows])


@strawberry.type(description="One person's part in one conversation.")
class Participant(Node):
    """A member, and their marks."""

    row: strawberry.Private[ParticipantRow]
    user: User = loaded(_people, of=User.of, needs=("user_id",), ahead=_expect_people, description="The person.")
    role: str = column(
        "role",
        description="Host's word for the part they play: the subject's owner and party roles, `contacterRole` for who "
        "wrote first; in a bare pair the first of the person's token roles, else member; staff for staff who joined.",
    )
    joined_at: DateTime = column("joined_at", description="Since when they are in it.")
    last_read_message: Message | None = loaded(
        _last_read,
        of=Message.of,
        needs=("conversation_id", "read_seq"),
        description="The last message they have read.",
    )
    last_read_seq: int = column("read_seq", description="0 = nothing. Compare with Message.seq for live ticks.")
    last_read_at: DateTime | None = column("read_at", description="When they last read something.")
    last_delivered_message: Message | None = loaded(
        _last_delivered,
        of=Message.of,
        needs=("conversation_id", "delivered_seq"),
        description="The last message that a device of theirs has.",
    )
    last_delivered_seq: int = column("delivered_seq", description="0 = nothing. Never behind lastReadSeq.")
