"""Files of messages."""

from enum import Enum
from functools import lru_cache
from urllib.parse import quote

import strawberry

from core.clock import now_ms
from core.signing import expiry_of, sign
from db.attachments import AttachmentRow
from graph.context import Context
from graph.fields import column, computed
from graph.schema.nodes import Node
from graph.schema.scalars import URL, DateTime

STEP_SECONDS = 600
THUMBNAIL_NAME = "thumbnail.webp"


@strawberry.enum(description="How to show a file. Values may be added.")
class AttachmentKind(Enum):
    """What a file is to a person."""

    IMAGE = strawberry.enum_value("IMAGE", description="A picture.")
    DOCUMENT = strawberry.enum_value("DOCUMENT", description="Something to open elsewhere.")
    VOICE = strawberry.enum_value("VOICE", description="Something said.")


def _expiry(context: Context) -> int:
    seconds = context.palaver.settings.file_url_seconds
    return expiry_of(now_ms(), seconds=seconds, step=min(STEP_SECONDS, seconds))


def _url(row: AttachmentRow, context: Context) -> str:
    """Bound to the file, the viewer and the time; the same for some minutes, so that pictures stay in caches."""
    path = _path(context.palaver.signing_key, "file", row.id, context.file_holder, _expiry(context), row.file_name)
    return f"{context.base_url}/files{path}"


def _thumbnail_url(row: AttachmentRow, context: Context) -> str | None:
    """Likewise; the address of one of the two opens not the other."""
    if row.thumbnail_size is None:
        return None
    holder, expires = context.file_holder, _expiry(context)
    path = _path(context.palaver.signing_key, "thumbnail", row.id, holder, expires, THUMBNAIL_NAME)
    return f"{context.base_url}/files{path}"


@lru_cache(maxsize=20_000)  # It is asked for again and again, and signing takes longer than all else about a file.
def _path(signing_key: str, what: str, file_id: str, viewer_id: str, expires: int, name: str) -> str:
    signed = f"/{file_id}/{viewer_id}/{expires}/{sign(signing_key, what, file_id, viewer_id, expires)}"
    return f"{signed}/{what}/{name}" if what == "thumbnail" else f"{signed}/{quote(name, safe='')}"


@strawberry.type(description="A file. Before it is sent, only who gave it sees it.")
class Attachment(Node):
    """A file."""

    row: strawberry.Private[AttachmentRow]
    kind: AttachmentKind = column("kind", description="How to show it.")
    file_name: str = column("file_name", description="Its name, cleaned; only data, never a path.")
    mime_type: str = column("mime_type", description="Found by looking at the bytes, never taken from the client.")
    byte_size: int = column("byte_size", description="Its size in bytes.")
    url: URL = computed(
        _url,
        needs=("id", "file_name"),
        description="Signed; the same for some minutes, so that pictures are not loaded again at each refetch.",
    )
    url_expires_at: DateTime = computed(
        lambda _, context: _expiry(context) * 1000,
        needs=(),
        description="When the address stops working; ask again for a new one.",
    )
    thumbnail_url: URL | None = computed(
        _thumbnail_url,
        needs=("id", "thumbnail_size"),
        description="A small picture of a picture, in WebP, signed likewise; null when there is none.",
    )
    width: int | None = column("width", description="Of a picture, in pixels.")
    height: int | None = column("height", description="Of a picture, in pixels.")
    duration_seconds: float | None = column("duration_seconds", description="Of a voice message, when it is known.")
