"""What can be asked: the fields of the root of queries."""

import strawberry

from graph.fields import asked
from graph.resolvers import (
    blocks,
    conversations,
    nodes,
    search,
    staff,
    subjects,
    templates,
    timeline,
    users,
)
from graph.schema.conversations import Conversation
from graph.schema.inboxes import ConversationConnection
from graph.schema.messages import MessageConnection
from graph.schema.nodes import Node
from graph.schema.search import MessageSearchConnection
from graph.schema.staff import Admin
from graph.schema.subjects import Subject
from graph.schema.templates import MessageTemplate
from graph.schema.users import User, UserConnection
from graph.schema.viewer import Viewer


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
        before=search.catch_up,
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
