"""Reports: what people tell staff about messages."""

from collections.abc import Sequence
from enum import Enum

import strawberry

from db.messages import MessageRow
from db.reports import ReportRow
from db.users import PersonRow
from graph.context import Context
from graph.fields import column, loaded
from graph.schema.messages import Message
from graph.schema.nodes import Node
from graph.schema.scalars import DateTime
from graph.schema.users import User, load_users


@strawberry.enum(description="Why a message is reported. Values may be added.")
class ReportReason(Enum):
    """As the person who reports it says."""

    SPAM = strawberry.enum_value("SPAM", description="Advertising that nobody asked for.")
    SCAM = strawberry.enum_value("SCAM", description="An attempt to cheat.")
    ABUSE = strawberry.enum_value("ABUSE", description="It insults, threatens or harasses.")
    OTHER = strawberry.enum_value("OTHER", description="Something else; the note says what.")


async def _messages(context: Context, rows: Sequence[ReportRow]) -> list[MessageRow | None]:
    ids = [row.message_id for row in rows if row.message_id is not None]
    found = dict(zip(ids, await context.loaders.message.load_many(ids), strict=True)) if ids else {}
    return [found.get(row.message_id or "") for row in rows]


async def _reporters(context: Context, rows: Sequence[ReportRow]) -> list[PersonRow]:
    return await load_users(context, [row.reporter_id for row in rows])


@strawberry.type(description="That somebody told staff about a message. Nobody else sees it.")
class Report(Node):
    """A report."""

    row: strawberry.Private[ReportRow]
    message: Message | None = loaded(
        _messages, of=Message.of, description="The message; null when it is gone, or the viewer may not see it."
    )
    message_body: str | None = column(
        "message_body",
        description="Its words as they were when it was reported; they stay when the message goes. Null when it was "
        "deleted by then.",
    )
    reporter: User | None = loaded(_reporters, of=User.of, description="Who reported it.")
    reason: ReportReason = column("reason", description="Why.")
    note: str | None = column("note", description="The same in the reporter's words; null for none.")
    created_at: DateTime = column("created_at", description="When it was reported.")
    resolved_at: DateTime | None = column("resolved_at", description="When staff were done with it; null until then.")
