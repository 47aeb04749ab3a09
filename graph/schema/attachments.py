"""Files of messages."""

from enum import Enum
from urllib.parse import quote

import strawberry

from core.clock import now_ms
from core.ids import encode_id
from core.signing import expiry_of, sign
from db.attachments import AttachmentRow
from graph.context import Info
from graph.schema.nodes import Node
from graph.schema.scalars import URL, DateTime

STEP_SECONDS = 600


@strawberry.enum(description="How to show a file. Values may be added.")
class AttachmentKind(Enum):
    """What a file is to a person."""

    IMAGE = strawberry.enum_value("IMAGE", description="A picture.")
    DOCUMENT = strawberry.enum_value("DOCUMENT", description="Something to open elsewhere.")
    VOICE = strawberry.enum_value("VOICE", description="Something said.")


def _expiry(info: Info) -> int:
    seconds = info.context.palaver.settings.file_url_seconds
    return expiry_of(now_ms(), seconds=seconds, step=min(STEP_SECONDS, seconds))


def _url(root: strawberry.Parent["Attachment"], info: Info) -> URL:
    """Bound to the file, the viewer and the time; the same for some minutes, so that pictures stay in caches."""
    context = info.context
    expires = _expiry(info)
    signature = sign(context.palaver.signing_key, "file", root.key, context.viewer.id, expires)
    name = quote(root.file_name, safe="")
    return URL(f"{context.base_url}/files/{root.key}/{context.viewer.id}/{expires}/{signature}/{name}")


def _url_expires_at(info: Info) -> DateTime:
    return DateTime(_expiry(info) * 1000)


@strawberry.type(description="A file. Before it is sent, only who gave it sees it.")
class Attachment(Node):
    """A file."""

    key: strawberry.Private[str]
    kind: AttachmentKind = strawberry.field(description="How to show it.")
    file_name: str = strawberry.field(description="Its name, cleaned; only data, never a path.")
    mime_type: str = strawberry.field(description="Found by looking at the bytes, never taken from the client.")
    byte_size: int = strawberry.field(description="Its size in bytes.")
    url: URL = strawberry.field(
        resolver=_url,
        description="Signed; the same for some minutes, so that pictures are not loaded again at each refetch.",
    )
    url_expires_at: DateTime = strawberry.field(
        resolver=_url_expires_at, description="When the address stops working; ask again for a new one."
    )
    thumbnail_url: URL | None = strawberry.field(description="A small picture of it; null when there is none.")
    width: int | None = strawberry.field(description="Of a picture, in pixels.")
    height: int | None = strawberry.field(description="Of a picture, in pixels.")
    duration_seconds: float | None = strawberry.field(description="Of a voice message.")

    @classmethod
    def of(cls, row: AttachmentRow) -> "Attachment":
        """The noun of a row."""
        return cls(
            id=strawberry.ID(encode_id("Attachment", row.id)),
            key=row.id,
            kind=AttachmentKind(row.kind),
            file_name=row.file_name,
            mime_type=row.mime_type,
            byte_size=row.byte_size,
            thumbnail_url=None,
            width=row.width,
            height=row.height,
            duration_seconds=row.duration_seconds,
        )
