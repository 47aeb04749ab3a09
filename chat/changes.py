"""Changing what was sent: its sender edits it for a time, or deletes it for all; everybody who sees it is told."""

from collections.abc import Sequence

from chat.access import Membership, get_message
from chat.attachments import remove_of
from chat.audit import MESSAGE_DELETED, MESSAGE_EDITED, record_one
from chat.refusals import Blocked, ConversationClosed, EditWindowPassed, Forbidden, Invalid, RateLimited
from chat.send_rules import Content, SendRules
from chat.strangers import refuse_from_strangers
from chat.texts import check_body
from chat.users import Viewer
from chat.work import UnitOfWork, Work
from core.settings import Settings
from db import changes, conversations, events
from db.messages import MessageRow

UPDATED = "MESSAGE_UPDATED"


async def edit_message(
    work: Work, rules: SendRules, settings: Settings, viewer: Viewer, message_id: str | None, body: str
) -> MessageRow:
    """Give one's own message other words. One that has them already is left as it is, whenever that is asked for.

    Checked in this order: access, whose it is, the words, whether anything may be said, how old it is, limits.
    """
    async with work.begin() as unit:
        membership, message = await get_message(unit, viewer.id, message_id, "messageId")
        _refuse_others(viewer, message)
        if message.deleted_at is not None:
            raise Invalid("messageId", reason="The message was deleted.")
        if body or message.kind == "TEXT":
            check_body(body, rules.most_characters, "body")
        if body == message.body:
            return message
        refuse_when_silent(membership)
        if settings.edit_seconds and unit.now - message.created_at > settings.edit_seconds * 1000:
            raise EditWindowPassed("messageId")
        await _refuse_words(unit, rules, membership, body)
        before = await changes.count_edits(unit.db, message.id)
        if before >= settings.max_edits:
            raise Forbidden("messageId", reason=f"A message can be edited {settings.max_edits} times.")
        await changes.save_edit(unit.db, message, body, number=before + 1, now=unit.now)
        await announce(unit, message, membership.member_ids)
        await record_one(unit, viewer.id, MESSAGE_EDITED, ("Message", message.id), None)
        return message._replace(body=body, edited_at=unit.now)


async def delete_message(work: Work, viewer: Viewer, message_id: str | None) -> MessageRow:
    """Delete one's own message for everybody, however old it is, in a closed conversation too; once for all."""
    async with work.begin() as unit:
        membership, message = await get_message(unit, viewer.id, message_id, "messageId")
        _refuse_others(viewer, message)
        if message.deleted_at is not None:
            return message
        await record_one(unit, viewer.id, MESSAGE_DELETED, ("Message", message.id), None)
        return await erase(unit, message, membership.member_ids)


async def erase(unit: UnitOfWork, message: MessageRow, member_ids: Sequence[str]) -> MessageRow:
    """Leave nothing of a message but its place, which others may point to; its conversation is held."""
    await remove_of(unit, message)
    await changes.erase(unit.db, message.id, now=unit.now)
    await announce(unit, message, member_ids)
    return message._replace(body=None, deleted_at=unit.now)


def _refuse_others(viewer: Viewer, message: MessageRow) -> None:
    if message.sender_id != viewer.id:
        raise Forbidden("messageId", reason="Only who sent a message may change it.")


async def _refuse_words(unit: UnitOfWork, rules: SendRules, membership: Membership, body: str) -> None:
    """What may not be sent may not be edited in either, and an edit counts as a send."""
    content = Content(body, (), "")
    await refuse_from_strangers(unit.db, membership, content, links=rules.links, files=rules.files)
    wait = await rules.limits.take(rules.rate, membership.participant.user_id)
    if wait:
        raise RateLimited(wait)


def refuse_when_silent(membership: Membership) -> None:
    """ConversationClosed or Blocked where nothing may be said any more, by other words or by emoji either."""
    if membership.conversation.is_closed:
        raise ConversationClosed
    if membership.is_blocked:
        raise Blocked


async def announce(unit: UnitOfWork, message: MessageRow, member_ids: Sequence[str]) -> None:
    """Tell that a message changed; its conversation is held."""
    conversation_id = message.conversation_id
    position = await conversations.take_position(unit.db, conversation_id, now=unit.now)
    await events.insert_one(unit.db, conversation_id, position, UPDATED, now=unit.now, message_id=message.id)
    unit.tell(conversation_id, position, member_ids)
