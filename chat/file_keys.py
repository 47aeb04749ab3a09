"""Under which keys the store has what, and for how long what nobody knows of yet is left alone."""

#: How long after a place expired what is there may still be on its way to be an attachment, in milliseconds.
GRACE = 3_600_000


def raw_key(upload_id: str) -> str:
    """Where a file is that was PUT and not looked into: never where it is kept, so that no second PUT changes it."""
    return f"{upload_id}.raw"


def thumbnail_key(attachment_id: str) -> str:
    """Where the small picture of an attachment is; the attachment itself is under its id."""
    return f"{attachment_id}.t"


def keys_of(attachment_id: str) -> list[str]:
    """Everything that the store may have of an attachment."""
    return [attachment_id, thumbnail_key(attachment_id)]
