"""Pages as Relay's connections have them, and the arguments that choose one."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, TypeAlias

import strawberry

from db.pages import Page, Window
from graph.context import Context
from graph.errors import BAD_USER_INPUT, problem
from graph.fields import Noun, column
from graph.given import given

DEFAULT_SIZE = 20
LARGEST_SIZE = 100

First: TypeAlias = Annotated[
    int | None, strawberry.argument(description="How many from the front, 1 to 100; 20 when neither end is named.")
]
After: TypeAlias = Annotated[str | None, strawberry.argument(description="Only what comes after this cursor.")]
Last: TypeAlias = Annotated[
    int | None, strawberry.argument(description="How many from the back, 1 to 100; not together with `first`.")
]
Before: TypeAlias = Annotated[str | None, strawberry.argument(description="Only what comes before this cursor.")]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page stands in its list."""

    has_next: bool
    has_previous: bool
    start: str | None
    end: str | None


@dataclass(frozen=True, slots=True)
class PlaceOfPage:
    """Tells the place of a page of rows, given what the cursor of a row is."""

    cursor_of: Callable[[Any, Context], str]

    def __call__(self, page: Page[Any], context: Context) -> Place:
        """The place of a page."""
        if not page.items:
            return Place(page.has_next, page.has_previous, None, None)
        start, end = self.cursor_of(page.items[0], context), self.cursor_of(page.items[-1], context)
        return Place(page.has_next, page.has_previous, start, end)


@strawberry.type(description="Where a page stands in its list.")
class PageInfo(Noun):
    """Relay's PageInfo; both flags are exact on every page."""

    row: strawberry.Private[Place]
    has_next_page: bool = column("has_next", description="Does the list go on after this page?")
    has_previous_page: bool = column("has_previous", description="Is there anything before this page?")
    start_cursor: str | None = column("start", description="Cursor of the first edge; null on an empty page.")
    end_cursor: str | None = column("end", description="Cursor of the last edge; null on an empty page.")


@dataclass(frozen=True, slots=True)
class PageArguments:
    """A checked choice of a page: its size, from which end, and between which cursors."""

    size: int
    backward: bool
    after: str | None
    before: str | None

    def window(self, after: tuple[object, ...] | None, before: tuple[object, ...] | None) -> Window:
        """The same choice with the cursors' keys."""
        return Window(self.size, self.backward, after, before)


def page_arguments(
    context: Context, first: int | None, after: str | None, last: int | None, before: str | None
) -> PageArguments:
    """Check the four arguments of a connection. BAD_USER_INPUT when they name two ends or a size out of 1 to 100, or to
    less where the setting says so."""
    most = context.palaver.settings.max_page
    first, after, last, before = given(first), given(after), given(last), given(before)
    if first is not None and last is not None:
        raise problem(BAD_USER_INPUT, "Use either `first` or `last`, not both.")
    for name, size in (("first", first), ("last", last)):
        if size is not None and not 1 <= size <= most:
            raise problem(BAD_USER_INPUT, f"`{name}` must be from 1 to {most}.")
    backward = last is not None or (first is None and before is not None and after is None)
    return PageArguments(first or last or min(DEFAULT_SIZE, most), backward, after, before)
