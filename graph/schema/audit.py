"""The audit log: who did what."""

from collections.abc import Sequence

import strawberry

from chat.audit import AUDIT_READ
from core.ids import encode_id
from db import audit
from db.audit import AuditRow
from db.pages import Page
from db.users import PersonRow
from graph.context import Context
from graph.fields import Noun, column, computed, itself, loaded
from graph.schema.nodes import Node
from graph.schema.pages import PageArguments, PageInfo, PlaceOfPage
from graph.schema.scalars import DateTime
from graph.schema.users import User, load_users


async def _actors(context: Context, rows: Sequence[AuditRow]) -> list[PersonRow | None]:
    people = await load_users(context, [row.actor_id for row in rows if row.actor_id is not None])
    by_id = {person.id: person for person in people}
    return [None if row.actor_id is None else by_id[row.actor_id] for row in rows]


def _target(row: AuditRow) -> str | None:
    return None if row.target_type is None or row.target_id is None else encode_id(row.target_type, row.target_id)


def _cursor(row: AuditRow, context: Context) -> str:
    return context.palaver.cursors.of_audit(row.number, row.id)


@strawberry.type(description="Something that staff saw or did, or that became of a message. Never what was said.")
class AuditEntry(Node):
    """A link of the log's chain."""

    row: strawberry.Private[AuditRow]
    actor: User | None = loaded(_actors, of=User.of, description="Who did it; null for an import.")
    action: str = column(
        "action",
        description="What was done, dotted lower case: message.sent, message.edited, message.deleted, "
        "message.removed, message.read, messages.imported, conversation.read, conversation.joined, "
        "conversation.closed, conversation.reopened, conversation.deleted, subject.deleted, "
        "conversations.listed, reports.listed, report.read, "
        "report.resolved, attachment.read, audit.read. Values may be added.",
    )
    target: strawberry.ID | None = column(
        _target, description="The id of what it was done to, which may be gone; null for the whole of a list."
    )
    reason: str | None = column(
        "reason", description="What staff gave as their reason; of an import, what it brought and who ran it."
    )
    at: DateTime = column("at", description="When it was done.")
    hash: str = column(
        "hash",
        description="SHA-256 over the entry before it and all that this one says, in hexadecimal digits. Note the "
        "newest one elsewhere: `palaver audit verify` tells whether the log still leads to it.",
    )


@strawberry.type(description="An entry in the log.")
class AuditEdge(Noun):
    """Relay's edge."""

    row: strawberry.Private[AuditRow]
    cursor: str = computed(_cursor, description="Names the entry's place in the log.")
    node: AuditEntry = column(itself, of=AuditEntry.of, description="The entry.")


@strawberry.type(description="A page of the log, oldest first.")
class AuditConnection(Noun):
    """Relay's connection."""

    row: strawberry.Private[Page[AuditRow]]
    edges: list[AuditEdge] = column("items", of=AuditEdge.of, description="The entries of this page.")
    page_info: PageInfo = computed(PlaceOfPage(_cursor), of=PageInfo.of, description="Where the page stands.")


async def seal_log(context: Context) -> None:
    """Whatever happened until now is in the log for staff who look at it, though no act waits for that."""
    if context.viewer.is_staff:
        await context.palaver.sealer.seal()


async def load_log(context: Context, chosen: PageArguments) -> Page[AuditRow]:
    """A page of the log; that it is read is noted."""
    cursors = context.palaver.cursors
    window = chosen.window(
        None if chosen.after is None else cursors.read_audit(chosen.after),
        None if chosen.before is None else cursors.read_audit(chosen.before),
    )
    context.looks.note(AUDIT_READ)
    return await audit.page(context.reading, window)
