"""Verbs about files: give one."""

from typing import Annotated

import strawberry

from chat.attachments import Incoming
from chat.refusals import Refusal
from graph.context import Info
from graph.errors import BAD_USER_INPUT, problem
from graph.schema.attachments import Attachment
from graph.schema.errors import UserError, user_errors
from graph.schema.scalars import Upload


@strawberry.input(description="A file, whole.")
class UploadAttachmentInput:
    """A file."""

    file: Upload = strawberry.field(
        description="By the GraphQL multipart request specification, with the header GraphQL-Require-Preflight."
    )


@strawberry.type(description="The file, ready to be sent.")
class UploadAttachmentPayload:
    """A file."""

    attachment: Attachment | None = strawberry.field(description="Send it by its id in `attachmentIds`.")
    errors: list[UserError] = strawberry.field(description="Why it was not taken; empty when it was.")


async def upload_attachment(
    info: Info, input: Annotated[UploadAttachmentInput, strawberry.argument(description="The file.")]
) -> UploadAttachmentPayload:
    """Take a file in."""
    context = info.context
    if not isinstance(input.file, Incoming):
        raise problem(BAD_USER_INPUT, "A file comes in a multipart request, with a map from its part to this variable.")
    try:
        row = await context.palaver.files.take(context.viewer, input.file)
    except Refusal as refusal:
        return UploadAttachmentPayload(attachment=None, errors=user_errors(info, refusal))
    await context.refresh()
    return UploadAttachmentPayload(attachment=Attachment.of(row), errors=[])
