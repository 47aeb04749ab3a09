"""Rows of the matrix: what only staff see and do. To everybody else it is FORBIDDEN, whatever they name.

Sam acts, who is in nothing before; what he joins and removes is what no other row looks at.
"""

from collections.abc import Callable
from typing import Any

from core.cursors import Cursor, decode_cursor, encode_cursor
from core.ids import key_of
from tests.access.reads import nodes_of
from tests.access.rows import Row, refused
from tests.access.things import Things
from tests.staff import AUDIT_LOG, CONVERSATIONS, JOIN, LEAVE, REMOVE, REPORTS, RESOLVE, SET_STATE, THREAD


def _lists(name: str, variables: Callable[[Things], dict[str, Any]]) -> Row:
    return Row(
        (f"Admin.conversations({name})",),
        CONVERSATIONS,
        lambda t: {"first": 100, **variables(t)},
        lambda t, found: bool(nodes_of(found["conversations"])),
        refused("FORBIDDEN"),
        member="sam",
    )


def _logs(name: str) -> Row:
    return Row(
        (f"Admin.auditLog({name})",),
        AUDIT_LOG,
        lambda t: {"first": 100, name: t.entry_cursor},
        lambda t, found: t.entry not in nodes_of(found["auditLog"]),
        refused("FORBIDDEN"),
        member="sam",
    )


def _queues(name: str) -> Row:
    def place(things: Things) -> str:
        """Of the report in the queue, which begins with it: the cursor of an open one."""
        epoch = decode_cursor(things.entry_cursor).epoch
        return encode_cursor(Cursor("reports", epoch, (0, key_of(things.report, "Report") or "")))

    return Row(
        (f"Admin.reports({name})",),
        REPORTS,
        lambda t: {"first": 100, name: place(t)},
        lambda t, found: t.report not in nodes_of(found["reports"]),
        refused("FORBIDDEN"),
        member="sam",
    )


STAFF = [
    _queues("after"),
    _queues("before"),
    Row(
        ("Mutation.resolveReport(input.reportId)",),
        RESOLVE,
        lambda t: {"input": {"reportId": t.report}},
        lambda t, found: found["report"]["id"] == t.report,
        refused("FORBIDDEN"),
        member="sam",
    ),
    Row(
        ("Admin.conversation(id)",),
        THREAD,
        lambda t: {"id": t.conversation, "first": 9},
        lambda t, found: "Is it still there?" in nodes_of(found["conversation"]["messages"], "body"),
        refused("FORBIDDEN"),
        member="sam",
    ),
    _lists("after", lambda t: {"after": t.conversation_cursor}),
    _lists("before", lambda t: {"before": t.older_cursor}),
    _lists("filter.query", lambda t: {"filter": {"query": t.ann_name}}),
    _lists("filter.subjectKind", lambda t: {"filter": {"subjectKind": t.booking_kind}}),
    _lists("participantId", lambda t: {"participantId": t.ann}),
    _logs("after"),
    _logs("before"),
    Row(
        ("Mutation.joinConversation(input.conversationId)",),
        JOIN,
        lambda t: {"input": {"conversationId": t.pair}},
        lambda t, found: found["conversation"]["id"] == t.pair,
        refused("FORBIDDEN"),
        member="sam",
    ),
    Row(
        ("Mutation.leaveConversation(input.conversationId)",),
        LEAVE,
        lambda t: {"input": {"conversationId": t.pair}},
        lambda t, found: found["conversation"]["id"] == t.pair,
        refused("FORBIDDEN"),
        member="sam",
    ),
    Row(
        ("Mutation.setConversationState(input.conversationId)",),
        SET_STATE,
        lambda t: {"input": {"conversationId": t.pair, "state": "OPEN"}},
        lambda t, found: found["conversation"]["id"] == t.pair,
        refused("FORBIDDEN"),
        member="sam",
    ),
    Row(
        ("Mutation.removeMessage(input.messageId)",),
        REMOVE,
        lambda t: {"input": {"messageId": t.reply, "reason": "Rude"}},
        lambda t, found: found["message"]["id"] == t.reply,
        refused("FORBIDDEN"),
        member="sam",
    ),
]
