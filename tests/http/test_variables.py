"""Variables hold so many values and no more, and beyond that nobody looks at them."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from core.limit_settings import LimitSettings
from core.strict_json import MOST_OBJECTS, TooManyObjects, read_strictly
from graph.admission import has_more_values
from graph.frames import Close, read_frame
from tests.client import Person
from tests.http.wire import code_of, errors_of, post, post_query
from tests.standing import standing_house

house = standing_house()
NODES = "query($ids: [ID!]!) { nodes(ids: $ids) { id } }"
ME = "{ viewer { id } }"
MOST_VALUES: int = LimitSettings.model_fields["max_variables"].default


class Endless(list[Any]):
    """A list that says how long it is, and cannot be gone through."""

    def __iter__(self) -> Iterator[Any]:
        raise AssertionError("It was looked at.")


def variables(values: int) -> dict[str, Any]:
    """So many values: this list, an object in it, and what is in that."""
    return {"v": [{str(number): [] for number in range(values - 2)}]}


async def test_values_of_variables_are_limited_wherever_they_are(ann: Person) -> None:
    assert "errors" not in (await post_query(ann, ME, **variables(MOST_VALUES))).json()
    for many in (variables(MOST_VALUES + 1), {"v": ["a"] * MOST_VALUES}, {str(n): n for n in range(MOST_VALUES + 1)}):
        response = await post_query(ann, ME, **many)
        assert code_of(response) == "TOO_COMPLEX"
        assert errors_of(response)[0]["extensions"]["limit"] == "variables"
        assert response.status_code == 400


async def test_a_list_is_too_long_before_its_values_are_coerced(ann: Person) -> None:
    assert code_of(await post_query(ann, NODES, ids=["a"] * 900)) == "BAD_USER_INPUT"
    assert code_of(await post_query(ann, NODES, ids=["a"] * MOST_VALUES)) == "TOO_COMPLEX"


async def test_objects_of_a_body_are_limited_and_braces_in_texts_are_not(ann: Person) -> None:
    def body(objects: int, brace: str = "") -> bytes:
        rest = {"query": f"{ME} # {brace * 5000}", "extensions": {"more": [{}] * (objects - 2)}}
        return json.dumps(rest).encode()

    for brace in ("", "{"):
        assert "errors" not in (await post(ann, body(MOST_OBJECTS, brace))).json()
        response = await post(ann, body(MOST_OBJECTS + 1, brace))
        assert code_of(response) == "TOO_COMPLEX"
        assert errors_of(response)[0]["extensions"]["limit"] == "variables"


async def test_the_limit_holds_on_a_socket_as_well(ann: Person) -> None:
    async with ann.connect() as line:
        assert await (await line.subscribe(ME, v=["a"] * MOST_VALUES)).ended() == "TOO_COMPLEX"
        assert (await (await line.subscribe(ME)).next())["id"]


def test_what_is_beyond_the_limit_is_not_looked_at() -> None:
    for many in (Endless([1] * MOST_VALUES), [[Endless([1] * (MOST_VALUES - 1))]]):
        assert has_more_values({"v": many}, MOST_VALUES)


def test_reading_ends_with_the_first_object_too_many() -> None:
    """What stands behind it would be no JSON."""
    with pytest.raises(TooManyObjects):
        read_strictly("[" + "{}," * (MOST_OBJECTS + 1) + "nothing")
    with pytest.raises(Close):
        read_frame('{"type": "ping", "payload": {"more": [' + "{}," * MOST_OBJECTS + "{}]}}")
    assert read_strictly('["' + "{" * 5000 + '"]') == ["{" * 5000]
    with pytest.raises(ValueError, match="twice"):
        read_strictly('{"a": 1, "a": 2, "b": "' + "{" * 5000 + '"}')
