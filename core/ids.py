"""Global ids: opaque to clients, a type's name and a database id to us, as Relay's object identification asks."""

import base64
import binascii
import re
from collections.abc import Callable
from functools import cache, lru_cache

#: Database ids are UUIDs in hexadecimal digits, sometimes with a suffix of words that a type adds itself.
_plain = re.compile(r"[A-Z][A-Za-z]{1,31}:[0-9a-f]{32}")


#: Types whose objects are shown again and again, and how many of each are remembered; of others new ones come always.
_OFTEN = {"Conversation", "Participant", "User"}
_REMEMBERED = 4096


def encode_id(type_name: str, key: str) -> str:
    """The global id of an object."""
    return binascii.b2a_base64(f"{type_name}:{key}".encode(), newline=False).decode()


@cache
def id_reader(type_name: str) -> Callable[[str], str]:
    """The same of the keys of many objects of one type, of which an answer holds a hundred."""
    head, encode = f"{type_name}:".encode(), binascii.b2a_base64

    def read(key: str) -> str:
        return encode(head + key.encode(), newline=False).decode()

    return lru_cache(maxsize=_REMEMBERED)(read) if type_name in _OFTEN else read


def decode_id(global_id: str) -> tuple[str, str] | None:
    """The type's name and the database id; None for anything that `encode_id` did not make."""
    if len(global_id) > 100:
        return None
    try:
        text = base64.b64decode(global_id.encode("ascii"), validate=True).decode("ascii")
    except (binascii.Error, UnicodeError, ValueError):
        return None
    if not _plain.fullmatch(text):
        return None
    type_name, _, key = text.partition(":")
    # One object has one id: base64 would also read it with other padding.
    return (type_name, key) if encode_id(type_name, key) == global_id else None


def key_of(global_id: str, type_name: str) -> str | None:
    """The database id in the global id of a type; None when it is of another type or none at all."""
    decoded = decode_id(global_id)
    return decoded[1] if decoded is not None and decoded[0] == type_name else None
