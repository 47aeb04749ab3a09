"""The demo market in the database: since when it is there."""

from sqlalchemy import select

from db.engine import Reading
from db.tables import messages, users


async def find_time(db: Reading, sender: str, client_key: str) -> int | None:
    """When somebody, by the host's id, sent the message of this key, in ms; None when they did not.

    It looks through all messages: for development only.
    """
    found = await db.first(
        select(messages.c.created_at)
        .join(users, users.c.id == messages.c.sender_id)
        .where(users.c.external_id == sender, messages.c.client_key == client_key)
        .limit(1)
    )
    return None if found is None else int(found[0])
