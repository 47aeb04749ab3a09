"""Verbs about large files: ask for a place, and say that the file is there."""

from typing import Annotated

import strawberry

from chat.uploads import Place
from core.ids import encode_id, key_of
from core.signing import sign
from db.attachments import AttachmentRow
from graph.context import Context
from graph.declarations import Outcome
from graph.fields import Noun, column, computed
from graph.schema.attachments import Attachment
from graph.schema.errors import UserError, errors
from graph.schema.scalars import URL, DateTime

#: Whatever the file is: its kind is found by its bytes. Nothing else is signed, so browsers may add what they add.
HEADERS = {"Content-Type": "application/octet-stream"}


@strawberry.input(description="A file that is to come.")
class RequestUploadInput:
    """What the client knows of a file."""

    file_name: str = strawberry.field(description="Its name; cleaned, and never a path.")
    mime_type: str = strawberry.field(
        description="What the client takes it for. It counts for nothing: what a file is, is found by its bytes."
    )
    byte_size: int = strawberry.field(description="Its size in bytes, exactly; at most 25 MiB unless set otherwise.")


@strawberry.type(description="A header to send.")
class UploadHeader(Noun):
    """A header."""

    row: strawberry.Private[tuple[str, str]]
    name: str = column(lambda header: header[0], description="Its name.")
    value: str = column(lambda header: header[1], description="Its value.")


def _place(outcome: Outcome) -> Place | None:
    place: Place | None = outcome.value
    return place


def _upload_id(outcome: Outcome) -> str | None:
    place = _place(outcome)
    return None if place is None else encode_id("Upload", place.upload.id)


def _url(outcome: Outcome, context: Context) -> str | None:
    place = _place(outcome)
    if place is None or place.url is not None:
        return None if place is None else place.url
    expires = place.upload.expires_at // 1000
    signature = sign(context.palaver.signing_key, "upload", place.upload.id, expires)
    return f"{context.base_url}/files/{place.upload.id}/{expires}/{signature}"


def _expires_at(outcome: Outcome) -> int | None:
    place = _place(outcome)
    return None if place is None else place.upload.expires_at


@strawberry.type(description="Where to PUT the file. Send the headers as given with it.")
class RequestUploadPayload(Noun):
    """A place."""

    row: strawberry.Private[Outcome]
    upload_id: strawberry.ID | None = column(_upload_id, description="For `completeUpload`; not a node.")
    upload_url: URL | None = computed(
        _url, description="PUT the bytes here, nothing around them: the server's own address, or the object store's."
    )
    upload_headers: list[UploadHeader] = column(
        lambda outcome: [] if outcome.value is None else [*HEADERS.items()],
        of=UploadHeader.of,
        description="Send these with the PUT, as they are.",
    )
    expires_at: DateTime | None = column(
        _expires_at, description="Until when the file can be PUT and completed; then the place is gone."
    )
    errors: list[UserError] = errors("Why there is no place; empty when there is one.")


async def request_upload(
    context: Context, *, input: Annotated[RequestUploadInput, strawberry.argument(description="What is to come.")]
) -> Place:
    """Promise a place."""
    uploads = context.palaver.uploads
    return await uploads.request(context.viewer, input.file_name, input.mime_type, input.byte_size)


@strawberry.input(description="A file that is there.")
class CompleteUploadInput:
    """An upload."""

    upload_id: strawberry.ID = strawberry.field(description="From `requestUpload`, one's own.")


@strawberry.type(description="The file, ready to be sent.")
class CompleteUploadPayload(Noun):
    """A file."""

    row: strawberry.Private[Outcome]
    attachment: Attachment | None = column(
        "value", of=Attachment.of, description="Send it by its id in `attachmentIds`. Repeated: the same one."
    )
    errors: list[UserError] = errors("Why it was not taken; empty when it was.")


async def complete_upload(
    context: Context, *, input: Annotated[CompleteUploadInput, strawberry.argument(description="What is there.")]
) -> AttachmentRow:
    """Look into what was PUT, and take it in."""
    return await context.palaver.uploads.complete(context.viewer, key_of(input.upload_id, "Upload"))
