"""Which store of files the settings name."""

from core.files import FileStore, Folder, folder_of
from core.settings import Settings


def store_of(settings: Settings) -> FileStore:
    """A folder or a bucket. ValueError when it is neither; ModuleNotFoundError when it is a bucket, and palaver[s3] is
    not installed."""
    if settings.files_url.startswith("s3:"):
        from core.buckets import Bucket  # noqa: PLC0415 - only who has palaver[s3] can

        return Bucket(settings)
    return Folder(folder_of(settings.files_url))
