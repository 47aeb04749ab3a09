"""Cursors that no server gave out: for what a client holds after a backup was restored, and for what is made up."""

from dataclasses import replace

from core.cursors import decode_cursor, encode_cursor


def moved(cursor: str, by: int) -> str:
    """The same place, so many events later."""
    known = decode_cursor(cursor)
    owner, position, *rest = known.key
    assert isinstance(position, int)
    return encode_cursor(replace(known, key=(owner, position + by, *rest)))
