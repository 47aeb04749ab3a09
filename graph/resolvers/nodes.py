"""Verbs about anything with an id: fetch it again."""

from collections.abc import Sequence
from typing import Annotated, Any

import strawberry

from chat.audit import AUDIT_READ
from core.ids import decode_id
from graph.context import Context
from graph.errors import BAD_USER_INPUT, problem
from graph.schema.attachments import Attachment
from graph.schema.audit import AuditEntry
from graph.schema.conversations import Conversation
from graph.schema.messages import Message
from graph.schema.nodes import TYPES, Node
from graph.schema.participants import Participant
from graph.schema.reports import Report
from graph.schema.subjects import Subject
from graph.schema.templates import MessageTemplate
from graph.schema.users import User

_NOUNS: dict[str, type[Node]] = {
    noun.__name__: noun
    for noun in (Attachment, AuditEntry, Conversation, Message, MessageTemplate, Participant, Report, Subject, User)
}


def noun_of(row: Any) -> Node:
    """The object of a row."""
    return _NOUNS[TYPES[type(row)]].of(row)


async def find_node(
    context: Context, *, id: Annotated[strawberry.ID, strawberry.argument(description="The object's id.")]
) -> Any:
    """Anything by its id; None when there is none, or the viewer may not see it."""
    return (await _find(context, [id]))[0]


async def find_nodes(
    context: Context, *, ids: Annotated[list[strawberry.ID], strawberry.argument(description="At most 100 ids.")]
) -> list[Any]:
    """Many things by their ids, in the same order."""
    most = context.palaver.settings.max_page
    if len(ids) > most:
        raise problem(BAD_USER_INPUT, f"Ask for at most {most} at a time.")
    return await _find(context, ids)


async def _find(context: Context, ids: Sequence[str]) -> list[Any]:
    """The rows of ids, each kind in one statement."""
    loaders = context.loaders
    wanted = [decode_id(global_id) for global_id in ids]
    found: dict[tuple[str, str] | None, Any] = {}
    for name, loader in (
        ("User", loaders.visible_user),
        ("Subject", loaders.subject),
        ("Conversation", loaders.conversation),
        ("Participant", loaders.participant),
        ("Message", loaders.message),
        ("Attachment", loaders.attachment),
        ("AuditEntry", loaders.audit_entry),
        ("Report", loaders.report),
        ("MessageTemplate", loaders.template),
    ):
        keys = [decoded[1] for decoded in wanted if decoded is not None and decoded[0] == name]
        if keys:
            rows: list[Any] = await loader.load_many(keys)
            found.update(zip([(name, key) for key in keys], rows, strict=True))
            if name == "AuditEntry":
                context.looks.note(AUDIT_READ, name, [row.id for row in rows if row is not None])
    return [found.get(decoded) for decoded in wanted]
