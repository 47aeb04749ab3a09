"""Frames of WebSocket (RFC 6455), as far as a client needs them."""

import os
from typing import Final, NamedTuple

TEXT: Final = 0x1
CLOSE: Final = 0x8
PING: Final = 0x9
PONG: Final = 0xA


def frame_of(payload: bytes, kind: int = TEXT) -> bytes:
    """A whole frame of a client's, masked as the protocol asks."""
    mask = os.urandom(4)
    length = len(payload)
    if length < 126:
        head = bytes((0x80 | kind, 0x80 | length))
    elif length < 65_536:
        head = bytes((0x80 | kind, 0x80 | 126)) + length.to_bytes(2, "big")
    else:
        head = bytes((0x80 | kind, 0x80 | 127)) + length.to_bytes(8, "big")
    key = int.from_bytes((mask * (length // 4 + 1))[:length], "big")
    masked = (int.from_bytes(payload, "big") ^ key).to_bytes(length, "big")
    return head + mask + masked


class Frame(NamedTuple):
    """A frame of the server's: its kind, its payload, and where the next one begins."""

    kind: int
    payload: bytes
    end: int


def read_frame(data: bytes, start: int = 0) -> Frame | None:
    """The frame that begins at a place; None when not all of it is there. Fragments are told as they come."""
    if len(data) < start + 2:
        return None
    length, body = data[start + 1] & 0x7F, start + 2
    if length == 126:
        body += 2
        length = int.from_bytes(data[start + 2 : body], "big")
    elif length == 127:
        body += 8
        length = int.from_bytes(data[start + 2 : body], "big")
    end = body + length
    if len(data) < end or len(data) < body:
        return None
    return Frame(data[start] & 0x0F, data[body:end], end)
