"""How each database keeps words and looks for them: SQLite in an index of FTS5, PostgreSQL in a column of tsvector.

Every word is kept with the end of its conversation's id before it, so that a search reads the entries of the asker's
conversations alone, however much is said in others. Where `~` stands in what is looked for, that end is put.
"""

from collections.abc import Sequence
from typing import Any

import orjson
from sqlalchemy import ARRAY, Dialect, Integer, Text, TypeDecorator, bindparam
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import NullType, TypeEngine

from db.words import NOTHING, Phrase, indexed

#: Where the end of a conversation's id begins, from 1. It is random, and need not be unique: the id is compared too.
END_FROM = 25


class Words(TypeDecorator[tuple[str, str]]):
    """The words of (conversation, text), as the database keeps them; None for what is still to be looked into."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """A tsvector on PostgreSQL."""
        return dialect.type_descriptor(TSVECTOR() if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: tuple[str, str] | None, dialect: Dialect) -> str | None:
        """All words, between spaces; on PostgreSQL each once, with its places. No word holds a quote or a space."""
        if value is None:
            return None
        end, words = value[0][END_FROM - 1 :], indexed(value[1])
        if dialect.name != "postgresql":
            return "".join([f" {end}{word}" for word in words]) + " " if words else ""
        places: dict[str, list[str]] = {}
        for place, word in enumerate(words, 1):
            if word != NOTHING:
                places.setdefault(word, []).append(str(place))
        return " ".join([f"'{end}{word}':{','.join(found)}" for word, found in places.items()])


class Sought(TypeDecorator[Sequence[Phrase]]):
    """Phrases that a text must all hold, as a query of the database's own."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Sequence[Phrase] | None, dialect: Dialect) -> str:
        """A text in which nothing is left of what the asker wrote but words."""
        if dialect.name == "postgresql":
            return " & ".join([f"({_tsquery_of(phrase)})" for phrase in value or ()])
        return " AND ".join(
            [f'"{_words_of(phrase)}" *' if phrase.is_open else f'"{_words_of(phrase)}"' for phrase in value or ()]
        )


class Phrases(TypeDecorator[Sequence[Phrase]]):
    """Phrases to be looked for in texts that were found, each by itself."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """An array of texts on PostgreSQL."""
        return dialect.type_descriptor(ARRAY(Text()) if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: Sequence[Phrase] | None, dialect: Dialect) -> Any:
        """A list or a JSON text."""
        if dialect.name == "postgresql":
            return [_tsquery_of(phrase) for phrase in value or ()]
        return orjson.dumps([f" {_words_of(phrase)} " for phrase in value or ()]).decode()


def _words_of(phrase: Phrase) -> str:
    return " ".join([f"~{word}" for word in phrase.words])


def _tsquery_of(phrase: Phrase) -> str:
    return " <-> ".join([f"'~{word}'" for word in phrase.words]) + (":*" if phrase.is_open else "")


class matches(FunctionElement[Any]):  # noqa: N801 - it reads like a function of SQL
    """`matches(conversation_id, "sought", "depth")`: a query for the texts of a conversation that hold all of `sought`,
    the newest `depth` of them, by their numbers."""

    type: TypeEngine[Any] = NullType()
    inherit_cache = True

    def __init__(self, conversation_id: Any, sought: str, depth: str) -> None:
        super().__init__(conversation_id, bindparam(sought, type_=Sought()), bindparam(depth, type_=Integer()))


_END = f"substr(CONVERSATION, {END_FROM})"
_MATCHES = {
    # The end is not unique. FTS5 cannot ask for the whole id; who joins does.
    "sqlite": """(SELECT rowid AS item FROM message_index WHERE message_index MATCH replace(SOUGHT, '~', END)
        ORDER BY rowid DESC LIMIT DEPTH)""",
    "postgresql": """(SELECT found.id AS item FROM message_words AS found WHERE found.conversation_id = CONVERSATION
        AND found.words @@ CAST(replace(SOUGHT, '~', END) AS tsquery) ORDER BY found.id DESC LIMIT DEPTH)""",
}


@compiles(matches)
def _matches(element: matches, compiler: Any, **options: Any) -> str:
    conversation, sought, depth = (compiler.process(clause, **options) for clause in element.clauses)
    text = _MATCHES.get(compiler.dialect.name, "SOUGHT").replace("END", _END)
    return text.replace("CONVERSATION", conversation).replace("SOUGHT", sought).replace("DEPTH", depth)


class count_held(FunctionElement[int]):  # noqa: N801 - it reads like a function of SQL
    """`count_held(words, conversation_id, "phrases")`: how many of `phrases` stand among the words of a text."""

    type: TypeEngine[Any] = Integer()
    inherit_cache = True

    def __init__(self, words: Any, conversation_id: Any, name: str) -> None:
        super().__init__(words, conversation_id, bindparam(name, type_=Phrases()))


_COUNT_HELD = {
    "sqlite": "(SELECT count(*) FROM json_each(PHRASES) WHERE instr(WORDS, replace(value, '~', END)) > 0)",
    "postgresql": """(SELECT count(*) FROM unnest(PHRASES) AS phrases (value)
        WHERE WORDS @@ CAST(replace(phrases.value, '~', END) AS tsquery))""",
}


@compiles(count_held)
def _count_held(element: count_held, compiler: Any, **options: Any) -> str:
    words, conversation, phrases = (compiler.process(clause, **options) for clause in element.clauses)
    text = _COUNT_HELD.get(compiler.dialect.name, "PHRASES").replace("END", _END)
    return text.replace("WORDS", words).replace("CONVERSATION", conversation).replace("PHRASES", phrases)
