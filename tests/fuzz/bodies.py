"""Bodies of requests by a grammar: operations with arguments that hit and miss, and JSON that was bent."""

import json
from dataclasses import dataclass
from random import Random
from typing import Any

from graphql import GraphQLSchema

from tests.fuzz.sessions import VALUES, Grammar
from tests.plan.market import Words

BYTES = (b"", b"\xff", b"\0", b"[" * 5000, b'"', b"{}", b"\xed\xa0\x80", b"9" * 5000, b"NaN", b"\xef\xbb\xbf")


@dataclass(frozen=True, slots=True)
class Bodies:
    """Makes bodies of some chance."""

    schema: GraphQLSchema
    words: Words
    chance: Random

    def body(self) -> bytes:
        """One of them."""
        grammar = Grammar(self.schema, self.words, "", self.chance)
        value: Any = grammar.payload()
        dice = self.chance.random()
        if dice < 0.05:
            value = self.chance.choice(VALUES)
        elif dice < 0.15 and isinstance(value, dict) and value:
            value[self.chance.choice([*value])] = self.chance.choice(VALUES)
        body = json.dumps(value).encode()
        if self.chance.random() < 0.1:
            at = self.chance.randrange(len(body) + 1)
            return body[:at] + self.chance.choice(BYTES) + body[at + self.chance.randrange(3) :]
        return body
