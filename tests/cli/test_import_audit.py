"""What an import brings is in the audit log, whoever changes it afterwards; and it is told once."""

import hashlib
import json
from getpass import getuser
from pathlib import Path

from tests import changing, staff
from tests.cli.files import example, long_talk, take_in
from tests.cli.running import palaver
from tests.client import People
from tests.house import House
from tests.storage import run_sql

IMPORTED = "select reason, actor_id, target_type, target_id from audit_entries where action = 'messages.imported'"
DIGESTED = """
select id, seq, author_key, client_key, content_hash, created_at from messages
where conversation_id = ? and seq >= ? order by seq
"""


async def digest_of(house: House, conversation_id: str, first: int, count: int) -> str:
    """The digest of what is stored, as the documentation tells it."""
    rows = [list(row) for row in await run_sql(house, DIGESTED, conversation_id, first)][:count]
    return hashlib.sha256(json.dumps(rows, separators=(",", ":")).encode()).hexdigest()


async def test_each_conversation_of_an_import_has_an_entry(house: House, tmp_path: Path) -> None:
    """And when it is run again, nothing is added."""
    for _ in range(2):
        assert (await take_in(house, tmp_path, example())).status == 0
        found = await run_sql(house, IMPORTED)
        counted = await run_sql(house, "select conversation_id, count(*) from messages group by 1")
        stored = {str(conversation): int(count) for conversation, count in counted}
        assert {target for *_, target in found} == {*stored}
        assert len(found) == len(stored) > 1
        for reason, actor, target_type, target in found:
            digest = await digest_of(house, target, 1, stored[target])
            assert reason == f"{stored[target]} from seq 1 on, by {getuser()}, SHA-256 {digest}"
            assert (actor, target_type) == (None, "Conversation")
    assert await run_sql(house, "select count(*) from audit_entries where action = 'message.sent'") == [(0,)]


async def test_a_long_file_has_an_entry_for_each_transaction(house: House, tmp_path: Path) -> None:
    assert (await take_in(house, tmp_path, *long_talk(1200))).status == 0
    reasons = sorted(row[0].partition(",")[0] for row in await run_sql(house, IMPORTED))
    assert reasons == ["200 from seq 1001 on", "500 from seq 1 on", "500 from seq 501 on"]


async def test_an_imported_message_may_change_and_its_digest_holds(
    house: House, people: People, tmp_path: Path
) -> None:
    """Staff see the entry, and the log is whole."""
    await take_in(house, tmp_path, *long_talk(4))
    found = await people.ann.ask('{ searchMessages(query: "message") { edges { node { id seq } } } }')
    ids = {edge["node"]["seq"]: edge["node"]["id"] for edge in found["edges"]}
    await run_sql(house, "update messages set created_at = created_at")  # As a server of another version might.
    await changing.delete(people.bob, ids[1])
    ada = staff.staff_of(people)
    (entry,) = [entry for entry in await staff.entries(ada) if entry["action"] == "messages.imported"]
    ((conversation,),) = await run_sql(house, "select id from conversations")
    assert entry["actor"] is None
    assert entry["reason"].endswith(await digest_of(house, conversation, 1, 4))
    verified = await palaver(tmp_path, "audit", "verify", PALAVER_DATABASE_URL=house.settings.database_url)
    assert (verified.status, verified.errors) == (0, "")
    assert verified.output.startswith("The audit log is whole")
