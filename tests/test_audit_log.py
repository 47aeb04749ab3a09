"""The audit log: who did what, in the transaction that did it, chained, and nothing of it can be changed."""

import asyncio

import pytest
from sqlalchemy import text

from chat import rush, sealing
from chat.audit import Entry, record
from chat.rush import Moment, Rush
from chat.sealing import Sealer
from core.ids import key_of
from tests import acts, changing, staff
from tests.client import People, Person
from tests.conftest import OpenHouse
from tests.explaining import SORT, explain
from tests.house import House
from tests.statements import counting
from tests.storage import run_sql
from tests.test_query_plans import faults_of
from tests.waiting import until


@pytest.fixture
def ada(people: People) -> Person:
    """Staff."""
    return staff.staff_of(people)


async def test_a_message_that_is_sent_is_in_the_log_without_its_words(ann: Person, ada: Person, thread: str) -> None:
    sent = await acts.send(ann, thread, "A secret word", "k1")
    await acts.send(ann, thread, "A secret word", "k1")
    assert await staff.told(ada) == [("ann", "message.sent", sent["id"])]
    (entry, *_) = await staff.entries(ada)
    assert "secret" not in str(entry)
    assert entry["at"] == sent["createdAt"]
    assert len(entry["hash"]) == 64


async def test_first_words_and_the_hosts_are_in_the_log_too(ann: Person, host: Person, ada: Person) -> None:
    await acts.list_thing(host)
    first = {"body": "Hello", "clientMessageId": "k1"}
    conversation = await acts.open_about(ann, firstMessage=first)
    post = "mutation($i: PostSystemMessageInput!) { postSystemMessage(input: $i) { messageEdges { node { id } } } }"
    said = await host.ask(post, i={"conversationId": conversation, "body": "Be kind", "clientMessageId": "k2"})
    (theirs,) = said["messageEdges"]
    anns, hosts = await staff.told(ada)
    assert anns[:2] == ("ann", "message.sent")
    assert hosts == ("market", "message.sent", theirs["node"]["id"])


async def test_edits_and_deletions_are_in_the_log_once_and_without_words(
    ann: Person, cy: Person, ada: Person, thread: str
) -> None:
    sent = (await acts.send(ann, thread, "A secret word"))["id"]
    for _ in range(2):
        await changing.edit(ann, sent, "Another secret word")
    for _ in range(2):
        await changing.delete(ann, sent)
    assert await changing.edit_code(cy, sent) == "NOT_FOUND"
    assert await changing.delete_code(cy, sent) == "NOT_FOUND"
    assert await staff.told(ada) == [("ann", f"message.{act}", sent) for act in ("sent", "edited", "deleted")]
    assert "secret" not in str(await staff.entries(ada))


async def test_a_send_that_is_refused_leaves_nothing(cy: Person, ada: Person, thread: str) -> None:
    fields = {"conversationId": thread, "body": "Hello", "clientMessageId": "k1"}
    assert await cy.code(acts.SEND, input=fields) == "NOT_FOUND"
    assert await staff.told(ada) == []


async def test_the_log_is_read_oldest_first_and_paged_both_ways(ann: Person, ada: Person, thread: str) -> None:
    sent = [(await acts.send(ann, thread, str(number)))["id"] for number in range(5)]
    first = (await ada.ask(staff.AUDIT_LOG, first=2))["auditLog"]
    assert [edge["node"]["target"] for edge in first["edges"]] == sent[:2]
    assert first["pageInfo"]["hasNextPage"]
    after = await staff.entries(ada, first=2, after=first["pageInfo"]["endCursor"])
    assert [entry["target"] for entry in after] == sent[2:4]
    before = (await ada.ask(staff.AUDIT_LOG, last=1, before=first["pageInfo"]["endCursor"]))["auditLog"]
    assert [edge["node"]["target"] for edge in before["edges"]] == sent[:1]
    assert not before["pageInfo"]["hasPreviousPage"]
    (newest,) = await staff.entries(ada, last=1)
    assert newest["action"] == "audit.read"


async def test_only_staff_see_the_log(ann: Person, cy: Person, host: Person, ada: Person, thread: str) -> None:
    await acts.send(ann, thread, "Hello")
    (entry,) = await staff.entries(ada, first=1)
    assert (await ada.ask("query($id: ID!) { node(id: $id) { id } }", id=entry["id"]))["id"] == entry["id"]
    for person in (ann, cy, host):
        assert await person.code(staff.AUDIT_LOG, first=1) == "FORBIDDEN"
        assert await person.ask("query($id: ID!) { node(id: $id) { id } }", id=entry["id"]) is None
        assert await person.ask("query($id: ID!) { nodes(ids: [$id]) { id } }", id=entry["id"]) == [None]


async def test_the_profiles_role_gives_nothing(house: House, host: Person, ann: Person, thread: str) -> None:
    """Authority is the present token's alone."""
    upsert = "mutation($i: UpsertUserInput!) { upsertUser(input: $i) { errors { code } } }"
    await host.ask(upsert, i={"externalId": "ann", "roles": ["admin"]})
    assert await ann.code(staff.AUDIT_LOG, first=1) == "FORBIDDEN"


async def test_a_look_at_the_log_is_in_the_log(ada: Person) -> None:
    assert await staff.entries(ada) == []
    (look,) = await staff.entries(ada)
    assert (look["actor"]["externalId"], look["action"], look["target"]) == ("ada", "audit.read", None)
    await ada.ask("query($id: ID!) { node(id: $id) { id } }", id=look["id"])
    (newest,) = await staff.entries(ada, last=1)
    assert (newest["action"], newest["target"]) == ("audit.read", look["id"])


async def test_what_many_write_at_once_is_one_chain(house: House, ann: Person, bob: Person, thread: str) -> None:
    """Several seal at the same time, while others write."""

    async def write(person: Person) -> None:
        for number in range(10):
            await acts.send(person, thread, str(number))

    async def seal() -> None:
        for _ in range(10):
            await house.palaver.sealer.seal()

    await asyncio.gather(write(ann), write(bob), seal(), seal(), write(ann))
    await house.palaver.sealer.seal()
    report = await sealing.verify(house.palaver.database)
    assert report.broken is None
    assert (report.count, report.waiting) == (30, 0)


async def run(house: House, statement: str, **values: object) -> None:
    """A statement of somebody who has the database."""
    async with house.palaver.work.begin() as unit:
        await unit.db.run(text(statement), values)


@pytest.mark.parametrize("table", ["audit_entries", "audit_seals"])
@pytest.mark.parametrize("change", ["update {} set {} = {}", "delete from {}"])
async def test_nothing_in_the_log_can_be_changed(
    house: House, ann: Person, thread: str, table: str, change: str
) -> None:
    await acts.send(ann, thread, "Hello")
    await house.palaver.sealer.seal()
    column = "action" if table == "audit_entries" else "hash"
    with pytest.raises(Exception, match="append-only"):
        await run(house, change.format(table, column, column))
    assert (await sealing.verify(house.palaver.database)).count == 1


#: Columns, and other values for them.
FORGED = {
    "audit_entries": "(id, action, target_type, target_id, at) select id, 'forged', target_type, target_id, at",
    "audit_seals": "(number, entry_id, hash) select number, entry_id, 'forged'",
}


@pytest.mark.parametrize("table", FORGED)
async def test_nothing_in_the_log_is_replaced(house: House, ann: Person, thread: str, table: str) -> None:
    """SQLite has statements for that which ask no trigger of deletes, and PostgreSQL has one that empties a table."""
    await acts.send(ann, thread, "Hello")
    if table == "audit_seals":
        await house.palaver.sealer.seal()
    before = await run_sql(house, f"select * from {table}")
    assert before
    is_sqlite = house.palaver.database.is_sqlite
    forged = [f"{verb} into {table} {FORGED[table]} from {table}" for verb in ("insert or replace", "replace")]
    for statement in forged if is_sqlite else [f"truncate {table} cascade"]:
        with pytest.raises(Exception, match="append-only"):
            await run(house, statement)
    assert await run_sql(house, f"select * from {table}") == before
    await house.palaver.sealer.seal()
    assert (await sealing.verify(house.palaver.database)).count == 1


#: What somebody with the keys of the database might do, and the number of the row that is broken by it.
FORGERIES = {
    "an entry is changed": ("update audit_entries set actor_id = null where id = :second", 2),
    "a seal is deleted": ("delete from audit_seals where number = 2", 2),
    "a hash is changed": ("update audit_seals set hash = replace(hash, substr(hash, 1, 1), 'x') where number = 3", 3),
}


@pytest.mark.parametrize("name", FORGERIES)
async def test_the_first_broken_row_is_named(house: House, ann: Person, ada: Person, thread: str, name: str) -> None:
    for number in range(4):
        await acts.send(ann, thread, str(number))
    found = await staff.entries(ada, first=4)
    await lift_the_guard(house)
    statement, number = FORGERIES[name]
    await run(house, statement, **({"second": key_of(found[1]["id"], "AuditEntry")} if ":second" in statement else {}))
    report = await sealing.verify(house.palaver.database)
    assert report.broken is not None
    assert report.broken.number == number


async def test_an_entry_that_is_gone_is_named(house: House, ann: Person, ada: Person, thread: str) -> None:
    """Its link is still there; and whoever takes that away too leaves a gap, or another end."""
    for number in range(4):
        await acts.send(ann, thread, str(number))
    second = key_of((await staff.entries(ada, first=4))[1]["id"], "AuditEntry")
    await lift_the_guard(house)
    if not house.palaver.database.is_sqlite:  # There a program of one's own looks at no foreign key.
        await run(house, "alter table audit_seals drop constraint fk_audit_seals_entry_id")
    await run_sql(house, "delete from audit_entries where id = ?", second)
    report = await sealing.verify(house.palaver.database)
    assert report.broken == sealing.Broken(2, str(second), "its entry is gone")
    assert report.count == 1


async def test_a_hash_that_was_noted_must_be_in_the_chain(house: House, ann: Person, ada: Person, thread: str) -> None:
    """Whoever has the database can make the whole chain anew: that is what it is noted for."""
    await acts.send(ann, thread, "Hello")
    (entry, *_) = await staff.entries(ada)
    database = house.palaver.database
    assert (await sealing.verify(database, entry["hash"])).broken is None
    assert (await sealing.verify(database, "f" * 64)).broken is not None


async def test_the_chain_grows_by_itself(make_house: OpenHouse) -> None:
    async with make_house(seal_seconds=0.1) as house, People(house) as people:
        await acts.list_thing(people.host)
        await acts.send(people.ann, await acts.open_about(people.ann), "Hello")
        await until(lambda: house.palaver.sealer.sealed == 1)
        report = await sealing.verify(house.palaver.database)
        assert (report.count, report.waiting) == (1, 0)


async def test_of_many_who_seal_the_same_each_entry_is_sealed_once(house: House, ann: Person) -> None:
    """All of them see it waiting; who comes second finds nothing to do."""
    await ann.ask("{ viewer { id } }")
    for _ in range(5):
        async with house.palaver.work.begin() as unit:
            await record(unit, None, [Entry("test.done")] * 50)
        await asyncio.gather(*(house.palaver.sealer.seal() for _ in range(6)))
    report = await sealing.verify(house.palaver.database)
    assert (report.count, report.waiting, report.broken) == (250, 0, None)
    assert house.palaver.sealer.sealed == 250


async def test_more_than_a_batch_is_sealed_in_order(house: House, ann: Person, ada: Person) -> None:
    await ann.ask("{ viewer { id } }")
    async with house.palaver.work.begin() as unit:
        await record(unit, None, [Entry("test.done")] * (2 * sealing.BATCH + 1))
    await house.palaver.sealer.seal()
    report = await sealing.verify(house.palaver.database)
    assert (report.count, report.waiting, report.broken) == (2 * sealing.BATCH + 1, 0, None)


async def test_sealing_waits_while_people_write_much_but_not_for_ever(
    house: House, ann: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    await ann.ask("{ viewer { id } }")
    async with house.palaver.work.begin() as unit:
        await record(unit, None, [Entry("test.done")] * 5)
    monkeypatch.setattr(rush, "RUSH", -1)
    looks, look = list[Moment](), Rush.look

    def noted(self: Rush) -> Moment:
        looks.append(look(self))
        return looks[-1]

    monkeypatch.setattr(Rush, "look", noted)
    own = Sealer(house.palaver.work, house.palaver.database, 0.01)
    own.start()
    try:
        await until(lambda: len(looks) > 3)
        assert own.sealed == 0
        assert all(moment.may_wait for moment in looks)
        monkeypatch.setattr(rush, "LONGEST", 0)
        await until(lambda: own.sealed == 5)
    finally:
        await own.stop()


async def test_a_page_of_the_log_reads_no_more_than_it_tells(house: House, ann: Person, ada: Person) -> None:
    await ada.ask("{ viewer { id } }")
    async with house.palaver.work.begin() as unit:
        await record(unit, None, [Entry("test.done")] * 600)
    await house.palaver.sealer.seal()
    middle = (await ada.ask(staff.AUDIT_LOG, first=50))["auditLog"]["pageInfo"]["endCursor"]
    with counting(house) as counted:
        for page in ({"first": 5}, {"last": 5}, {"first": 5, "after": middle}, {"last": 5, "before": middle}):
            await ada.ask(staff.AUDIT_LOG, **page)
    looked = [statement for statement in counted.texts if "audit_" in statement and statement.startswith("SELECT")]
    accesses = await explain(house.palaver.database, looked, may_sort=False)
    assert {access.table for access in accesses} >= {"audit_entries", "audit_seals", "audit_unsealed"}
    assert [access for access in accesses if access.table == SORT] == []
    # In order, the chain is read until the page is full; what waits to be sealed is few, and gone a moment later.
    assert faults_of(access for access in accesses if access.table == "audit_entries") == []


async def test_an_entry_that_is_kept_from_the_chain_is_found(house: House, ann: Person, thread: str) -> None:
    await acts.send(ann, thread, "Hello")
    await run(house, "delete from audit_unsealed")
    await house.palaver.sealer.seal()
    report = await sealing.verify(house.palaver.database)
    assert report.broken is not None
    assert report.broken.number is None


async def lift_the_guard(house: House) -> None:
    """Whoever has the database can do so."""
    for table in ("audit_entries", "audit_seals"):
        for act in ("update", "delete"):
            where = "" if house.palaver.database.is_sqlite else f" on {table}"
            await run(house, f"drop trigger {table}_no_{act}{where}")
