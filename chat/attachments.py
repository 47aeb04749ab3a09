"""Files: given by one person, found out by their bytes, sent once, shown to those who may see the message, and gone
with it."""

from dataclasses import dataclass

from chat.contents import examine, no_room
from chat.file_keys import keys_of
from chat.refusals import TooLarge
from chat.uploads import Uploads
from chat.users import Viewer
from chat.work import UnitOfWork
from core.scratch import Scratch
from core.tasks import finish
from db import attachments, leftovers
from db.attachments import AttachmentRow
from db.messages import MessageRow

#: How long storing a file may take that is there already; an operation is ended long before.
MOST_SECONDS = 600


@dataclass(frozen=True, slots=True)
class Incoming:
    """A file as it arrived: in a temporary place, under a name that the client says. `is_cut` when it was too large,
    `is_full` when there was no room for it."""

    scratch: Scratch
    file_name: str
    byte_size: int
    is_cut: bool
    is_full: bool


async def take(uploads: Uploads, viewer: Viewer, incoming: Incoming) -> AttachmentRow:
    """Keep a file that came whole. It is stored before it is told of, and only whole."""
    if incoming.is_cut:
        raise TooLarge("file")
    uploads.check_size(incoming.byte_size, "file")
    if incoming.is_full:
        raise no_room("file")
    await uploads.take_turn(viewer, "file")
    async with examine(uploads.inspector, viewer.id, incoming.scratch, "file") as content:
        name, size = incoming.file_name, content.byte_size
        upload = await uploads.promise(viewer, name, size, "file", seconds=MOST_SECONDS, is_put=False)
        try:
            return await uploads.keep(upload, content, "file")
        except BaseException:
            await finish(uploads.forget(upload))
            raise


async def remove_of(unit: UnitOfWork, *messages: MessageRow) -> None:
    """Take the files of messages away, in the act that takes the messages: from then on nobody finds them, and their
    bytes are removed from the store soon after."""
    found = await attachments.find_of_messages(unit.db, [message.id for message in messages])
    keys = [key for rows in found.values() for row in rows for key in keys_of(row.id)]
    if keys:
        await attachments.delete_of_messages(unit.db, [*found])
        await leftovers.plan(unit.db, keys, unit.now)
