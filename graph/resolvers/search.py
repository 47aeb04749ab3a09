"""Verbs about search: find messages by their words."""

from typing import Annotated

import strawberry

from chat.search import Query, find_page
from core.ids import key_of
from core.limits import Rate
from db.pages import Page
from graph.context import Context
from graph.errors import RATE_LIMITED, problem
from graph.given import given
from graph.schema.pages import After, Before, First, Last, page_arguments
from graph.schema.search import Found, Search


async def search_messages(
    context: Context,
    *,
    query: Annotated[
        str,
        strawberry.argument(
            description="Any text. A message is found when it holds every word of it, or a word that begins so; "
            'whatever the case and the accents. "Words in quotation marks" are found as they stand. Punctuation counts '
            "for nothing, and in scripts without spaces, such as Chinese, Japanese and Thai, any part of a text is "
            "found."
        ),
    ],
    conversation_id: Annotated[
        strawberry.ID | None, strawberry.argument(description="Only in this conversation.")
    ] = strawberry.UNSET,
    first: First = strawberry.UNSET,
    after: After = strawberry.UNSET,
    last: Last = strawberry.UNSET,
    before: Before = strawberry.UNSET,
) -> Page[Found]:
    """Messages of the viewer's conversations; nothing for what holds no word, or for another's conversation."""
    await _count(context)
    named = given(conversation_id)
    place = None if named is None else key_of(named, "Conversation") or ""
    search = Search.of(Query.of(query, context.palaver.settings.search_words), place)
    chosen, cursors = page_arguments(context, first, after, last, before), context.palaver.cursors
    window = chosen.window(
        None if chosen.after is None else cursors.read_hit(chosen.after, search.name),
        None if chosen.before is None else cursors.read_hit(chosen.before, search.name),
    )
    settings = context.palaver.settings
    limits = {"depth": settings.search_depth, "most": settings.search_most}
    page = await find_page(context.reading, context.viewer.id, place, search.query, window, **limits)
    messages = await context.loaders.message.load_many([hit.message_id for hit in page.items])
    items = [
        Found(search, hit, message) for hit, message in zip(page.items, messages, strict=True) if message is not None
    ]
    return Page(items, page.has_next, page.has_previous)


async def catch_up(context: Context) -> None:
    """Whatever was acknowledged can be found, though sending does not wait for its words to be saved."""
    await context.palaver.indexer.catch_up(context.viewer.id)


async def _count(context: Context) -> None:
    """One search more. RATE_LIMITED when there were too many: a letter that is in every message costs the most."""
    rate = Rate("searches", context.palaver.settings.searches)
    wait = await context.palaver.send_rules.limits.take(rate, context.viewer.id)
    if wait:
        raise problem(RATE_LIMITED, "You search too often.", retryAfterMs=wait)
