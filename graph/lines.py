"""Where in a text an error is: line and column, for the price of a search instead of a walk from the text's start.

graphql-core works them out for each error anew, and looks at every line before it: a text of nothing but lines with a
hundred errors behind them was seconds of everybody's time.
"""

import re
from bisect import bisect_right
from functools import cached_property

from graphql import Source, SourceLocation

#: What ends a line (GraphQL, section 2.1.2).
_END = re.compile(r"\r\n|[\n\r]")


class Text(Source):
    """The text of a document, which looks for its lines once, and only when somebody asks where something is."""

    def get_location(self, position: int) -> SourceLocation:
        """Line and column of a character, both from 1."""
        line = bisect_right(self.starts, position)
        return SourceLocation(line, position + 1 - self.starts[line - 1])

    @cached_property
    def starts(self) -> list[int]:
        """Where each line begins."""
        return [0, *(match.end() for match in _END.finditer(self.body))]


def count_lines(text: str) -> int:
    """How many lines a text has."""
    return 1 + text.count("\n") + text.count("\r") - text.count("\r\n")
