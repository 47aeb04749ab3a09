"""New ids: UUIDv7, so that they sort by age."""

from uuid_utils import uuid7


def least_id_at(moment: int) -> str:
    """What sorts before every id that was made at a moment, in milliseconds, or later."""
    return f"{moment:012x}{'0' * 20}"


def new_id() -> str:
    """A new id: 32 hexadecimal digits, later ones sorting after earlier ones."""
    return uuid7().hex
