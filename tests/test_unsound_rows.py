"""One bad row does not break a page: whatever stands in it, everything else is answered as ever, both ways."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
from graphql import GraphQLEnumType, is_introspection_type
from sqlalchemy import CheckConstraint

from db.tables import metadata
from graph.roots import schema
from graph.sound import INSTEAD
from tests import acts
from tests.client import People, Person
from tests.decorated import talk
from tests.house import House, open_house
from tests.http.wire import errors_of, post_query
from tests.legs import Home, Leg, home_in
from tests.staff import staff_of
from tests.storage import plant

#: All that a thread and an inbox show of their rows.
PEOPLE = "id externalId name avatarUrl roles presence { status lastSeenAt }"
MESSAGE = f"""
  id seq kind body status createdAt editedAt deletedAt senderRole clientMessageId sender {{ {PEOPLE} }}
  attachments {{ id kind fileName mimeType byteSize url urlExpiresAt width height durationSeconds }}
  edits {{ body editedAt }} reactions {{ emoji count viewerReacted users {{ id name }} }} replyTo {{ id body }}
"""
CONVERSATION = f"""
  id state createdAt updatedAt lastMessageAt unreadCount cursor archivedAt mutedUntil pinnedAt
  subject {{ id kind externalId title url imageUrl policy state viewerCanContact contactRefusal owner {{ {PEOPLE} }} }}
  subjectSnapshot {{ title url imageUrl }}
  participants {{ id role joinedAt lastReadSeq lastReadAt lastDeliveredSeq user {{ {PEOPLE} }} }}
  counterpart {{ id user {{ id name }} }} viewerParticipant {{ id user {{ id }} }}
  lastMessage {{ {MESSAGE} }} firstUnreadMessage {{ id }}
"""
INBOX = f"{{ conversations {{ edges {{ cursor node {{ {CONVERSATION} }} }} pageInfo {{ hasNextPage endCursor }} }} }}"
EDGES = f"{{ messages(first: 50) {{ edges {{ cursor node {{ {MESSAGE} }} }} }} }}"
THREAD = f"query($id: ID!) {{ conversation(id: $id) {EDGES} }}"
USERS = f"{{ users {{ edges {{ cursor node {{ {PEOPLE} }} }} }} }}"
TEMPLATES = """
{ messageTemplates { id name body variables createdAt filled(values: []) { body errors { code reason } } } }
"""
REPORTS = f"""
{{
  admin {{
    reports {{
      edges {{
        cursor
        node {{ id messageBody reason note createdAt resolvedAt reporter {{ {PEOPLE} }} message {{ id body kind }} }}
      }}
    }}
  }}
}}
"""
#: No plan knows of it, so that resolvers answer.
BY_RESOLVERS = ' __type(name: "User") { name } }'

NOBODY = "0" * 32
TIMES = (10**17, -(10**17), 2**63 - 1)
#: A table, what is set there, and to what.
PLANTS: list[tuple[str, str, Any]] = [
    ("messages", "kind", "NONSENSE"),
    ("messages", "kind", "SYSTEM"),
    ("messages", "sender_id", NOBODY),
    ("messages", "sender_id", None),
    ("messages", "body", "a\0b"),
    ("messages", "body", None),
    ("messages", "sender_role", "\0"),
    ("messages", "position", 1),
    *(("messages", column, time) for column in ("created_at", "edited_at", "deleted_at") for time in TIMES),
    ("users", "name", "\0"),
    ("users", "name", ""),
    ("users", "avatar_url", "javascript:alert(1)"),
    ("users", "external_id", "\0"),
    *(("users", "last_seen_at", time) for time in TIMES),
    ("user_roles", "role", "\0"),
    ("user_roles", "user_id", NOBODY),
    ("subjects", "policy", "NONSENSE"),
    ("subjects", "state", "NONSENSE"),
    ("subjects", "title", "\0"),
    ("subjects", "url", "nonsense"),
    ("subjects", "owner_id", NOBODY),
    ("subjects", "owner_id", None),
    *(("subjects", "updated_at", time) for time in TIMES),
    ("subject_parties", "user_id", NOBODY),
    ("conversations", "subject_id", NOBODY),
    ("conversations", "contacter_id", NOBODY),
    ("conversations", "snapshot_title", "\0"),
    *(("conversations", column, time) for column in ("created_at", "updated_at", "last_message_at") for time in TIMES),
    *(("conversations", "active_at", time) for time in TIMES),
    ("participants", "role", "\0"),
    ("participants", "user_id", NOBODY),
    ("participants", "read_seq", 2**40),
    ("participants", "delivered_seq", -(2**40)),
    *(("participants", column, time) for column in ("joined_at", "read_at") for time in TIMES),
    ("attachments", "kind", "NONSENSE"),
    ("attachments", "file_name", "\0"),
    ("attachments", "mime_type", "\0"),
    ("attachments", "byte_size", 2**40),
    ("attachments", "width", -1),
    ("attachments", "duration_seconds", float("inf")),
    ("attachments", "owner_id", NOBODY),
    ("attachments", "message_id", NOBODY),
    ("events", "kind", "NONSENSE"),
    ("events", "message_id", NOBODY),
    *(("events", "created_at", time) for time in TIMES),
    ("messages", "reply_to_seq", 2**40),
    ("message_edits", "body", "\0"),
    ("message_edits", "number", -(2**31)),
    *(("message_edits", "edited_at", time) for time in TIMES),
    ("reactions", "emoji", "\0"),
    ("reactions", "emoji", ""),
    ("reactions", "user_id", NOBODY),
    *(("reactions", "created_at", time) for time in TIMES),
    ("message_templates", "name", "\0"),
    ("message_templates", "name_folded", ""),
    ("message_templates", "body", "{{"),
    *(("message_templates", "created_at", time) for time in TIMES),
    ("reports", "reason", "NONSENSE"),
    ("reports", "note", "\0"),
    ("reports", "message_id", NOBODY),
    ("reports", "message_body", None),
    ("reports", "reporter_id", NOBODY),
    *(("reports", column, time) for column in ("created_at", "resolved_at") for time in TIMES),
    *(("participants", column, time) for column in ("muted_until", "pinned_at", "arranged_at") for time in TIMES),
    *(("inbox_entries", column, time) for column in ("active_at", "archived_at") for time in TIMES),
    ("inbox_entries", "user_id", NOBODY),
]
#: Enums of the schema whose values follow from others, or are only written: no column can hold another word.
NO_COLUMNS = {"ConversationState", "ContactRefusal", "MessageStatus", "PresenceStatus", "UserErrorCode"}


@dataclass(frozen=True, slots=True)
class Market:
    """Two threads of Ann's with Bob, about two listings; the first one gets the bad row."""

    house: House
    people: People
    first: str
    second: str


@pytest.fixture(scope="module")
async def furnished(tmp_path_factory: pytest.TempPathFactory, leg: Leg) -> AsyncIterator[tuple[Home, str, str]]:
    """The home of a market that nobody has touched, and its two threads: no server runs there any more."""
    with home_in(tmp_path_factory.mktemp("furnished"), leg) as home:
        async with open_house(home.settings()) as house, People(house) as people:
            first, second = [await talk(people, name) for name in ("bike-1", "bike-2")]
            await acts.book(people.host)
        yield home, first, second


@pytest.fixture
async def market(home: Home, furnished: tuple[Home, str, str]) -> AsyncIterator[Market]:
    """A market of this test's own. Its server knows everybody, as one that has served them before."""
    origin, first, second = furnished
    home.furnish_as(origin)
    async with open_house(home.settings()) as house, People(house) as people:
        for person in (people.ann, people.bob, people.host):
            assert await person.ask("{ viewer { id } }")
        yield Market(house, people, first, second)


def where_of(table: str) -> str:
    """One row of a table, of the first thread where it belongs to one."""
    first = "(select min(id) from conversations where subject_kind = 'listing')"
    third = f"conversation_id = {first} and seq = 3"
    return {
        "messages": f"conversation_id = {first} and seq = 2",
        "users": "external_id = 'bob'",
        "user_roles": "user_id = (select id from users where external_id = 'bob')",
        "subjects": "external_id = 'bike-1'",
        "conversations": f"id = {first}",
        "participants": f"conversation_id = {first} and user_id = (select id from users where external_id = 'bob')",
        "attachments": "id = (select min(id) from attachments)",
        "events": f"conversation_id = {first} and kind = 'MESSAGE_ADDED'",
        "subject_parties": "user_id = (select id from users where external_id = 'bob')",
        "message_edits": f"number = 1 and message_id = (select id from messages where {third})",
        "reactions": f"message_id = (select id from messages where {third})",
        "message_templates": "name = 'bike-1'",
        "reports": "note = 'bike-1'",
        "inbox_entries": f"conversation_id = {first} and user_id = (select id from users where external_id = 'ann')",
    }[table]


async def bodies_told(person: Person, thread: str, query: str) -> list[str | None]:
    """What is shown of a thread, without any error."""
    response = await post_query(person, query, id=thread)
    assert errors_of(response) == [], (query[:20], errors_of(response))
    return [edge["node"]["body"] for edge in response.json()["data"]["conversation"]["messages"]["edges"]]


@pytest.mark.parametrize(("table", "column", "value"), PLANTS)
async def test_a_bad_row_takes_nothing_from_the_others(market: Market, table: str, column: str, value: Any) -> None:
    house, people, first, second = market.house, market.people, market.first, market.second
    if value is not None and "\0" in str(value) and not house.settings.database_url.startswith("sqlite"):
        value = "\x01"  # PostgreSQL stores no NUL.
    assert await plant(house, table, f"UPDATE {table} SET {column} = ? WHERE {where_of(table)}", value)
    for person in (people.ann, people.bob):
        for query in (INBOX, USERS):
            for asked in (query, query.rstrip()[:-1] + BY_RESOLVERS):
                response = await post_query(person, asked)
                assert errors_of(response) == [], (asked[:20], errors_of(response))
                names = [edge["node"]["id"] for edge in next(iter(response.json()["data"].values()))["edges"]]
                assert query is USERS or second in names
    for person, query, least in ((people.ann, TEMPLATES, 2), (staff_of(people), REPORTS, 2)):
        for asked in (query, query.rstrip()[:-1] + BY_RESOLVERS):
            response = await post_query(person, asked)
            assert errors_of(response) == [], (asked[:20], errors_of(response))
            assert response.text.count('"createdAt":') == least
    for asked in (THREAD, THREAD.rstrip()[:-1] + BY_RESOLVERS):
        told = await bodies_told(people.ann, second, asked)
        assert told == ["bike-2 says 0", "bike-2 says 1", "bike-2 says 2", None] or told[-1] == ""
        assert (await bodies_told(people.ann, first, asked))[0] == "bike-1 says 0"
    async with people.ann.follow(acts.MESSAGE_ADDED, id=second) as stream:
        await acts.send(people.bob, second, "still here")
        assert (await stream.next())["message"]["body"] == "still here"


def test_every_enum_of_a_column_is_shown_as_something_whatever_stands_there() -> None:
    """A new one is in INSTEAD, or it is said here that nothing else can be stored."""
    enums = {
        name: type_
        for name, type_ in schema._schema.type_map.items()
        if isinstance(type_, GraphQLEnumType) and not is_introspection_type(type_)
    }
    assert enums.keys() == INSTEAD.keys() | NO_COLUMNS
    assert not INSTEAD.keys() & NO_COLUMNS
    for name, instead in INSTEAD.items():
        assert enums[name].coerce_output_value("NONSENSE") == instead
        assert instead in enums[name].values


def test_every_column_of_few_words_gets_another_one() -> None:
    """What the database lets be one of a few is planted as something else."""
    words = {
        (table.name, str(rule.sqltext).partition(" in (")[0])
        for table in metadata.tables.values()
        for rule in table.constraints
        if isinstance(rule, CheckConstraint) and str(rule.sqltext).partition(" in (")[0].isidentifier()
    }
    assert ("reports", "reason") in words
    assert words == {(table, column) for table, column, value in PLANTS if value == "NONSENSE" and column != "url"}


async def test_a_lease_of_nobody_and_of_no_process_concerns_nobody(market: Market) -> None:
    lease = "INSERT INTO presence_leases (process_id, user_id, since) VALUES (?, ?, ?)"
    for since in TIMES:
        assert await plant(market.house, "presence_leases", lease, f"{since:032x}"[-32:], NOBODY, since)
    response = await post_query(market.people.ann, INBOX)
    assert errors_of(response) == []
    assert market.second in response.text
