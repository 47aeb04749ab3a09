"""Cursors: opaque to clients; to us a list's name, the database's epoch, and a key within that list."""

import base64
import binascii
import json
from dataclasses import dataclass

import orjson

from core.texts import is_storable

LONGEST = 8192
_URL_SAFE = bytes.maketrans(b"+/", b"-_")


class MalformedCursorError(ValueError):
    """The cursor is not one that this server gave out."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """`stream` names the list or log, `epoch` the database's life, `key` the place: numbers and texts."""

    stream: str
    epoch: str
    key: tuple[int | str, ...]


def encode_cursor(cursor: Cursor) -> str:
    """Write a cursor as URL-safe text without padding."""
    return encode_parts(cursor.stream, cursor.epoch, *cursor.key)


def encode_parts(*parts: int | str) -> str:
    """The same of the parts of a cursor: its stream, its epoch, and the key."""
    text = orjson.dumps(parts)
    return binascii.b2a_base64(text, newline=False).translate(_URL_SAFE, b"=").decode()


def decode_cursor(text: str) -> Cursor:
    """Read a cursor. MalformedCursorError for anything that `encode_cursor` did not write."""
    if len(text) > LONGEST:
        raise MalformedCursorError("The cursor is too long.")
    try:
        padded = text.encode("ascii") + b"=" * (-len(text) % 4)
        parts = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (binascii.Error, UnicodeError, ValueError, RecursionError) as error:
        raise MalformedCursorError("The cursor is malformed.") from error
    if not isinstance(parts, list) or len(parts) < 2 or not all(_is_part(part) for part in parts):
        raise MalformedCursorError("The cursor is malformed.")
    stream, epoch, *key = parts
    if not isinstance(stream, str) or not isinstance(epoch, str):
        raise MalformedCursorError("The cursor is malformed.")
    return Cursor(stream, epoch, tuple(key))


def _is_part(part: object) -> bool:
    if isinstance(part, bool):
        return False
    return (isinstance(part, int) and abs(part) < 2**63) or (isinstance(part, str) and is_storable(part))
