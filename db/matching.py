"""How each database keeps words and looks for them: SQLite in an index of FTS5, PostgreSQL in a column of tsvector.

Every word is kept with the end of its conversation's id before it, so that a search reads the entries of the asker's
conversations alone, however much is said in others. Where `~` stands in what is looked for, that end is put.
"""

from collections.abc import Sequence
from typing import Any

import orjson
from sqlalchemy import ARRAY, BigInteger, Dialect, Integer, TableValuedAlias, Text, TypeDecorator, bindparam, column
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeEngine

from db.words import NOTHING, Phrase, indexed

#: Where the end of a conversation's id begins, from 1. It is random, and need not be unique: the id is compared too.
END_FROM = 25
#: Messages of a part of a conversation, and what stands about its number.
PART, SIGN = 4096, "\u00b7"


def key_of(conversation_id: str, seq: int) -> str:
    """What stands before each word of a message: what does so is of its part of its conversation, or of one that
    ends alike. In no word is the sign about the number, so that no key and word are another's."""
    part = seq // PART
    return f"{conversation_id[END_FROM - 1 :]}{SIGN}{part}{SIGN}" if part else conversation_id[END_FROM - 1 :]


class Words(TypeDecorator[tuple[str, str]]):
    """The words of (key, text), as the database keeps them; None for what is still to be looked into."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """A tsvector on PostgreSQL."""
        return dialect.type_descriptor(TSVECTOR() if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: tuple[str, str] | None, dialect: Dialect) -> str | None:
        """All words, between spaces; on PostgreSQL each once, with its places. No word holds a quote or a space."""
        if value is None:
            return None
        key, words = value[0], indexed(value[1])
        if dialect.name != "postgresql":
            return "".join([f" {key}{word}" for word in words]) + " " if words else ""
        places: dict[str, list[str]] = {}
        for place, word in enumerate(words, 1):
            if word != NOTHING:
                places.setdefault(word, []).append(str(place))
        return " ".join([f"'{key}{word}':{','.join(found)}" for word, found in places.items()])


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


class hits(FunctionElement[Any]):  # noqa: N801 - it reads like a function of SQL
    """`hits(of_one=...)`: a table of the `score`, `created_at` and `message_id` of what a viewer may see and holds all
    of `sought`, of one conversation or of all of theirs. `score` counts the `phrases` that stand among its words.

    The conversations in which something was said last come first, and of each its newest part. No more parts are asked
    than it takes: of a conversation `depth` are wanted, of all `most`. So of a word that is everywhere the index gives
    no more than that and a part's, however long a conversation is.
    """

    inherit_cache = True

    def __init__(self, *, of_one: bool) -> None:
        own = (bindparam("conversation_id", type_=Text()),) if of_one else ()
        number = Integer()
        given = (
            bindparam("viewer_id", type_=Text()),
            bindparam("sought", type_=Sought()),
            bindparam("phrases", type_=Phrases()),
            bindparam("depth", type_=number),
            bindparam("most", type_=number),
        )
        super().__init__(*given, *own)

    def as_table(self) -> TableValuedAlias:
        """The table."""
        columns = column("score", Integer()), column("created_at", BigInteger()), column("message_id", Text())
        return self.table_valued(*columns, name="hits")


_KEY = f"substr(own.id, {END_FROM}) || CASE PARTS.part WHEN 0 THEN '' ELSE '{SIGN}' || PARTS.part || '{SIGN}' END"
_OWN = """(SELECT conversations.id, conversations.last_seq FROM participants JOIN conversations
    ON conversations.id = participants.conversation_id WHERE participants.user_id = VIEWER
    AND participants.left_event IS NULL AND PLACE ORDER BY conversations.active_at DESC, conversations.id DESC ALL
    ) AS own"""
# Nothing says that a limit takes the rows of the first conversation or part first; but both databases go from one to
# the next as they need them, for what is asked of the second depends on the first.
_HITS = {
    # The end of an id is not unique, and FTS5 cannot ask for the whole of it. So it is compared where the texts are.
    "sqlite": """(SELECT (SELECT count(*) FROM json_each(replace(PHRASES, '~', KEY_OF_TEXT))
        WHERE instr(texts.words, value) > 0) AS score, texts.created_at, texts.message_id
    FROM OWN CROSS JOIN json_each((SELECT json_group_array(value) FROM (SELECT found.value FROM (
        WITH RECURSIVE parts (part) AS (SELECT own.last_seq / SIZE UNION ALL SELECT part - 1 FROM parts WHERE part > 0)
        SELECT part FROM parts) AS parts CROSS JOIN json_each((SELECT json_group_array(rowid) FROM (
            SELECT rowid FROM message_index WHERE message_index MATCH replace(SOUGHT, '~', KEY_OF_PART)
            ORDER BY rowid DESC LIMIT DEPTH))) AS found LIMIT DEPTH))) AS numbers
    CROSS JOIN message_words AS texts ON texts.id = numbers.value AND texts.conversation_id = own.id LIMIT MOST)""",
    # What is looked for in the texts is made once for each part, not for each text. Without `+ 0` all texts might be
    # read from the newest on, in the hope that many hold it.
    "postgresql": """(SELECT (SELECT count(*) FROM unnest(found.phrases) AS phrases (phrase)
        WHERE found.words @@ phrases.phrase) AS score, found.created_at, found.message_id
    FROM OWN CROSS JOIN LATERAL (SELECT texts.*, keys.phrases
        FROM generate_series(own.last_seq / SIZE, 0, -1) AS parts (part)
        CROSS JOIN LATERAL (SELECT CAST(replace(SOUGHT, '~', KEY_OF_PART) AS tsquery) AS sought,
            ARRAY(SELECT CAST(replace(phrase, '~', KEY_OF_PART) AS tsquery)
                FROM unnest(PHRASES) AS phrases (phrase)) AS phrases OFFSET 0) AS keys
        CROSS JOIN LATERAL (SELECT held.created_at, held.message_id, held.words FROM message_words AS held
            WHERE held.conversation_id = own.id AND held.words @@ keys.sought
            ORDER BY held.id + 0 DESC LIMIT DEPTH) AS texts LIMIT DEPTH) AS found
    LIMIT MOST)""",
}
#: SQLite forgets the order of a table that is joined, unless it has a limit.
_ALL = {"sqlite": "LIMIT -1", "postgresql": ""}


@compiles(hits)
def _hits(element: hits, compiler: Any, **options: Any) -> str:
    viewer, sought, phrases, depth, most, *place = (compiler.process(part, **options) for part in element.clauses)
    dialect = compiler.dialect.name
    text = _HITS.get(dialect, "").replace("OWN", _OWN.replace("ALL", _ALL.get(dialect, "")))
    for name, value in (
        ("KEY_OF_TEXT", _KEY.replace("PARTS", "texts")),
        ("KEY_OF_PART", _KEY.replace("PARTS", "parts")),
        ("PLACE", f"participants.conversation_id = {place[0]}" if place else "1 = 1"),
        ("SIZE", str(PART)),
        ("VIEWER", viewer),
        ("SOUGHT", sought),
        ("PHRASES", phrases),
        ("DEPTH", depth),
        ("MOST", most),
    ):
        text = text.replace(name, value)
    return text
