"""Everything of Ann's and Bob's that has a name, and its twins: names of the same form that nothing bears."""

from dataclasses import dataclass, fields, replace
from typing import Self

from core.cursors import Cursor, decode_cursor, encode_cursor
from core.ids import decode_id, encode_id


@dataclass(frozen=True, slots=True)
class Things:
    """Names. `home` is the asker's own conversation, about the listing `home_listing`; all else is Ann's and Bob's."""

    home: str
    home_listing: str
    conversation: str
    booking: str
    booking_kind: str
    booking_id: str
    pair: str
    message: str
    message_key: str
    message_cursor: str
    message_words: str
    found_cursor: str
    found_later_cursor: str
    reply: str
    reply_cursor: str
    edited: str
    deleted: str
    participant: str
    subject: str
    file: str
    unsent_file: str
    upload: str
    ann: str
    ann_id: str
    ann_name: str
    ann_role: str
    ann_cursor: str
    bob: str
    conversation_cursor: str
    older_cursor: str
    inbox_cursor: str
    entry: str
    entry_cursor: str
    report: str
    template: str
    spare_template: str
    spare_id: str

    def at_home(self, home: str, listing: str) -> Self:
        """The same for somebody who has a conversation of their own."""
        return replace(self, home=home, home_listing=listing)

    def twins(self) -> Self:
        """Names of the same form that nothing bears; the asker's own home stays."""
        own = ("home", "home_listing")
        return replace(
            self, **{each.name: twin(getattr(self, each.name)) for each in fields(self) if each.name not in own}
        )


def twin(name: str) -> str:
    """A name of the same form, and of the same place in an order, that nothing bears."""
    known = decode_id(name)
    if known is not None:
        return encode_id(known[0], _other_key(known[1]))
    try:
        cursor = decode_cursor(name)
    except ValueError:
        return f"no-{name}"
    key = tuple(_other_key(part) if isinstance(part, str) and len(part) == 32 else part for part in cursor.key)
    return encode_cursor(Cursor(cursor.stream, cursor.epoch, key))


def _other_key(key: str) -> str:
    return key[:-1] + ("e" if key[-1] == "f" else "f")
