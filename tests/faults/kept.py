"""What is stored of pairs in the end."""

from collections import defaultdict
from collections.abc import Collection

from tests.faults.changes import Changed, Kept
from tests.storage import run_sql_at


async def read_kept(url: str, places: Collection[str]) -> Kept:
    """The tables, as far as they are about pairs."""
    messages = await run_sql_at(url, "select conversation_id, id, client_key, body from messages order by seq")
    edits, emoji = defaultdict[str, list[str]](list), defaultdict[str, list[str]](list)
    for message, body in await run_sql_at(url, "select message_id, body from message_edits order by number"):
        edits[message].append(body)
    for message, each in await run_sql_at(url, "select message_id, emoji from reactions"):
        emoji[message].append(each)
    entries = await run_sql_at(
        url, "select conversation_id, position, kind, message_id from events order by conversation_id, position"
    )
    return Kept(
        [
            Changed(place, message, key, body, tuple(edits[message]), tuple(sorted(emoji[message])))
            for place, message, key, body in messages
            if place in places
        ],
        [(row[0], row[1], row[2], row[3]) for row in entries if row[0] in places],
    )


async def heads_of(url: str, places: Collection[str]) -> dict[str, int]:
    """Where pairs' logs end now."""
    rows = await run_sql_at(url, "select id, last_event from conversations")
    return {row[0]: row[1] for row in rows if row[0] in places}
