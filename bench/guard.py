"""What the worst documents cost that the guard lets a client send: python -m bench.guard --times 20.

Each is of at most 2,000 tokens and made to be dear: to parse, to measure, to validate, or to find out what it costs.
A stranger's document is checked each time that it differs from the ones before, so this is what a refusal costs.
"""

import argparse
import time
from collections.abc import Iterator, Mapping

from graphql import GraphQLError, get_introspection_query, parse

from core.limit_settings import LimitSettings
from core.settings import Settings
from graph.guard import Guard
from graph.roots import schema

TOKENS: int = LimitSettings.model_fields["max_tokens"].default
MOST_LINES: int = LimitSettings.model_fields["max_lines"].default
MOST_OPERATIONS: int = LimitSettings.model_fields["max_operations"].default
CHARACTERS: int = LimitSettings.model_fields["max_document"].default
#: Milliseconds that none of them may take.
MOST = 50


def documents() -> Mapping[str, str]:
    """The documents by what is bad about them."""
    return dict(_documents())


def _documents() -> Iterator[tuple[str, str]]:
    yield "fields of one name, as many as may be", "{ viewer { " + "id " * 498 + "} }"
    yield "fields of one name, more than may be", "{ viewer { " + "id " * 1990 + "} }"
    yield "fields of one name with fields below them", "{ " + "viewer { id } " * 249 + "}"
    yield "arguments of one field, compared with each other", "{ " + 'node(id: "a") { id } ' * 200 + "}"
    yield "lists of arguments, compared with each other", "{ " + 'nodes(ids: ["a","b","c","d"]) { id } ' * 142 + "}"
    yield "a fragment bomb", bomb(195)
    yield "a fragment bomb that is small enough", bomb(7)
    yield "fragments in a ring", ring(240)
    yield "fragments that all hold all others", mesh(30)
    yield "overlapping fields in fragments", overlap(30)
    yield "inline fragments, one in another", "{ " + "... { " * 180 + "viewer { id } " + "} " * 180 + "}"
    yield "inline fragments, side by side", "{ viewer { " + "... { id } " * 390 + "} }"
    yield "fields that are not there", "{ viewer { " + " ".join(f"nothing{n}" for n in range(490)) + " } }"
    yield "types that are not there", "{ viewer { " + " ".join(f"... on T{n} {{ id }}" for n in range(280)) + " } }"
    yield "variables that nobody uses", "query(" + " ".join(f"$v{n}: Int" for n in range(490)) + ") { viewer { id } }"
    yield (
        "variables that nobody declares",
        "{ " + " ".join(f"users(first: $v{n}) {{ edges {{ cursor }} }}" for n in range(150)) + " }",
    )
    yield "directives", "{ viewer { " + "id @include(if: true) " * 248 + "} }"
    yield "directives that are not there", "{ viewer { id " + " ".join(f"@d{n}" for n in range(990)) + " } }"
    yield "a list of many words", "{ nodes(ids: [" + '"a" ' * 1980 + "]) { id } }"
    yield "operations", " ".join(f"query Q{n} {{ viewer {{ id }} }}" for n in range(248))
    yield (
        "fragments that nobody uses",
        "{ viewer { id } } " + " ".join(f"fragment F{n} on User {{ id }}" for n in range(280)),
    )
    yield "operations that share a fragment", shared("viewer { id } " * 60, 240)
    yield "operations that share a fragment of many fields", shared("viewer { " + "id " * 450 + "}", 200)
    usages = " ".join(f"a{n}: node(id: $v) {{ id }}" for n in range(28)) + " node(id: $v) { id }" * 60
    yield "operations that share a fragment with variables", shared(usages, 75, "($v: ID!)")
    fewer = " ".join(f"a{n}: node(id: $v) {{ id }}" for n in range(10))
    yield "more operations that share a fragment with variables", shared(fewer, 140, "($v: ID!)")
    many = (TOKENS - 15 * MOST_OPERATIONS - 20) // 2
    listed = "nodes(ids: [" + "$v " * many + "]) { id }"
    yield "operations that share a list of variables", shared(listed, MOST_OPERATIONS, "($v: ID!)")
    listed = "nodes(ids: [" + "$v " * (TOKENS // MOST_OPERATIONS - 3) + "]) { id }"
    yield "operations that share as many variables as they may", shared(listed, MOST_OPERATIONS, "($v: ID!)")
    yield "fragments in a ring through fields", through_fields(110)
    yield "pages below pages by variables", pages(40)
    yield "introspection", get_introspection_query()


def long_documents() -> Mapping[str, str]:
    """As long as a document may be, of few tokens: each character is read, and errors have to be found in them."""
    lines, blanks = MOST_LINES - 1, " " * (CHARACTERS - 40)
    return {
        "as many lines as there may be, and errors": "\n" * lines + "{ viewer { a b c d e f g h } }",
        "as many lines as there may be, and two places": "\n" * lines + "{ viewer { a: id a: __typename } }",
        "as many lines as there may be, and no GraphQL": "\n" * lines + "{ viewer",
        "a text of escapes": '{ node(id: "' + "\\n" * ((CHARACTERS - 40) // 2) + '") { id } }',
        "a text of long escapes": '{ node(id: "' + "\\u0041" * ((CHARACTERS - 40) // 6) + '") { id } }',
        "a text as a block": '{ node(id: """' + "a" * (CHARACTERS - 40) + '""") { id } }',
        "a comment": "#" + "a" * (CHARACTERS - 40) + "\n{ viewer { id } }",
        "a name": "{ viewer { " + "a" * (CHARACTERS - 40) + " } }",
        "more characters than there may be": "{ viewer { id } }" + " " * CHARACTERS,
        "more lines than there may be": "\n" * (CHARACTERS - 40) + "{ viewer",
        "blanks, and errors": blanks + "{ viewer { a b c d e f g h } }",
        "blanks, and no GraphQL": blanks + "{ viewer",
    }


def bomb(levels: int) -> str:
    """Each fragment holds the next one twice."""
    names = [f"fragment F{n} on Viewer {{ ...F{n + 1} ...F{n + 1} }}" for n in range(levels)]
    last = f"fragment F{levels} on Viewer {{ id }}"
    text = " ".join(["{ viewer { ...F0 } }", *names, last])
    return text if levels * 8 < TOKENS - 20 else bomb(levels - 10)


def shared(fields: str, operations: int, variables: str = "") -> str:
    """Many operations of one fragment."""
    names = " ".join(f"query Q{n}{variables} {{ ...F }}" for n in range(operations))
    return f"{names} fragment F on Query {{ {fields} }}"


def through_fields(size: int) -> str:
    """Each fragment holds the next one twice, in fields of their own; the last one holds the first."""
    names = [
        f"fragment F{n} on Conversation {{ a: lastMessage {{ conversation {{ ...F{(n + 1) % size} }} }} }}"
        for n in range(size)
    ]
    return " ".join(['{ conversation(id: "a") { ...F0 } }', *names])


def ring(size: int) -> str:
    """Each fragment holds the next one, and the last one the first."""
    names = [f"fragment F{n} on Viewer {{ ...F{(n + 1) % size} }}" for n in range(size)]
    return " ".join(["{ viewer { ...F0 } }", *names])


def mesh(size: int) -> str:
    """Each fragment holds all that come after it."""
    spreads = [" ".join(f"...F{other}" for other in range(n + 1, size)) for n in range(size)]
    names = [f"fragment F{n} on Viewer {{ id {held} }}" for n, held in enumerate(spreads)]
    return " ".join(["{ viewer { ...F0 } }", *names])


def overlap(size: int) -> str:
    """Fields that are compared through fragments, each with each."""
    inner = "user { id name externalId } " * 4
    names = [f"fragment F{n} on Viewer {{ {inner} }}" for n in range(size)]
    return " ".join(["{ viewer { " + " ".join(f"...F{n}" for n in range(size)) + " } }", *names])


def pages(size: int) -> str:
    """Every page has a size of its own."""
    given = " ".join(f"$v{n}: Int" for n in range(size))
    fields = " ".join(
        f"conversations(first: $v{n}) {{ edges {{ node {{ messages(last: $v{n}) {{ edges {{ cursor }} }} }} }} }}"
        for n in range(size)
    )
    return f"query({given}) {{ {fields} }}"


def milliseconds(guard: Guard, text: str, times: int) -> float:
    """The CPU time of checking a document that was never seen before; the best of some."""
    best = float("inf")
    for _ in range(times):
        started = time.process_time()
        guard.examine(text)
        best = min(best, time.process_time() - started)
    return best * 1000


def tokens_of(text: str) -> int:
    """How many tokens a text has; none when it is no GraphQL."""
    try:
        return parse(text).token_count or 0
    except GraphQLError:
        return 0


def main(times: int) -> None:
    """Print a line for each."""
    guard = Guard(schema._schema, Settings(_env_file=None, env="development"))
    worst = 0.0
    for name, text in {**documents(), **long_documents()}.items():
        taken = milliseconds(guard, text, times)
        worst = max(worst, taken)
        checked = guard.examine(text)
        codes = {error.extensions["code"] for error in checked.errors if error.extensions}
        print(f"{taken:7.1f} ms  {tokens_of(text):5} tokens  {name}: {', '.join(sorted(codes)) or 'good'}")
    print(f"{worst:7.1f} ms at most; {MOST} are allowed")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=10)
    main(parser.parse_args().times)
