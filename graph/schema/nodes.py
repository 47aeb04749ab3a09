"""Objects that have an id of their own and can be fetched again by it."""

from typing import Any

import strawberry

from core.ids import encode_id, id_reader
from db.attachments import AttachmentRow
from db.audit import AuditRow
from db.conversations import ConversationRow
from db.messages import MessageRow
from db.participants import ParticipantRow
from db.reports import ReportRow
from db.subjects import SubjectRow
from db.templates import TemplateRow
from db.users import PersonRow
from graph.fields import Noun, column

#: The type that each kind of row is shown as.
TYPES: dict[type, str] = {
    AttachmentRow: "Attachment",
    AuditRow: "AuditEntry",
    ConversationRow: "Conversation",
    MessageRow: "Message",
    ParticipantRow: "Participant",
    ReportRow: "Report",
    SubjectRow: "Subject",
    TemplateRow: "MessageTemplate",
    PersonRow: "User",
}


def global_id_of(row: Any) -> str:
    """The id of a row's object."""
    return encode_id(TYPES[type(row)], row.id)


@strawberry.interface(description="Anything that has an id of its own and can be fetched again by it.")
class Node(Noun):
    """Relay's Node."""

    id: strawberry.ID = column(
        global_id_of, read_as=id_reader, needs=("id",), description="Opaque, and the same for ever."
    )
