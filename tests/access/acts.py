"""Rows of the matrix: what people do."""

from typing import Any

from tests.access.rows import Row, finds, refused
from tests.access.things import Things
from tests.acts import key

OPEN = """
mutation($input: OpenConversationInput!) {
  openConversation(input: $input) { conversation { id } messageEdge { node { body } } errors { code reason path } }
}
"""
OPEN_WITH_WORDS = """
mutation($input: OpenConversationInput!) {
  openConversation(input: $input) { messageEdge { node { body kind } } errors { code reason path } }
}
"""
SEND = """
mutation($input: SendMessageInput!) {
  sendMessage(input: $input) { message { body kind } errors { code reason path } }
}
"""
MARK_READ = """
mutation($input: MarkReadInput!) {
  markRead(input: $input) { conversation { id } viewer { unreadMessageCount } errors { code reason path } }
}
"""
MARK_DELIVERED = """
mutation($input: MarkDeliveredInput!) {
  markDelivered(input: $input) { conversation { id } errors { code reason path } }
}
"""
SET_TYPING = "mutation($input: SetTypingInput!) { setTyping(input: $input) { errors { code reason path } } }"

ARCHIVE = """
mutation($input: ArchiveConversationInput!) {
  archiveConversation(input: $input) { conversation { id } errors { code reason path } }
}
"""
MUTE = """
mutation($input: MuteConversationInput!) {
  muteConversation(input: $input) { conversation { id } errors { code reason path } }
}
"""
PIN = """
mutation($input: PinConversationInput!) {
  pinConversation(input: $input) { conversation { id } errors { code reason path } }
}
"""
BLOCK = "mutation($input: BlockUserInput!) { blockUser(input: $input) { user { id } errors { code reason path } } }"
REPORT = """
mutation($input: ReportMessageInput!) {
  reportMessage(input: $input) { report { message { id } messageBody } errors { code reason path } }
}
"""
SAVE_TEMPLATE = """
mutation($input: SaveMessageTemplateInput!) {
  saveMessageTemplate(input: $input) { messageTemplate { id } errors { code reason path } }
}
"""
DELETE_TEMPLATE = """
mutation($input: DeleteMessageTemplateInput!) {
  deleteMessageTemplate(input: $input) { deletedId errors { code reason path } }
}
"""


def _about(external_id: str, kind: str = "listing") -> dict[str, Any]:
    return {"subject": {"kind": kind, "externalId": external_id}}


def _opens_home(things: Things, **message: Any) -> dict[str, Any]:
    return {"input": {**_about(things.home_listing), "firstMessage": message}}


def _is_booking(things: Things, found: Any) -> bool:
    return bool(found["conversation"]["id"] == things.booking)


def _is_pair(things: Things, found: Any) -> bool:
    return bool(found["conversation"]["id"] == things.pair)


def _is_conversation(things: Things, found: Any) -> bool:
    return bool(found["conversation"]["id"] == things.conversation)


#: The unsent file goes with this key whichever row comes first: the second is a repeat, and finds what was sent.
FILE_KEY = "the key of the file"
FIRST = "Is it still there?"

ACTS = [
    Row(
        ("Mutation.openConversation(input.subject.kind)",),
        OPEN,
        lambda t: {"input": _about("booking-1", t.booking_kind)},
        _is_booking,
        refused("NOT_FOUND"),
    ),
    Row(
        ("Mutation.openConversation(input.subject.externalId)",),
        OPEN,
        lambda t: {"input": _about(t.booking_id, "booking")},
        _is_booking,
        refused("NOT_FOUND"),
    ),
    Row(
        ("Mutation.openConversation(input.userId)",),
        OPEN,
        lambda t: {"input": {"userId": t.ann}},
        _is_pair,
        refused("NOT_FOUND"),
        member="bob",
    ),
    Row(
        ("Mutation.openConversation(input.userExternalId)",),
        OPEN,
        lambda t: {"input": {"userExternalId": t.ann_id}},
        _is_pair,
        refused("NOT_FOUND"),
        member="bob",
    ),
    Row(
        ("Mutation.openConversation(input.userExternalId)",),
        OPEN,
        lambda t: {"input": {**_about("bike-1"), "userExternalId": t.ann_id}},
        _is_conversation,
        refused("NOT_FOUND"),
        member="bob",
        case="about a listing that the stranger has not asked about",
    ),
    Row(
        ("Mutation.openConversation(input.userId)",),
        OPEN,
        lambda t: {"input": {**_about(t.home_listing), "userId": t.ann}},
        _is_conversation,
        refused("NOT_FOUND"),
        member="bob",
        case="about a listing that the stranger has asked about",
    ),
    Row(
        ("Mutation.openConversation(input.firstMessage.attachmentIds)",),
        OPEN_WITH_WORDS,
        lambda t: _opens_home(t, attachmentIds=[t.unsent_file], clientMessageId=FILE_KEY),
        lambda t, found: found["messageEdge"]["node"]["kind"] == "FILE",
        refused("NOT_FOUND"),
        closed="CONVERSATION_CLOSED",
    ),
    Row(
        ("Mutation.openConversation(input.firstMessage.clientMessageId)",),
        OPEN,
        lambda t: _opens_home(t, body=FIRST, clientMessageId=t.message_key),
        _is_conversation,
        # The stranger's own key by chance: a message of their own, in their own conversation.
        finds(
            lambda t: {"conversation": {"id": t.home}, "messageEdge": {"node": {"body": FIRST}}, "errors": []},
        ),
    ),
    Row(
        ("Mutation.sendMessage(input.conversationId)",),
        SEND,
        lambda t: {"input": {"conversationId": t.conversation, "body": "And the bell?", "clientMessageId": key()}},
        lambda t, found: found["message"]["body"] == "And the bell?",
        refused("NOT_FOUND"),
        closed="CONVERSATION_CLOSED",
    ),
    Row(
        ("Mutation.sendMessage(input.attachmentIds)",),
        SEND,
        lambda t: {"input": {"conversationId": t.home, "attachmentIds": [t.unsent_file], "clientMessageId": FILE_KEY}},
        lambda t, found: found["message"]["kind"] == "FILE",
        refused("NOT_FOUND"),
        closed="CONVERSATION_CLOSED",
    ),
    Row(
        ("Mutation.sendMessage(input.clientMessageId)",),
        SEND,
        lambda t: {"input": {"conversationId": t.home, "body": FIRST, "clientMessageId": t.message_key}},
        lambda t, found: found["message"]["body"] == FIRST,
        finds({"message": {"body": FIRST, "kind": "TEXT"}, "errors": []}),
    ),
    Row(
        ("Mutation.markRead(input.conversationId)",),
        MARK_READ,
        lambda t: {"input": {"conversationId": t.conversation}},
        _is_conversation,
        refused("NOT_FOUND"),
    ),
    Row(
        ("Mutation.markRead(input.upToMessageId)",),
        MARK_READ,
        lambda t: {"input": {"conversationId": t.home, "upToMessageId": t.message}},
        _is_conversation,
        refused("NOT_FOUND"),
    ),
    Row(
        ("Mutation.markDelivered(input.conversationId)",),
        MARK_DELIVERED,
        lambda t: {"input": {"conversationId": t.conversation}},
        _is_conversation,
        refused("NOT_FOUND"),
    ),
    Row(
        ("Mutation.markDelivered(input.upToMessageId)",),
        MARK_DELIVERED,
        lambda t: {"input": {"conversationId": t.home, "upToMessageId": t.message}},
        _is_conversation,
        refused("NOT_FOUND"),
    ),
    Row(
        ("Mutation.archiveConversation(input.conversationId)",),
        ARCHIVE,
        lambda t: {"input": {"conversationId": t.conversation, "archived": False}},
        _is_conversation,
        refused("NOT_FOUND"),
    ),
    Row(
        ("Mutation.muteConversation(input.conversationId)",),
        MUTE,
        lambda t: {"input": {"conversationId": t.conversation, "until": "2999-01-01T00:00:00.000Z"}},
        _is_conversation,
        refused("NOT_FOUND"),
    ),
    Row(
        ("Mutation.pinConversation(input.conversationId)",),
        PIN,
        lambda t: {"input": {"conversationId": t.conversation, "pinned": True}},
        _is_conversation,
        refused("NOT_FOUND"),
    ),
    Row(
        ("Mutation.blockUser(input.userId)",),
        BLOCK,
        lambda t: {"input": {"userId": t.ann, "blocked": False}},
        lambda t, found: found["user"]["id"] == t.ann,
        refused("NOT_FOUND"),
        member="bob",
    ),
    Row(
        ("Mutation.reportMessage(input.messageId)",),
        REPORT,
        lambda t: {"input": {"messageId": t.message, "reason": "SPAM"}},
        lambda t, found: found["report"]["message"]["id"] == t.message,
        refused("NOT_FOUND"),
        member="bob",
    ),
    Row(
        ("Mutation.saveMessageTemplate(input.id)",),
        SAVE_TEMPLATE,
        lambda t: {"input": {"id": t.template, "name": "Greeting", "body": "Hi {{name}}"}},
        lambda t, found: found["messageTemplate"]["id"] == t.template,
        refused("NOT_FOUND"),
    ),
    Row(
        ("Mutation.deleteMessageTemplate(input.id)",),
        DELETE_TEMPLATE,
        lambda t: {"input": {"id": t.spare_template}},
        lambda t, found: found["deletedId"] == t.spare_template,
        refused("NOT_FOUND"),
    ),
    Row(
        ("Mutation.setTyping(input.conversationId)",),
        SET_TYPING,
        lambda t: {"input": {"conversationId": t.conversation}},
        lambda _, found: found == {"errors": []},
        refused("NOT_FOUND"),
        closed="CONVERSATION_CLOSED",
    ),
]
