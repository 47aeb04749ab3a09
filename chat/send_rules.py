"""What somebody sends, and the settings that sending obeys."""

import hashlib
import json
from dataclasses import dataclass
from json.encoder import encode_basestring_ascii

from chat.refusals import IdempotencyConflict, Invalid
from chat.texts import CLIENT_KEY, check_body, check_text
from core.limits import Limits, Rate
from core.settings import Settings
from db.messages import MessageRow


@dataclass(frozen=True, slots=True)
class Content:
    """What somebody sends. `attachment_ids` are database ids; None among them is one that names no file.

    `reply_to_id` is that of the message that is answered, empty when it names none; None for no answer.
    """

    body: str | None
    attachment_ids: tuple[str | None, ...]
    client_key: str
    reply_to_id: str | None = None


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


def check_repeat(before: MessageRow, content: Content, *path: str) -> None:
    """IdempotencyConflict when something else was sent with the key."""
    if before.content_hash != hash_of(content):
        raise IdempotencyConflict(*path, "clientMessageId")


def hash_of(content: Content) -> str:
    """A digest of what is sent, to tell a repeat from another content under the same key."""
    body, answered = content.body or "", content.reply_to_id
    if answered is None and not content.attachment_ids:
        text = f"[{encode_basestring_ascii(body)}, []]"  # As below, which takes longer than the digest.
    else:
        text = json.dumps([body, list(content.attachment_ids), *([] if answered is None else [answered])])
    return hashlib.sha256(text.encode()).hexdigest()
