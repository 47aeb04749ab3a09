"""An inbox is kept in its order by the database itself, and shows nobody anything by itself."""

from alembic import command
from sqlalchemy import Connection

from core.ids import key_of
from db.engine import Database
from db.migrate import configuration, upgrade
from tests import acts
from tests.client import People
from tests.house import House
from tests.storage import run_sql

KEPT = "select conversation_id, user_id, active_at from inbox_entries order by 1, 2"
MEANT = """
select participants.conversation_id, participants.user_id, conversations.active_at
from participants join conversations on conversations.id = participants.conversation_id
where participants.left_event is null order by 1, 2
"""
LIST = "query($unread: Boolean) { conversations(first: 9, filter: {unreadOnly: $unread}) { edges { node { id } } } }"


async def test_the_entries_are_the_inboxes_whatever_happens(house: House, people: People) -> None:
    """Opening, sending, and people who leave and come back, all of it told by the host or by themselves."""
    await acts.list_thing(people.host)
    thread = await acts.open_about(people.ann)
    steps = 0

    async def check(*there: str) -> None:
        nonlocal steps
        kept = await run_sql(house, KEPT)
        assert kept == await run_sql(house, MEANT), steps
        assert len(kept) == 2 + len(there), steps
        steps += 1

    await acts.book(people.host)
    await acts.open_about(people.ann, "booking-1", kind="booking")
    for change in (["ann", "bob"], ["ann", "cy"], ["bob", "cy"], ["ann", "bob"]):
        await acts.book(people.host, "booking-1", *change)
        await check(*change)
    await acts.send(people.ann, thread, "Hello")
    await check("ann", "bob")
    assert steps == 5


async def test_an_entry_that_should_not_be_there_shows_nothing(house: House, people: People) -> None:
    """Cy would be shown a conversation of others, were the entries what decides."""
    await acts.list_thing(people.host)
    thread = await acts.open_about(people.ann)
    await acts.send(people.ann, thread, "Between us")
    await people.cy.ask("{ viewer { id } }")
    columns = "conversation_id, user_id, active_at"
    forged = f"insert into inbox_entries ({columns}) select ?, id, 99 from users where external_id = 'cy'"
    await run_sql(house, forged, key_of(thread, "Conversation"))
    for unread in (None, True, False):
        assert await people.cy.ask(LIST, unread=unread) == {"edges": []}
        assert await people.bob.ask(LIST, unread=unread) == {"edges": [{"node": {"id": thread}}]}


async def move_to(url: str, revision: str) -> None:
    """Bring a database down to a revision, and up to the newest again."""
    config, database = configuration(), Database(url)

    def run(connection: Connection) -> None:
        config.attributes["connection"] = connection
        command.downgrade(config, revision)

    async with database.writer.begin() as connection:
        await connection.run_sync(run)
    await upgrade(database)
    await database.close()


async def test_inboxes_of_a_database_of_before_are_put_in_order(house: House, people: People) -> None:
    """By the migration, for who is in a conversation; who has left stays away."""
    await acts.list_thing(people.host)
    await acts.open_about(people.ann)
    await acts.book(people.host)
    await acts.open_about(people.ann, "booking-1", kind="booking")
    await acts.book(people.host, "booking-1", "ann", "cy")
    before = await run_sql(house, KEPT)
    await move_to(house.settings.database_url, "0003")
    assert await run_sql(house, KEPT) == before
    assert len(before) == 4
    await acts.book(people.host, "booking-1", "bob", "cy")
    assert await run_sql(house, KEPT) == await run_sql(house, MEANT)
