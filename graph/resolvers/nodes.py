"""Verbs about anything with an id: fetch it again."""

import asyncio
from typing import Annotated

import strawberry

from core.ids import decode_id
from graph.context import Info
from graph.errors import BAD_USER_INPUT, problem
from graph.schema.attachments import Attachment
from graph.schema.conversations import Conversation
from graph.schema.messages import Message
from graph.schema.nodes import Node
from graph.schema.pages import LARGEST_SIZE
from graph.schema.participants import Participant
from graph.schema.subjects import Subject
from graph.schema.users import User


async def _find(info: Info, global_id: str) -> Node | None:
    """The object of an id; None when there is none, or the viewer may not see it."""
    loaders = info.context.loaders
    match decode_id(global_id):
        case ("User", key):
            user = await loaders.visible_user.load(key)
            return None if user is None else User.of(user)
        case ("Subject", key):
            subject = await loaders.subject.load(key)
            return None if subject is None else Subject.of(subject)
        case ("Conversation", key):
            conversation = await loaders.conversation.load(key)
            return None if conversation is None else Conversation.of(conversation)
        case ("Participant", key):
            participant = await loaders.participant.load(key)
            return None if participant is None else Participant.of(participant)
        case ("Message", key):
            message = await loaders.message.load(key)
            return None if message is None else Message.of(message)
        case ("Attachment", key):
            attachment = await loaders.attachment.load(key)
            return None if attachment is None else Attachment.of(attachment)
    return None


async def node(
    info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="The object's id.")]
) -> Node | None:
    """Anything by its id."""
    return await _find(info, id)


async def nodes(
    info: Info, ids: Annotated[list[strawberry.ID], strawberry.argument(description="At most 100 ids.")]
) -> list[Node | None]:
    """Many things by their ids, in the same order."""
    if len(ids) > LARGEST_SIZE:
        raise problem(BAD_USER_INPUT, f"Ask for at most {LARGEST_SIZE} at a time.")
    return list(await asyncio.gather(*(_find(info, global_id) for global_id in ids)))
