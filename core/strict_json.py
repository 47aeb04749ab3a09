"""JSON that every reader reads alike: UTF-8, no name twice in an object, no NaN and no Infinity, few objects."""

import codecs
import json
from typing import Any


class TooManyObjects(ValueError):
    """The text has more objects than anything that is asked for."""


def read_strictly(text: str | bytes, most_objects: int | None = None) -> Any:
    """The value. ValueError for anything else (RFC 8259, section 4 for names), RecursionError when it is too deep.

    TooManyObjects, a ValueError too, as soon as it is known that there are more than `most_objects`: to read one takes
    as long as to read a hundred characters. None for a text that is short.

    Of an object that has a name twice one reader takes the first value and another the last, so that what a proxy or a
    host has checked need not be what is done here.
    """
    words = text if isinstance(text, str) else str(text.removeprefix(codecs.BOM_UTF8), "utf-8")
    # So many braces may also be in the texts of it; most have few, and need no counting.
    if most_objects is None or words.count("{") <= most_objects:
        return _DECODER.decode(words)
    return _counting(most_objects).decode(words)


def _no_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError("An object has a name twice.")
    return value


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no number of JSON.")


def _counting(left: int) -> json.JSONDecoder:
    def one_less(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        nonlocal left
        left -= 1
        if left < 0:
            raise TooManyObjects
        return _no_twins(pairs)

    return json.JSONDecoder(object_pairs_hook=one_less, parse_constant=_no_constant)


_DECODER = json.JSONDecoder(object_pairs_hook=_no_twins, parse_constant=_no_constant)
