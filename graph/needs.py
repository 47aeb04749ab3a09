"""What an operation needs of the rows that are read most, so that a plan reads no more of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import strawberry

from db.attachments import AttachmentRow
from db.conversations import ConversationRow
from db.glances import Glance
from db.messages import MessageRow
from db.participants import ParticipantRow
from db.rows import lean
from db.users import PersonRow

#: The kind of row that is read instead of a whole one.
Kinds: TypeAlias = Mapping[type, type]
#: For who may ask a row for anything.
WHOLE: Kinds = {}
#: What loaders, pages and cursors look at themselves, whatever is asked for.
ALWAYS: dict[type, frozenset[str]] = {
    AttachmentRow: frozenset({"id", "message_id"}),
    ConversationRow: frozenset({"id", "last_event", "last_seq", "active_at"}),
    Glance: frozenset(),
    MessageRow: frozenset({"id", "conversation_id", "seq", "position"}),
    ParticipantRow: frozenset({"id", "conversation_id", "user_id"}),
    PersonRow: frozenset({"id"}),
}


@dataclass(frozen=True, slots=True)
class Needs:
    """The columns that the fields of an operation need, by the whole kind of row."""

    _names: dict[type, frozenset[str]] = field(default_factory=dict)

    def add(self, kind: type | None, names: frozenset[str] | None) -> None:
        """A field of an object about such a row needs these columns; None for all, as one that does not say."""
        if kind in ALWAYS:
            needed = ALWAYS[kind] | names if names is not None else frozenset(kind._fields)  # type: ignore[attr-defined]
            self._names[kind] = self._names.get(kind, frozenset()) | needed

    def kinds(self) -> Kinds:
        """What is read instead of whole rows."""
        return {kind: lean(kind, names) for kind, names in self._names.items()}


def row_of(schema: strawberry.Schema, type_name: str) -> type | None:
    """The kind of row that objects of a type are about, where it is one that may be read in part."""
    definition: Any = schema.get_type_by_name(type_name)
    for noun in getattr(getattr(definition, "origin", None), "__mro__", ()):
        annotation = vars(noun).get("__annotations__", {}).get("row")
        if annotation is not None:
            kind = getattr(annotation, "__origin__", annotation)
            return kind if kind in ALWAYS else None
    return None
