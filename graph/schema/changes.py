"""What messages said before they were edited."""

import strawberry

from db.changes import EditRow
from graph.fields import Noun, column
from graph.schema.scalars import DateTime


@strawberry.type(description="What a message said before it was edited.")
class MessageEdit(Noun):
    """Earlier words."""

    row: strawberry.Private[EditRow]
    body: str = column("body", description="What it said until then.")
    edited_at: DateTime = column("edited_at", description="When it was edited, and said something else from then on.")
