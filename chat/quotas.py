"""How much one person may have in the store: files that are given, sent or not, and places that are promised."""

from chat.refusals import TooLarge
from chat.work import UnitOfWork
from core.settings import Settings
from db import attachments, uploads
from db.uploads import UploadRow


async def check_promise(unit: UnitOfWork, settings: Settings, owner_id: str, byte_size: int, *path: str) -> None:
    """TooLarge when a person has given too many files that they have not sent, or too much with this one. Nobody else
    promises them anything until the unit of work ends."""
    await uploads.hold_owner(unit.db, owner_id)
    count, promised = await uploads.measure_open(unit.db, owner_id, unit.now)
    if await attachments.count_unsent(unit.db, owner_id) + count >= settings.max_unsent_files:
        raise TooLarge(*path, reason="You have given many files and not sent them; send some first.")
    await _check_quota(unit, settings, owner_id, promised + byte_size, *path)


async def check_growth(unit: UnitOfWork, settings: Settings, upload: UploadRow, byte_size: int, *path: str) -> None:
    """TooLarge when a picture became larger than was promised, as it was made anew, and that is beyond the quota."""
    if byte_size <= upload.byte_size:
        return
    await uploads.hold_owner(unit.db, upload.owner_id)
    _, promised = await uploads.measure_open(unit.db, upload.owner_id, unit.now)
    of_this = upload.byte_size if upload.expires_at > unit.now else 0
    await _check_quota(unit, settings, upload.owner_id, promised - of_this + byte_size, *path)


async def _check_quota(unit: UnitOfWork, settings: Settings, owner_id: str, more: int, *path: str) -> None:
    quota = settings.files_quota
    if quota and await attachments.sum_sizes(unit.db, owner_id) + more > quota:
        raise TooLarge(*path, reason=f"All your files together have at most {quota} bytes; delete some first.")
