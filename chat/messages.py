"""Sending: one message for each key, in one order for everybody, told only after it is stored."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

from chat.access import Membership, get_membership
from chat.audit import MESSAGE_SENT, Entry, row_of
from chat.refusals import (
    Blocked,
    ConversationClosed,
    IdempotencyConflict,
    Invalid,
    NotFound,
    RateLimited,
)
from chat.strangers import refuse_from_strangers
from chat.texts import CLIENT_KEY, check_body, check_text
from chat.users import Viewer
from chat.work import UnitOfWork, Work
from core.limits import Limits, Rate
from core.settings import Settings
from db import attachments, messages
from db.ids import new_id
from db.messages import MessageRow
from db.participants import ParticipantRow

SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Content:
    """What somebody sends. `attachment_ids` are database ids; None among them is one that names no file."""

    body: str | None
    attachment_ids: tuple[str | None, ...]
    client_key: str


@dataclass(frozen=True, slots=True)
class SendRules:
    """The settings that sending obeys, and the counter of sends."""

    limits: Limits
    rate: Rate
    most_characters: int
    most_files: int
    #: What strangers may send.
    links: bool = True
    files: bool = True

    @classmethod
    def of(cls, settings: Settings, limits: Limits) -> "SendRules":
        """The rules that the settings make."""
        return cls(
            limits,
            Rate("sends", settings.sends),
            settings.message_length,
            settings.max_files_per_message,
            links=settings.stranger_links == "on",
            files=settings.stranger_files == "on",
        )


def check_content(content: Content, rules: SendRules, *path: str) -> None:
    """A body of the right length, or files, and a key. Invalid or TooLong otherwise."""
    check_text(content.client_key, CLIENT_KEY, *path, "clientMessageId")
    if content.body or not content.attachment_ids:
        check_body(content.body or "", rules.most_characters, *path, "body")
    if len(content.attachment_ids) > rules.most_files:
        raise Invalid(*path, "attachmentIds", reason=f"A message has at most {rules.most_files} files.")
    if len(set(content.attachment_ids)) < len(content.attachment_ids):
        raise Invalid(*path, "attachmentIds", reason="A file can be sent once in a message.")


async def send_message(
    work: Work, rules: SendRules, viewer: Viewer, conversation_id: str | None, content: Content
) -> MessageRow:
    """Send into a conversation, or return what was sent before with the same key and content."""
    check_content(content, rules)
    async with work.begin() as unit:
        membership = await get_membership(unit, viewer.id, conversation_id, "conversationId")
        return await post(unit, rules, membership, content)


async def post(unit: UnitOfWork, rules: SendRules, membership: Membership, content: Content, *path: str) -> MessageRow:
    """Store a member's message. Checked in this order: the key, whether anything may be sent, limits."""
    conversation, sender = membership.conversation, membership.participant
    before = await find_sent(unit, conversation.id, sender.user_id, content, *path)
    if before is not None:
        unit.repeats += 1
        return before
    if conversation.is_closed:
        raise ConversationClosed(*path)
    if membership.is_blocked:
        raise Blocked(*path)
    await refuse_from_strangers(unit.db, membership, content, *path, links=rules.links, files=rules.files)
    wait = await rules.limits.take(rules.rate, sender.user_id)
    if wait:
        raise RateLimited(wait, *path)
    kinds = await _find_sendable(unit, sender.user_id, content, *path)
    row = await append(
        unit,
        conversation.id,
        actor_id=sender.user_id,
        sender=sender,
        kind=_kind_of(kinds),
        body=content.body or "",
        content=content,
    )
    file_ids = [key for key in content.attachment_ids if key is not None]
    if await attachments.attach(unit.db, row.id, sender.user_id, file_ids) != len(file_ids):
        raise NotFound(*path, "attachmentIds")
    unit.tell(conversation.id, row.position, membership.member_ids)
    unit.tell_receipts(conversation.id, membership.member_ids)
    return row


async def find_sent(
    unit: UnitOfWork, conversation_id: str, author_key: str, content: Content, *path: str
) -> MessageRow | None:
    """What was sent before with this key. IdempotencyConflict when that was something else."""
    before = await messages.find_by_key(unit.db, conversation_id, author_key, content.client_key)
    if before is not None and before.content_hash != hash_of(content):
        raise IdempotencyConflict(*path, "clientMessageId")
    return before


def hash_of(content: Content) -> str:
    """A digest of what is sent, to tell a repeat from another content under the same key."""
    text = json.dumps([content.body or "", list(content.attachment_ids)])
    return hashlib.sha256(text.encode()).hexdigest()


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


def _kind_of(kinds: Sequence[str]) -> str:
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
) -> MessageRow:
    """Write a message and its event at the next place; the conversation is locked already. Its sender has read it.

    `actor_id` is whose act it is, also when the message has no sender.
    """
    draft = MessageRow(
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
    )
    unit.stored[kind] += 1
    entry = row_of(actor_id, Entry(MESSAGE_SENT, "Message", draft.id), unit.now)
    return await messages.append(unit.db, draft, sender.id if sender else None, entry, now=unit.now)


@dataclass(frozen=True, slots=True)
class SubjectReference:
    """The host's own name for a subject."""

    kind: str
    external_id: str
