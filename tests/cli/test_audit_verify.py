"""`palaver audit verify` beside a server, on either database: whatever was changed, the first row of it is named."""

from pathlib import Path

import pytest

from core.ids import key_of
from tests import acts
from tests.cli.running import palaver
from tests.client import Person
from tests.house import House
from tests.storage import run_sql
from tests.test_audit_log import lift_the_guard

#: What somebody with the keys of the database might do to the second and the fourth of five entries. Of each seal the
#: number stands in `{number}`, of each entry the id in `{id}`.
FORGERIES = {
    "who": "update audit_entries set actor_id = null where id = '{id}'",
    "what": "update audit_entries set action = 'message.edited' where id = '{id}'",
    "of what kind": "update audit_entries set target_type = 'Report' where id = '{id}'",
    "to what": "update audit_entries set target_id = '" + "f" * 32 + "' where id = '{id}'",
    "why": "update audit_entries set reason = 'Nothing' where id = '{id}'",
    "when": "update audit_entries set at = at + 1 where id = '{id}'",
    "the hash": "update audit_seals set hash = '" + "f" * 64 + "' where number = {number}",
}


@pytest.mark.parametrize("name", FORGERIES)
async def test_the_first_of_several_changed_rows_is_named(
    house: House, ann: Person, thread: str, tmp_path: Path, name: str
) -> None:
    sent = [await acts.send(ann, thread, str(number)) for number in range(5)]
    await house.palaver.sealer.seal()
    whole = await palaver(tmp_path, "audit", "verify", PALAVER_DATABASE_URL=house.settings.database_url)
    assert (whole.status, whole.output.partition(",")[0]) == (0, "The audit log is whole: 5 entries in the chain")
    await lift_the_guard(house)
    rows = await run_sql(
        house, "select number, entry_id, target_id from audit_seals join audit_entries on id = entry_id order by number"
    )
    assert [target for *_, target in rows] == [key_of(message["id"], "Message") for message in sent]
    for number, entry_id, _ in (rows[3], rows[1]):
        await run_sql(house, FORGERIES[name].format(number=number, id=entry_id))
    broken = await palaver(tmp_path, "audit", "verify", PALAVER_DATABASE_URL=house.settings.database_url)
    assert (broken.status, broken.output) == (1, "")
    assert broken.errors == (
        f"The audit log is broken at entry number 2 ({rows[1][1]}): its hash is not that of what it says.\n"
    )


async def test_an_end_that_was_cut_off_and_one_that_was_made_anew_are_noticed_by_a_noted_hash(
    house: House, ann: Person, thread: str, tmp_path: Path
) -> None:
    for number in range(3):
        await acts.send(ann, thread, str(number))
    await house.palaver.sealer.seal()
    [(noted,)] = await run_sql(house, "select hash from audit_seals where number = 3")
    words = ("audit", "verify", "--head", noted.upper())
    assert (await palaver(tmp_path, *words, PALAVER_DATABASE_URL=house.settings.database_url)).status == 0
    await lift_the_guard(house)
    [(last,)] = await run_sql(house, "select entry_id from audit_seals where number = 3")
    await run_sql(house, "delete from audit_seals where number = 3")
    await run_sql(house, "delete from audit_entries where id = ?", last)
    without = await palaver(tmp_path, "audit", "verify", PALAVER_DATABASE_URL=house.settings.database_url)
    assert without.status == 0, "of an end that is gone nothing is left to be seen"
    noticed = await palaver(tmp_path, *words, PALAVER_DATABASE_URL=house.settings.database_url)
    assert (noticed.status, noticed.output) == (1, "")
    assert "does not lead through" in noticed.errors
    # Another one in its place has another hash.
    await acts.send(ann, thread, "More")
    await house.palaver.sealer.seal()
    assert (await palaver(tmp_path, *words, PALAVER_DATABASE_URL=house.settings.database_url)).status == 1
