"""What staff do in tests, as a client would write it."""

from typing import Any

from tests.client import People, Person

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


def staff_of(people: People) -> Person:
    """Ada, who has the role."""
    return people.person("ada", "admin", name="Ada")


async def entries(staff: Person, **page: Any) -> list[dict[str, Any]]:
    """Entries of the audit log, the newest 100 unless said otherwise."""
    log = (await staff.ask(AUDIT_LOG, **(page or {"last": 100})))["auditLog"]
    return [edge["node"] for edge in log["edges"]]


async def told(staff: Person) -> list[tuple[str, str | None, str | None]]:
    """The newest entries in short: who, what, to what; without the looks at the log itself."""
    found = await entries(staff)
    return [
        (entry["actor"]["externalId"], entry["action"], entry["target"])
        for entry in found
        if entry["action"] != "audit.read"
    ]
