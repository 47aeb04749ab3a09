"""Verbs about files: give one."""

from typing import Annotated

import strawberry

from chat.attachments import Incoming, take
from db.attachments import AttachmentRow
from graph.context import Context
from graph.declarations import Outcome
from graph.errors import BAD_USER_INPUT, problem
from graph.fields import Noun, column
from graph.schema.attachments import Attachment
from graph.schema.errors import UserError, errors
from graph.schema.scalars import Upload


@strawberry.input(description="A file, whole.")
class UploadAttachmentInput:
    """A file."""

    file: Upload = strawberry.field(
        description="By the GraphQL multipart request specification, with the header GraphQL-Require-Preflight."
    )


@strawberry.type(description="The file, ready to be sent.")
class UploadAttachmentPayload(Noun):
    """A file."""

    row: strawberry.Private[Outcome]
    attachment: Attachment | None = column(
        "value", of=Attachment.of, description="Send it by its id in `attachmentIds`."
    )
    errors: list[UserError] = errors("Why it was not taken; empty when it was.")


async def upload_attachment(
    context: Context, *, input: Annotated[UploadAttachmentInput, strawberry.argument(description="The file.")]
) -> AttachmentRow:
    """Take a file in."""
    if not isinstance(input.file, Incoming):
        raise problem(BAD_USER_INPUT, "A file comes in a multipart request, with a map from its part to this variable.")
    return await take(context.palaver.uploads, context.viewer, input.file)
