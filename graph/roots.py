"""The three roots of the schema, put together in one place, and the schema itself."""

from collections.abc import AsyncGenerator

import strawberry
from graphql import GraphQLError
from strawberry.schema.config import StrawberryConfig
from strawberry.types import ExecutionContext

from graph.counting import CountingExecutor
from graph.execution import Prepared
from graph.fields import acted, asked, followed
from graph.resolvers import (
    arrangements,
    attachments,
    blocks,
    changes,
    conversations,
    live,
    messages,
    nodes,
    reactions,
    receipts,
    removals,
    reports,
    search,
    staff,
    subjects,
    templates,
    timeline,
    typing,
    uploads,
    users,
)
from graph.schema.conversations import Conversation
from graph.schema.errors import REFUSALS, ContactRefusedError, InputError, RateLimitedError, RefusedError
from graph.schema.events import (
    NOUNS,
    ConversationEvent,
    InboxEvent,
    MessageAddedEvent,
    PresenceEvent,
    TypingEvent,
    noun_of,
)
from graph.schema.inboxes import ConversationConnection
from graph.schema.messages import MessageConnection
from graph.schema.nodes import TYPES, Node
from graph.schema.scalars import scalar_map
from graph.schema.search import MessageSearchConnection
from graph.schema.staff import Admin
from graph.schema.subjects import Subject
from graph.schema.templates import MessageTemplate
from graph.schema.users import User, UserConnection
from graph.schema.viewer import Viewer
from graph.sound import bear_unsound_values


@strawberry.type(description="What can be asked. Everything starts from the viewer.")
class Query:
    """Reads, all of one operation in one snapshot."""

    viewer: Viewer = asked(users.find_viewer, of=Viewer.of, description="Who asks.")
    node: Node | None = asked(
        nodes.find_node,
        of=nodes.noun_of,
        description="Anything by its id; null when there is none, or the viewer may not see it.",
    )
    nodes: list[Node | None] = asked(
        nodes.find_nodes, of=nodes.noun_of, description="Many things by their ids, in the same order; at most 100."
    )
    conversation: Conversation | None = asked(
        conversations.find_conversation, of=Conversation.of, description="A conversation that the viewer is in."
    )
    conversations: ConversationConnection = asked(
        conversations.list_conversations,
        of=ConversationConnection.of,
        description="The viewer's conversations, most recently active first.",
    )
    subject: Subject | None = asked(
        subjects.find_subject,
        of=Subject.of,
        description="What a conversation can be about: a listing, a ride, a booking ..., named by the host's own kind "
        "and id.",
    )
    user: User | None = asked(
        users.find_user,
        of=User.of,
        description="A person by the host's own id; null when unknown or not visible (those the directory lists, and "
        "people one shares a conversation with).",
    )
    users: UserConnection = asked(
        users.list_users,
        of=UserConnection.of,
        description='People the viewer may see, e.g. filter {role: "seller"} for the sellers list: those with a role '
        "that the directory lists (a setting), and people one shares a conversation with; by name.",
    )
    message_templates: list[MessageTemplate] = asked(
        templates.list_templates,
        of=MessageTemplate.of,
        description="The viewer's own templates, by name; at most as many as a setting says, 100 by default.",
    )
    blocked_users: UserConnection = asked(
        blocks.list_blocked_users,
        of=UserConnection.of,
        description="Whom the viewer has blocked, by name. Who has blocked the viewer is not told.",
    )
    search_messages: MessageSearchConnection = asked(
        search.search_messages,
        of=MessageSearchConnection.of,
        description="Messages by their words, from the viewer's own conversations, the best first: those that hold "
        "what was looked for word for word, before those that hold longer words, and of these the newest. What the "
        "host said, and what was deleted, is not found.",
    )
    messages_with: MessageConnection = asked(
        timeline.list_messages_with,
        of=MessageConnection.of,
        description="All messages between the viewer and another person, over all subjects, in time order: those of "
        "the conversations that both are in now. Its cursors are those of the conversations' own pages.",
    )
    admin: Admin | None = asked(
        staff.find_admin,
        of=Admin.of,
        description="Role admin of the present token, FORBIDDEN to others; every read through it is written to the "
        "audit log first.",
        for_staff=True,
    )


@strawberry.type(description="What can be done. Each is stored before it is answered, and told only after that.")
class Mutation:
    """Acts, one after another."""

    open_conversation: conversations.OpenConversationPayload = acted(
        conversations.open_conversation,
        of=conversations.OpenConversationPayload.of,
        description="Open the conversation, or return the one that exists: one per pair, per subject and contacter, "
        "or per booking.",
    )
    send_message: messages.SendMessagePayload = acted(
        messages.send_message,
        of=messages.SendMessagePayload.of,
        description="Send into a conversation, once for each `clientMessageId`.",
    )
    edit_message: changes.EditMessagePayload = acted(
        changes.edit_message,
        of=changes.EditMessagePayload.of,
        description="Give one's own message other words, for some time after it was sent (a setting). What it said "
        "before stays in `Message.edits`. To what it says already: nothing changes.",
    )
    delete_message: changes.DeleteMessagePayload = acted(
        changes.delete_message,
        of=changes.DeleteMessagePayload.of,
        description="Delete one's own message for everybody, whenever it was sent. It keeps its place, without words, "
        "files, history and reactions, and counts as unread no more. A deleted one stays so: nothing changes.",
    )
    react: reactions.ReactPayload = acted(
        reactions.react,
        of=reactions.ReactPayload.of,
        description="Put an emoji to a message, or take it back; each once for each person. What is so already stays.",
    )
    mark_read: receipts.MarkReadPayload = acted(
        receipts.mark_read, of=receipts.MarkReadPayload.of, description="Read up to a message. Never moves back."
    )
    mark_delivered: receipts.MarkDeliveredPayload = acted(
        receipts.mark_delivered,
        of=receipts.MarkDeliveredPayload.of,
        description="For clients that fetched messages otherwise than by a subscription. Never moves back.",
    )
    set_typing: typing.SetTypingPayload = acted(
        typing.set_typing,
        of=typing.SetTypingPayload.of,
        description="Repeat it every few seconds while typing goes on; it ends by itself, and with sending.",
    )
    archive_conversation: arrangements.ArchiveConversationPayload = acted(
        arrangements.archive_conversation,
        of=arrangements.ArchiveConversationPayload.of,
        description="Put a conversation away for oneself; it comes back with a new message.",
    )
    mute_conversation: arrangements.MuteConversationPayload = acted(
        arrangements.mute_conversation,
        of=arrangements.MuteConversationPayload.of,
        description="Want no notice of a conversation for a while. Messages go on coming, and are counted.",
    )
    pin_conversation: arrangements.PinConversationPayload = acted(
        arrangements.pin_conversation,
        of=arrangements.PinConversationPayload.of,
        description="Keep a conversation in sight for oneself; lists stay in their order.",
    )
    block_user: blocks.BlockUserPayload = acted(
        blocks.block_user,
        of=blocks.BlockUserPayload.of,
        description="Send each other nothing any more, in conversations of these two, and open none: both ways. What "
        "was said can be read on; neither sees the other type, or be online.",
    )
    report_message: reports.ReportMessagePayload = acted(
        reports.report_message,
        of=reports.ReportMessagePayload.of,
        description="Tell staff about a message. Nobody else learns of it.",
    )
    save_message_template: templates.SaveMessageTemplatePayload = acted(
        templates.save_message_template,
        of=templates.SaveMessageTemplatePayload.of,
        description="Keep what one writes again and again, for oneself.",
    )
    delete_message_template: templates.DeleteMessageTemplatePayload = acted(
        templates.delete_message_template,
        of=templates.DeleteMessageTemplatePayload.of,
        description="Drop a template of one's own.",
    )
    upload_attachment: attachments.UploadAttachmentPayload = acted(
        attachments.upload_attachment,
        of=attachments.UploadAttachmentPayload.of,
        description="The whole file in one multipart request (needs a preflighted header); send it by its id in "
        "`attachmentIds`.",
    )
    request_upload: uploads.RequestUploadPayload = acted(
        uploads.request_upload,
        of=uploads.RequestUploadPayload.of,
        description="A place to PUT a large file: the server's own address, or the object store's.",
    )
    complete_upload: uploads.CompleteUploadPayload = acted(
        uploads.complete_upload,
        of=uploads.CompleteUploadPayload.of,
        description="Say that the PUT is done; the file is inspected and becomes sendable.",
    )
    upsert_subject: subjects.UpsertSubjectPayload = acted(
        subjects.upsert_subject,
        of=subjects.UpsertSubjectPayload.of,
        description="Service role (to others a top-level FORBIDDEN, as for every mutation of a role): the host tells "
        "what can be talked about, and keeps its state current.",
    )
    delete_subject: removals.DeleteSubjectPayload = acted(
        removals.delete_subject,
        of=removals.DeleteSubjectPayload.of,
        description="Service role: the subject goes, with its conversations, messages and files.",
    )
    upsert_user: users.UpsertUserPayload = acted(
        users.upsert_user, of=users.UpsertUserPayload.of, description="Service role: people who have not signed in yet."
    )
    post_system_message: messages.PostSystemMessagePayload = acted(
        messages.post_system_message,
        of=messages.PostSystemMessagePayload.of,
        description="Service role: 'Booking confirmed' and the like.",
    )
    join_conversation: staff.JoinConversationPayload = acted(
        staff.join_conversation,
        of=staff.JoinConversationPayload.of,
        description="Role admin: take part in a conversation, visibly, with the role staff. In it already, nothing "
        "changes. It is in the audit log, as all acts of staff are.",
        for_staff=True,
    )
    set_conversation_state: staff.SetConversationStatePayload = acted(
        staff.set_conversation_state,
        of=staff.SetConversationStatePayload.of,
        description="Role admin: close a conversation, or reopen one that staff closed.",
        for_staff=True,
    )
    remove_message: staff.RemoveMessagePayload = acted(
        staff.remove_message,
        of=staff.RemoveMessagePayload.of,
        description="Role admin: take a message away for everybody; a tombstone keeps its place.",
        for_staff=True,
    )
    resolve_report: staff.ResolveReportPayload = acted(
        staff.resolve_report,
        of=staff.ResolveReportPayload.of,
        description="Role admin: be done with a report; the note is in the audit log.",
        for_staff=True,
    )


@strawberry.type(description="What can be followed. Every stream can be resumed or begins with the present state.")
class Subscription:
    """Streams."""

    message_added: AsyncGenerator[MessageAddedEvent, None] = followed(
        live.follow_messages,
        of=MessageAddedEvent.of,
        description="Every message after the cursor, in order, once each: stored ones first, then live. Without "
        "`after`: from now on. A cursor too old or of another database ends the stream with CURSOR_EXPIRED and a "
        "fresh `extensions.cursor`.",
    )
    typing: AsyncGenerator[TypingEvent, None] = followed(
        typing.follow_typing,
        of=TypingEvent.of,
        description="Who starts and stops typing, beginning with those who type now. A hint: it may be lost, and it "
        "expires by itself.",
    )
    conversation_events: AsyncGenerator[ConversationEvent, None] = followed(
        live.follow_conversation,
        of=noun_of,
        description="Everything that changes in one conversation, resumable like `messageAdded`; begins with a "
        "ReceiptEvent of each participant's present marks.",
    )
    inbox: AsyncGenerator[InboxEvent, None] = followed(
        live.follow_inbox,
        of=noun_of,
        description="Everything for the viewer over all conversations, those opened meanwhile included; resumable.",
    )
    presence: AsyncGenerator[PresenceEvent, None] = followed(
        live.follow_presence,
        of=PresenceEvent.of,
        description="Beginning with the present state of each person asked for.",
    )


class Schema(strawberry.Schema):
    """Strawberry's schema, which would log every error with the values of its variables: people's words."""

    def process_errors(self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None) -> None:
        """Log nothing: graph.errors logs what is a fault of ours, without what people wrote."""


schema = Schema(
    query=Query,
    mutation=Mutation,
    subscription=Subscription,
    types=[InputError, RefusedError, ContactRefusedError, RateLimitedError],
    extensions=[Prepared],
    execution_context_class=CountingExecutor,
    config=StrawberryConfig(scalar_map=scalar_map),
)

bear_unsound_values(schema._schema)

subscription_fields = tuple(schema._schema.subscription_type.fields) if schema._schema.subscription_type else ()

#: The type that each kind of row is shown as, where a field may have several.
row_types: dict[type, str] = {**TYPES, **{row: noun.__name__ for row, noun in (NOUNS | REFUSALS).items()}}
