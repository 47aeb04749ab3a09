"""Tables of values that a statement is given, one text however many they are."""

from collections.abc import Sequence
from typing import Any

import orjson
from sqlalchemy import Dialect, Text, TypeDecorator, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class Triples(TypeDecorator[Sequence[tuple[str, int, int]]]):
    """Many (text, number, number) as one parameter, JSON."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Sequence[tuple[str, int, int]] | None, _: Dialect) -> str:
        """A JSON text."""
        return orjson.dumps([[*triple] for triple in value or ()]).decode()


class spans(FunctionElement[Any]):  # noqa: N801 - it reads like a function of SQL
    """`spans("ranges")`: a table of the (key, low, high) given as `ranges`, numbered from 0 by `number`."""

    inherit_cache = True

    def __init__(self, name: str) -> None:
        super().__init__(bindparam(name, type_=Triples()))


class Places(TypeDecorator[Sequence[tuple[str, int]]]):
    """Many (text, number) as one parameter: a JSON object, in which one name may stand several times."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Sequence[tuple[str, int]] | None, _: Dialect) -> str:
        """A JSON text."""
        places = value or ()
        named = dict(places)
        if len(named) == len(places):
            return orjson.dumps(named).decode()
        return "{" + ",".join([f"{orjson.dumps(key).decode()}:{number:d}" for key, number in places]) + "}"


class points(FunctionElement[Any]):  # noqa: N801 - it reads like a function of SQL
    """`points("places")`: a table of the (key, number) given as `places`."""

    inherit_cache = True

    def __init__(self, name: str) -> None:
        super().__init__(bindparam(name, type_=Places()))


@compiles(points)
def _points(element: points, compiler: Any, **options: Any) -> str:
    given = compiler.process(element.clauses, **options)
    return f"(SELECT key, value AS number FROM json_each({given}))"  # noqa: S608 - of SQLAlchemy's own text


@compiles(points, "postgresql")
def _points_on_postgres(element: points, compiler: Any, **options: Any) -> str:
    given = compiler.process(element.clauses, **options)
    each = f"json_each_text(CAST({given} AS json))"
    return f"(SELECT key, CAST(value AS bigint) AS number FROM {each})"  # noqa: S608 - of SQLAlchemy's own text


_SPANS = {
    "sqlite": """(SELECT key AS number, json_extract(value, '$[0]') AS key, json_extract(value, '$[1]') AS low,
        json_extract(value, '$[2]') AS high FROM json_each(GIVEN))""",
    "postgresql": """(SELECT place - 1 AS number, value ->> 0 AS key, CAST(value ->> 1 AS bigint) AS low,
        CAST(value ->> 2 AS bigint) AS high
        FROM jsonb_array_elements(CAST(GIVEN AS jsonb)) WITH ORDINALITY AS given (value, place))""",
}


@compiles(spans)
def _spans(element: spans, compiler: Any, **options: Any) -> str:
    given: str = compiler.process(element.clauses, **options)
    return _SPANS.get(compiler.dialect.name, "GIVEN").replace("GIVEN", given)
