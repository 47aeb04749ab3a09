"""New ids: UUIDv7, so that they sort by age."""

from uuid_utils import uuid7


def new_id() -> str:
    """A new id: 32 hexadecimal digits, later ones sorting after earlier ones."""
    return uuid7().hex
