"""What a search found: messages, and where in them."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import strawberry

from chat.search import Query
from db.messages import MessageRow
from db.pages import Page
from db.search import Hit
from graph.context import Context
from graph.fields import Noun, column, computed
from graph.schema.messages import Message
from graph.schema.pages import PageInfo, PlaceOfPage


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for; `name` is the same for the same, and is part of the cursors."""

    query: Query
    name: str

    @classmethod
    def of(cls, query: Query, conversation_id: str | None) -> "Search":
        """A search of one conversation, or of all."""
        meant = repr((conversation_id, query.phrases))
        return cls(query, hashlib.sha256(meant.encode()).hexdigest()[:16])


@dataclass(frozen=True, slots=True)
class Found:
    """A message that was found, by which search."""

    search: Search
    hit: Hit
    message: MessageRow


@dataclass(frozen=True, slots=True)
class Span:
    """A part of a text, in code points."""

    start: int
    length: int


def _cursor(row: Found, context: Context) -> str:
    return context.palaver.cursors.of_hit(row.search.name, row.hit)


def _highlights(row: Found) -> Sequence[Span]:
    return [Span(*span) for span in row.search.query.highlights(row.message.body or "")]


@strawberry.type(description="A part of a text.")
class TextRange(Noun):
    """In code points, of which what JavaScript counts as two is one."""

    row: strawberry.Private[Span]
    start: int = column("start", description="How many Unicode code points are before it.")
    length: int = column("length", description="How many Unicode code points it has.")


@strawberry.type(description="A message that was found.")
class MessageSearchEdge(Noun):
    """Relay's edge."""

    row: strawberry.Private[Found]
    cursor: str = computed(_cursor, description="Names the message's place in what this search found.")
    node: Message = column("message", of=Message.of, description="The message.")
    highlights: list[TextRange] = column(
        _highlights,
        of=TextRange.of,
        description="Where in `body` what was looked for stands: whole words, in order; no two of them touch.",
    )


@strawberry.type(description="A page of the messages that were found, the best first.")
class MessageSearchConnection(Noun):
    """Relay's connection."""

    row: strawberry.Private[Page[Found]]
    edges: list[MessageSearchEdge] = column("items", of=MessageSearchEdge.of, description="The messages of this page.")
    page_info: PageInfo = computed(PlaceOfPage(_cursor), of=PageInfo.of, description="Where the page stands.")
