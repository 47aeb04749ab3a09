"""Sending: one message for each key, in one order for everybody, told only after it is stored."""

from collections.abc import Sequence

from chat.access import Membership
from chat.audit import MESSAGE_SENT, Entry, row_of
from chat.refusals import (
    Blocked,
    ConversationClosed,
    NotFound,
    RateLimited,
)
from chat.send_rules import Content, SendRules, check_repeat, hash_of
from chat.strangers import refuse_from_strangers
from chat.work import UnitOfWork
from db import attachments, messages
from db.audit import EntryRow
from db.conversations import ConversationRow
from db.ids import new_id
from db.messages import MessageRow
from db.participants import ParticipantRow

SYSTEM = "system"


async def post(
    unit: UnitOfWork,
    rules: SendRules,
    membership: Membership,
    content: Content,
    *path: str,
) -> MessageRow:
    """Store a member's message, or return what was sent before with the same key and content."""
    conversation, sender = membership.conversation, membership.participant
    before = await find_sent(unit, conversation.id, sender.user_id, content, *path)
    if before is not None:
        unit.repeats += 1
        return before
    return await post_new(unit, rules, membership, content, *path)


async def post_new(
    unit: UnitOfWork,
    rules: SendRules,
    membership: Membership,
    content: Content,
    *path: str,
    is_counted: bool = False,
    is_fresh: bool = False,
) -> MessageRow:
    """Store a member's message under a key that is new. Checked are whether anything may be sent, and then limits.

    `is_counted`: it is counted already among what its sender has sent lately. `is_fresh`: nothing was written since the
    membership was read.
    """
    conversation, sender = membership.conversation, membership.participant
    await check_allowed(unit, rules, membership, content, *path)
    reply_to_seq = await find_answered(unit, membership, content, *path)
    if not is_counted:
        await count(rules, sender.user_id, *path)
    kinds = await _find_sendable(unit, sender.user_id, content, *path)
    row = await append(
        unit,
        conversation.id,
        actor_id=sender.user_id,
        sender=sender,
        kind=kind_of(kinds),
        body=content.body or "",
        content=content,
        reply_to_seq=reply_to_seq,
        known=conversation if is_fresh else None,
    )
    if content.attachment_ids:
        file_ids = [key for key in content.attachment_ids if key is not None]
        if await attachments.attach(unit.db, row.id, sender.user_id, file_ids) != len(file_ids):
            raise NotFound(*path, "attachmentIds")
    tell(unit, membership, row)
    return row


async def check_allowed(
    unit: UnitOfWork, rules: SendRules, membership: Membership, content: Content, *path: str
) -> None:
    """ConversationClosed, Blocked, or Forbidden for what strangers may not send."""
    if membership.conversation.is_closed:
        raise ConversationClosed(*path)
    if membership.is_blocked:
        raise Blocked(*path)
    await refuse_from_strangers(unit.db, membership, content, *path, links=rules.links, files=rules.files)


async def count(rules: SendRules, sender_id: str, *path: str) -> None:
    """Count one more message of a person. RateLimited when they have sent too many."""
    wait = await rules.limits.take(rules.rate, sender_id)
    if wait:
        raise RateLimited(wait, *path)


def tell(unit: UnitOfWork, membership: Membership, row: MessageRow) -> None:
    """Let everybody know of a message, after the commit."""
    unit.tell(row.conversation_id, row.position, membership.member_ids)
    unit.tell_receipts(row.conversation_id, membership.member_ids)


async def find_sent(
    unit: UnitOfWork, conversation_id: str, author_key: str, content: Content, *path: str
) -> MessageRow | None:
    """What was sent before with this key. IdempotencyConflict when that was something else."""
    before = await messages.find_by_key(unit.db, conversation_id, author_key, content.client_key)
    if before is not None:
        check_repeat(before, content, *path)
    return before


async def find_answered(unit: UnitOfWork, membership: Membership, content: Content, *path: str) -> int | None:
    """The seq of the message that is answered, None for no answer. NotFound when it is not of this conversation.

    One that was deleted can be answered: who writes need not have heard of that yet, and its place is still there.
    """
    wanted = content.reply_to_id
    if wanted is None:
        return None
    found = (await messages.find_visible(unit.db, membership.participant.user_id, [wanted])).get(wanted)
    if found is None or found.conversation_id != membership.conversation.id:
        raise NotFound(*path, "replyToId")
    return found.seq


async def _find_sendable(unit: UnitOfWork, owner_id: str, content: Content, *path: str) -> list[str]:
    """The kinds of the files, when all are the sender's own and not sent yet. NotFound otherwise."""
    if not content.attachment_ids:
        return []
    wanted = [key for key in content.attachment_ids if key is not None]
    found = await attachments.find_visible(unit.db, owner_id, wanted)
    if any(key not in found or found[key].message_id is not None for key in content.attachment_ids if key):
        raise NotFound(*path, "attachmentIds")
    if len(wanted) != len(content.attachment_ids):
        raise NotFound(*path, "attachmentIds")
    return [found[key].kind for key in wanted]


def kind_of(kinds: Sequence[str]) -> str:
    """TEXT without files; IMAGE or VOICE when all files are such, else FILE."""
    if not kinds:
        return "TEXT"
    only = set(kinds)
    if only == {"IMAGE"}:
        return "IMAGE"
    return "VOICE" if only == {"VOICE"} else "FILE"


async def append(
    unit: UnitOfWork,
    conversation_id: str,
    *,
    actor_id: str,
    sender: ParticipantRow | None,
    kind: str,
    body: str,
    content: Content,
    reply_to_seq: int | None = None,
    known: ConversationRow | None = None,
) -> MessageRow:
    """Write a message and its event at the next place; the conversation is locked already. Its sender has read it.

    `actor_id` is whose act it is, also when the message has no sender. `known` is the conversation as it is now.
    """
    unit.stored[kind] += 1
    draft = draft_of(
        unit, conversation_id, sender=sender, kind=kind, body=body, content=content, reply_to_seq=reply_to_seq
    )
    entry = entry_of(actor_id, draft)
    return await messages.append(unit.db, draft, sender.id if sender else None, entry, now=unit.now, known=known)


def entry_of(actor_id: str, draft: MessageRow) -> EntryRow:
    """The entry of the audit log that tells of a message being sent."""
    return row_of(actor_id, Entry(MESSAGE_SENT, "Message", draft.id), draft.created_at)


def draft_of(
    unit: UnitOfWork,
    conversation_id: str,
    *,
    sender: ParticipantRow | None,
    kind: str,
    body: str,
    content: Content,
    reply_to_seq: int | None,
) -> MessageRow:
    """A message that has no place yet."""
    return MessageRow(
        id=new_id(),
        conversation_id=conversation_id,
        seq=0,
        position=0,
        sender_id=sender.user_id if sender else None,
        sender_role=sender.role if sender else None,
        author_key=sender.user_id if sender else SYSTEM,
        client_key=content.client_key,
        content_hash=hash_of(content),
        kind=kind,
        body=body,
        created_at=unit.now,
        edited_at=None,
        deleted_at=None,
        reply_to_seq=reply_to_seq,
    )
