"""What staff do in tests, as a client would write it."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import text

from tests.client import People, Person, Stream
from tests.house import House

CONVERSATIONS = """
query AdminConversations(
  $first: Int, $after: String, $last: Int, $before: String, $filter: AdminConversationFilter, $participantId: ID
) {
  admin {
    id
    conversations(
      first: $first, after: $after, last: $last, before: $before, filter: $filter, participantId: $participantId
    ) {
      edges {
        cursor
        node {
          id state unreadCount
          subject { title }
          participants { role user { externalId } }
          lastMessage { body sender { externalId } }
        }
      }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }
}
"""
THREAD = """
query AdminThread($id: ID!, $first: Int, $after: String, $around: ID) {
  admin {
    conversation(id: $id) {
      id state cursor
      participants { id role lastReadSeq lastReadMessage { body } user { externalId name } }
      counterpart { user { externalId } }
      viewerParticipant { role }
      messages(first: $first, after: $after, around: $around) {
        edges { cursor node { id seq body status sender { name } conversation { id } attachments { url fileName } } }
        pageInfo { hasNextPage hasPreviousPage }
      }
    }
  }
}
"""
AUDIT_LOG = """
query AuditLog($first: Int, $after: String, $last: Int, $before: String) {
  admin {
    auditLog(first: $first, after: $after, last: $last, before: $before) {
      edges { cursor node { id actor { externalId } action target at hash reason } }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }
}
"""
JOIN = """
mutation JoinConversation($input: JoinConversationInput!) {
  joinConversation(input: $input) {
    conversation { id state participants { role user { externalId } } lastMessage { kind body } }
    errors { code reason path }
  }
}
"""
LEAVE = """
mutation LeaveConversation($input: LeaveConversationInput!) {
  leaveConversation(input: $input) {
    conversation { id participants { role user { externalId } } lastMessage { kind body } }
    errors { code reason path }
  }
}
"""
SET_STATE = """
mutation SetConversationState($input: SetConversationStateInput!) {
  setConversationState(input: $input) { conversation { id state } errors { code reason path } }
}
"""
REMOVE = """
mutation RemoveMessage($input: RemoveMessageInput!) {
  removeMessage(input: $input) { message { id body deletedAt attachments { id } } errors { code reason path } }
}
"""
REPORTS = """
query Reports($first: Int, $after: String, $last: Int, $before: String) {
  admin {
    reports(first: $first, after: $after, last: $last, before: $before) {
      edges {
        cursor
        node { id messageBody note reason resolvedAt reporter { externalId } message { id body conversation { id } } }
      }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }
}
"""
RESOLVE = """
mutation ResolveReport($input: ResolveReportInput!) {
  resolveReport(input: $input) { report { id resolvedAt message { body } } errors { code reason path } }
}
"""
EVENTS = """
subscription($id: ID!) {
  conversationEvents(conversationId: $id) {
    __typename
    ... on MessageAddedEvent { message { kind body } }
    ... on MessageUpdatedEvent { message { id body } }
    ... on ConversationUpdatedEvent { conversation { state } }
  }
}
"""


def staff_of(people: People) -> Person:
    """Ada, who has the role."""
    return people.person("ada", "admin", name="Ada")


async def entries(staff: Person, **page: Any) -> list[dict[str, Any]]:
    """Entries of the audit log, the newest 100 unless said otherwise."""
    log = (await staff.ask(AUDIT_LOG, **(page or {"last": 100})))["auditLog"]
    return [edge["node"] for edge in log["edges"]]


async def told(staff: Person) -> list[tuple[str, str, str | None]]:
    """The newest entries in short: who, what, to what; without the looks at the log itself."""
    found = await entries(staff)
    return [
        (entry["actor"]["externalId"], entry["action"], entry["target"])
        for entry in found
        if entry["action"] != "audit.read"
    ]


def ids_of(connection: Any) -> list[str]:
    """The ids on a page."""
    return [edge["node"]["id"] for edge in connection["edges"]]


async def user_id(person: Person) -> str:
    """Somebody's id."""
    found: str = (await person.ask("{ viewer { user { id } } }"))["user"]["id"]
    return found


async def heard(stream: Stream) -> Any:
    """The next event that is no mark: those come when the server has stored what it delivered."""
    event = await stream.next()
    while event["__typename"] == "ReceiptEvent":
        event = await stream.next()
    return event


async def refuse_entries(house: House) -> None:
    """A trigger plays the database that cannot take an entry."""
    refusing = (
        ["create trigger full before insert on audit_entries begin select raise(abort, 'full'); end"]
        if house.palaver.database.is_sqlite
        else [
            "create function full_() returns trigger language plpgsql as $$ begin raise exception 'full'; end $$",
            'create trigger "full" before insert on audit_entries for each row execute function full_()',
        ]
    )
    await run_all(house, refusing)


async def accept_entries(house: House) -> None:
    """The database takes entries again."""
    await run_all(house, ['drop trigger "full"' + ("" if house.palaver.database.is_sqlite else " on audit_entries")])


async def run_all(house: House, statements: Sequence[str]) -> None:
    """What somebody does who has the database."""
    async with house.palaver.work.begin() as unit:
        for statement in statements:
            await unit.db.run(text(statement))


async def join(person: Person, thread: str) -> None:
    """Be in a conversation."""
    assert (await person.ask(JOIN, input={"conversationId": thread}))["errors"] == []


async def is_member(person: Person, thread: str) -> bool:
    """Is somebody in a conversation?"""
    return await person.ask("query($id: ID!) { conversation(id: $id) { id } }", id=thread) is not None


async def roles_in(person: Person, thread: str) -> list[str]:
    """The roles of those who are in a conversation of somebody's."""
    found = await person.ask("query($id: ID!) { conversation(id: $id) { participants { role } } }", id=thread)
    return [member["role"] for member in found["participants"]]


async def departures(staff: Person) -> list[tuple[str, str | None, str | None]]:
    """What the log has of leaving: who, what, why."""
    found = [entry for entry in await entries(staff) if entry["action"] == "conversation.left"]
    return [(entry["actor"]["externalId"], entry["target"], entry["reason"]) for entry in found]
