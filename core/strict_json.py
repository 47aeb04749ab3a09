"""JSON that every reader reads alike: UTF-8, no name twice in an object, no NaN and no Infinity."""

import json
from typing import Any


def read_strictly(text: str | bytes) -> Any:
    """The value. ValueError for anything else (RFC 8259, section 4 for names), RecursionError when it is too deep.

    Of an object that has a name twice one reader takes the first value and another the last, so that what a proxy or a
    host has checked need not be what is done here.
    """
    words = text if isinstance(text, str) else str(text, "utf-8-sig")
    return _DECODER.decode(words)


def _no_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError("An object has a name twice.")
    return value


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no number of JSON.")


_DECODER = json.JSONDecoder(object_pairs_hook=_no_twins, parse_constant=_no_constant)
