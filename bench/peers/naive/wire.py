"""How the naive server writes ids, cursors, times and addresses."""

import base64
import hmac
import os
import time
from datetime import UTC, datetime
from urllib.parse import quote

import strawberry

from bench.peers.naive.models import AttachmentModel, MessageModel

SIGNING_KEY = bytes.fromhex(os.environ.get("SIGNING_KEY", ""))


def id_of(type_name: str, key: str) -> strawberry.ID:
    """A global id."""
    return strawberry.ID(base64.b64encode(f"{type_name}:{key}".encode()).decode())


def cursor_of(*key: str | int) -> str:
    """A cursor."""
    return base64.urlsafe_b64encode(":".join(map(str, key)).encode()).decode()


def message_cursor(row: MessageModel) -> str:
    """The cursor of a message."""
    return cursor_of(row.conversation_id, row.seq)


def parts_of(text: str) -> list[str]:
    """The parts of an id or a cursor."""
    return base64.urlsafe_b64decode(text).decode().split(":")


def time_of(ms: int) -> str:
    """A time in ISO 8601."""
    return datetime.fromtimestamp(ms / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def address_of(base_url: str, row: AttachmentModel, viewer_id: str) -> str:
    """The address of a file, signed for the viewer."""
    expires = (int(time.time() + 3600) // 600 + 1) * 600
    signed = hmac.digest(SIGNING_KEY, f"file,{row.id},{viewer_id},{expires}".encode(), "sha256").hex()[:32]
    return f"{base_url}/files/{row.id}/{viewer_id}/{expires}/{signed}/{quote(row.file_name)}"
