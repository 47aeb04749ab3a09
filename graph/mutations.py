"""What can be done: the fields of the root of mutations."""

import strawberry

from graph.fields import acted
from graph.resolvers import (
    arrangements,
    attachments,
    blocks,
    changes,
    conversations,
    messages,
    reactions,
    receipts,
    removals,
    reports,
    staff,
    subjects,
    templates,
    typing,
    uploads,
    users,
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
    leave_conversation: staff.LeaveConversationPayload = acted(
        staff.leave_conversation,
        of=staff.LeaveConversationPayload.of,
        description="Role admin: leave a conversation that one joined, visibly. Who is staff no more, as "
        "a newer token or `upsertUser` says, has left all of them.",
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
