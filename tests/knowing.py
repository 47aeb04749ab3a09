"""What the servers of a test process need not find out again: whether a document is valid, and what its plans are.

Each test has a server of its own, and all of them are asked much the same. To validate a document and to compile its
plans takes longer than most of what is asked then. Both follow from the schema, the settings and the text alone.
"""

from functools import cache
from typing import ClassVar

from graphql import GraphQLSchema

from core.settings import Settings
from graph.guard import LONGEST_REMEMBERED, Checked, Guard
from graph.plan.plans import Plans
from graph.roots import row_types, schema

#: Documents that are known; then all are forgotten.
MOST = 3000
#: Settings that say where a server lives, and nothing of documents: they differ in every test.
PLACES = {"database_url", "broker_url", "files_url", "s3_endpoint"}


class KnowingGuard(Guard):
    """Examines a text once for all servers with the same settings. What it remembers itself, it remembers as ever."""

    _known_to_all: ClassVar[dict[tuple[str, str], Checked]] = {}

    def __init__(self, schema: GraphQLSchema, settings: Settings) -> None:
        super().__init__(schema, settings)
        self._limits = repr(settings.model_dump(exclude=PLACES))

    def examine(self, text: str) -> Checked:
        """What a text is, as it was found out by whoever came first."""
        known, key = self._known_to_all, (text, self._limits)
        if key not in known:
            if len(known) >= MOST:
                known.clear()
            checked = super().examine(text)
            if len(text) > LONGEST_REMEMBERED:
                return checked
            known[key] = checked
        return known[key]


@cache
def _plans() -> Plans:
    return Plans(schema, row_types, most=MOST)


def known_plans(*_: object, **__: object) -> Plans:
    """The plans that all servers of the process share."""
    return _plans()
