"""Whom the address of a file is for: a person, who must still see its message, or staff, whom it was shown to."""

import asyncio
from collections import OrderedDict
from typing import NamedTuple

from chat.audit import ATTACHMENT_READ, Entry, record
from chat.work import Work
from db import attachments, staff
from db.attachments import AttachmentRow
from db.engine import Database

#: What stands before the id of staff in an address that `admin` gave. It is signed, so nobody else can write it.
_MARK = "staff-"
#: Of how many addresses it is remembered that the log has them; of the oldest it may have another entry.
MOST = 10_000


def holder_of(viewer_id: str, *, for_staff: bool) -> str:
    """Who holds an address."""
    return f"{_MARK}{viewer_id}" if for_staff else viewer_id


class Address(NamedTuple):
    """An address whose signature is good: its holder, its file, and the signature, which no other address has."""

    holder: str
    file_id: str
    signature: str


class StaffFiles:
    """Finds files for the holders of addresses, and sees that what staff take is in the log before they have it.

    A player asks for a film in a hundred ranges: that is one look. So each address is logged once, by each process.
    """

    def __init__(self, database: Database, work: Work) -> None:
        self._database = database
        self._work = work
        self._logged: OrderedDict[str, asyncio.Task[None]] = OrderedDict()

    async def find_for(self, address: Address) -> AttachmentRow | None:
        """The file, if its holder may have it now."""
        holder, file_id, _ = address
        if not holder.startswith(_MARK):
            return (await self._database.read(lambda db: attachments.find_visible(db, holder, [file_id]))).get(file_id)
        row = await self._database.read(lambda db: staff.find_file(db, file_id))
        if row is not None:
            await self._log(address)
        return row

    async def _log(self, address: Address) -> None:
        """Return when the log has it. Those who come at the same time wait for one entry, and fail with it."""
        logging = self._logged.get(address.signature)
        if logging is None:
            logging = self._logged[address.signature] = asyncio.create_task(self._write(address))
            logging.add_done_callback(lambda ended: self._look_at(address.signature, ended))
            while len(self._logged) > MOST:
                self._logged.popitem(last=False)
        await asyncio.shield(logging)

    def _look_at(self, signature: str, ended: "asyncio.Task[None]") -> None:
        """What could not be written is tried again by whoever comes next."""
        if (ended.cancelled() or ended.exception() is not None) and self._logged.get(signature) is ended:
            del self._logged[signature]

    async def _write(self, address: Address) -> None:
        async with self._work.begin() as unit:
            await record(
                unit, address.holder.removeprefix(_MARK), [Entry(ATTACHMENT_READ, "Attachment", address.file_id)]
            )
