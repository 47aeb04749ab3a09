"""Whom the address of a file is for: a person, who must still see its message, or staff, whom it was shown to."""

from chat.audit import ATTACHMENT_READ, Entry, record
from chat.work import Work
from db import attachments, staff
from db.attachments import AttachmentRow
from db.engine import Database

#: What stands before the id of staff in an address that `admin` gave. It is signed, so nobody else can write it.
_MARK = "staff-"


def holder_of(viewer_id: str, *, for_staff: bool) -> str:
    """Who holds an address."""
    return f"{_MARK}{viewer_id}" if for_staff else viewer_id


async def find_for(database: Database, work: Work, holder: str, file_id: str) -> AttachmentRow | None:
    """The file, if its holder may have it now. That staff take it is in the log before they have it."""
    if not holder.startswith(_MARK):
        return (await database.read(lambda db: attachments.find_visible(db, holder, [file_id]))).get(file_id)
    row = await database.read(lambda db: staff.find_file(db, file_id))
    if row is not None:
        async with work.begin() as unit:
            await record(unit, holder.removeprefix(_MARK), [Entry(ATTACHMENT_READ, "Attachment", row.id)])
    return row
